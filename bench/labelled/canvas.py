"""Paint pictures as arrays, at any size the same: patches, grain, skies, hills, light.

Everything large is decided on grids of a fixed size, so that a small painting shows the same
picture as a large one and its truth can be counted there.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height in pixels."""
SMALL: Size = (40, 30)


def stretched(values: NDArray[np.float64], size: Size) -> NDArray[np.float64]:
    """Scale a grid of numbers up to *size*, smoothly."""
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float64)


def rough(chance: np.random.Generator, size: Size, steps: Sequence[int]) -> NDArray[np.float64]:
    """Lay noise of several coarsenesses over each other; about -1 to 1, mean 0."""
    total = np.zeros((size[1], size[0]))
    for number, step in enumerate(steps):
        grid = chance.standard_normal((step * 3 // 4, step))
        total += stretched(grid, size) * 0.6**number
    return np.clip(total / 2.5, -1, 1)


def across(size: Size) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each pixel's place, 0 to 1 from the left and from the top."""
    width, height = size
    horizontal = (np.arange(width) + 0.5) / width
    vertical = (np.arange(height) + 0.5) / height
    return np.broadcast_to(horizontal, (height, width)), np.broadcast_to(
        vertical[:, None], (height, width)
    )


def patches(chance: np.random.Generator, size: Size, count: int) -> NDArray[np.intp]:
    """Part the picture into *count* areas of some size, numbered from 0."""
    u, v = across(size)
    kind = chance.integers(4)
    if kind == 0:
        turn = chance.uniform(0, np.pi)
        along = (u - 0.5) * np.cos(turn) + (v - 0.5) * np.sin(turn)
        span = abs(np.cos(turn)) + abs(np.sin(turn))
        return np.clip(((along / span + 0.5) * count).astype(np.intp), 0, count - 1)
    if kind == 1:
        columns = 2 * count
        tiles = chance.permutation(np.arange(columns * 6) % count).reshape(6, columns)
        return np.asarray(tiles[(v * 6).astype(np.intp), (u * columns).astype(np.intp)])
    if kind == 2:
        wave = 0.06 * np.sin(2 * np.pi * (u * chance.uniform(0.5, 2) + chance.uniform()))
        return np.clip(((v + wave) * count).astype(np.intp), 0, count - 1)
    seats = chance.uniform(0, 1, (count * 4, 2))
    far = (u[..., None] - seats[:, 0]) ** 2 + (v[..., None] - seats[:, 1]) ** 2
    return np.asarray(far.argmin(-1) % count)


def coloured(areas: NDArray[np.intp], colours: Sequence[Pixels]) -> Pixels:
    """Fill the areas."""
    return np.asarray(colours)[areas]


def shaded(picture: Pixels, shade: NDArray[np.float64], strength: float) -> Pixels:
    """Let light fall unevenly: *strength* is the largest change as a share."""
    return np.clip(picture * (1 + strength * shade[..., None]), 0, 1)


def lit(picture: Pixels, stops: float, balance: tuple[float, float] = (1, 1)) -> Pixels:
    """Expose by *stops* more or less, and multiply red and blue by *balance*."""
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear * 2**stops * np.array([balance[0], 1, balance[1]]), 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def grained(picture: Pixels, chance: np.random.Generator, levels: float) -> Pixels:
    """Add the noise of a sensor, *levels* of 255 as its deviation."""
    return np.clip(picture + chance.standard_normal(picture.shape) * (levels / 255), 0, 1)


def grained_grey(picture: Pixels, chance: np.random.Generator, levels: float) -> Pixels:
    """Add noise that has no colour."""
    noise = chance.standard_normal(picture.shape[:2])[..., None]
    return np.clip(picture + noise * (levels / 255), 0, 1)


def greyed(picture: Pixels) -> Pixels:
    """Take all colour away."""
    return np.repeat((picture @ np.array([0.299, 0.587, 0.114]))[..., None], 3, -1)


def bytes_of(picture: Pixels) -> NDArray[np.uint8]:
    """Round to 0 to 255."""
    return np.asarray((np.clip(picture, 0, 1) * 255).round(), np.uint8)


def image_of(picture: Pixels) -> Image.Image:
    """Make a picture that Pillow can draw on and save."""
    return Image.fromarray(bytes_of(picture))


def pixels_of(image: Image.Image) -> Pixels:
    """Take the pixels of a picture back."""
    return np.asarray(image.convert("RGB"), np.float64) / 255
