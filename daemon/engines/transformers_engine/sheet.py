"""The pictures of a film on one sheet, for models that take a single picture; pure arithmetic."""

from collections.abc import Sequence
from math import ceil, log

import numpy as np

from daemon.media.frames import Picture

SIDE = 2048
"""The longest side of a sheet in pixels, unless a picture alone is longer."""


def contact_sheet(pictures: Sequence[Picture], side: int = SIDE) -> Picture:
    """Lay *pictures* out in reading order, as nearly square as can be; empty places are black.

    Gives height x width x 3. Pictures are made smaller by a whole number, the same for all.
    """
    height, width = (max(p.shape[axis] for p in pictures) for axis in (0, 1))
    columns = _columns(len(pictures), height, width)
    rows = ceil(len(pictures) / columns)
    factor = max(1, ceil(max(rows * height, columns * width) / side))
    factor = min(factor, min(min(p.shape[:2]) for p in pictures))
    cell = (ceil(height / factor), ceil(width / factor))
    sheet = np.zeros((rows * cell[0], columns * cell[1], 3), np.uint8)
    for place, picture in enumerate(pictures):
        small = _smaller(picture, factor)
        top, left = (place // columns) * cell[0], (place % columns) * cell[1]
        sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return sheet


def _columns(count: int, height: int, width: int) -> int:
    """Choose how many stand side by side; of equally square sheets the one with fewer holes."""

    def cost(columns: int) -> tuple[float, int]:
        rows = ceil(count / columns)
        square = abs(log(columns * width / (rows * height)))
        return round(square, 6), rows * columns

    return min(range(1, count + 1), key=cost)


def _smaller(picture: Picture, factor: int) -> Picture:
    """Average blocks of *factor* x *factor* pixels; what is left over at the edges is cut off."""
    height, width = (size // factor * factor for size in picture.shape[:2])
    blocks = picture[:height, :width].reshape(height // factor, factor, width // factor, factor, 3)
    small: Picture = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
    return small
