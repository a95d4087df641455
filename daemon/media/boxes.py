"""The boxes of ISO base media files (mp4, mov, heic, avif, cr3): where each begins and ends.

Source: ISO/IEC 14496-12, section 4.2.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.media.opened import Opened
from metadata.reasons import Reason

_MOST_BOXES = 200_000
_LARGEST_TABLE = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its four-letter name; *start* and *end* bound its body."""

    file: Opened
    name: bytes
    start: int
    end: int

    def body(self) -> bytes:
        """Read the whole body."""
        if self.end - self.start > _LARGEST_TABLE:
            raise self.file.fault(Reason.DAMAGED, f"its {self.name!r} box is too large")
        return self.file.read(self.start, self.end - self.start)

    def children(self, skipped: int = 0) -> Iterator["Box"]:
        """Walk the boxes inside, after *skipped* bytes of its own fields."""
        return _walk(self.file, self.start + skipped, self.end)

    def find(self, *names: bytes, skipped: int = 0) -> Iterator["Box"]:
        """Walk the boxes at the path *names* below this one."""
        for child in self.children(skipped):
            if child.name == names[0]:
                yield from child.find(*names[1:]) if len(names) > 1 else (child,)


def top_boxes(file: Opened) -> list[Box]:
    """List the outermost boxes; raises TRUNCATED when the last one claims more than there is."""
    return list(_walk(file, 0, file.size))


def _walk(file: Opened, at: int, end: int) -> Iterator[Box]:
    for _ in range(_MOST_BOXES):
        head = file.read(at, 16)
        if at + 8 > end or len(head) < 8 or not _is_name(head[4:8]):
            return  # padding and strangers' trailers are common
        size, start = _extent(head, at, end)
        if size < start - at:
            return
        if at + size > file.size:
            name = head[4:8].decode("latin-1")
            missing = at + size - file.size
            raise file.fault(Reason.TRUNCATED, f"{missing} bytes of its {name} box are missing")
        yield Box(file, head[4:8], start, min(at + size, end))
        at += size


def _extent(head: bytes, at: int, end: int) -> tuple[int, int]:
    size: int = struct.unpack_from(">I", head)[0]
    if size == 1 and len(head) == 16:
        return struct.unpack_from(">Q", head, 8)[0], at + 16
    return (end - at if size == 0 else size), at + 8


def _is_name(name: bytes) -> bool:
    return all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in name)
