"""Views as a camera sees them: sky, ground, walls, leaves, things in and out of focus."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bench.labelled.canvas import Pixels, Size, across, image_of, rough

Chance = np.random.Generator
FINE = 2
"""Things are drawn this much larger and scaled down, so that edges are as a lens leaves them."""


def sky(chance: Chance, size: Size) -> Pixels:
    """Paint a soft gradient, sometimes with clouds; no edge anywhere."""
    _, v = across(size)
    top = np.array([0.2, 0.4, 0.75]) * chance.uniform(0.6, 1.2)
    bottom = np.array([0.75, 0.82, 0.92]) * chance.uniform(0.7, 1.05)
    picture = top + (bottom - top) * v[..., None]
    cloud = np.clip(rough(chance, size, (3, 6, 12)) * chance.uniform(0, 2.5), 0, 1)
    return np.clip(picture + (1 - picture) * cloud[..., None], 0, 1)


def tone(chance: Chance, low: float = 0.1, high: float = 0.9) -> tuple[int, int, int]:
    """Choose some colour, rather muted than pure."""
    grey = chance.uniform(low, high)
    red, green, blue = (np.clip(grey + chance.normal(0, 0.12, 3), 0, 1) * 255).astype(int).tolist()
    return red, green, blue


def things(chance: Chance, size: Size, count: int) -> Image.Image:
    """Strew polygons, discs and strokes with hard edges: leaves, stones, roofs, wires."""
    image = Image.new("RGB", size, tone(chance))
    pen = ImageDraw.Draw(image)
    reach = min(size)
    for _ in range(count):
        x, y = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        radius = reach * chance.uniform(0.01, 0.09)
        kind = chance.integers(4)
        if kind == 0:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tone(chance))
        elif kind == 1:
            turn = chance.uniform(0, 6.28, 5)
            corners = [(x + radius * np.cos(t), y + radius * np.sin(t)) for t in sorted(turn)]
            pen.polygon(corners, fill=tone(chance))
        elif kind == 2:
            pen.rectangle((x, y, x + radius * 2, y + radius), fill=tone(chance))
        else:
            end = (x + reach * chance.normal(0, 0.15), y + reach * chance.normal(0, 0.15))
            pen.line((x, y, *end), fill=tone(chance), width=int(chance.integers(2, 9)))
    return image


def wall(chance: Chance, size: Size) -> Image.Image:
    """Courses of bricks with joints."""
    image = Image.new("RGB", size, tone(chance, 0.5, 0.8))
    pen = ImageDraw.Draw(image)
    height = int(chance.integers(24, 60))
    width, base = height * 2.4, np.array(tone(chance, 0.2, 0.6))
    for row in range(size[1] // height + 1):
        for column in range(-1, int(size[0] / width) + 1):
            left = column * width + (row % 2) * width / 2
            red, green, blue = np.clip(base + chance.normal(0, 14, 3), 0, 255).astype(int).tolist()
            box = (left + 3, row * height + 3, left + width - 3, (row + 1) * height - 3)
            pen.rectangle(box, fill=(red, green, blue))
    return image


def fence(chance: Chance, size: Size) -> Image.Image:
    """Set posts or blinds before a view: stripes that could be taken for writing."""
    image = image_of(sky(chance, size))
    pen = ImageDraw.Draw(image)
    step, colour = int(chance.integers(18, 60)), tone(chance, 0.1, 0.5)
    for left in range(0, size[0], step):
        pen.rectangle((left, size[1] * 0.2, left + step * 0.45, size[1]), fill=colour)
    for height in (0.35, 0.75):
        pen.rectangle((0, size[1] * height, size[0], size[1] * height + step * 0.4), fill=colour)
    return image


def windows(chance: Chance, size: Size) -> Image.Image:
    """Draw a front with rows of windows."""
    image = Image.new("RGB", size, tone(chance, 0.4, 0.9))
    pen = ImageDraw.Draw(image)
    columns, rows = int(chance.integers(5, 12)), int(chance.integers(3, 8))
    wide, high = size[0] / columns, size[1] / rows
    for row in range(rows):
        for column in range(columns):
            x, y = column * wide, row * high
            box = (x + wide * 0.25, y + high * 0.2, x + wide * 0.75, y + high * 0.8)
            pen.rectangle(box, fill=tone(chance, 0.02, 0.5), outline=tone(chance, 0.6, 1), width=3)
            pen.line((x + wide / 2, box[1], x + wide / 2, box[3]), fill=(230, 230, 230), width=3)
    return image


def keys(chance: Chance, size: Size) -> Image.Image:
    """Draw a keyboard without letters: rows of rounded squares."""
    image = Image.new("RGB", size, tone(chance, 0.1, 0.4))
    pen = ImageDraw.Draw(image)
    side = size[0] / int(chance.integers(9, 15))
    colour = tone(chance, 0.5, 0.95)
    for row in range(int(size[1] / side) + 1):
        for column in range(-1, int(size[0] / side) + 1):
            x, y = (column + row % 3 / 3) * side, row * side
            box = (x + side * 0.08, y + side * 0.08, x + side * 0.92, y + side * 0.92)
            pen.rounded_rectangle(box, side * 0.15, fill=colour)
    return image


WALLS = (wall, fence, windows, keys)


def detailed(chance: Chance, size: Size) -> Image.Image:
    """One view full of hard edges, as sharp as a good lens."""
    large = (size[0] * FINE, size[1] * FINE)
    kind = int(chance.integers(6))
    if kind < len(WALLS):
        image = WALLS[kind](chance, large)
    else:
        image = things(chance, large, int(chance.integers(300, 700)))
    return image.resize(size, Image.Resampling.BOX)


def camera_like(image: Image.Image, chance: Chance, levels: float) -> Image.Image:
    """Add what lens and sensor add: vignetting, uneven light, a little softness, noise."""
    u, v = across(image.size)
    far = (u - 0.5) ** 2 + (v - 0.5) ** 2
    fall = 1 - chance.uniform(0.1, 0.5) * far
    light = (fall * (1 + 0.08 * rough(chance, image.size, (3, 6)))).astype(np.float32)
    soft = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.25, 0.45)))
    picture = np.asarray(soft, np.float32) * light[..., None]
    if levels:
        picture += chance.standard_normal(picture.shape, np.float32) * np.float32(levels)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def moved(image: Image.Image, length: float, turn: float) -> Image.Image:
    """Shake the camera by *length* pixels in the direction *turn* while the shutter is open."""
    steps = max(2, round(length))
    source = np.asarray(image)
    total = np.zeros(source.shape, np.uint32)
    for step in range(steps):
        along = (step / (steps - 1) - 0.5) * length
        shift = (round(along * np.sin(turn)), round(along * np.cos(turn)))
        total += np.roll(source, shift, (0, 1))
    return Image.fromarray((total // steps).astype(np.uint8))


def strong(chance: Chance) -> tuple[int, int, int]:
    """Choose a pure colour as paint and screens have it."""
    hue, saturation, value = chance.uniform((0, 0.6, 0.5), (360, 1, 1))
    turn: NDArray[np.float64] = (np.array([5, 3, 1]) + hue / 60) % 6
    ramp = np.clip(np.minimum(turn, 4 - turn), 0, 1)
    red, green, blue = (value * (1 - saturation * ramp) * 255).astype(int).tolist()
    return red, green, blue
