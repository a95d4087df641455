"""Checksums by which the hub names files: SHA-256 of large ones, Git's SHA-1 of small ones.

Git hashes ``blob``, a blank, the size in digits and a zero byte ahead of the content.
"""

import hashlib
import os
import re
from collections.abc import Callable
from typing import Protocol

_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHA1 = 40
_PIECE = 2**20


class Digest(Protocol):
    """A checksum in the making."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def hexdigest(self) -> str:
        """Spell the checksum of all bytes so far."""


def is_checksum(name: str) -> bool:
    """Tell whether *name* is spelled like one of the two checksums."""
    return _NAME.fullmatch(name) is not None


def digest_for(checksum: str, size: int) -> Digest:
    """Begin a checksum of the same kind as *checksum*, for a file of *size* bytes."""
    if len(checksum) != _SHA1:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


def take_in(digest: Digest, path: str | os.PathLike[str], moved: Callable[[int], None]) -> int:
    """Have *digest* take in a file; gives its bytes. Raises OSError."""
    count = 0
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - like take_in itself, any path
        while piece := file.read(_PIECE):
            digest.update(piece)
            count += len(piece)
            moved(len(piece))
    return count
