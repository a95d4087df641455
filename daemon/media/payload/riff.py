"""The picture data of RIFF files: WebP by its chunks, AVI as a whole.

Source: RFC 9649 (WebP); Microsoft's RIFF and OpenDML 1.02 for AVI.
"""

import struct
from collections.abc import Iterator

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, joined, whole
from metadata.reasons import Reason

_PICTURE = {b"VP8 ", b"VP8L", b"ALPH", b"ANMF"}
_HEAD = struct.Struct("<4sI")


def webp_payload(file: Opened) -> Payload:
    """Take the coded pictures, their alpha and the frames of an animation."""
    (_, size) = _HEAD.unpack(file.read(0, 8))
    _check_length(file, size)
    chunks = list(_chunks(file, 12, size + 8))
    spans = joined((at, 8 + length) for name, at, length in chunks if name in _PICTURE)
    frames = sum(name == b"ANMF" for name, _, _ in chunks)
    return Payload(spans, frames=max(1, frames))


def avi_payload(file: Opened) -> Payload:
    """Take the whole file, when all of it is there."""
    (_, size) = _HEAD.unpack(file.read(0, 8))
    _check_length(file, size)
    return whole(file)


def _check_length(file: Opened, size: int) -> None:
    if size + 8 > file.size + 1:  # some writers leave out the last padding byte
        raise file.fault(Reason.TRUNCATED, f"{size + 8 - file.size} bytes are missing")


def _chunks(file: Opened, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        name, length = _HEAD.unpack(file.read(at, 8))
        if at + 8 + length > file.size:
            raise file.fault(Reason.TRUNCATED, f"its {name.decode('latin-1')} chunk is cut")
        yield name, at, length
        at += 8 + length + length % 2
