"""What is about to change in a file, and the rules that decide where; values only."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from metadata.asset import Stat
from metadata.description import Record


class Write(StrEnum):
    """Where values go."""

    SIDECAR = "sidecar"
    EMBED = "embed"
    BOTH = "both"
    NONE = "none"


class SidecarName(StrEnum):
    """How a sidecar is named: ``IMG.jpg.xmp``, ``IMG.xmp``, or whichever is there."""

    APPEND = "append"
    REPLACE = "replace"
    EXISTING = "existing"


@dataclass(frozen=True, slots=True)
class Rules:
    """How one hot folder wants its files written (METADATA section 2).

    With *write* embed or both, values go into the files of the formats that *embeds* names.
    """

    write: Write = Write.SIDECAR
    embeds: tuple[str, ...] = ()
    sidecar_name: SidecarName = SidecarName.APPEND
    translations_in_description: bool = False
    transcript_vtt: bool = False

    def embeds_in(self, format: str) -> bool:
        """Tell whether values go into files of *format*, where such a file allows it."""
        return self.write in (Write.EMBED, Write.BOTH) and format in self.embeds


@dataclass(frozen=True, slots=True)
class Ours:
    """What captiond itself wrote into a file last time: the base of the three-way merge.

    *paths* say where those of *tags* stand that have a place in a hierarchy, as ``Animal|Dog``;
    *above* are the words of these paths that are nobody's keywords: darktable and Lightroom make
    plain ones of them. *copied* are words, as ``PROPERTY=WORD``, and *copied_caption* is the
    caption that a human put elsewhere (embedded in the media file) and captiond only repeated;
    *removed* are words of ours that a human took out.
    """

    tags: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    caption: str | None = None
    copied_caption: str | None = None
    paths: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is to hold other bytes.

    *expected* is what must still stand at *target* when the change is made (None: nothing);
    *staged* is a private file with the new bytes (None: the target is to disappear); *before* are
    the bytes to come back to, compressed with zlib (None: there was no file, or it is *embedded*).
    An *embedded* change is one of a media file: its times stay, and its bytes are not kept.
    """

    target: Path
    expected: Stat | None
    staged: Path | None
    before: bytes | None
    before_sha256: str | None
    after_sha256: str | None
    ours: Ours
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """The changes that bring a description into files, and how it will read there.

    *notes* say what was done otherwise than the folder's rules would have it, and why.
    """

    changes: tuple[Change, ...]
    record: Record
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A change that was made: the file, and what stands there now (None: nothing)."""

    target: Path
    stat: Stat | None
