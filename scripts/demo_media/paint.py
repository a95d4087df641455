"""The brushes: pictures as float arrays (height x width x 3, 0 to 1), and what is laid on them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Canvas = NDArray[np.float64]
Rgb = tuple[int, int, int]


def rgb(colour: Rgb) -> Canvas:
    """Turn 0 to 255 into 0 to 1."""
    return np.array(colour, dtype=np.float64) / 255


def sky(width: int, height: int, stops: Sequence[tuple[float, Rgb]]) -> Canvas:
    """Blend colours from top (0) to bottom (1)."""
    rows = np.linspace(0, 1, height)
    at = [place for place, _ in stops]
    bands = [np.interp(rows, at, [colour[i] / 255 for _, colour in stops]) for i in range(3)]
    return np.repeat(np.stack(bands, axis=-1)[:, None, :], width, axis=1)


def clouds(rng: np.random.Generator, width: int, height: int, cell: int, flat: float = 3) -> Canvas:
    """Make soft noise (height x width, 0 to 1), *flat* times wider than it is tall."""
    total = np.zeros((height, width))
    for octave in range(5):
        step = max(2, cell >> octave)
        small = rng.random((max(2, round(height * flat / step)), max(2, width // step)))
        grown = Image.fromarray(small.astype(np.float32)).resize((width, height), 3)
        total += np.asarray(grown, dtype=np.float64) / 2**octave
    return (total - total.min()) / (total.max() - total.min())


def ridge(rng: np.random.Generator, width: int, cell: int, sharp: bool = False) -> Canvas:
    """Make the outline of hills (one height per column, 0 to 1)."""
    total = np.zeros(width)
    columns = np.arange(width)
    for octave in range(7):
        step = max(2, cell >> octave)
        knots = rng.random(width // step + 3)
        total += np.interp(columns, np.arange(len(knots)) * step, knots) / 1.9**octave
    if not sharp:
        soft = np.hanning(max(3, cell // 8))
        total = np.convolve(np.pad(total, len(soft), "edge"), soft / soft.sum(), "same")
        total = total[len(soft) : -len(soft)]
    return (total - total.min()) / (total.max() - total.min())


def below(line: Canvas, height: int) -> Canvas:
    """Mask (height x width) of what lies under *line*, given in rows, with a soft edge."""
    return np.clip(np.arange(height)[:, None] - line[None, :] + 0.5, 0, 1)


def lay(canvas: Canvas, mask: Canvas, colour: Canvas) -> Canvas:
    """Cover *canvas* with *colour* (one, or a picture) where *mask* (height x width) says so."""
    return canvas + (colour - canvas) * mask[..., None]


def disc(canvas: Canvas, x: float, y: float, radius: float, soft: float = 1.5) -> Canvas:
    """Mask of a round spot, *soft* pixels at its edge."""
    rows, columns = np.ogrid[: canvas.shape[0], : canvas.shape[1]]
    far = np.hypot(columns - x, rows - y)
    return np.clip((radius - far) / soft + 0.5, 0, 1)


def glow(canvas: Canvas, x: float, y: float, reach: float) -> Canvas:
    """Mask of light that fades with distance."""
    rows, columns = np.ogrid[: canvas.shape[0], : canvas.shape[1]]
    return np.exp(-((np.hypot((columns - x) * 0.8, rows - y) / reach) ** 1.3))


def grain(rng: np.random.Generator, canvas: Canvas, much: float) -> Canvas:
    """Add the noise that every sensor has."""
    noise: Canvas = canvas + rng.normal(0, much, canvas.shape[:2])[..., None]
    return noise


def blurred(canvas: Canvas, radius: float) -> Canvas:
    """Put it out of focus."""
    return np.asarray(picture(canvas).filter(ImageFilter.GaussianBlur(radius)), np.float64) / 255


def picture(canvas: Canvas) -> Image.Image:
    """Turn a canvas into an 8-bit picture."""
    return Image.fromarray((np.clip(canvas, 0, 1) * 255).round().astype(np.uint8))


def canvas_of(image: Image.Image) -> Canvas:
    """Turn an RGB picture into a canvas."""
    return np.asarray(image.convert("RGB"), dtype=np.float64) / 255
