"""What an eye says of light and colour strength, where it is beyond doubt: in CIE L*, C* and hue.

Between a clear yes and a clear no lies a wide band for which nothing is said. The limits are ours:
black is L* 0, a page in daylight 95, skin and grass lie around 55; C* is 0 for grey, near 20 for
wood and stone, and above 60 for paint and flags.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.labelled.words_for import Pixels, lightness

_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)  # fmt: skip
_WHITE = np.array([0.9505, 1.0, 1.089])
Sides = tuple[str, bool, bool]


def seen(rgb: Pixels) -> dict[str, bool]:
    """Give the truth of each claim on light and colour that is beyond doubt for a picture."""
    light = lightness(rgb.reshape(-1, 3))
    chroma, hue = _chroma(rgb.reshape(-1, 3))
    sides = [
        *_light(light),
        *_contrast(light),
        *_strength(chroma),
        *_warmth(chroma, hue),
        *_grey(light, chroma),
        *_moods(light, chroma, rgb.reshape(-1, 3)),
    ]
    return {claim: yes for claim, yes, no in sides if yes != no}


def _light(light: NDArray[np.float64]) -> Iterator[Sides]:
    mean, low, middle = light.mean(), np.percentile(light, 5), np.median(light)
    yield "light:dark", bool(mean < 20 and middle < 18), bool(mean > 34)
    yield "light:bright", bool(mean > 85 and low > 55), bool(mean < 66)


def _contrast(light: NDArray[np.float64]) -> Iterator[Sides]:
    least, low, tenth, ninth, high, most = np.percentile(light, (0.5, 5, 10, 90, 95, 99.5))
    yield "contrast:high", bool(tenth < 6 and ninth > 90), bool(high - low < 55)
    yield "contrast:low", bool(high - low < 15 and most - least < 30), bool(high - low > 42)


def _strength(chroma: NDArray[np.float64]) -> Iterator[Sides]:
    mean, most, ninth = chroma.mean(), np.percentile(chroma, 99), np.percentile(chroma, 90)
    none = bool(most < 1.5)
    yield "colourfulness:none", none, bool(ninth > 12)
    yield "colourfulness:vivid", bool(mean > 58), bool(mean < 26)
    yield "colourfulness:muted", bool(4 < mean < 8 and most < 17), bool(none or mean > 22)


def _warmth(chroma: NDArray[np.float64], hue: NDArray[np.float64]) -> Iterator[Sides]:
    yield "warmth:warm", _share(chroma > 12, hue, 25, 92) > 0.85, (
        _share(chroma > 4, hue, -25, 112) < 0.4
    )  # fmt: skip
    yield "warmth:cool", _share(chroma > 12, hue, 205, 290) > 0.85, (
        _share(chroma > 4, hue, 160, 330) < 0.4
    )  # fmt: skip


def _grey(light: NDArray[np.float64], chroma: NDArray[np.float64]) -> Iterator[Sides]:
    grey = bool(chroma.max() < 1.5 and np.ptp(np.percentile(light, (5, 95))) > 30)
    coloured = bool((chroma > 30).mean() > 0.015)
    yield "black_and_white:true", grey, coloured
    yield "black_and_white:false", coloured, grey


def _moods(light: NDArray[np.float64], chroma: NDArray[np.float64], rgb: Pixels) -> Iterator[Sides]:
    """Combine light and strength; dark colours are vivid when they are nearly pure."""
    mean, strength = light.mean(), chroma.mean()
    pure = (np.ptp(rgb, axis=1) / np.maximum(rgb.max(1), 1e-6)).mean()
    dark, lit = mean < 20, mean > 34
    bright, dim = mean > 82 and np.percentile(light, 5) > 50, mean < 64
    muted, strong = bool(3 < strength < 8 and np.percentile(chroma, 99) < 17), strength > 24
    vivid, weak = bool(pure > 0.75 and strength > 36), bool(strength < 15)
    yield "colour_mood:dark-muted", bool(dark and muted), bool(lit or strong)
    yield "colour_mood:dark-vivid", bool(dark and vivid), bool(lit or weak)
    yield "colour_mood:bright-muted", bool(bright and muted), bool(dim or strong)
    yield "colour_mood:bright-vivid", bool(bright and strength > 48), bool(dim or weak)


def _share(mask: NDArray[np.bool_], hue: NDArray[np.float64], low: float, high: float) -> float:
    return float((mask & ((hue - low) % 360 <= high - low)).mean())


def _chroma(rgb: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    bent = np.where(ratio > 0.008856, np.cbrt(ratio), ratio * 7.787 + 16 / 116)
    red, yellow = 500 * (bent[:, 0] - bent[:, 1]), 200 * (bent[:, 1] - bent[:, 2])
    return np.hypot(red, yellow), np.degrees(np.arctan2(yellow, red)) % 360
