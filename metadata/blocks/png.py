"""The chunks of a PNG (W3C PNG specification, section 5)."""

import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from metadata.blocks.resources import add_resources
from metadata.blocks.source import MOST_HELD, BlocksError, Digests, Source

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp\0"
# What ImageMagick and ExifTool call IPTC in text chunks: a block of IPTC, or one of Photoshop's.
_PROFILES = (b"Raw profile type iptc\0", b"Raw profile type 8bim\0")
_RAW_XMP = b"Raw profile type xmp\0"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
_IPTC_MARK, _PHOTOSHOP = b"\x1c", b"8BIM"
_LONGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chunk; *at* is where its *length* bytes of content stand, and a checksum after them."""

    kind: bytes
    at: int
    length: int

    @property
    def name(self) -> str:
        return f"{self.kind.decode('ascii')} chunk"


def png_others(source: Source) -> dict[str, str]:
    """Give the digests of chunks by kind, and of what follows the last.

    Their order counts but for texts: ExifTool brings those that follow the picture before it.
    """
    digests, end = Digests(), len(_SIGNATURE)
    for chunk in _chunks(source):
        end = chunk.at + chunk.length + 4
        if chunk.kind not in _TEXTS:
            digests.add("order", chunk.kind)
        if not _is_left_out(source, chunk, digests):
            digests.add_from(chunk.name, source, chunk.at, chunk.length + 4)
    digests.add_from("trailer", source, end, source.size - end)
    return digests.found()


def png_manifest(source: Source) -> bool:
    """Look for the chunk that holds a C2PA manifest (C2PA specification, "Embedding")."""
    return any(chunk.kind == b"caBX" for chunk in _chunks(source))


def _chunks(source: Source) -> Iterator[_Chunk]:
    """Walk the chunks up to the last, IEND."""
    if source.read(0, len(_SIGNATURE)) != _SIGNATURE:
        raise BlocksError("it is no PNG")
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        head = source.read(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length > _LONGEST or not (kind.isalpha() and kind.isascii()):
            raise BlocksError(f"there is no chunk at {at}")
        yield _Chunk(kind, at + 8, length)
        at += 8 + length + 4


def _is_left_out(source: Source, chunk: _Chunk, digests: Digests) -> bool:
    """Tell whether a chunk holds XMP or IPTC; other resources beside the IPTC are taken in."""
    if chunk.kind not in _TEXTS:
        return False
    head = source.read(chunk.at, min(chunk.length, 64))
    if head.startswith(_RAW_XMP) or (chunk.kind == b"iTXt" and head.startswith(_XMP)):
        return True
    if chunk.kind == b"iTXt" or not head.startswith(_PROFILES):
        return False
    profile = _profile(chunk.kind, source.read(chunk.at, chunk.length))
    if profile.startswith(_PHOTOSHOP):
        add_resources(digests, profile)
        return True
    return profile.startswith(_IPTC_MARK)


def _profile(kind: bytes, content: bytes) -> bytes:
    """Unpack what ImageMagick calls a raw profile: its name, its length, and it in hexadecimal."""
    text = content.partition(b"\0")[2]
    if kind == b"zTXt":
        text = _inflated(text[1:])
    parts = text.strip().split(b"\n", 2)
    try:
        return binascii.unhexlify(b"".join(parts[2].split())) if len(parts) == 3 else b""
    except binascii.Error as error:
        raise BlocksError("a raw profile is not in hexadecimal") from error


def _inflated(packed: bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(packed, MOST_HELD)
    except zlib.error as error:
        raise BlocksError("a compressed text is broken") from error
    if not inflate.eof:
        raise BlocksError("a compressed text is too long or cut short")
    return data
