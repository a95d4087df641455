"""The boxes of an MP4 or QuickTime film, and its media data.

Whoever makes room for XMP moves the media data, so the tables of where it lies count by what they
point to. Sources: ISO/IEC 14496-12; QuickTime File Format; XMP specification part 3, section 1.1.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from metadata.blocks.boxes import Box, boxes, is_terminator, rest
from metadata.blocks.source import BlocksError, Digests, Source

_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_FREE = (b"free", b"skip", b"wide")
_CONTAINERS = {
    b"": (b"moov",),
    b"moov": (b"trak", b"udta"),
    b"trak": (b"mdia",),
    b"mdia": (b"minf",),
    b"minf": (b"stbl",),
}
_OFFSETS = {b"stco": "I", b"co64": "Q"}
# They tell places in ways that are not followed here: then nothing in the file may have moved.
_PLACED = (b"moof", b"mfra", b"sidx", b"saio", b"gps ")
_TYPES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid", b"styp")


@dataclass(frozen=True, slots=True)
class _Film:
    """One file on the way through its boxes."""

    source: Source
    media: Sequence[Box]
    digests: Digests = field(default_factory=Digests)


def iso_others(source: Source) -> dict[str, str]:
    """Give the digests of boxes by their paths, of tables of offsets, and of the media data."""
    film = _Film(source, [box for box in _top(source) if box.kind == b"mdat"])
    for box in _top(source):
        _add(film, box, b"", "")
    film.digests.add("trailer", rest(source, 0, source.size))
    return film.digests.found()


def iso_manifest(source: Source) -> bool:
    """Look for the box that holds a C2PA manifest (C2PA specification, "Embedding")."""
    return any(box.kind == b"jumb" or _is_uuid(source, box, _C2PA) for box in _top(source))


def _top(source: Source) -> Iterator[Box]:
    for number, box in enumerate(boxes(source, 0, source.size)):
        if number == 0 and box.kind not in _TYPES:
            raise BlocksError("it is no film in MP4 or QuickTime")
        yield box


def _add(film: _Film, box: Box, parent: bytes, path: str) -> None:
    """Take in a box, or what it consists of; as deep as the table of containers goes."""
    if box.kind in _FREE or _is_xmp(film.source, box, parent):
        return
    name = f"{path}{box.kind.decode('latin-1')}"
    if box.kind == b"mdat":
        film.digests.add_from("media data", film.source, box.start, box.length)
        return
    if box.kind != b"udta":  # one comes with the first XMP and goes with the last
        film.digests.add("order", name.encode())
    if box.kind in _CONTAINERS.get(parent, ()):
        _add_parts(film, box, name)
    elif box.kind in _OFFSETS:
        _add_offsets(film, box, f"{path}chunk offsets")
    else:
        film.digests.add_from(name, film.source, box.start, box.length)
        _add_places(film, box)


def _add_parts(film: _Film, box: Box, name: str) -> None:
    for part in boxes(film.source, box.start, box.end):
        _add(film, part, box.kind, f"{name}/")
    remains = rest(film.source, box.start, box.end)
    if not is_terminator(remains):
        film.digests.add(name, remains)


def _add_places(film: _Film, box: Box) -> None:
    if box.kind in _PLACED or _has_items(film.source, box):
        places = [place for each in film.media for place in (each.start, each.end)]
        film.digests.add("places", struct.pack(f">{len(places) + 1}Q", box.at, *places))


def _has_items(source: Source, box: Box) -> bool:
    return box.kind == b"meta" and b"iloc" in source.read(box.start, box.length)


def _add_offsets(film: _Film, box: Box, name: str) -> None:
    """Take in a table of offsets as places in the media data, whatever its numbers' width."""
    film.digests.add_from(name, film.source, box.start, min(box.length, 8))
    width = struct.calcsize(f">{_OFFSETS[box.kind]}")
    starts = [each.start for each in film.media]
    for piece in film.source.pieces(box.start + 8, max(0, box.length - 8)):
        count = len(piece) // width
        numbers = struct.unpack_from(f">{count}{_OFFSETS[box.kind]}", piece)
        told = (n for number in numbers for n in _place(film.media, starts, number))
        film.digests.add(name, struct.pack(f">{2 * count}Q", *told) + piece[count * width :])


def _place(media: Sequence[Box], starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Tell which of the media data an offset points into, and how far; 0: into none."""
    number = bisect_right(starts, offset)
    if number and offset <= media[number - 1].end:
        return number, offset - starts[number - 1]
    return 0, offset


def _is_xmp(source: Source, box: Box, parent: bytes) -> bool:
    if parent == b"udta":
        return box.kind == b"XMP_"
    return not parent and _is_uuid(source, box, _XMP)


def _is_uuid(source: Source, box: Box, uuid: bytes) -> bool:
    return box.kind == b"uuid" and box.length >= 16 and source.read(box.start, 16) == uuid
