"""Pictures and their variants: saved again, smaller, lighter; and other pictures of the same kind.

Crops are no variants: what is cut off is not there any more.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from bench.labelled.canvas import image_of
from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.saved import jpeg
from bench.labelled.views import camera_like, detailed, sky, things, wall, windows

KIND = "twins"
SCENES = 80
SIZE = (800, 600)
Chance = np.random.Generator


def twins() -> Iterator[Example]:
    """Give every scene as it is and in two of the variants."""
    for scene in range(SCENES):
        ways = ("kept", *(_WAYS[(scene + step) % len(_WAYS)] for step in (0, 2)))
        for way in ways:
            name = f"{KIND}-{scene:02}-{way}"
            truths = {"near_duplicate": f"scene {scene}"}
            yield Example(name, KIND, partial(_make, name, scene, way), truths)


def _scene(scene: int) -> Image.Image:
    chance = dice(f"{KIND}-scene-{scene}")
    draw = _SCENES[scene % len(_SCENES)]
    return camera_like(draw(chance), chance, 2)


def _few(chance: Chance) -> Image.Image:
    """Lay a few large things on a sky."""
    image = image_of(sky(chance, SIZE))
    return Image.blend(image, things(chance, SIZE, 12), 0.6)


def _front(chance: Chance) -> Image.Image:
    return Image.blend(windows(chance, SIZE), things(chance, SIZE, 8), 0.5)


def _bricks(chance: Chance) -> Image.Image:
    return Image.blend(wall(chance, SIZE), things(chance, SIZE, 25), 0.6)


def _heap(chance: Chance) -> Image.Image:
    return detailed(chance, SIZE) if chance.uniform() < 0.2 else things(chance, SIZE, 90)


_SCENES: tuple[Callable[[Chance], Image.Image], ...] = (_few, _front, _bricks, _heap)
_WAYS = ("saved", "half", "lighter", "darker", "sharpened")


def _make(name: str, scene: int, way: str, folder: Path) -> Path:
    image = _scene(scene)
    if way == "half":
        image = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    elif way in ("lighter", "darker"):
        image = ImageEnhance.Brightness(image).enhance(1.15 if way == "lighter" else 0.87)
    elif way == "sharpened":
        image = ImageEnhance.Sharpness(image).enhance(1.8)
    return jpeg(image, folder / f"{name}.jpg", 40 if way == "saved" else 88)
