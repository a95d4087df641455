"""Listen to a passage of a film: when somebody speaks in it, and what of it a model is to hear."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from daemon.engines.builtin.spoken import CHUNK, spans, stretches
from daemon.engines.builtin.voice import Follower
from daemon.media.frames import SAMPLE_RATE, Block
from daemon.media.stretches import Pcm, pcm

FILM_S, SPEECH_S = 1800.0, 600.0
"""How much film, and how much speech in it, make a passage: whichever is reached first."""
_LIKELY = 0.5
_GAP_S = 0.5
"""Longer gaps in a sound track part what is heard before and after."""
_OPEN_S = 0.5
"""Speech that ends this shortly before a passage does may go on after it."""
_NOTHING: Pcm = np.empty(0, np.int16)


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

    def passage(self) -> Passage:
        """Give what is spoken in it."""
        sound = np.frombuffer(self._sound, np.int16)
        spoken = list(spans(self._chances))
        heard = stretches(spoken, sound)
        return Passage(
            tuple((self._second(begin), self._second(end)) for begin, end in spoken),
            tuple((self._second(begin), sound[begin:end]) for begin, end in heard),
            self.end_s,
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
            return _before_a_pause(_joined(runs), from_s)
    return replace(_joined(runs), until_s=None)


def _joined(runs: Iterable[_Run]) -> Passage:
    parts = [run.passage() for run in runs]
    return Passage(
        tuple(span for part in parts for span in part.spoken),
        tuple(stretch for part in parts for stretch in part.stretches),
        parts[-1].until_s if parts else None,
    )


def _before_a_pause(passage: Passage, from_s: float) -> Passage:
    """Leave to the next passage what may go on there."""
    *stretches, (start_s, samples) = passage.stretches or ((from_s, _NOTHING),)
    end_s = start_s + len(samples) / SAMPLE_RATE
    if start_s <= from_s or passage.until_s is None or end_s < passage.until_s - _OPEN_S:
        return passage
    spoken = tuple((a, min(b, start_s)) for a, b in passage.spoken if a < start_s)
    return Passage(spoken, tuple(stretches), start_s)
