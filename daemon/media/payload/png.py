"""The picture data of a PNG: IHDR, PLTE, tRNS, IDAT and the frames of an animation.

Source: PNG, third edition (W3C), section 5.
"""

import struct
from collections.abc import Iterator

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, joined
from metadata.reasons import Reason

_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"fcTL", b"fdAT"}
_HEAD = struct.Struct(">I4s")


def png_payload(file: Opened) -> Payload:
    """Take the chunks that make the picture."""
    chunks = list(_chunks(file))
    spans = joined((at + 4, 4 + length) for name, at, length in chunks if name in _PICTURE)
    frames = sum(name == b"fcTL" for name, _, _ in chunks)
    return Payload(spans, frames=max(1, frames))


def _chunks(file: Opened) -> Iterator[tuple[bytes, int, int]]:
    at = 8
    while at + 12 <= file.size:
        length, name = _HEAD.unpack(file.read(at, 8))
        if at + 12 + length > file.size:
            break
        yield name, at, length
        if name == b"IEND":
            return
        at += 12 + length
    raise file.fault(Reason.TRUNCATED, "the end chunk of the PNG is missing")
