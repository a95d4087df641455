"""The picture data of TIFF and of the RAW formats built on it: strips or tiles."""

import struct

from daemon.media.ifd import (
    COMPRESSION,
    HEIGHT,
    PHOTOMETRIC,
    STRIP_SIZES,
    STRIPS,
    SUBFILE,
    TILE_SIZES,
    TILES,
    WIDTH,
    Directory,
    directories,
)
from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, Span, joined, whole
from metadata.reasons import Reason

_DIVIDED = (WIDTH, HEIGHT, COMPRESSION, PHOTOMETRIC)
_REDUCED = 1


def tiff_payload(file: Opened) -> Payload:
    """Take the strips or tiles of every full picture, of the reduced ones if there is no other.

    The whole file where there is neither; raises TRUNCATED when one lies beyond the end.
    """
    pictures = [entry for entry in directories(file) if _spans(entry)]
    full = [entry for entry in pictures if not entry.number(SUBFILE) & _REDUCED] or pictures
    if not full:
        return whole(file)
    spans = [span for entry in full for span in _spans(entry)]
    if any(at + length > file.size for at, length in spans):
        raise file.fault(Reason.TRUNCATED, "picture data lies beyond its end")
    table = b"".join(struct.pack("<4Q", *map(entry.number, _DIVIDED)) for entry in full)
    return Payload(joined(spans), table, frames=len(full))


def _spans(entry: Directory) -> list[Span]:
    places = entry.numbers(TILES) or entry.numbers(STRIPS)
    sizes = entry.numbers(TILE_SIZES) or entry.numbers(STRIP_SIZES)
    return list(zip(places, sizes, strict=False))
