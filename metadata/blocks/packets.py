"""The XMP packets inside a media file, as they stand there: found before anything parses them."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from metadata.blocks.boxes import boxes
from metadata.blocks.directories import Layout
from metadata.blocks.source import MOST_HELD, BlocksError, Source

_MOST = 100_000
_APP1, _ALONE, _NO_MORE = 0xE1, (0x01, *range(0xD0, 0xD8)), (0xDA, 0xD9)
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
# An extension: the digest of all of it, its length, where this part belongs (XMP part 3, 1.1.3.1).
_JPEG_MORE = re.compile(rb"http://ns\.adobe\.com/xmp/extension/\0(.{32}).{4}(.{4})", re.DOTALL)
_PNG_XMP = b"XML:com.adobe.xmp\0"
_TIFF_XMP, _PSD_XMP = 700, 0x0424
_UUID_XMP = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
# What may hold XMP, or what does; nothing else is opened, however deep a file claims to be.
_INSIDE = {b"": b"moov", b"moov": b"udta"}


def packets(path: Path, format: str) -> Iterator[bytes]:
    """Give each XMP packet inside a media file; of a broken container those that are found.

    Raises OSError when the file cannot be read.
    """
    if format not in _PACKETS:
        return
    try:
        with Source.open(path) as source:
            yield from islice(_PACKETS[format](source), _MOST)
    except (BlocksError, zlib.error):
        return


def _in_jpeg(source: Source) -> Iterator[bytes]:
    at, parts = 2, dict[bytes, list[tuple[bytes, bytes]]]()
    for _ in range(_MOST):
        marker = source.number(at + 1, 1)
        if marker in _NO_MORE:
            break
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = source.number(at + 2, 2)
        content = source.read(at + 4, length - 2) if marker == _APP1 else b""
        if content.startswith(_JPEG_XMP):
            yield content[len(_JPEG_XMP) :]
        elif more := _JPEG_MORE.match(content):
            parts.setdefault(more[1], []).append((more[2], content[more.end() :]))
        at += 2 + length
    for found in parts.values():
        yield b"".join(part for _, part in sorted(found))


def _in_png(source: Source) -> Iterator[bytes]:
    at = 8
    while at < source.size:
        length, kind = source.number(at, 4), source.read(at + 4, 4)
        if kind == b"iTXt" and source.read(at + 8, min(length, 64)).startswith(_PNG_XMP):
            yield _text(source.read(at + 8, length)[len(_PNG_XMP) :])
        at += 12 + length


def _text(content: bytes) -> bytes:
    """Take the text after the keyword of an iTXt chunk; it may be compressed."""
    packed, text = content[:1] == b"\1", content[2:].split(b"\0", 2)[-1]
    return zlib.decompressobj().decompress(text, MOST_HELD) if packed else text


def _in_tiff(source: Source) -> Iterator[bytes]:
    layout = Layout.at(source, 0)
    at, seen = layout.first, set[int]()
    while at and at not in seen:
        seen.add(at)
        directory = layout.directory(at)
        if entry := directory.entry(_TIFF_XMP):
            yield layout.value(entry)
        at = directory.next


def _in_psd(source: Source) -> Iterator[bytes]:
    colours = 26 + 4 + source.number(26, 4)
    at, end = colours + 4, colours + 4 + source.number(colours, 4)
    while at < end:
        name = source.number(at + 6, 1) + 1
        start = at + 6 + name + name % 2
        length = source.number(start, 4)
        if source.number(at + 4, 2) == _PSD_XMP:
            yield source.read(start + 4, length)
        at = start + 4 + length + length % 2


def _in_film(source: Source) -> Iterator[bytes]:
    """Look for XMP in a box of its own, and among the user data of the film."""
    yield from _in_boxes(source, b"", 0, source.size)


def _in_boxes(source: Source, parent: bytes, start: int, end: int) -> Iterator[bytes]:
    for box in boxes(source, start, end):
        if box.kind == b"uuid" and source.read(box.start, min(16, box.length)) == _UUID_XMP:
            yield source.read(box.start + 16, box.length - 16)
        elif box.kind == b"XMP_":
            yield source.read(box.start, box.length)
        elif box.kind == _INSIDE.get(parent):
            yield from _in_boxes(source, box.kind, box.start, box.end)


_PACKETS: Mapping[str, Callable[[Source], Iterator[bytes]]] = {
    "jpeg": _in_jpeg,
    "png": _in_png,
    "psd": _in_psd,
    **dict.fromkeys(("tiff", "dng", "nef", "cr2", "arw", "pef", "srw"), _in_tiff),
    **dict.fromkeys(("mp4", "mov", "3gp"), _in_film),
}
