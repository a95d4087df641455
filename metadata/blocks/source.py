"""A container file to read from: whatever it claims, only what is there, and in pieces."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

PIECE = 2**20
# More than metadata ever takes: longer ones are never held in memory.
MOST_HELD = 64 * 2**20
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class BlocksError(Exception):
    """The file is no container of its format, or not one that is read here; the text says why."""


class Source:
    """A file of *size* bytes."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.size = size

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the regular file at *path*; raises OSError, or BlocksError for what is none."""
        descriptor = os.open(path, _READ)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise BlocksError("it is no regular file")
            yield cls(descriptor, found.st_size)
        finally:
            os.close(descriptor)

    def read(self, at: int, length: int) -> bytes:
        """Give *length* bytes from *at*; raises BlocksError where they are not all there."""
        if length > MOST_HELD:
            raise BlocksError(f"a block of {length} bytes at {at} is too long to hold")
        self._check(at, length)
        data = os.pread(self._descriptor, length, at)
        if len(data) != length:
            raise BlocksError("it became shorter while it was read")
        return data

    def number(self, at: int, length: int) -> int:
        """Read an unsigned big-endian number of *length* bytes."""
        return int.from_bytes(self.read(at, length), "big")

    def pieces(self, at: int, length: int) -> Iterator[bytes]:
        """Give *length* bytes from *at* in pieces of at most 1 MiB."""
        self._check(at, length)
        for start in range(at, at + length, PIECE):
            yield self.read(start, min(PIECE, at + length - start))

    def _check(self, at: int, length: int) -> None:
        if at < 0 or length < 0 or at + length > self.size:
            raise BlocksError(f"{length} bytes at {at} lie outside of it")


class Digests:
    """Digests of blocks by name; blocks of one name share a digest, in the order they came."""

    MOST_NAMES = 50_000
    MOST_BLOCKS = 2_000_000

    def __init__(self) -> None:
        self._by_name: dict[str, hashlib._Hash] = {}
        self._count = 0

    def add(self, name: str, data: bytes) -> None:
        """Take in a block that is held."""
        digest = self._of(name, len(data))
        digest.update(data)

    def add_from(self, name: str, source: Source, at: int, length: int) -> None:
        """Take in a block of any length."""
        digest = self._of(name, length)
        for piece in source.pieces(at, length):
            digest.update(piece)

    def found(self) -> dict[str, str]:
        """Give the digests."""
        return {name: digest.hexdigest() for name, digest in self._by_name.items()}

    def _of(self, name: str, length: int) -> "hashlib._Hash":
        self._count += 1
        digest = self._by_name.setdefault(name, hashlib.sha256())
        if self._count > self.MOST_BLOCKS or len(self._by_name) > self.MOST_NAMES:
            raise BlocksError("it has too many blocks")
        digest.update(length.to_bytes(8, "big"))
        return digest
