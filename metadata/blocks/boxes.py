"""The boxes of ISO base media and QuickTime (ISO/IEC 14496-12 section 4.2; QuickTime, "Atoms")."""

from collections.abc import Iterator
from dataclasses import dataclass

from metadata.blocks.source import BlocksError, Source

_HEADER, _LONG_HEADER = 8, 16
# QuickTime may end a list of user data with a number of 32 bits, zero.
_TERMINATOR = 4


@dataclass(frozen=True, slots=True)
class Box:
    """One box; its content lies from *start* to *end*, its header from *at* on."""

    kind: bytes
    at: int
    start: int
    end: int

    @property
    def length(self) -> int:
        """Give the length of its content."""
        return self.end - self.start


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two places; less than a header may remain, see ``rest``."""
    at = start
    while end - at >= _HEADER:
        box = _box(source, at, end)
        yield box
        at = box.end


def rest(source: Source, start: int, end: int) -> bytes:
    """Give what remains after the boxes between two places."""
    for box in boxes(source, start, end):
        start = box.end
    return source.read(start, end - start)


def is_terminator(data: bytes) -> bool:
    """Tell whether what remains says nothing."""
    return data in (b"", bytes(_TERMINATOR))


def _box(source: Source, at: int, end: int) -> Box:
    head = source.read(at, _HEADER)
    size, header = int.from_bytes(head[:4], "big"), _HEADER
    if size == 1 and end - at >= _LONG_HEADER:
        size, header = source.number(at + _HEADER, 8), _LONG_HEADER
    elif size == 0:  # to the end of the file
        size = source.size - at
    if size < header or at + size > end:
        raise BlocksError(f"there is no box at {at}")
    return Box(head[4:], at, at + header, at + size)
