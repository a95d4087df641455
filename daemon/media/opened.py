"""One media file, opened by path and nothing but a regular file; not what is in it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from daemon.media.faults import unreadable
from metadata.asset import AssetError, Stat
from metadata.reasons import Reason

_OTHER_TYPES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """An open regular file; reading leaves no position behind."""

    path: Path
    fd: int
    stat: Stat

    @property
    def size(self) -> int:
        """Give the size in bytes at the moment of opening."""
        return self.stat.size

    def read(self, at: int, count: int) -> bytes:
        """Read *count* bytes from *at*, or as many as there are."""
        parts = []
        while count > 0 and (part := os.pread(self.fd, count, at)):
            parts.append(part)
            at, count = at + len(part), count - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def stream(self) -> BinaryIO:
        """Give a stream from the start for readers that want one; it does not own the file."""
        os.lseek(self.fd, 0, os.SEEK_SET)
        return os.fdopen(self.fd, "rb", closefd=False)

    def fault(self, reason: Reason, detail: str = "") -> AssetError:
        """Make the error that blames this file."""
        return AssetError(self.path, reason, detail)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a regular, non-empty file for reading; never waits on a pipe or wakes a device.

    Raises AssetError: VANISHED, NO_PERMISSION, NOT_MEDIA for anything but a regular file, EMPTY.
    """
    with unreadable(path):
        _refuse_other_types(path, path.stat().st_mode)
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        result = os.fstat(fd)
        _refuse_other_types(path, result.st_mode)  # it may have been swapped since
        if result.st_size == 0:
            raise AssetError(path, Reason.EMPTY)
        with unreadable(path):
            yield Opened(path, fd, Stat.of(result))
    finally:
        os.close(fd)


def _refuse_other_types(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        other = _OTHER_TYPES.get(stat.S_IFMT(mode), "not a regular file")
        raise AssetError(path, Reason.NOT_MEDIA, other)
