"""Tell drawn pictures by what no camera makes: areas of exactly one colour, hard edges between.

Nothing here tells a photo: a drawing with grain or soft shades looks like one. Silence in between.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from daemon.engines.builtin.acuity import Grey
from daemon.media.frames import Picture

_Codes = NDArray[np.uint32]
_Value = TypeVar("_Value", np.uint8, np.bool_)
_SMALLEST = 16
_FLAT = 0.4
"""The share of pixels exactly equal to both neighbours, within one of few colours."""
_INK = 0.01
"""The share of a picture from which on a flat colour counts."""
_MOST_INKS = 12
_ALONE = 0.8
"""A sky has as many pixels of the colours next to one; of a drawn area nearly all are its own."""
_NEXT = 4
_VIVID = 80
_BLOCK = 8
_HARD = 24
_SOFT_BLOCKS = 0.35
"""A thing photographed before a cut-out ground has soft shades; so has JPEG around edges."""
_ENOUGH_INKS = 2


def graphic(picture: Picture, grey: Grey) -> bool:
    """Tell whether *picture*, height x width x 3, is surely drawn; *grey* is its brightness."""
    if min(grey.shape) < _SMALLEST:
        return False
    flat = _flat(grey)
    if np.count_nonzero(flat) / flat.size < _FLAT:
        return False
    codes = _codes(picture)
    inside = _within_border(codes)
    codes, grey = codes[inside], grey[inside]
    if min(codes.shape) < _SMALLEST:
        return False
    flat = _flat(codes)
    inks = _inks(codes[:-1, :-1][flat], flat.size)
    covered = sum(share for _, share in inks)
    drawn = sum(_drawn(colour, grey) for colour, _ in inks)
    if covered < _FLAT or not drawn:
        return False
    return drawn >= _ENOUGH_INKS or _soft(grey, flat) < _SOFT_BLOCKS


def _within_border(codes: _Codes) -> tuple[slice, slice]:
    """Leave out the rows and columns of one colour around a picture: bars, mats, margins."""
    rows = np.flatnonzero((codes != codes[:, :1]).any(axis=1))
    columns = np.flatnonzero((codes != codes[:1]).any(axis=0))
    if not (len(rows) and len(columns)):
        return slice(0, 0), slice(0, 0)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _codes(picture: Picture) -> _Codes:
    red, green, blue = (picture[..., channel].astype(np.uint32) for channel in range(3))
    return np.asarray(red << 16 | green << 8 | blue, np.uint32)


def _flat(codes: _Codes | Grey) -> NDArray[np.bool_]:
    here = codes[:-1, :-1]
    return np.asarray((here == codes[1:, :-1]) & (here == codes[:-1, 1:]))


def _inks(flat: _Codes, area: int) -> list[tuple[NDArray[np.int16], float]]:
    """List the colours of *flat* areas that stand alone, with their share of *area* pixels."""
    codes, counts = np.unique(flat[:: max(1, len(flat) >> 16)], return_counts=True)
    shares = counts * (len(flat) / (counts.sum() * area))
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 1).astype(np.int16)
    inks = []
    for most in np.argsort(-shares, kind="stable")[:_MOST_INKS]:
        near = np.abs(colours - colours[most]).max(axis=1) <= _NEXT
        if shares[most] >= max(_INK, _ALONE * shares[near].sum()):
            inks.append((colours[most], float(shares[most])))
    return inks


def _drawn(colour: NDArray[np.int16], grey: Grey) -> bool:
    """Tell a drawn colour from the clipped white of a sky and the clipped black of a night."""
    if np.ptp(colour) >= _VIVID:
        return True
    brightness = float(colour @ (0.299, 0.587, 0.114))
    return bool((grey > brightness + 8).mean() > _INK and (grey < brightness - 8).mean() > _INK)


def _soft(grey: Grey, flat: NDArray[np.bool_]) -> float:
    """Give the share of blocks without an edge among those that are not flat."""
    rows, columns = (side // _BLOCK for side in flat.shape)
    blocks = _blocks(grey, rows, columns)
    even = _blocks(flat, rows, columns).min(axis=3).min(axis=1)
    hard = blocks.max(axis=3).max(axis=1) - blocks.min(axis=3).min(axis=1) >= _HARD
    return float((~hard & ~even).sum() / max(int((~even).sum()), 1))


def _blocks(values: NDArray[_Value], rows: int, columns: int) -> NDArray[_Value]:
    cut = values[: rows * _BLOCK, : columns * _BLOCK]
    return cut.reshape(rows, _BLOCK, columns, _BLOCK)
