"""Whether a media file can hold embedded captions or keywords at all: a look that costs nothing.

ExifTool reads every file's metadata, at 3 to 6 ms each; most pictures from a camera or a phone
hold none of what is asked for, and a JPEG shows that in its first few kilobytes.
"""

import re
import struct
from pathlib import Path

from metadata.asset import Asset

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
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


def may_be_embedded(asset: Asset) -> bool:
    """Tell whether XMP, IPTC or an EXIF caption may stand in the file; True where in doubt.

    Raises OSError when the file cannot be read.
    """
    if asset.format != "jpeg":
        return True
    try:
        return _in_jpeg(asset.path)
    except struct.error:
        return True


def _in_jpeg(path: Path) -> bool:
    """Walk the segments before the picture data (ITU T.81, annex B)."""
    with path.open("rb") as file:
        file.seek(2)
        for _ in range(_MOST_SEGMENTS):
            fill, marker, length = struct.unpack(">BBH", file.read(4))
            if fill != 0xFF or marker == 0xFF:
                return True
            if marker in (_SCAN, _END):
                return False
            segment = file.read(length - 2)
            if len(segment) != length - 2 or _tells(marker, segment):
                return True
    return True


def _tells(marker: int, segment: bytes) -> bool:
    if marker == _APP13:
        return True
    if marker != _APP1:
        return False
    if segment.startswith(_XMP):
        return not _is_rating(segment[len(_XMP) :])
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
