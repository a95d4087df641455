"""RDF as every program reads it: what ExifTool leaves out around qualified values, put back. Pure.

A value with a qualifier stands in a structure whose first part may be ``rdf:value``. Of such a
one ExifTool 12.57 writes no ``rdf:parseType``; it reads that itself, and exiv2, hence darktable
and digiKam, then reads nothing of the whole document (XMP specification, part 1, C.2.5 and C.2.12).
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_NODES = {_RDF + name for name in ("Description", "Bag", "Seq", "Alt")}
_PARSE_TYPE = f"{_RDF}parseType"
_ATTRIBUTE = b' rdf:parseType="Resource"'
_NAME = re.compile(rb"<[^\s/>]+")


def restored(document: bytes) -> bytes:
    """Mark the structures of *document*, RDF in UTF-8 as ExifTool writes it, that lack the mark."""
    if b"<rdf:value" not in document:
        return document
    pieces, at = [], 0
    for place in sorted(_Scan().unmarked(document)):
        name = _NAME.match(document, place)
        end = name.end() if name else place
        pieces += [document[at:end], _ATTRIBUTE]
        at = end
    return b"".join((*pieces, document[at:]))


@dataclass(slots=True)
class _Open:
    """An element that is open: where it begins, and what its children are."""

    place: int
    holds: str


class _Scan:
    """One pass over a document, which tells nodes from properties as RDF does, by turns."""

    def __init__(self) -> None:
        self._open = [_Open(0, "anything")]
        self._unmarked: list[int] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def unmarked(self, document: bytes) -> list[int]:
        """Say where the properties begin that hold others, and do not say so."""
        self._parser.Parse(document, True)
        return self._unmarked

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1]
        if parent.holds == "node" and name not in _NODES:
            self._unmarked.append(parent.place)
            parent.holds = "properties"
        self._open.append(_Open(self._parser.CurrentByteIndex, _held(parent, name, attributes)))

    def _end(self, name: str) -> None:
        self._open.pop()


def _held(parent: _Open, name: str, attributes: dict[str, str]) -> str:
    """Tell what an element holds by where it stands: nodes and properties take turns."""
    if parent.holds == "properties":
        marked = attributes.get(_PARSE_TYPE)
        return {None: "node", "Resource": "properties"}.get(marked, "anything")
    if parent.holds in ("node", "nodes"):
        return "properties"
    return "nodes" if name == f"{_RDF}RDF" else parent.holds
