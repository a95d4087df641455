"""Views under every light: dark, bright, flat, harsh, grey, vivid, muted, warm, cool."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.labelled.canvas import (
    SMALL,
    Pixels,
    Size,
    across,
    grained,
    grained_grey,
    greyed,
    lit,
    patches,
    rough,
    shaded,
)
from bench.labelled.dice import dice
from bench.labelled.example import Example, Truth
from bench.labelled.saved import pixels_saved
from bench.labelled.sight import seen
from bench.labelled.words_for import Region, painted

KIND = "lights"
Chance = np.random.Generator
Recipe = Callable[[Chance, Size], Pixels]


def lights(first: int = 0, every: int = 1) -> Iterator[Example]:
    """Draw views of every recipe; the truth is what can be seen in them, beyond doubt."""
    wanted = [(recipe, number) for recipe in RECIPES for number in range(COUNTS[recipe])]
    for recipe, number in wanted[first::every]:
        name = f"{KIND}-{recipe}-{number:03}"
        picture = RECIPES[recipe](dice(name), SMALL)
        truths: dict[str, Truth] = dict(seen(picture))
        if recipe in _NAMED and (words := painted(picture)) is not None:
            truths["colour"] = words
        yield Example(name, KIND, partial(_make, name, recipe), truths)


def _make(name: str, recipe: str, folder: Path) -> Path:
    chance = dice(f"{name}-file")
    size = (480, 360) if chance.uniform() < 0.5 else (360, 480)
    picture = RECIPES[recipe](dice(name), size)
    levels = chance.choice([0.0, 1.5, 3.0])
    grain = grained_grey if recipe in ("grey", "line art", "accent") else grained
    return pixels_saved(grain(picture, chance, levels), folder, name, chance)


def view(chance: Chance, size: Size, palette: Pixels) -> Pixels:
    """Lay areas in the colours of *palette* (n x 3) out like a land or a still life, with grain."""
    areas = patches(chance, size, len(palette))
    picture = palette[areas]
    texture = rough(chance, size, (6, 24, 96))
    return shaded(picture, texture, chance.uniform(0.05, 0.25))


def _drawn(chance: Chance, region: Region, count: int) -> Pixels:
    """Choose *count* colours in a region at random."""
    low, high = region.hue or (0, 360)
    hue = chance.uniform(low, high, count) % 360
    saturation = chance.uniform(*region.saturation, count)
    value = chance.uniform(*region.value, count)
    turn = (np.array([5, 3, 1]) + hue[:, None] / 60) % 6
    ramp = np.clip(np.minimum(turn, 4 - turn), 0, 1)
    return np.asarray(value[:, None] * (1 - saturation[:, None] * ramp))


def _ordinary(chance: Chance, size: Size) -> Pixels:
    return view(chance, size, _drawn(chance, Region(None, (0.1, 0.6), (0.3, 0.85)), 6))


def _dark(chance: Chance, size: Size) -> Pixels:
    saturation = (0.1, 0.5) if chance.uniform() < 0.5 else (0.03, 0.25)
    picture = view(chance, size, _drawn(chance, Region(None, saturation, (0.3, 0.8)), 6))
    return lit(picture, chance.uniform(-5.5, -3.2))


def _dark_pure(chance: Chance, size: Size) -> Pixels:
    start = chance.choice([232, 240])
    region = Region((start, start + 8), (0.95, 1), (0.3, 0.46))
    return view(chance, size, _drawn(chance, region, 4))


def _bright(chance: Chance, size: Size) -> Pixels:
    most = chance.choice([0.04, 0.09, 0.14])
    return view(chance, size, _drawn(chance, Region(None, (0.02, most), (0.93, 1)), 5))


def _bright_pure(chance: Chance, size: Size) -> Pixels:
    region = Region((50, 66), (0.6, 0.9), (0.97, 1))
    return view(chance, size, _drawn(chance, region, 4)).clip(0, 1)


def _flat(chance: Chance, size: Size) -> Pixels:
    """Fog: everything near one lightness."""
    level, tint = chance.uniform(0.3, 0.85), chance.uniform(-0.03, 0.03, 3)
    picture = view(chance, size, _drawn(chance, Region(None, (0, 0.3), (0.4, 0.6)), 5))
    return np.clip(level + tint + (picture - picture.mean()) * chance.uniform(0.05, 0.22), 0, 1)


def _harsh(chance: Chance, size: Size) -> Pixels:
    """Deep shadow beside full light."""
    shadow = _drawn(chance, Region(None, (0, 0.5), (0.0, 0.04)), 2)
    light = _drawn(chance, Region(None, (0, 0.05), (0.97, 1)), 2)
    return view(chance, size, np.concatenate([shadow, light]))


def _grey(chance: Chance, size: Size) -> Pixels:
    return greyed(_ordinary(chance, size) ** chance.uniform(0.6, 1.8))


def _line_art(chance: Chance, size: Size) -> Pixels:
    """Ink on paper."""
    u, v = across(size)
    field = rough(chance, size, (3, 7))
    ink = np.abs(np.sin(field * chance.uniform(12, 30) + (u + v) * 6)) < chance.uniform(0.2, 0.5)
    return np.repeat(np.where(ink, 0.05, 0.97)[..., None], 3, -1)


def _accent(chance: Chance, size: Size) -> Pixels:
    """Grey but for one small thing in a strong colour."""
    u, v = across(size)
    x, y, reach = chance.uniform(0.2, 0.8), chance.uniform(0.2, 0.8), chance.uniform(0.08, 0.16)
    inside = (u - x) ** 2 + (v - y) ** 2 < reach**2
    hue = int(chance.choice([0, 30, 55, 120, 215, 280]))
    region = Region((hue, hue + 5), (0.8, 0.95), (0.75, 0.95))
    strong = _drawn(chance, region, 1)[0]
    return np.where(inside[..., None], strong, _grey(chance, size))


def _vivid(chance: Chance, size: Size) -> Pixels:
    hues = chance.choice([0, 20, 45, 110, 225, 280, 320], 4, replace=False)
    parts = [_drawn(chance, Region((h, h + 10), (0.92, 1), (0.85, 1)), 1) for h in hues]
    picture = np.concatenate(parts)[patches(chance, size, 4)]
    return shaded(picture, rough(chance, size, (5, 20)), 0.08)


def _muted(chance: Chance, size: Size) -> Pixels:
    value = ((0.08, 0.2), (0.3, 0.8), (0.9, 1.0))[int(chance.integers(3))]
    most = 0.16 if value[0] < 0.2 else 0.1
    return view(chance, size, _drawn(chance, Region(None, (0.04, most), value), 5)).clip(0, 1)


def _muted_dark(chance: Chance, size: Size) -> Pixels:
    start = chance.uniform(0, 360)
    region = Region((start, start + 40), (0.25, 0.45), (0.08, 0.18))
    return view(chance, size, _drawn(chance, region, 5))


def _muted_bright(chance: Chance, size: Size) -> Pixels:
    start = chance.uniform(0, 360)
    region = Region((start, start + 40), (0.04, 0.08), (0.93, 1.0))
    return view(chance, size, _drawn(chance, region, 5)).clip(0, 1)


def _warm(chance: Chance, size: Size) -> Pixels:
    region = Region((12, 46), (0.4, 0.9), (0.35, 0.95))
    return view(chance, size, _drawn(chance, region, 5))


def _cool(chance: Chance, size: Size) -> Pixels:
    region = Region((194, 216), (0.5, 0.9), (0.4, 0.95))
    return view(chance, size, _drawn(chance, region, 5))


RECIPES: dict[str, Recipe] = {
    "ordinary": _ordinary,
    "dark": _dark,
    "dark pure": _dark_pure,
    "bright": _bright,
    "bright pure": _bright_pure,
    "flat": _flat,
    "harsh": _harsh,
    "grey": _grey,
    "line art": _line_art,
    "accent": _accent,
    "vivid": _vivid,
    "muted": _muted,
    "muted dark": _muted_dark,
    "muted bright": _muted_bright,
    "warm": _warm,
    "cool": _cool,
}
COUNTS = {
    "ordinary": 110,
    "dark": 60,
    "dark pure": 165,
    "bright": 150,
    "bright pure": 165,
    "flat": 100,
    "harsh": 120,
    "grey": 130,
    "line art": 60,
    "accent": 80,
    "vivid": 60,
    "muted": 130,
    "muted dark": 260,
    "muted bright": 210,
    "warm": 165,
    "cool": 165,
}
_NAMED = ("ordinary", "vivid", "warm", "cool", "flat", "accent")
