"""The same kind of view sharp, out of focus, and shaken.

Blurred is a picture whose edges are spread over at least eight of 1000 pixels, so that nobody has
to look twice; sharp one whose edges are one or two of 1000 pixels wide. A sharp thing before a
blurred background is no blurry picture.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from bench.labelled.canvas import Size
from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.saved import anyhow
from bench.labelled.views import camera_like, detailed, moved, things

KIND = "focus"
Chance = np.random.Generator
_SIZES: tuple[Size, ...] = ((1024, 768), (1280, 960), (900, 1200), (800, 600))


def focus() -> Iterator[Example]:
    """Draw every way of being sharp or blurred."""
    for way, (draw, count, blurred) in WAYS.items():
        for number in range(count):
            name = f"{KIND}-{way}-{number:03}"
            truths = {"blurry:true": blurred, "blurry:false": not blurred}
            yield Example(name, KIND, partial(_make, name, draw), truths)


def _make(name: str, draw: Callable[[Chance, Size], Image.Image], folder: Path) -> Path:
    chance = dice(name)
    size = _SIZES[int(chance.integers(len(_SIZES)))]
    return anyhow(draw(chance, size), folder, name, chance)


def sharp(chance: Chance, size: Size) -> Image.Image:
    """Draw in focus, with the noise of a good or a tired sensor."""
    return camera_like(detailed(chance, size), chance, chance.choice([0.5, 2, 4]))


def bokeh(chance: Chance, size: Size) -> Image.Image:
    """Draw a sharp thing of a sixth of the picture or more before a blurred background."""
    far = detailed(chance, size).filter(ImageFilter.GaussianBlur(max(size) / 60))
    near = detailed(chance, size)
    mask = Image.new("L", size, 0)
    side = chance.uniform(0.45, 0.65)
    left, top = (
        int(chance.uniform(0, 1 - side) * size[0]),
        int(chance.uniform(0, 1 - side) * size[1]),
    )
    box = (left, top, left + int(side * size[0]), top + int(side * size[1]))
    mask.paste(255, box)
    return camera_like(Image.composite(near, far, mask), chance, 2)


def defocused(chance: Chance, size: Size) -> Image.Image:
    """Put nothing in focus: a box, or a bell, of at least a hundredth of the longer side."""
    radius = max(size) * chance.uniform(0.006, 0.014)
    kinds = (ImageFilter.GaussianBlur(radius), ImageFilter.BoxBlur(radius * 1.7))
    image = detailed(chance, size).filter(kinds[int(chance.integers(2))])
    return camera_like(image, chance, chance.choice([0.0, 0.5, 1.5]))


def soft(chance: Chance, size: Size) -> Image.Image:
    """Miss the focus by less, but so that it shows: a bell of 3 to 6 of 1000 pixels."""
    radius = max(size) * chance.uniform(0.003, 0.006)
    image = detailed(chance, size).filter(ImageFilter.GaussianBlur(radius))
    return camera_like(image, chance, chance.choice([0.0, 0.5, 1.5]))


def shaken(chance: Chance, size: Size) -> Image.Image:
    """Move the camera by two hundredths of the longer side or more."""
    view = things(chance, size, 400) if chance.uniform() < 0.5 else detailed(chance, size)
    image = moved(view, max(size) * chance.uniform(0.018, 0.04), chance.uniform(0, np.pi))
    return camera_like(image, chance, chance.choice([0.0, 0.5, 1.5]))


WAYS: dict[str, tuple[Callable[[Chance, Size], Image.Image], int, bool]] = {
    "sharp": (sharp, 130, False),
    "bokeh": (bokeh, 40, False),
    "defocused": (defocused, 70, True),
    "soft": (soft, 70, True),
    "shaken": (shaken, 60, True),
}
