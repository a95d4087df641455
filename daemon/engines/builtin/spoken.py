"""From how likely somebody speaks, moment by moment, to when they do, and to what a model hears.

Arithmetic on the answers of a voice detector; which one, and where the sound is from, is unknown.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from daemon.media.frames import SAMPLE_RATE
from daemon.media.stretches import LONGEST_S, Pcm

Span: TypeAlias = tuple[int, int]
"""From one sample up to, and without, another."""
CHUNK = 512
"""Samples that a chance is about: 32 ms."""
_BEGINS, _GOES_ON, _CERTAIN = 0.5, 0.35, 0.8
"""Chances from which on speech begins, down to which it goes on, and that it must reach."""
_SHORTEST, _PAUSE = 8, 10
"""Chunks that speech has at least, a quarter of a second; and those that part what is spoken."""
_LATE = 2
"""Chunks: starts are told in time, ends 0.07 s late (the median of 216 in bench/listening.py)."""
_AROUND = SAMPLE_RATE // 5
"""What is left around speech, so that no sound of it is lost."""
_TOGETHER = 4 * SAMPLE_RATE
"""Longer pauses are no part of what a model hears: silence makes it invent words. With shorter ones
a model would have to be asked more often, and each time costs as much as 30 seconds of speech."""
_MOST = int(LONGEST_S * SAMPLE_RATE) - 2 * _AROUND
_BREATH = 5
"""Chunks over which loudness is taken where a place to cut is looked for."""


def spans(chances: Sequence[float]) -> Iterator[Span]:
    """Give the samples between which somebody speaks, by the chance of it in each chunk."""
    for begin, end in _runs(chances):
        if end - begin >= _SHORTEST and max(chances[begin:end]) >= _CERTAIN:
            yield begin * CHUNK, (end - _LATE) * CHUNK


def stretches(spoken: Sequence[Span], samples: Pcm) -> list[Span]:
    """Put what is *spoken* together for a model: in order, none longer than LONGEST_S.

    Where somebody speaks for longer without a pause it is cut at the quietest place.
    """
    pieces = [piece for span in spoken for piece in _cut(span, samples)]
    return _with_room(_together(pieces), len(samples)) if pieces else []


def _runs(chances: Sequence[float]) -> Iterator[Span]:
    begin = end = None
    for chunk, chance in enumerate(chances):
        if begin is not None and end is not None and chunk - end >= _PAUSE:
            yield begin, end
            begin = None
        if chance >= (_BEGINS if begin is None else _GOES_ON):
            begin, end = chunk if begin is None else begin, chunk + 1
    if begin is not None and end is not None:
        yield begin, end


def _cut(span: Span, samples: Pcm) -> Iterator[Span]:
    begin, end = span
    while end - begin > _MOST:
        cut = _quietest(samples, begin + _MOST * 2 // 3, begin + _MOST)
        yield begin, cut
        begin = cut
    yield begin, end


def _quietest(samples: Pcm, begin: int, end: int) -> int:
    """Find the middle of the quietest sixth of a second between two samples."""
    chunks = samples[begin:end][: (end - begin) // CHUNK * CHUNK].reshape(-1, CHUNK)
    power = np.square(chunks, dtype=np.float32).mean(axis=1)
    around = np.convolve(power, np.ones(_BREATH), "valid")
    return begin + (int(np.argmin(around)) + _BREATH // 2) * CHUNK + CHUNK // 2


def _together(pieces: Sequence[Span]) -> list[Span]:
    """Join neighbours as long as they fit, and no long pause lies between them."""
    joined: list[Span] = []
    for begin, end in pieces:
        if joined and begin - joined[-1][1] <= _TOGETHER and end - joined[-1][0] <= _MOST:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def _with_room(pieces: Sequence[Span], most: int) -> list[Span]:
    """Widen the pieces a little, up to the middle between two of them."""
    middles = [0, *((left[1] + right[0]) // 2 for left, right in pairwise(pieces)), most]
    return [
        (max(begin - _AROUND, before), min(end + _AROUND, after))
        for (begin, end), (before, after) in zip(pieces, pairwise(middles), strict=True)
    ]
