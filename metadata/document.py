"""The bytes of a sidecar: read as one moment's, and refused when they are no plain XMP."""

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from metadata.asset import AssetError, Stat
from metadata.reasons import Reason

LARGEST = 4 * 2**20
DEEPEST = 100
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF"
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z][\w.-]*)["'][^>]*\?>""")
_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>\s*")
_IN_UTF8 = '<?xml version="1.0" encoding="UTF-8"?>\n'
# By how a document begins (XML 1.0, appendix F); a byte order mark, or a tag without one.
_ENCODINGS = {
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be",
    b"\xef\xbb\xbf": "utf-8-sig",
}  # fmt: skip
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
    """Refuse a sidecar that could not be changed without harm; an empty one can be."""
    if data and (why := fault(data)):
        raise _invalid(path, why)


def fault(data: bytes) -> str | None:
    """Say why an XMP document cannot be changed without harm; None where it can be.

    ExifTool reads what it can of anything, and drops the rest when it writes: so what is no
    well-formed XMP, holds a DTD or text beside elements, is too large or too deep stays as it is.
    """
    if len(data) > LARGEST:
        return f"it is larger than {LARGEST} bytes"
    try:
        _Scan().parse(data, _may_be_mixed(data))
    except (expat.ExpatError, _NotXMP) as error:
        return str(error)
    return None


def utf8(data: bytes) -> bytes:
    """Spell a document that ``check`` has passed in UTF-8: all that ExifTool reads for sure."""
    declared = _DECLARED.match(data)
    encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
    for mark, name in _ENCODINGS.items():
        if data.startswith(mark):
            encoding = name
    text = data.decode(encoding).removeprefix("\ufeff")
    whole = _DECLARATION.sub("", text, count=1)
    # ExifTool knows no document by a comment that it begins with
    start = _IN_UTF8 if whole != text or whole.startswith("<!--") else ""
    return f"{start}{whole}".encode()


class _NotXMP(Exception):
    """Well-formed, but not what a sidecar holds."""


class _Scan:
    """One pass over a document, which notes how deep it is and whether it is RDF.

    Of each element that is open it keeps whether it holds text, and whether it holds elements.
    """

    def __init__(self) -> None:
        self._texts: list[bool] = []
        self._parents: list[bool] = []
        self._rdf = False

    def parse(self, data: bytes, texts: bool) -> None:
        """Parse *data*, its *texts* as well; raises ExpatError or _NotXMP."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if texts:
            parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(data, True)
        if not self._rdf:
            raise _NotXMP("it holds no RDF")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._rdf |= name == _RDF
        if self._parents:
            self._parents[-1] = True
            self._check_mixed()
        self._texts.append(False)
        self._parents.append(False)
        if len(self._parents) > DEEPEST:
            raise _NotXMP(f"it is nested deeper than {DEEPEST} elements")

    def _end(self, name: str) -> None:
        self._texts.pop()
        self._parents.pop()

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._texts[-1] = True
            self._check_mixed()

    def _check_mixed(self) -> None:
        if self._texts[-1] and self._parents[-1]:
            raise _NotXMP("it holds text between elements, which would be lost")

    def _doctype(self, *declaration: object) -> None:
        raise _NotXMP("it holds a document type declaration")


def _may_be_mixed(data: bytes) -> bool:
    """Tell whether text may stand beside elements; True in doubt: to be sure takes much longer."""
    if b"\0" in data or b"<![" in data:  # two bytes for each sign, or text that is marked as such
        return True
    told = closed = False
    for piece in data.split(b"<")[1:]:
        tag, _, text = piece.partition(b">")
        if tag[:1] not in (b"!", b"?"):
            if told and tag[:1] != b"/":
                return True
            told, closed = False, tag[:1] == b"/" or tag[-1:] == b"/"
        told = told or bool(text and not text.isspace())
        if told and closed:
            return True
    return False


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
