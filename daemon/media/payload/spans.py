"""Stretches of a file that hold media data; not how they are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.media.opened import Opened

Span = tuple[int, int]
"""An offset and a length in bytes."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The media data of a file: its *spans* in order.

    *table* says how the data is divided into pictures or samples; *frames* counts the pictures
    of an animation or the pages of a document.
    """

    spans: tuple[Span, ...]
    table: bytes = b""
    frames: int = 1

    @property
    def size(self) -> int:
        """Count the bytes of media data."""
        return sum(length for _, length in self.spans)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Melt neighbouring spans into one and drop empty ones."""
    melted: list[Span] = []
    for at, length in spans:
        if melted and melted[-1][0] + melted[-1][1] == at:
            melted[-1] = (melted[-1][0], melted[-1][1] + length)
        elif length:
            melted.append((at, length))
    return tuple(melted)


def whole(file: Opened) -> Payload:
    """Take the whole file."""
    return Payload(((0, file.size),))
