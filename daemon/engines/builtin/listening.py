"""Listen to a passage of a film: when somebody speaks in it, and what of it a model is to hear."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from daemon.engines.builtin.spoken import CHUNK, Span, spans, stretches
from daemon.engines.builtin.voice import Follower
from daemon.media.frames import SAMPLE_RATE, Block
from daemon.media.stretches import Pcm, pcm

FILM_S, SPEECH_S = 1800.0, 600.0
"""How much film, and how much speech in it, make a passage: whichever is reached first."""
_LIKELY = 0.5
_GAP_S = 0.5
"""Longer gaps in a sound track part what is heard before and after."""
_OPEN = SAMPLE_RATE // 2
"""Speech that ends this shortly before a passage does may go on after it."""
_BEFORE = SAMPLE_RATE // 2
"""How much of the pause before speech belongs to its passage, at most."""
_SHORTEST = SAMPLE_RATE
"""No passage is shorter, so that there is an end to them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """When somebody speaks, in seconds of the film, and the stretches of it for a model.

    *until_s* is where the next passage begins, None at the end of the sound.
    """

    spoken: tuple[tuple[float, float], ...]
    stretches: tuple[tuple[float, Pcm], ...]
    until_s: float | None


class _Run:
    """Sound without a gap, as it grows: 16 bits, as half an hour of floats would be much."""

    def __init__(self, start_s: float, follower: Follower) -> None:
        follower.begin()
        self._follower = follower
        self._start_s = start_s
        self._sound = bytearray()
        self._chances: list[float] = []
        self.speech_s = 0.0

    @property
    def end_s(self) -> float:
        return self._second(len(self._sound) // 2)

    def add(self, block: Block) -> None:
        """Take in what follows; a gap is filled with silence."""
        gap = max(0, round((block.start_s - self.end_s) * SAMPLE_RATE))
        samples = np.concatenate([np.zeros(gap, np.float32), block.samples])
        self._sound += pcm(samples).tobytes()
        chances = self._follower.chances(samples)
        self._chances += chances.tolist()
        self.speech_s += int((chances >= _LIKELY).sum()) * CHUNK / SAMPLE_RATE

    def passage(self, ended: bool = True) -> Passage:
        """Give what is spoken in it; where it has not *ended*, without what may go on."""
        sound = np.frombuffer(self._sound, np.int16)
        spoken = list(spans(self._chances))
        until = len(sound) if ended else _pause(spoken, sound)
        spoken = [(begin, min(end, until)) for begin, end in spoken if begin < until]
        heard = stretches(spoken, sound[:until])
        return Passage(
            tuple((self._second(begin), self._second(end)) for begin, end in spoken),
            tuple((self._second(begin), sound[begin:end]) for begin, end in heard),
            self._second(until),
        )

    def _second(self, sample: int) -> float:
        return self._start_s + sample / SAMPLE_RATE


def listened(blocks: Iterable[Block], follower: Follower, from_s: float) -> Passage:
    """Take in *blocks*, none before *from_s*, until they make a passage."""
    runs: list[_Run] = []
    for block in blocks:
        if not runs or not abs(block.start_s - runs[-1].end_s) <= _GAP_S:
            runs.append(_Run(block.start_s, follower))
        runs[-1].add(block)
        long = runs[-1].end_s - from_s >= FILM_S
        if long or sum(run.speech_s for run in runs) >= SPEECH_S:
            *before, last = runs
            return _joined([*(run.passage() for run in before), last.passage(ended=False)])
    return replace(_joined([run.passage() for run in runs]), until_s=None)


def _joined(parts: Sequence[Passage]) -> Passage:
    return Passage(
        tuple(span for part in parts for span in part.spoken),
        tuple(stretch for part in parts for stretch in part.stretches),
        parts[-1].until_s if parts else None,
    )


def _pause(spoken: Sequence[Span], sound: Pcm) -> int:
    """Find the sample from which on speech that may go on is left to the next passage.

    That is in the pause before it; where all of it is speech, at the last place to cut it.
    """
    if not spoken or spoken[-1][1] < len(sound) - _OPEN:
        return len(sound)
    before = spoken[-2][1] if len(spoken) > 1 else 0
    begin = spoken[-1][0]
    pause = max((before + begin) // 2, begin - _BEFORE)
    if pause < _SHORTEST:
        pause = stretches(spoken, sound)[-1][0]
    return pause if pause >= _SHORTEST else len(sound)
