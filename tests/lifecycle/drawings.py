"""The media files of the lifecycle proof: each format, drawn small, with what programs leave in it.

What a human wrote is in ``people``; here are pixels, and the blocks that nobody may touch.
"""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, TiffImagePlugin

from tests import drawn

SIZE = (48, 36)
EMBEDDING = ("jpg", "tif", "png", "psd", "mp4", "mov")
"""The formats that any preset embeds into."""
_EXIF_POINTER, _NOTES = 0x8769, 0x927C
_C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_C2PA_LABEL = bytes.fromhex("63327061001100108000 00aa00389b71") + b"\x03c2pa\0"


def draw(path: Path, number: int, blocks: str = "") -> None:
    """Draw the file at *path* in the format of its suffix; no two *number* give the same pixels.

    *blocks* names what else is in it: ``icc``, ``notes`` (a maker's, with places inside of it),
    ``moved notes`` (with places counted from the start of the file), ``manifest`` (C2PA).
    """
    colour = (number * 37 % 256, number // 7 * 29 % 256, number * 11 % 256)
    _DRAWN[path.suffix[1:].lower()](path, colour)
    for name in filter(None, blocks.split("+")):
        _PUT[name](path, colour)


def has(format: str, block: str) -> bool:
    """Tell whether files of *format* can be drawn with *block*."""
    return format in _HOLDS.get(block, ())


def _dng(path: Path, colour: drawn.Colour) -> None:
    drawn.raw(path, SIZE, colour)


def _nef(path: Path, colour: drawn.Colour) -> None:
    """Draw what passes for a Nikon's: nothing to be seen first, and a JPEG in its child."""
    preview = BytesIO()
    drawn.picture(SIZE, colour).save(preview, "JPEG")
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x00FE], tags[0x0100], tags[0x0101], tags[0x0103] = 1, *SIZE, 1
    tags[0x010F], tags[0x0110] = "NIKON CORPORATION", "NIKON D90"
    tags[0x0132], tags[0x014A] = "2019:05:06 07:08:09", 0
    tags.tagtype[0x014A] = 4
    child = 8 + len(tags.tobytes(8))
    tags[0x014A] = child
    inside = TiffImagePlugin.ImageFileDirectory_v2()
    inside[0x00FE], inside[0x0103] = 1, 6
    inside[0x0201], inside[0x0202] = 0, len(preview.getvalue())
    inside[0x0201] = child + len(inside.tobytes(child))
    header = struct.pack("<2sHI", b"II", 42, 8)
    path.write_bytes(header + tags.tobytes(8) + inside.tobytes(child) + preview.getvalue())


def _clip(path: Path, colour: drawn.Colour) -> None:
    colours = (colour, tuple(255 - c for c in colour))
    drawn.clip(path, 0.5, (0.25,), size=SIZE, sound=path.suffix in (".mp4", ".mov", ".mkv"),
               colours=colours, taken="2020-02-03T04:05:06Z")  # type: ignore[arg-type]  # fmt: skip


def _jpeg(path: Path, colour: drawn.Colour) -> None:
    drawn.jpeg(path, SIZE, colour, taken="2021-03-04T05:06:07+01:00", gps=(48.4, 9.99))


def _png(path: Path, colour: drawn.Colour) -> None:
    drawn.png(path, SIZE, colour, transparent=0.25)


def _tiff(path: Path, colour: drawn.Colour) -> None:
    drawn.tiff(path, SIZE, colour, pages=2, compression="tiff_lzw")


_DRAWN: dict[str, Callable[[Path, drawn.Colour], object]] = {
    "jpg": _jpeg,
    "tif": _tiff,
    "png": _png,
    "psd": lambda path, colour: drawn.psd(path, SIZE, colour),
    "webp": lambda path, colour: drawn.webp(path, SIZE, colour, taken="2021-03-04T05:06:07"),
    "gif": lambda path, colour: drawn.gif(path, SIZE, colour, frames=3),
    "heic": lambda path, colour: drawn.heic(path, (64, 48), colour, taken="2021-03-04T05:06:07"),
    "avif": lambda path, colour: drawn.avif(path, SIZE, colour, taken="2021-03-04T05:06:07"),
    "bmp": lambda path, colour: drawn.bmp(path, SIZE, colour),
    "dng": _dng,
    "nef": _nef,
    **dict.fromkeys(
        ("mp4", "mov", "mkv", "webm", "avi", "ts", "3gp", "mpg", "wmv", "flv", "ogv"), _clip
    ),
}
FORMATS = tuple(_DRAWN)
"""By the suffix. captiond takes no jp2, and no encoder of mxf takes pictures so small."""


