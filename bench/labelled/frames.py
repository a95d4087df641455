"""Pictures of every shape and make: wide, square, upright, see-through, moving, in pages."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from bench.labelled.canvas import image_of
from bench.labelled.dice import dice
from bench.labelled.example import Example, Truth
from bench.labelled.views import sky, things

KIND = "frames"
_EACH = 156
_SHAPES = ("panorama", "square", "portrait", "landscape")
_MAKES = ("still", "see-through", "animated", "pages")


def frames() -> Iterator[Example]:
    """Combine each shape with each make."""
    for number in range(_EACH * len(_SHAPES)):
        shape, make = _SHAPES[number % 4], _MAKES[number // 4 % 4]
        name = f"{KIND}-{shape}-{make}-{number:03}"
        count = int(dice(name).integers(2, 5))
        truths: dict[str, Truth] = {f"aspect:{other}": other == shape for other in _SHAPES}
        truths |= {
            "animated:true": make == "animated",
            "pages": float(count) if make == "pages" else None,
            "transparent": _hole(name) if make == "see-through" else None,
        }
        yield Example(name, KIND, partial(_make, name, shape, make, count), truths)


def _size(name: str, shape: str) -> tuple[int, int]:
    """Choose a size whose shape nobody doubts: a panorama is 5:2 or wider, a landscape to 16:9."""
    chance = dice(f"{name}-size")
    side = int(chance.integers(120, 240))
    ratios = {
        "panorama": (2.5, 5),
        "square": (1, 1),
        "portrait": (0.5, 0.9),
        "landscape": (1.1, 1.8),
    }
    ratio = chance.uniform(*ratios[shape])
    return (round(side * ratio), side)


def _hole(name: str) -> float:
    return round(float(dice(f"{name}-hole").uniform(0.1, 0.7)), 2)


def _make(name: str, shape: str, make: str, count: int, folder: Path) -> Path:
    chance, size = dice(f"{name}-file"), _size(name, shape)
    pictures = [things(chance, size, 20) for _ in range(count)]
    if make == "animated":
        suffix = ("gif", "webp", "png")[int(chance.integers(3))]
        path = folder / f"{name}.{suffix}"
        pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=90, loop=0)
        return path
    if make == "pages":
        path = folder / f"{name}.tiff"
        pictures[0].save(path, save_all=True, append_images=pictures[1:])
        return path
    path = folder / f"{name}.png"
    if make == "see-through":
        pictures[0].putalpha(Image.fromarray(_alpha(size, _hole(name))))
        pictures[0].save(path)
        return path
    image_of(sky(chance, size)).save(path)
    return path


def _alpha(
    size: tuple[int, int], share: float
) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    alpha = np.full((size[1], size[0]), 255, np.uint8)
    alpha.ravel()[: round(alpha.size * share)] = 0
    return alpha
