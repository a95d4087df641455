"""Reduce pictures to the few thousand pixels that colour and light are measured on."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from daemon.media.frames import Frames, Picture

# 96 x 96 keeps a note of 1 % of the picture at 90 pixels; a video has more pictures to sum up.
_SIDE_ALONE = 96
_SIDE_AMONG = 64
_WHITE = 255


def pixels(frames: Frames) -> Picture:
    """Average all pictures down and line their pixels up, n x 3.

    See-through pixels are shown on white by the decoder, which must not count as white: as many
    white ones as there are see-through ones are left out, so that *n* can be 0.
    """
    return _lined_up(frames, _reduced)


def points(frames: Frames) -> Picture:
    """Take single pixels all over, n x 3: what averages hide, such as black letters on white."""
    return _lined_up(frames, _picked)


def _lined_up(frames: Frames, taken: Callable[[Picture, int], Picture]) -> Picture:
    side = _SIDE_ALONE if len(frames.pictures) == 1 else _SIDE_AMONG
    rows = [taken(picture, side) for picture in frames.pictures]
    every = np.concatenate(rows) if rows else np.empty((0, 3), np.uint8)
    return _opaque(every, frames.transparent)


def _reduced(picture: Picture, side: int) -> Picture:
    height, width = picture.shape[:2]
    size = (min(side, width), min(side, height))
    small = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
    return np.asarray(small).reshape(-1, 3)


def _picked(picture: Picture, side: int) -> Picture:
    height, width = picture.shape[:2]
    return picture[:: -(-height // side), :: -(-width // side)].reshape(-1, 3)


def _opaque(every: Picture, transparent: float) -> Picture:
    if not transparent:
        return every
    white = np.flatnonzero((every == _WHITE).all(axis=1))
    return np.delete(every, white[: round(transparent * len(every))], axis=0)
