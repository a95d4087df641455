"""The bytes of a sidecar: read as one moment's, and refused when they are no plain XMP."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from metadata.asset import AssetError, Stat
from metadata.reasons import Reason

LARGEST = 4 * 2**20
DEEPEST = 100
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF"
_REASONS = {
    errno.ELOOP: Reason.SIDECAR_INVALID,
    errno.ENOENT: Reason.VANISHED,
    errno.ENOTDIR: Reason.VANISHED,
    errno.EACCES: Reason.NO_PERMISSION,
    errno.EPERM: Reason.NO_PERMISSION,
    errno.EROFS: Reason.READ_ONLY,
    errno.ENOSPC: Reason.DISK_FULL,
    errno.EDQUOT: Reason.DISK_FULL,
}


@dataclass(frozen=True, slots=True)
class Document:
    """What stood at a place at one moment: *data* and *stat* are None where nothing did."""

    path: Path
    data: bytes | None = None
    stat: Stat | None = None


def refused(path: Path, error: OSError) -> AssetError:
    """Say by a reason what the system said by a number; an unknown number stays an OSError."""
    if error.errno not in _REASONS:
        raise error
    return AssetError(path, _REASONS[error.errno], os.strerror(error.errno))


def read_document(path: Path) -> Document:
    """Read a sidecar and check that it is XMP that can be changed without harm.

    Raises AssetError: SIDECAR_INVALID for anything else, BUSY when it changed meanwhile.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        return Document(path)
    except OSError as error:
        raise refused(path, error) from error


def check(path: Path, data: bytes) -> None:
    """Refuse what is no well-formed XMP, holds a DTD, or is too large or nested too deep."""
    if len(data) > LARGEST:
        raise _invalid(path, f"it is larger than {LARGEST} bytes")
    if not data:
        return
    scan = _Scan()
    try:
        scan.parse(data)
    except (expat.ExpatError, _NotXMP) as error:
        raise _invalid(path, str(error)) from error


class _NotXMP(Exception):
    """Well-formed, but not what a sidecar holds."""


class _Scan:
    """One pass over a document, which notes how deep it is and whether it is RDF."""

    def __init__(self) -> None:
        self._depth = 0
        self._rdf = False

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(data, True)
        if not self._rdf:
            raise _NotXMP("it holds no RDF")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._rdf |= name == _RDF
        if self._depth > DEEPEST:
            raise _NotXMP(f"it is nested deeper than {DEEPEST} elements")

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _doctype(self, *declaration: object) -> None:
        raise _NotXMP("it holds a document type declaration")


def _read(path: Path) -> Document:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise _invalid(path, "it is no regular file")
        data = stream.read(LARGEST + 1)
        after = os.fstat(descriptor)
    check(path, data)
    if Stat.of(before) != Stat.of(after):
        raise AssetError(path, Reason.BUSY)
    return Document(path, data, Stat.of(after))


def _invalid(path: Path, detail: str) -> AssetError:
    return AssetError(path, Reason.SIDECAR_INVALID, detail)
