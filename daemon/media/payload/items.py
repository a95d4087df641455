"""The items of a HEIF file: which bytes are coded pictures, and which only metadata.

Source: ISO/IEC 14496-12, sections 8.11.3 (iloc) and 8.11.6 (iinf).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from daemon.media.boxes import Box
from daemon.media.payload.spans import Span

_METADATA = {b"Exif", b"mime", b"uri "}
_FULL_BOX = 4
_IN_FILE, _IN_IDAT = 0, 1


def item_spans(meta: Box) -> list[Span]:
    """Give the spans of all items but EXIF, XMP and the like."""
    told = {number for number, kind in _kinds(meta) if kind in _METADATA}
    idat = next(meta.find(b"idat", skipped=_FULL_BOX), None)
    spans = []
    for number, construction, at, length in _places(meta):
        if number in told:
            continue
        if construction == _IN_IDAT and idat is not None:
            at += idat.start
        if construction in (_IN_FILE, _IN_IDAT):
            spans.append((at, length))
    return spans


def _kinds(meta: Box) -> Iterator[tuple[int, bytes]]:
    for table in meta.find(b"iinf", skipped=_FULL_BOX):
        version = table.body()[0]
        for entry in table.children(skipped=6 if version == 0 else 8):
            fields = _Fields(entry.body())
            narrow = fields.number(4) >> 24 == 2
            number = fields.number(2 if narrow else 4)
            fields.number(2)
            yield number, fields.number(4).to_bytes(4, "big")


def _places(meta: Box) -> Iterator[tuple[int, int, int, int]]:
    for table in meta.find(b"iloc", skipped=_FULL_BOX):
        yield from _locations(_Fields(table.body()))


def _locations(fields: "_Fields") -> Iterator[tuple[int, int, int, int]]:
    version = fields.number(4) >> 24
    widths = fields.number(2)
    at_width, length_width, base_width = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index_width = widths & 15 if version else 0
    for _ in range(fields.number(4 if version == 2 else 2)):
        number = fields.number(4 if version == 2 else 2)
        construction = fields.number(2) & 15 if version else _IN_FILE
        fields.number(2)
        base = fields.number(base_width)
        for _ in range(fields.number(2)):
            fields.number(index_width)
            yield number, construction, base + fields.number(at_width), fields.number(length_width)


@dataclass(slots=True)
class _Fields:
    """Numbers of mixed widths, read one after the other; raises EOFError at the end."""

    body: bytes
    at: int = 0

    def number(self, width: int) -> int:
        part = self.body[self.at : self.at + width]
        if len(part) < width:
            raise EOFError("a table of the HEIF file is cut")
        self.at += width
        return int.from_bytes(part, "big")
