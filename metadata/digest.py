"""The SHA-256 of a file, read in pieces: a film may be larger than the memory there is."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

PIECE = 2**20
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""How a file is opened whose name anybody may have given to a link or a pipe meanwhile."""


def sha256_of(path: Path) -> str:
    """Hash the regular file at *path*; raises OSError, also for a link or what is no file."""
    descriptor = os.open(path, READ)
    try:
        return sha256_from(descriptor)
    finally:
        os.close(descriptor)


def sha256_if_there(path: Path) -> str | None:
    """Hash what stands at *path*; None where nothing does. Raises OSError as ``sha256_of``."""
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def sha256_from(descriptor: int) -> str:
    """Hash an open file from its beginning; raises OSError for what is no regular file."""
    digest = hashlib.sha256()
    for piece in pieces(descriptor):
        digest.update(piece)
    return digest.hexdigest()


def pieces(descriptor: int) -> Iterator[bytes]:
    """Give the bytes of an open file in pieces of at most 1 MiB; raises OSError."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    at = 0
    while piece := os.pread(descriptor, PIECE, at):
        yield piece
        at += len(piece)
