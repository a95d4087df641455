"""Matroska and WebM: the whole file, when all of it is there.

Source: RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, whole
from metadata.reasons import Reason

_SEGMENT = b"\x18\x53\x80\x67"
_HEAD = 4096


def ebml_payload(file: Opened) -> Payload:
    """Take the whole file; raises TRUNCATED when its segment claims more."""
    head = file.read(0, _HEAD)
    at = head.find(_SEGMENT)
    if at >= 0:
        length, start = _size(head, at + 4)
        if length is not None and start + length > file.size:
            missing = start + length - file.size
            raise file.fault(Reason.TRUNCATED, f"{missing} bytes are missing")
    return whole(file)


def _size(head: bytes, at: int) -> tuple[int | None, int]:
    """Read a length of one to eight bytes; None when it is left open, as in live recordings."""
    if at >= len(head) or not head[at]:
        return None, at
    width = 9 - head[at].bit_length()
    bits = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    return (None if bits == (1 << 7 * width) - 1 else bits), at + width