def _icc(path: Path, colour: drawn.Colour) -> None:
    """Save the picture once more with a profile of its colours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(path) as image:
        image.load()
        kept = {"exif": image.getexif()} if path.suffix == ".jpg" else {}
        image.save(path, icc_profile=profile, **kept)


def _notes(path: Path, colour: drawn.Colour) -> None:
    """Give a picture the notes of a camera whose places count from the notes themselves."""
    entries = [(1, 7, 4, b"0210"), (2, 3, 2, struct.pack(">HH", 0, 200)), (4, 2, 8, b"FINE   \0")]
    directory, rest, at = struct.pack(">H", len(entries)), b"", 8 + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        inline = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(">I", at + len(rest))
        rest += value if len(value) > 4 else b""
        directory += struct.pack(">HHI", tag, kind, count) + inline
    body = b"MM\0*\0\0\0\x08" + directory + bytes(4) + rest
    _with_notes(path, colour, ("NIKON CORPORATION", "NIKON D90"), b"Nikon\0\2\x10\0\0" + body)


def _moved_notes(path: Path, colour: drawn.Colour) -> None:
    """Give a picture notes whose places count from the beginning of the TIFF that holds them."""
    word = b"EF24-105mm f/4L IS USM\0\0"
    directory = struct.pack("<H", 2) + struct.pack("<HHII", 6, 2, len(word), 0)
    directory += struct.pack("<HHIHH", 0x000E, 4, 1, 77, 0) + bytes(4)
    _with_notes(path, colour, ("Canon", "Canon EOS 5D"), directory + word)
    content = bytearray(path.read_bytes())
    notes = content.index(directory + word)
    start = content.index(b"Exif\0\0") + 6 if path.suffix == ".jpg" else 0
    struct.pack_into("<I", content, notes + 2 + 8, notes - start + len(directory))
    path.write_bytes(content)


def _with_notes(path: Path, colour: drawn.Colour, camera: tuple[str, str], notes: bytes) -> None:
    told = drawn.exif("2021-03-04T05:06:07+01:00", (48.4, 9.99), camera)
    nested = told.get_ifd(_EXIF_POINTER)
    nested[_NOTES] = notes
    told[_EXIF_POINTER] = nested
    drawn.picture(SIZE, colour).save(path, exif=told)


def _manifest(path: Path, colour: drawn.Colour) -> None:
    """Put a content credential into a file, as far as its kind shows that it has one."""
    boxes = _box(b"jumb", _box(b"jumd", _C2PA_LABEL) + _box(b"json", b'{"claim": "made here"}'))
    content = path.read_bytes()
    match path.suffix:
        case ".jpg":
            body = b"JP" + struct.pack(">HI", 1, 1) + boxes
            segment = struct.pack(">BBH", 0xFF, 0xEB, len(body) + 2) + body
            path.write_bytes(content[:2] + segment + content[2:])
        case ".png":
            chunk = struct.pack(">I", len(boxes)) + b"caBX" + boxes
            chunk += struct.pack(">I", zlib.crc32(b"caBX" + boxes))
            path.write_bytes(content[:33] + chunk + content[33:])
        case ".tif":
            tags = TiffImagePlugin.ImageFileDirectory_v2()
            tags[0xCD41] = boxes
            tags.tagtype[0xCD41] = 7
            drawn.picture(SIZE, colour).save(path, tiffinfo=tags)
        case _:
            head = bytes(4) + b"manifest\0" + bytes(8)
            path.write_bytes(content + _box(b"uuid", _C2PA_BOX + head + boxes))


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


_PUT = {"icc": _icc, "notes": _notes, "moved notes": _moved_notes, "manifest": _manifest}
_HOLDS = {
    "icc": ("jpg", "png", "tif"),
    "notes": ("jpg", "tif"),
    "moved notes": ("jpg", "tif"),
    "manifest": ("jpg", "png", "tif", "mp4", "mov"),
}
