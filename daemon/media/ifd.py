"""TIFF directories, as far as telling formats apart and finding picture data needs them.

Source: TIFF 6.0 (Adobe, 1992), section 2, and the BigTIFF layout of libtiff.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.media.opened import Opened
from metadata.reasons import Reason

SUBFILE, WIDTH, HEIGHT, COMPRESSION, PHOTOMETRIC = 0x0FE, 0x100, 0x101, 0x103, 0x106
MAKE, STRIPS, ORIENTATION, STRIP_SIZES, CHILDREN = 0x10F, 0x111, 0x112, 0x117, 0x14A
TILES, TILE_SIZES, DNG_VERSION = 0x144, 0x145, 0xC612
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_ASCII = 2
_MOST_ENTRIES = 4096
_MOST_DIRECTORIES = 4096
_LONGEST_VALUE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory: where the value of each tag stands, read when asked."""

    file: Opened
    order: str
    entries: dict[int, tuple[int, int, int]]

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Give the whole numbers of *tag*; empty where there are none."""
        kind, count, at = self.entries.get(tag, (0, 0, 0))
        letter = _NUMBERS.get(kind)
        if letter is None:
            return ()
        layout = f"{self.order}{count}{letter}"
        length = struct.calcsize(layout)
        if length > _LONGEST_VALUE or at + length > self.file.size:
            raise self.file.fault(Reason.TRUNCATED, "a TIFF value lies beyond its end")
        return struct.unpack(layout, self.file.read(at, length))

    def number(self, tag: int, otherwise: int = 0) -> int:
        """Give the first number of *tag*."""
        return next(iter(self.numbers(tag)), otherwise)

    def text(self, tag: int) -> str:
        """Give the text of *tag*, up to 256 characters."""
        kind, count, at = self.entries.get(tag, (0, 0, 0))
        if kind != _ASCII:
            return ""
        return self.file.read(at, min(count, 256)).split(b"\0")[0].decode("latin-1").strip()


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    count: str
    entry: str
    inline: int
    first: int


def _layout(file: Opened) -> _Layout:
    head = file.read(0, 16)
    order = "<" if head[:2] == b"II" else ">"
    if head[2:4] in (b"\x2b\0", b"\0\x2b"):
        return _Layout(order, "Q", "HHQ8s", 8, struct.unpack_from(order + "Q", head, 8)[0])
    return _Layout(order, "H", "HHI4s", 4, struct.unpack_from(order + "I", head, 4)[0])


def directories(file: Opened) -> Iterator[Directory]:
    """Walk the main chain of directories, each followed by its children."""
    layout = _layout(file)
    waiting, seen = [layout.first], set[int]()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if at == 0 or at in seen:
            continue
        seen.add(at)
        directory, following = _directory(file, layout, at)
        yield directory
        waiting[:0] = [*directory.numbers(CHILDREN), following]


def first_directory(file: Opened) -> Directory:
    """Read the first directory."""
    layout = _layout(file)
    return _directory(file, layout, layout.first)[0]


def _directory(file: Opened, layout: _Layout, at: int) -> tuple[Directory, int]:
    counted, entry = layout.order + layout.count, struct.Struct(layout.order + layout.entry)
    start = at + struct.calcsize(counted)
    if start > file.size:
        raise file.fault(Reason.TRUNCATED, "a TIFF directory lies beyond its end")
    (count,) = struct.unpack(counted, file.read(at, start - at))
    body = file.read(start, entry.size * min(count, _MOST_ENTRIES))
    if count > _MOST_ENTRIES:
        raise file.fault(Reason.DAMAGED, f"a TIFF directory of {count} entries")
    if len(body) < entry.size * count:
        raise file.fault(Reason.TRUNCATED, "a TIFF directory is cut")
    entries = dict(_entries(body, layout, entry, start))
    following = file.read(start + len(body), layout.inline)
    link = int.from_bytes(following, "little" if layout.order == "<" else "big")
    return Directory(file, layout.order, entries), link


def _entries(
    body: bytes, layout: _Layout, entry: struct.Struct, start: int
) -> Iterator[tuple[int, tuple[int, int, int]]]:
    for number, (tag, kind, count, value) in enumerate(entry.iter_unpack(body)):
        length = struct.calcsize("<" + _NUMBERS.get(kind, "B")) * count
        if length <= layout.inline:
            at = start + (number + 1) * entry.size - layout.inline
        else:
            at = int.from_bytes(value, "little" if layout.order == "<" else "big")
        yield tag, (kind, count, at)
