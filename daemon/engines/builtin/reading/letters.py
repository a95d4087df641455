"""Spell what stands in a place: cut it out upright, and decode the letters that a network sees.

The network is trained with connectionist temporal classification (Graves et al. 2006): for each
column of eight pixels it gives the likelihood of each letter and of none; a letter that stretches
over several columns counts once.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from daemon.engines.builtin.reading.models import Floats, Network
from daemon.engines.builtin.reading.places import Corners
from daemon.media.frames import Picture

HEIGHT = 48
NARROWEST = 160
WIDEST = 3200
STEP = 8
NO_LETTER = 0


@dataclass(frozen=True, slots=True)
class Spelled:
    """Letters in a row; *score* is the mean of their likelihoods, *weakest* the lowest one."""

    text: str = ""
    score: float = 0.0
    weakest: float = 0.0


class Speller:
    """The recogniser."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._letters = np.array(["", *network.alphabet, " "])

    def spell(self, picture: Picture, corners: Corners) -> Spelled:
        """Read along the first side of *corners*."""
        likely = self._network(_prepared(_cut(picture, corners)))[0]
        return self._decoded(likely.argmax(1), likely.max(1))

    def _decoded(self, letters: NDArray[np.intp], likely: Floats) -> Spelled:
        fresh = letters != NO_LETTER
        fresh[1:] &= letters[1:] != letters[:-1]
        if not fresh.any():
            return Spelled()
        sure = likely[fresh]
        text = "".join(self._letters[letters[fresh]])
        return Spelled(text, float(sure.mean()), float(sure.min()))


def _cut(picture: Picture, corners: Corners) -> Picture:
    """Straighten what lies between *corners* to a strip of HEIGHT pixels."""
    length = np.linalg.norm(corners[1] - corners[0])
    height = max(float(np.linalg.norm(corners[3] - corners[0])), 1.0)
    width = int(np.clip(round(length * HEIGHT / height), STEP, WIDEST))
    target = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    how = cv2.getPerspectiveTransform(corners, target)
    strip = cv2.warpPerspective(
        picture, how, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, np.uint8)


def _prepared(strip: Picture) -> Floats:
    """Give BGR planes from -1 to 1, with nothing (0) at the right of what is short."""
    width = strip.shape[1]
    planes = np.zeros((1, 3, HEIGHT, max(-(-width // STEP) * STEP, NARROWEST)), np.float32)
    planes[0, :, :, :width] = strip[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - 1
    return planes
