"""Measure how loud a sound track is; not what is heard in it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from daemon.media.frames import SAMPLE_RATE, Heard, Samples
from metadata.description import Fact

QUIET_DBFS = -50.0
"""Below this a tenth of a second counts as silent; a quiet room is at about -60."""
_QUIET_PEAK = 0.01
"""A click is louder than this (-40 dBFS), however short."""
_SHORTEST_S = 1.0
_BLOCK = SAMPLE_RATE // 10
_FLOOR = 1e-12


def facts(heard: Heard | None) -> Iterator[Fact]:
    """State loudness (RMS, dB below full scale) and the share of silence (0 to 1).

    A film of which only passages were heard is never called silent.
    """
    if heard is None or heard.seconds < _SHORTEST_S:
        return
    share = silence(heard.passages)
    quiet = share == 1 and max(float(np.abs(part).max()) for part in heard.passages) < _QUIET_PEAK
    yield Fact("loudness_dbfs", round(loudness(heard.passages), 1), "measured")
    yield Fact("silence_share", round(share, 2), "measured")
    if heard.whole or not quiet:
        yield Fact("silent", quiet, "measured")


def loudness(passages: tuple[Samples, ...]) -> float:
    """Give the root mean square of all samples in dBFS, -120 at least."""
    power = sum(float(np.square(part, dtype=np.float64).sum()) for part in passages)
    return float(_decibels(power / max(1, sum(len(part) for part in passages))))


def silence(passages: tuple[Samples, ...]) -> float:
    """Give the share of tenths of a second below QUIET_DBFS; shorter rests are left out."""
    levels = np.concatenate([_levels(part) for part in passages])
    return float((levels < QUIET_DBFS).mean()) if len(levels) else 1.0


def _levels(passage: Samples) -> NDArray[np.float64]:
    blocks = passage[: len(passage) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    return np.asarray(_decibels(np.square(blocks, dtype=np.float64).mean(axis=1)))


def _decibels(power: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(np.maximum(power, _FLOOR)))
