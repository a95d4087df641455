"""XMP that is no good: as sidecars, and as packets inside pictures."""

import struct
import zlib
from pathlib import Path

from tests.drawn import jpeg, png
from tests.sidecars import foreign

DEEP = 200_000
LARGE = 10 * 2**20


def _with(inner: bytes) -> bytes:
    return foreign("Oma").replace(b"<odd:thing", inner + b"<odd:thing", 1)


SPOILED = {
    "text": b"not XML at all",
    "blank": b"\n \n",
    "cut short": foreign("Oma")[:-80],
    "nothing closed": foreign("Oma")[:300],
    "a tag left open": _with(b"<odd:open>"),
    "tags crossed": _with(b"<odd:a><odd:b>1</odd:a></odd:b>"),
    "an unknown entity": _with(b"<odd:a>&bogus;</odd:a>"),
    "an unknown prefix": _with(b"<zzz:a>1</zzz:a>"),
    "an attribute twice": _with(b"<odd:a odd:b='1' odd:b='2'/>"),
    "a control character": _with(b"<odd:a>a\x01b</odd:a>"),
    "Latin-1 unannounced": _with(b"<odd:a>caf\xe9</odd:a>"),
    "text beside elements": _with(b"<odd:a>lost<odd:b>kept</odd:b></odd:a>"),
    "no RDF": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>1</a></x:xmpmeta>",
    "two documents": foreign("Oma") * 2,
    "entities": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + foreign("Oma"),
    "a hundred deep": _with(b"<odd:a>" * 100 + b"</odd:a>" * 100),
    "bottomless": _with(b"<odd:a>" * DEEP + b"</odd:a>" * DEEP),
    "bottomless and cut short": _with(b"<odd:a>" * DEEP),
    "ten megabytes": _with(b"<odd:a>" + b"x" * LARGE + b"</odd:a>"),
}
"""XMP documents that cannot be changed without harm, by what is wrong with them."""


def in_jpeg(path: Path, packet: bytes) -> Path:
    """Draw a JPEG with an XMP packet, of which no more than 60 KB fit in."""
    jpeg(path, (8, 8))
    data = path.read_bytes()
    said = b"http://ns.adobe.com/xap/1.0/\0" + packet[:60_000]
    path.write_bytes(data[:2] + _segment(said) + data[2:])
    return path


def in_png(path: Path, packet: bytes) -> Path:
    """Draw a PNG with an XMP packet of any length."""
    png(path, (8, 8))
    data = path.read_bytes()
    head = data.index(b"IHDR") + 4 + 13 + 4
    path.write_bytes(data[:head] + _chunk(b"XML:com.adobe.xmp" + bytes(5) + packet) + data[head:])
    return path


def _segment(content: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _chunk(content: bytes) -> bytes:
    told = b"iTXt" + content
    return struct.pack(">I", len(content)) + told + struct.pack(">I", zlib.crc32(told))
