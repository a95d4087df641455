"""Which pictures of a film are looked at, and which larger ones are for reading texts in."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from daemon.media.frames import Picture, Shots
from daemon.media.moments import Shown, Wish, scaled

MOST_SHEETS = 8
_EDGE = 0.25
"""A picture stands for its shot unless it lies in the first or the last quarter of it."""
Span = tuple[float, float]
"""The first and the last second of a shot."""


def longest(shots: Shots, duration_s: float) -> list[Span]:
    """Give the longest of *shots*, at most MOST_SHEETS, in order."""
    end = max((duration_s, *shots.cuts_s))
    every = sorted(pairwise((0.0, *shots.cuts_s, end)), key=lambda span: span[0] - span[1])
    return sorted(every[:MOST_SHEETS])


def middles(
    spans: Sequence[Span], at_hand: Sequence[Shown], seek: Callable[[list[Wish]], list[Shown]]
) -> list[Shown]:
    """Find a picture from the middle of each of *spans*: of those *at_hand*, else by *seek*."""
    kept = [(span, _nearest(span, at_hand)) for span in spans]
    missing = [((span[0] + span[1]) / 2, span[0]) for span, found in kept if found is None]
    sought = seek(missing) if missing else []
    return sorted([*(found for _, found in kept if found), *sought], key=lambda found: found[0])


def views(found: Sequence[Shown], side: int) -> tuple[tuple[Picture, ...], tuple[float, ...]]:
    """Make upright pictures of what was *found*, and give the second of each."""
    pictures = tuple(scaled(frame, side) for _, frame in found)
    return pictures, tuple(round(max(0.0, at), 3) for at, _ in found)


def _nearest(span: Span, at_hand: Sequence[Shown]) -> Shown | None:
    start, end = span
    edge, middle = (end - start) * _EDGE, (start + end) / 2
    inside = [found for found in at_hand if start + edge <= found[0] <= end - edge]
    return min(inside, key=lambda found: abs(found[0] - middle), default=None)
