"""Checks what lies here, file by file, without asking the hub: checksums, then wholeness.

A pull has written down what it put there. Of what another tool downloaded, the names of the blobs
that a snapshot links to are the checksums.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import download, inspect
from daemon.engines.profiles import Installed
from daemon.hub import HubError, Progress
from daemon.hub.digest import digest_for, is_checksum, take_in
from daemon.hub.listing import Remote
from daemon.hub.shelf import Shelf

State = Literal["right", "unknown", "wrong"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One file: *right* by its checksum, *unknown* without one, or *wrong*, and then why."""

    name: str
    size: int
    state: State
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a model: its files, why it would not be loaded, and what mends it."""

    found: Installed
    files: tuple[Seen, ...]
    fault: str
    mend: str

    @property
    def whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.fault and not self.wrong

    @property
    def wrong(self) -> tuple[Seen, ...]:
        """List the files that are not what they should be."""
        return tuple(file for file in self.files if file.state == "wrong")

    @property
    def unknown(self) -> tuple[Seen, ...]:
        """List the files that no checksum is known of."""
        return tuple(file for file in self.files if file.state == "unknown")

    @property
    def size(self) -> int:
        """Count the bytes that were read."""
        return sum(file.size for file in self.files)


def verify(found: Installed, hub: Path, progress: Progress) -> Verdict:
    """Read every file of *found*, which lies in the cache *hub* or in a folder of its own."""
    cached = found.folder.is_relative_to(hub)
    put, fault = _put(found, hub) if cached else ({}, "")
    names = sorted({*put, *_names(found.folder)})
    progress.begins(found.label, sum(_size(found.folder / name) for name in names))
    files = tuple(_seen(found.folder, name, put, progress) for name in names)
    mend = download(found.model) if cached else "copy the folder again from where it came from"
    return Verdict(found, files, fault or _fault(found), mend)


def _put(found: Installed, hub: Path) -> tuple[Mapping[str, Remote], str]:
    """List what a pull wrote down, or say why that cannot be read."""
    try:
        return Shelf(hub, found.model.name).put_by_captiond(found.folder.name), ""
    except HubError as error:
        return {}, str(error)


def _names(folder: Path) -> Iterator[str]:
    """List the files of a snapshot; a pull leaves hidden names when it is cut off."""
    for path in folder.rglob("*"):
        if not path.name.startswith(".") and (path.is_symlink() or path.is_file()):
            yield str(path.relative_to(folder))


def _seen(folder: Path, name: str, put: Mapping[str, Remote], progress: Progress) -> Seen:
    path = folder / name
    size = _size(path)
    checksum = put[name].checksum if name in put else _linked(path)
    digest = digest_for(checksum, size)
    try:
        take_in(digest, path, progress.moved)
    except FileNotFoundError:
        return Seen(name, 0, "wrong", "it is not there")
    except OSError as error:
        return Seen(name, size, "wrong", f"it cannot be read: {error.strerror}")
    if not checksum:
        return Seen(name, size, "unknown")
    if digest.hexdigest() == checksum:
        return Seen(name, size, "right")
    return Seen(name, size, "wrong", _difference(size, put.get(name)))


def _difference(size: int, put: Remote | None) -> str:
    if put and size != put.size:
        return f"it has {size} bytes of {put.size}"
    return "its bytes are not those that its checksum is of"


def _linked(path: Path) -> str:
    """Give the checksum that a link names, nothing where there is none."""
    try:
        name = path.readlink().name
    except OSError:
        return ""
    return name if is_checksum(name) else ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _fault(found: Installed) -> str:
    try:
        inspect(found)
    except EngineMissing as error:
        return str(error)
    return ""
