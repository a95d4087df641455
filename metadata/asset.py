"""One media file at one place and what its own headers say; not how that is found out."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from metadata.reasons import Reason


class MediaKind(StrEnum):
    """What a media file is, by its content."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Stat:
    """The identity of a file's bytes at one moment; compared for equality only, never by age."""

    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, result: os.stat_result) -> Self:
        """Take the five fields that change when another file or other bytes stand at a path."""
        return cls(
            result.st_dev, result.st_ino, result.st_size, result.st_mtime_ns, result.st_ctime_ns
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What is known of a media file before anyone describes it.

    *content* is the hash of the media data without its metadata boxes, as ``sha256:HEX``; *width*
    and *height* are pixels of the upright picture; *taken_at* is ISO 8601, with an offset only
    when the file gives one; *latitude* and *longitude* are degrees; *frames* counts the pictures
    of an animation or the pages of a document; *companion* names the other half of a RAW+JPEG or
    HEIC+MOV pair; *lens* is the lens's name; *origin* is ``screenshot`` or ``document`` where the
    file's name or its headers say so, never because it looks like one; *author* is who made it by
    its headers, which is only ever read.
    """

    path: Path
    kind: MediaKind
    format: str
    content: str
    stat: Stat
    width: int
    height: int
    duration_s: float | None = None
    taken_at: str | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    frames: int = 1
    companion: str | None = None
    lens: str | None = None
    origin: str | None = None
    author: str | None = None


class AssetError(Exception):
    """This one file cannot be worked on: note why, and go on with the others."""

    def __init__(self, path: Path, reason: Reason, detail: str = "") -> None:
        super().__init__(path, reason, detail)
        self.path = path
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{shown(self.path)}: {self.reason.message}{detail}"


def shown(path: Path) -> str:
    """Spell *path* so that it can be printed, logged and put into JSON.

    Bytes that are no UTF-8 and control or direction-changing characters appear escaped.
    """
    return spelled(os.fsencode(path))


def spelled(words: bytes) -> str:
    """Spell *words* of unknown origin as `shown` does a path."""
    text = words.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == " " else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
