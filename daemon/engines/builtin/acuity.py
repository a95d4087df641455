"""Tell blurred pictures by their edges: how suddenly light turns into dark at the best place.

One sharp region is enough against blur, so that a sharp subject before a soft ground is sharp; one
soft direction is enough for it, as that is what a moved camera leaves. Figures in docs/builtin.md.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]
"""A picture's brightness, height x width."""
_Tiles = NDArray[np.float64]
_TILES = 6
_SMALLEST = 64
"""Pixels; a shorter side is a thumbnail, whose focus nobody can judge."""
_COARSER = (2, 4)
_TOP = 0.99
_STEPS = 511
"""Second differences of bytes are 0 to 510."""
_EVERY = 3
"""Lines, and pixels of them, that are looked at: one of so many."""
_EDGE = 6.0
"""Grey levels per pixel from which on a change is an edge and not shade."""
_COARSE_EDGE = 20.0
"""The same for a reduced picture, above what clouds reach."""
_AMONG_EDGES = 0.35
_GRAIN = 4.5
"""How far the top of grain's second differences stands above their median."""
_MOST_GRAIN = 0.8
"""How far grain may reach, as a share of an edge, before it hides whether that is sharp."""
_SOFT = 0.62
_SHARP = 1.4


def blurry(grey: Grey) -> bool | None:
    """Tell whether nothing in *grey* is sharp; None where that cannot be told.

    A step has a second difference of twice its first one; blurred by a Gaussian of *s* pixels,
    about 0.6 / s of it. Fine grain and fine texture look alike: where either covers an edge,
    nothing is called blurred.
    """
    if min(grey.shape) < _SMALLEST:
        return None
    (across, all_across), (down, all_down) = _axes(grey, _EVERY, _EDGE)
    if min(across, down) > _SHARP:
        return False
    if min(all_across, all_down) < _SOFT and not math.isnan(across + down):
        return True
    clear = any(one > _SHARP for one in (across, down))
    return True if not clear and any(_soft(grey, by) for by in _COARSER) else None


def _soft(grey: Grey, by: int) -> bool:
    """Tell whether *grey* is soft both ways when reduced, which leaves strong blur and no grain."""
    small = np.asarray(Image.fromarray(grey).reduce(by))
    found = [every for _, every in _axes(small, 1, _COARSE_EDGE) if not math.isnan(every)]
    return bool(found) and max(found) < _SOFT


def _axes(grey: Grey, every: int, least: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return _acuity(grey[::every], every, least), _acuity(grey.T[::every], every, least)


def _acuity(lines: Grey, every: int, least: float) -> tuple[float, float]:
    """Give the acuity along *lines* of clean edges, and of all edges; nan where there are none.

    The latter is infinite where grain hides some of them.
    """
    signed = lines.astype(np.int16)
    edges, _ = _tops(np.abs(signed[:, 2:] - signed[:, :-2]), every)
    bends, grain = _tops(np.abs(2 * signed[:, 1:-1] - signed[:, :-2] - signed[:, 2:]), every)
    edges, grain = edges / 2, grain * _GRAIN
    told = edges > max(least, _AMONG_EDGES * float(edges.max()))
    clean = told & (grain <= _MOST_GRAIN * edges)
    if not clean.any():
        return math.nan, math.nan
    sure = np.sqrt(np.maximum(bends[clean] ** 2 - grain[clean] ** 2, 0))
    acuity = float((sure / edges[clean]).max())
    return acuity, acuity if clean.sum() == told.sum() else math.inf


def _tops(steps: NDArray[np.int16], every: int) -> tuple[_Tiles, _Tiles]:
    """Give the steepest of each tile, but for the top hundredth, and its median."""
    height, width = (side // _TILES for side in steps.shape)
    cut = steps[: height * _TILES, : width * _TILES]
    tiles = cut.reshape(_TILES, height, _TILES, width).transpose(0, 2, 1, 3)
    flat = tiles.reshape(_TILES**2, height * width)[:, ::every]
    middle, top = flat.shape[1] // 2, int(flat.shape[1] * _TOP)
    # To count the few values that there can be takes half as long as to order them.
    first = np.arange(0, _TILES**2 * _STEPS, _STEPS)[:, None]
    counts = np.bincount((flat + first).ravel(), minlength=_TILES**2 * _STEPS)
    upto = counts.reshape(_TILES**2, _STEPS).cumsum(axis=1)
    return _ranked(upto, top), _ranked(upto, middle)


def _ranked(upto: NDArray[np.int64], rank: int) -> _Tiles:
    """Give the value at *rank* in each tile, from how many are at most as large as each value."""
    return np.asarray((upto <= rank).sum(axis=1), np.float64)
