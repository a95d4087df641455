"""Photoshop's image resources: in PSD files, in a JPEG's APP13, in TIFF and in PNG profiles.

Source: Adobe Photoshop File Formats Specification, "Image Resource Blocks".
"""

import struct

from metadata.blocks.source import BlocksError, Digests

IPTC, XMP, IPTC_DIGEST = 0x0404, 0x0424, 0x0425
# 8BIM is Photoshop's; the others stand in files of its relatives.
_KINDS = (b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa")


def add_resources(digests: Digests, data: bytes) -> None:
    """Take in every resource but IPTC, its digest, and XMP."""
    at = 0
    while at < len(data):
        kind, id = data[at : at + 4], int.from_bytes(data[at + 4 : at + 6], "big")
        if kind not in _KINDS:
            if any(data[at:]):
                raise BlocksError(f"no resource of Photoshop where one should be, at {at}")
            return
        start = at + 6 + _even(1 + _byte(data, at + 6))
        size = _size(data, start)
        end = start + 4 + size
        if end > len(data):
            raise BlocksError(f"resource {id:#06x} is cut short")
        if id not in (IPTC, XMP, IPTC_DIGEST):
            digests.add(f"resource {id:#06x}", kind + data[at + 6 : end])
        at = start + 4 + _even(size)


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise BlocksError("a resource of Photoshop is cut short")
    return data[at]


def _size(data: bytes, at: int) -> int:
    try:
        size: int = struct.unpack_from(">I", data, at)[0]
    except struct.error as error:
        raise BlocksError("a resource of Photoshop is cut short") from error
    return size


def _even(length: int) -> int:
    return length + length % 2
