"""Measure light and colour strength; what a picture makes people feel is not measured here.

The limits were set by eye on 56 photos and 128 graphics; black-and-white was right on all of 9
grey and 53 colour photos there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daemon.engines.builtin.oklab import Lab, chroma
from metadata.description import Fact, FactValue


@dataclass(frozen=True, slots=True)
class Light:
    """Oklab lightness (mean, 5th, 50th, 95th percentile), mean and 99th percentile of chroma.

    *warm* and *cool* are the shares of yellowish to reddish and of bluish pixels. Of single
    pixels, not averaged: *extremes*, the range of lightness, and *coloured*, the share with a hue.
    """

    mean: float
    low: float
    middle: float
    high: float
    chroma: float
    most_chroma: float
    warm: float
    cool: float
    extremes: float
    coloured: float

    @property
    def colourless(self) -> bool:
        """Tell whether no part of some size has a hue that could be seen."""
        return self.most_chroma < 0.03

    @property
    def monochrome(self) -> bool:
        """Tell whether there are greys only, and more than one."""
        return self.colourless and self.coloured < 0.0004 and self.spread > 0.1

    @property
    def spread(self) -> float:
        """Give the range of lightness without its extremes."""
        return self.high - self.low


def measure(lab: Lab, points: Lab) -> Light:
    """Sum up *lab* (averaged) and *points* (single pixels), both n x 3 with n of at least 1."""
    darkest, lightest = np.percentile(points[:, 0], (0.5, 99.5)).tolist()
    low, middle, high = np.percentile(lab[:, 0], (5, 50, 95)).tolist()
    away = chroma(lab)
    warm = (lab[:, 2] > 0.03) & (lab[:, 1] > -0.02)
    return Light(
        mean=float(lab[:, 0].mean()),
        low=low,
        middle=middle,
        high=high,
        chroma=float(away.mean()),
        most_chroma=float(np.percentile(away, 99)),
        warm=float(warm.mean()),
        cool=float((lab[:, 2] < -0.02).mean()),
        extremes=lightest - darkest,
        coloured=float((chroma(points) > 0.08).mean()),
    )


def facts(light: Light) -> Iterator[Fact]:
    """State how light, contrasty and colourful the picture is."""
    yield _measured("light", _tone(light))
    yield _measured("contrast", _contrast(light))
    yield _measured("black_and_white", light.monochrome)
    yield _measured("colourfulness", _colourfulness(light))
    yield _measured("warmth", _warmth(light))
    if mood := _colour_mood(light):
        yield Fact("colour_mood", mood, "rule")


def _tone(light: Light) -> str:
    if light.mean < 0.35 and light.middle < 0.33:
        return "dark"
    if light.mean > 0.80 and light.low > 0.45:
        return "bright"
    return "medium"


def _contrast(light: Light) -> str:
    if light.spread > 0.75:
        return "high"
    return "low" if light.spread < 0.25 and light.extremes < 0.5 else "medium"


def _colourfulness(light: Light) -> str:
    if light.colourless:
        return "none"
    if light.chroma > 0.13:
        return "vivid"
    return "muted" if light.chroma < 0.04 and light.most_chroma < 0.1 else "medium"


def _warmth(light: Light) -> str:
    if light.colourless:
        return "none"
    if light.warm > 0.65:
        return "warm"
    return "cool" if light.cool > 0.65 else "mixed"


def _colour_mood(light: Light) -> str | None:
    """Join the tone and the strength of the colours where both stand out; no feeling is meant."""
    tone, strength = _tone(light), _colourfulness(light)
    told = tone in ("dark", "bright") and strength in ("muted", "vivid")
    return f"{tone}-{strength}" if told else None


def _measured(name: str, value: FactValue) -> Fact:
    return Fact(name, value, "measured")
