"""What is kept of one picture of a film, and how two such glances differ."""

from functools import cached_property
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 96, 54
_DARK, _COLOURED = 64, 24
"""Below these (of 255) hue and saturation mean little, and fading from black would be a cut."""
_BLACK, _FRAMED = 24, 0.1
"""What is darker in both is a border; less than a tenth of a picture says nothing of the rest."""
_SAME_SHAPES, _SAME_COLOURS = 0.9, 0.92
"""Correlations from which on two pictures show the same in another light: of the brightness, and
of the three channels together. At 475 drawn cuts both were never that high together."""


class Glance:
    """A picture at *at_s*: hue, saturation and value of 96 x 54 points, and half as many in RGB."""

    def __init__(self, at_s: float, rgb: NDArray[Any]) -> None:
        self.at_s = at_s
        self.points = _hue_saturation_value(rgb)
        wide = rgb.astype(np.uint16)
        four = wide[::2, ::2] + wide[1::2, ::2] + wide[::2, 1::2] + wide[1::2, 1::2]
        self.small = (four >> 2).astype(np.uint8)

    @cached_property
    def palette(self) -> NDArray[np.float64]:
        """Count the colours in 4 x 4 x 4 boxes; sums to 1."""
        boxes = (self.small.reshape(-1, 3) >> 6) @ np.array([16, 4, 1])
        return np.bincount(boxes, minlength=64) / len(boxes)

    @cached_property
    def grey(self) -> NDArray[np.float32]:
        """Give the brightness, 0 to 255."""
        return np.asarray(self.small @ np.array([0.299, 0.587, 0.114], np.float32))

    @cached_property
    def blocks(self) -> NDArray[np.float32]:
        """Give the mean colours of 24 x 13 blocks, in which grain has averaged out."""
        tall, wide = (side // 2 for side in self.small.shape[:2])
        whole = self.small[: 2 * tall, : 2 * wide].reshape(tall, 2, wide, 2, 3)
        return np.asarray(whole.mean(axis=(1, 3), dtype=np.float32))


def glance(at_s: float, frame: VideoFrame) -> Glance:
    """Look at *frame*."""
    small = frame.reformat(_WIDTH, _HEIGHT, "rgb24", interpolation="AREA", threads=1)
    return Glance(at_s, small.to_ndarray())


def difference(one: Glance, other: Glance) -> float:
    """Give the mean change of hue, saturation and value, 0 to 255."""
    return float(np.abs(one.points - other.points).mean())


def repainted(one: Glance, other: Glance) -> float:
    """Give the share of the picture that has got colours of its own (0 to 1); moving has not."""
    return float(np.abs(one.palette - other.palette).sum() / 2)


def relit(one: Glance, other: Glance) -> bool:
    """Tell whether both show the same, brighter or darker as a whole."""
    seen = np.maximum(one.grey, other.grey) > _BLACK
    if seen.mean() < _FRAMED:
        return False
    if _correlation(one.grey[seen], other.grey[seen]) <= _SAME_SHAPES:
        return False
    return _correlation(one.small[seen], other.small[seen]) > _SAME_COLOURS


def stirred(one: Glance, other: Glance, least: float) -> float:
    """Give the share of blocks (0 to 1) that changed by *least* of 255 beside the light."""
    change = other.blocks - one.blocks
    beside = np.abs(change - np.median(change, axis=(0, 1))).max(axis=-1)
    return float((beside > least).mean())


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    left, right = (part.astype(np.float32).ravel() - part.mean() for part in (one, other))
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / scale if scale > len(left) else 0.0


def _hue_saturation_value(rgb: NDArray[Any]) -> NDArray[np.float32]:
    """Give hue (0 to 180), saturation and value (0 to 255) of each point, little of black's hue."""
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
