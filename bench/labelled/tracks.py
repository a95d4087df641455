"""Sound tracks dealt by kind, and what is therefore true of speech and silence."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from bench.labelled import speech
from bench.labelled.example import Truth
from bench.labelled.music import piece, whistled
from bench.labelled.sounds import (
    INSTRUMENTS,
    NOISES,
    RATE,
    Dice,
    Wave,
    at_level,
    pink,
    rain,
    sine,
    white,
)

Track: TypeAlias = Callable[[Dice, float], Wave]
"""Dice and seconds to a sound at its final level."""


def heard(said: bool, silent: bool) -> dict[str, Truth]:
    """Give the truths of a track in which someone speaks all along, or nobody at all."""
    return {
        "speech:true": said, "speech:false": not said,
        "silent:true": silent, "silent:false": not silent,
    }  # fmt: skip


def _said(dress: Callable[[Dice, Wave], Wave], low: float = -26, high: float = -16) -> Track:
    def track(chance: Dice, seconds: float) -> Wave:
        dry = speech.talk(chance, seconds)
        return at_level(dress(chance, dry), chance.uniform(low, high))

    return track


def _made(make: Track, low: float = -36, high: float = -12) -> Track:
    return lambda chance, seconds: at_level(make(chance, seconds), chance.uniform(low, high))


def _played(kind: str) -> Track:
    return _made(lambda chance, seconds: piece(chance, seconds, kind), -32, -14)


def _half(chance: Dice, dry: Wave) -> Wave:
    """Speak in the second half only, over a room that is almost quiet."""
    begin = round(len(dry) * chance.uniform(0.2, 0.4))
    quiet = pink(chance, len(dry) / RATE)
    told = np.concatenate([np.zeros(begin), dry[: len(dry) - begin]])
    return speech.over(told, quiet, 40)


def _blip(chance: Dice, seconds: float) -> Wave:
    """Sound one tone of a second and be silent else: no speech, and not silent either."""
    whole = np.zeros(round(seconds * RATE))
    tone = at_level(sine(chance, chance.uniform(300, 1200), 1.0), chance.uniform(-26, -14))
    start = round(chance.uniform(0.2, seconds - 1.3) * RATE)
    whole[start : start + len(tone)] = tone
    return whole


def _dither(chance: Dice, seconds: float) -> Wave:
    return chance.integers(-1, 2, round(seconds * RATE)) / 32_768


SPOKEN: dict[str, tuple[int, Track]] = {
    "plain": (30, _said(lambda chance, dry: dry)),
    "loud": (10, _said(lambda chance, dry: dry, -13, -9)),
    "quiet": (10, _said(lambda chance, dry: dry, -42, -34)),
    "room": (16, _said(speech.in_room)),
    "telephone": (12, _said(lambda chance, dry: speech.by_telephone(dry))),
    "hiss": (14, _said(speech.hissing)),
    "half": (14, _said(_half)),
    "above-music": (
        12,
        _said(lambda chance, dry: speech.over(dry, piece(chance, len(dry) / RATE, "piano"), 20)),
    ),
    "above-rain": (
        8,
        _said(lambda chance, dry: speech.over(dry, rain(chance, len(dry) / RATE), 20)),
    ),
}  # fmt: skip
"""How many of each, and the track: someone speaks."""
UNSPOKEN: dict[str, tuple[int, Track]] = {
    **{name: (9, _played(name)) for name in INSTRUMENTS},
    "drums": (9, _played("drums")),
    "band": (14, _played("band")),
    "whistled": (5, _made(whistled)),
    **{name: (7, _made(make)) for name, make in NOISES.items()},
    "blip": (12, _blip),
}
"""The same where nobody speaks and something sounds."""
SILENT: dict[str, tuple[int, Track]] = {
    "digital": (35, lambda chance, seconds: np.zeros(round(seconds * RATE))),
    "dither": (25, _dither),
    "hissing": (45, _made(white, -78, -64)),
}
"""The same where there is nothing that could be heard."""
