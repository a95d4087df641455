"""Which words people have for a colour, in hue, saturation and lightness: a definition of our own.

Each word has a core, where no other word will do, and a wider region in which some people use it.
Hues are those of HSV in degrees; saturation and value are 0 to 1; lightness is CIE L*, 0 to 100,
near ten times Munsell's value. The cores lie around the focal colours that Berlin and Kay (1969)
and Sturges and Whitfield (1995) found, as far as screens can show them; ours are narrower.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.labelled.example import Painted

Pixels = NDArray[np.float64]
"""Colours in sRGB, ... x 3, 0 to 1."""
Mask = NDArray[np.bool_]
_FULL_TURN = 360
# A share below which a word may be an impression at an edge, and one that nobody can overlook.
_GAP = 0.08


@dataclass(frozen=True, slots=True)
class Region:
    """A box of colours; *hue* runs upwards and may pass 360; None is any hue."""

    hue: tuple[float, float] | None
    saturation: tuple[float, float]
    value: tuple[float, float]
    lightness: tuple[float, float] = (0, 100)

    def holds(self, hsv: Pixels, light: NDArray[np.float64]) -> Mask:
        """Tell which colours lie inside."""
        inside = _between(hsv[..., 1], self.saturation) & _between(hsv[..., 2], self.value)
        inside &= _between(light, self.lightness)
        if self.hue is None:
            return inside
        low, high = self.hue
        return inside & ((hsv[..., 0] - low) % _FULL_TURN <= (high - low))


CORES: dict[str, Region] = {
    "red": Region((353, 367), (0.78, 1), (0.62, 0.95)),
    "orange": Region((25, 35), (0.85, 1), (0.93, 1)),
    "yellow": Region((51, 59), (0.65, 1), (0.92, 1)),
    "green": Region((100, 145), (0.5, 1), (0.3, 0.75)),
    "teal": Region((176, 185), (0.75, 1), (0.38, 0.55)),
    "blue": Region((212, 233), (0.62, 1), (0.45, 0.9)),
    "purple": Region((272, 290), (0.5, 0.9), (0.4, 0.7)),
    "pink": Region((327, 347), (0.28, 0.55), (0.94, 1)),
    "brown": Region((18, 30), (0.5, 0.75), (0.32, 0.5)),
    "beige": Region((36, 46), (0.16, 0.26), (0.86, 0.94)),
    "black": Region(None, (0, 0.25), (0, 0.09)),
    "white": Region(None, (0, 0.035), (0.95, 1)),
    "grey": Region(None, (0, 0.04), (0.36, 0.72)),
}
# Several boxes a word, generous: outside all of them nobody would use it.
REACHES: dict[str, tuple[Region, ...]] = {
    "red": (Region((338, 380), (0.45, 1), (0.2, 1)),),
    "orange": (Region((8, 48), (0.4, 1), (0.6, 1)),),
    "yellow": (
        Region((40, 75), (0.22, 1), (0.55, 1)),
        Region((34, 75), (0.5, 1), (0.8, 1)),  # gold, mustard
    ),
    "green": (Region((58, 182), (0.1, 1), (0.08, 1)),),
    "teal": (Region((152, 205), (0.2, 1), (0.12, 0.95)),),
    "blue": (Region((178, 262), (0.08, 1), (0.1, 1)),),
    "purple": (Region((240, 335), (0.1, 1), (0.1, 1)),),
    "pink": (
        Region((285, 378), (0.08, 0.8), (0.55, 1)),
        Region((308, 345), (0.5, 1), (0.65, 1)),
    ),
    "brown": (Region((0, 52), (0.15, 1), (0.1, 0.72)), Region((14, 46), (0.4, 1), (0.1, 0.8))),
    "beige": (
        Region((15, 68), (0.04, 0.45), (0.55, 1)),
        Region((28, 50), (0.04, 0.56), (0.68, 0.92)),  # sand, tan
    ),
    "black": (Region(None, (0, 1), (0, 0.2)), Region(None, (0, 0.4), (0, 0.26))),
    "white": (Region(None, (0, 0.12), (0.82, 1)),),
    "grey": (
        Region(None, (0, 0.18), (0.1, 0.93)),
        Region(None, (0, 0.24), (0.1, 0.7)),  # dove, taupe
        Region(None, (0, 0.31), (0.1, 0.55)),  # slate, olive grey
        Region(None, (0, 0.42), (0.1, 0.38)),  # dark slate grey, charcoal
    ),
}
WORDS = tuple(CORES)


def hsv_of(rgb: Pixels) -> Pixels:
    """Convert to hue in degrees, saturation and value."""
    most, least = rgb.max(-1), rgb.min(-1)
    away = most - least
    safe = np.where(away > 0, away, 1)
    red, green, blue = np.moveaxis(rgb, -1, 0)
    sixth = np.select(
        [most == red, most == green],
        [(green - blue) / safe, 2 + (blue - red) / safe],
        4 + (red - green) / safe,
    )
    hue = np.where(away > 0, sixth * 60 % _FULL_TURN, 0)
    return np.stack([hue, away / np.where(most > 0, most, 1), most], -1)


def lightness(rgb: Pixels) -> NDArray[np.float64]:
    """Give CIE L* of sRGB, 0 to 100."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    bent = np.where(luminance > 0.008856, np.cbrt(luminance), luminance * 7.787 + 16 / 116)
    return np.asarray(116 * bent - 16)


def core(word: str, chance: np.random.Generator) -> Pixels:
    """Choose a colour in the core of *word*, a little inside its limits."""
    region = CORES[word]
    hue = _within(region.hue or (0, 360), chance) % _FULL_TURN
    saturation, value = _within(region.saturation, chance), _within(region.value, chance)
    return _rgb(hue, saturation, value)


def painted(rgb: Pixels) -> Painted | None:
    """Count the words of a picture; None where too much of it has no word at all."""
    flat = rgb.reshape(-1, 3)
    hsv, light = hsv_of(flat), lightness(flat)
    sure = {word: CORES[word].holds(hsv, light) for word in WORDS}
    maybe = {word: _reached(word, hsv, light) | sure[word] for word in WORDS}
    nameless = ~np.any(list(maybe.values()), axis=0)
    if nameless.mean() > _GAP:
        return None
    return Painted(
        {word: float(mask.mean()) for word, mask in sure.items() if mask.any()},
        {word: float((mask | nameless).mean()) for word, mask in maybe.items() if mask.any()},
    )


def _reached(word: str, hsv: Pixels, light: NDArray[np.float64]) -> Mask:
    first, *others = (region.holds(hsv, light) for region in REACHES[word])
    for other in others:
        first |= other
    return first


def _between(values: NDArray[np.float64], limits: tuple[float, float]) -> Mask:
    return np.asarray((values >= limits[0]) & (values <= limits[1]))


def _within(limits: tuple[float, float], chance: np.random.Generator) -> float:
    low, high = limits
    return float(low + (high - low) * chance.uniform(0.15, 0.85))


def _rgb(hue: float, saturation: float, value: float) -> Pixels:
    return np.array(list(_channels(hue, saturation, value)))


def _channels(hue: float, saturation: float, value: float) -> Iterator[float]:
    for turn in (5, 3, 1):
        step = (turn + hue / 60) % 6
        yield value - value * saturation * max(0, min(step, 4 - step, 1))
