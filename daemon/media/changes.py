"""How a film's pictures change, from one to the next and within half a second."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 96, 54
_WORTH_A_LOOK = 12.0
_FLASH_S = 0.3
STRIDE_S = 0.5
_DARK, _COLOURED = 64, 24
"""Below these (of 255) hue and saturation mean little, and fading from black would be a cut."""
_MOST_KEPT = 64
Stride = tuple[float, float, float]
"""Two seconds STRIDE_S apart, and how much the picture has changed in between."""
_Thumbnail = NDArray[np.float32]
_Seen = tuple[float, _Thumbnail]


@dataclass(slots=True)
class Change:
    """How much the picture at *at_s* differs from the one before it (0 to 255).

    *lasting* is the least of it that any picture of 0.3 s before or after leaves of the change:
    next to nothing where a flash has come and gone.
    """

    at_s: float
    amount: float
    lasting: float = inf


class Eye:
    """Looks at one picture after the other and remembers the last half second."""

    def __init__(self) -> None:
        self.strides: list[Stride] = []
        self._changes: list[Change] = []
        self._recent: deque[_Seen] = deque(maxlen=_MOST_KEPT)
        self._waiting: deque[tuple[Change, _Thumbnail]] = deque(maxlen=_MOST_KEPT)
        self._stride: _Seen | None = None

    def see(self, at_s: float, frame: VideoFrame) -> None:
        """Look at the picture at *at_s*."""
        small = frame.reformat(_WIDTH, _HEIGHT, "rgb24", interpolation="AREA", threads=1)
        now = _hue_saturation_value(small.to_ndarray())
        if self._recent:
            self._note(at_s, now)
        while self._recent and at_s - self._recent[0][0] > _FLASH_S:
            self._recent.popleft()
        self._recent.append((at_s, now))
        self._step(at_s, now)

    def changes(self) -> Sequence[Change]:
        """Give the changes from each picture to the next."""
        return self._changes

    def _note(self, at_s: float, now: _Thumbnail) -> None:
        while self._waiting and at_s - self._waiting[0][0].at_s > _FLASH_S:
            self._waiting.popleft()
        for earlier, what_was in self._waiting:
            earlier.lasting = min(earlier.lasting, _difference(now, what_was))
        *past, (_, before) = self._recent
        change = Change(at_s, _difference(now, before))
        if change.amount > _WORTH_A_LOOK:
            change.lasting = min((_difference(now, seen) for _, seen in past), default=inf)
            self._waiting.append((change, before))
        self._changes.append(change)

    def _step(self, at_s: float, now: _Thumbnail) -> None:
        if self._stride is None or at_s - self._stride[0] >= STRIDE_S:
            if self._stride is not None:
                self.strides.append((self._stride[0], at_s, _difference(now, self._stride[1])))
            self._stride = (at_s, now)


def _difference(one: _Thumbnail, other: _Thumbnail) -> float:
    return float(np.abs(one - other).mean())


def _hue_saturation_value(rgb: NDArray[Any]) -> _Thumbnail:
    """Give hue (0 to 180), saturation and value (0 to 255) of each pixel, little of black's hue."""
    red, green, blue = np.ascontiguousarray(rgb.reshape(-1, 3).T, np.float32)
    value = np.maximum(np.maximum(red, green), blue)
    chroma = value - np.minimum(np.minimum(red, green), blue)
    sixth = 30 / np.maximum(chroma, 1)
    towards_red, towards_green = (green - blue) * sixth, (blue - red) * sixth + 60
    hue = np.where(value == green, towards_green, (red - green) * sixth + 120)
    hue = np.where(value == red, towards_red, hue)
    hue[hue < 0] += 180
    deep = np.maximum(value, _DARK)
    return np.stack([hue * np.minimum(chroma / _COLOURED, 1), chroma * 255 / deep, value])
