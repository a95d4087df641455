"""Whether a media file can hold embedded captions or keywords at all: a look that costs nothing.

ExifTool reads every file's metadata, at 3 to 6 ms each; most pictures from a camera or a phone
hold none of what is asked for, and a JPEG shows that in its first few kilobytes.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from metadata.asset import Asset

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
# What some cameras write: that nobody has rated the picture yet. Nobody here reads ratings.
_DECLARED = re.compile(rb"""xmlns:(\w+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_NAMESPACES = {
    b"x": b"adobe:ns:meta/",
    b"rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    b"xmp": b"http://ns.adobe.com/xap/1.0/",
}
_NAMED = re.compile(rb"[\w.-]+:[\w.-]*")
_OF_RATINGS = {
    b"x:xmpmeta", b"x:xmptk", b"rdf:RDF", b"rdf:Description", b"rdf:about", b"xmp:Rating",
}  # fmt: skip
_MARK = b"\xef\xbb\xbf"  # of an XML document in UTF-8
_IMAGE_DESCRIPTION = 0x010E
_APP1, _APP13, _SCAN, _END = 0xE1, 0xED, 0xDA, 0xD9
# More segments than any camera writes: such a file is left to ExifTool.
_MOST_SEGMENTS = 64


def may_be_embedded(asset: Asset, ratings: bool = False) -> bool:
    """Tell whether XMP, IPTC or an EXIF caption may stand in the file; True where in doubt.

    XMP that is a rating alone counts with *ratings*. Raises OSError when the file cannot be read.
    """
    if asset.format != "jpeg":
        return True
    try:
        return _in_jpeg(asset.path, ratings)
    except struct.error:
        return True


def xmp_sizes(path: Path) -> tuple[int, int]:
    """Measure the XMP of a JPEG: bytes in its first segment, and in extensions of that.

    Raises OSError, or struct.error for what is no JPEG.
    """
    sizes = {_XMP: 0, _EXTENSION: 0}
    with path.open("rb") as file:
        for marker, segment in _segments(file):
            for name in sizes:
                if marker == _APP1 and segment.startswith(name):
                    sizes[name] += len(segment) - len(name)
    return sizes[_XMP], sizes[_EXTENSION]


def _in_jpeg(path: Path, ratings: bool) -> bool:
    with path.open("rb") as file:
        for count, (marker, segment) in enumerate(_segments(file)):
            if count == _MOST_SEGMENTS or _tells(marker, segment, ratings):
                return True
    return False


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Walk the segments before the picture data (ITU T.81, annex B).

    Raises struct.error where they are not what they should be.
    """
    file.seek(2)
    while True:
        fill, marker, length = struct.unpack(">BBH", file.read(4))
        if fill != 0xFF or marker == 0xFF:
            raise struct.error("no marker")
        if marker in (_SCAN, _END):
            return
        segment = file.read(length - 2)
        if len(segment) != length - 2:
            raise struct.error("cut short")
        yield marker, segment


def _tells(marker: int, segment: bytes, ratings: bool) -> bool:
    if marker == _APP13:
        return True
    if marker != _APP1:
        return False
    if segment.startswith(_XMP):
        return ratings or not _is_rating(segment[len(_XMP) :])
    return not segment.startswith(_EXIF) or _has_description(segment[len(_EXIF) :])


def _is_rating(packet: bytes) -> bool:
    """Tell whether an XMP packet holds a rating and nothing else; False where in doubt."""
    packet = packet.replace(_MARK, b"")
    if b"\0" in packet:  # two bytes for each sign
        return False
    spaces = [(prefix, one or other) for prefix, one, other in _DECLARED.findall(packet)]
    rest = _DECLARED.sub(b"", packet)
    if not packet.isascii() or b"<!" in rest or b"&" in rest or b"xmlns" in rest:
        return False
    known = all(_NAMESPACES.get(prefix) == address for prefix, address in spaces)
    return known and _OF_RATINGS.issuperset(_NAMED.findall(rest))


def _has_description(tiff: bytes) -> bool:
    """Look for ImageDescription among the tags of the first directory (TIFF 6.0, section 2)."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return True
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    tags = (struct.unpack_from(f"{order}H", tiff, at + 2 + 12 * n)[0] for n in range(count))
    return _IMAGE_DESCRIPTION in tags
