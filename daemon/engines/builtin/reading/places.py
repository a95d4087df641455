"""Find the places in a picture where something is written: slanted rectangles, with a score.

The network is DBNet ("Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020),
which gives for each pixel how likely it lies in the core of a line of text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from daemon.engines.builtin.reading.models import Floats, Network
from daemon.media.frames import Picture

Corners: TypeAlias = NDArray[np.float32]
"""Four points (x, y) in pixels: top left, top right, bottom right, bottom left of what stands there
when it is read along the longer side."""

STEP = 32  # the network halves a picture five times
INK = 0.3  # a pixel of text
SURE = 0.5  # a line of text, on average over its rectangle
GROWN = 1.6  # the core is smaller than the line: DBNet shrinks lines by this when it learns them
THINNEST = 3
MOST = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written, and how sure that is (0 to 1)."""

    corners: Corners
    score: float

    @property
    def length(self) -> float:
        """Measure along the writing, in pixels."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        """Measure across the writing, in pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def stands(self) -> bool:
        """Tell whether the writing runs up or down rather than across."""
        right, down = np.abs(self.corners[1] - self.corners[0])
        return bool(down > right)


class Finder:
    """The detector."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def places(self, picture: Picture, side: int) -> list[Place]:
        """Look at *picture* with its longer side at most *side* pixels; largest places first."""
        height, width = picture.shape[:2]
        small = _scaled(picture, side)
        likely = self._network(_prepared(small))[0, 0]
        scale = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
        found = [Place(corners * scale, score) for corners, score in _rectangles(likely)]
        return sorted(found, key=lambda place: -place.length)


def _scaled(picture: Picture, side: int) -> Picture:
    height, width = picture.shape[:2]
    by = min(side / max(height, width), 1.0)
    size = tuple(max(round(length * by / STEP) * STEP, STEP) for length in (width, height))
    how = cv2.INTER_AREA if by < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _prepared(picture: Picture) -> Floats:
    """Give BGR planes from -1 to 1."""
    planes = picture[:, :, ::-1].transpose(2, 0, 1).astype(np.float32)
    return np.ascontiguousarray(planes / np.float32(127.5) - np.float32(1))[None]


def _rectangles(likely: Floats) -> Iterator[tuple[Corners, float]]:
    ink = cv2.dilate((likely > INK).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines[:MOST]:
        core = cv2.minAreaRect(outline)
        if min(core[1]) < THINNEST:
            continue
        score = _mean(likely, np.asarray(cv2.boxPoints(core), np.float32))
        if score >= SURE:
            yield _upright(_grown(*core)), score


def _grown(middle: Sequence[float], size: Sequence[float], angle: float) -> Corners:
    width, height = size
    more = GROWN * width * height / (width + height)  # 2 d, d = area x ratio / circumference
    return np.asarray(cv2.boxPoints((middle, (width + more, height + more), angle)), np.float32)


def _mean(likely: Floats, corners: Corners) -> float:
    low = np.floor(corners.min(0)).astype(int).clip(0)
    high = np.ceil(corners.max(0)).astype(int) + 1
    part = likely[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [(corners - low).astype(np.int32)], 1)
    return float(cv2.mean(part, mask)[0])


def _upright(corners: Corners) -> Corners:
    """Begin with the end of a longer side from which it runs to the right, or else downwards."""
    first, second, third, _ = corners
    if np.linalg.norm(second - first) < np.linalg.norm(third - second):
        corners = np.roll(corners, -1, 0)
    along = corners[1] - corners[0]
    backwards = along[0] < 0 if abs(along[0]) > abs(along[1]) else along[1] < 0
    return np.asarray(np.roll(corners, 2, 0) if backwards else corners, np.float32)
