"""Drawn graphics, and what cameras make of places that are as flat as a drawing.

Graphics are made of areas in exactly one colour: charts, diagrams, cartoons, screens, maps. They
are saved as PNG or as good JPEGs. Camera pictures keep grain and soft gradients everywhere, but
also clip to pure white and black, are shown on cut-out backgrounds, and are saved badly.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.labelled.canvas import Size, image_of, rough
from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.fonts import latin
from bench.labelled.phrases import ENGLISH
from bench.labelled.saved import jpeg
from bench.labelled.views import camera_like, detailed, sky, strong, things, tone, windows

KIND = "flat"
Chance = np.random.Generator
Draw = Callable[[Chance, Size], Image.Image]
SIZE = (1000, 720)
_EACH = 34


def flat() -> Iterator[Example]:
    """Draw every sort of graphic, and every sort of camera picture that could be taken for one."""
    for drawn, sorts in ((True, GRAPHICS), (False, CAMERA)):
        for sort, draw in sorts.items():
            for number in range(_EACH):
                name = f"{KIND}-{sort}-{number:02}"
                truths = {"graphic:true": drawn, "photo": False}
                yield Example(name, KIND, partial(_make, name, draw, drawn), truths)


def _make(name: str, draw: Draw, drawn: bool, folder: Path) -> Path:
    chance = dice(name)
    image = draw(chance, SIZE)
    if drawn and chance.uniform() < 0.6:
        path = folder / f"{name}.png"
        image.save(path, compress_level=1)
        return path
    qualities = (85, 90, 95) if drawn else (50, 65, 80, 92)
    return jpeg(image, folder / f"{name}.jpg", int(chance.choice(qualities)))


def _chart(chance: Chance, size: Size) -> Image.Image:
    image = Image.new("RGB", size, (255, 255, 255))
    pen = ImageDraw.Draw(image)
    font, base = latin(0, 26, True), size[1] - 90
    pen.line((90, 60, 90, base, size[0] - 40, base), fill=(60, 60, 60), width=3)
    count, colour = int(chance.integers(4, 10)), strong(chance)
    wide = (size[0] - 160) / count
    for bar in range(count):
        left, high = 110 + bar * wide, chance.uniform(0.1, 0.9) * (base - 70)
        pen.rectangle((left, base - high, left + wide * 0.7, base - 2), fill=colour)
        pen.text((left, base + 12), str(2010 + bar), font=font, fill=(60, 60, 60))
    pen.text((100, 16), str(chance.choice(ENGLISH)), font=font, fill=(30, 30, 30))
    return image


def _diagram(chance: Chance, size: Size) -> Image.Image:
    image = Image.new("RGB", size, (252, 252, 252))
    pen = ImageDraw.Draw(image)
    font = latin(0, 22, True)
    seats = [(60 + 320 * (n % 3), 60 + 220 * (n // 3)) for n in range(9)]
    chosen = [seats[n] for n in chance.choice(9, int(chance.integers(4, 8)), replace=False)]
    pen.line([(x + 110, y + 60) for x, y in chosen], fill=(40, 40, 40), width=3)
    for x, y in chosen:
        pen.rounded_rectangle((x, y, x + 220, y + 120), 18, strong(chance), (20, 20, 20), 3)
        pen.text((x + 20, y + 45), str(chance.choice(ENGLISH))[:14], font=font, fill=(0, 0, 0))
    return image


def _cartoon(chance: Chance, size: Size) -> Image.Image:
    """Draw large areas in few colours with dark outlines, at twice the size for soft edges."""
    large = (size[0] * 2, size[1] * 2)
    image = Image.new("RGB", large, strong(chance))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, large[1] * 0.6, *large), fill=strong(chance))
    for _ in range(int(chance.integers(3, 9))):
        x, y = chance.uniform(0, large[0]), chance.uniform(large[1] * 0.2, large[1] * 0.9)
        radius = chance.uniform(60, 320)
        box = (x - radius, y - radius, x + radius, y + radius)
        shape = pen.ellipse if chance.uniform() < 0.6 else pen.rectangle
        shape(box, fill=strong(chance), outline=(10, 10, 10), width=10)
    return image.resize(size, Image.Resampling.LANCZOS)


def _screen(chance: Chance, size: Size) -> Image.Image:
    image = Image.new("RGB", size, tone(chance, 0.1, 0.95))
    pen = ImageDraw.Draw(image)
    font = latin(0, 18, True)
    for _ in range(int(chance.integers(1, 4))):
        x, y = int(chance.integers(0, 350)), int(chance.integers(0, 250))
        pen.rectangle((x, y, x + 600, y + 430), fill=(250, 250, 250), outline=(120, 120, 120))
        pen.rectangle((x, y, x + 600, y + 34), fill=tone(chance, 0.2, 0.6))
        for row in range(int(chance.integers(3, 14))):
            line = str(chance.choice(ENGLISH))
            pen.text((x + 20, y + 50 + row * 26), line, font=font, fill=(30, 30, 30))
    return image


def _map(chance: Chance, size: Size) -> Image.Image:
    image = Image.new("RGB", size, (242, 239, 230))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        points = chance.uniform(-50, 1050, (5, 2))
        colour = ((200, 225, 190), (170, 210, 230), (225, 220, 205))[int(chance.integers(3))]
        pen.polygon([tuple(point) for point in points.tolist()], fill=colour)
    for _ in range(14):
        ends = chance.uniform(-50, 1050, 4).tolist()
        pen.line(ends, fill=(255, 255, 255), width=int(chance.integers(5, 16)))
    return image


def _view(chance: Chance, size: Size) -> Image.Image:
    return camera_like(detailed(chance, size), chance, chance.choice([1.0, 2, 4]))


def _soft(chance: Chance, size: Size) -> Image.Image:
    """Smooth everything away but a trace of grain, as small sensors' programs do."""
    view = camera_like(windows(chance, size), chance, 3).filter(ImageFilter.MedianFilter(3))
    return camera_like(view, chance, 0.7)


def _heaven(chance: Chance, size: Size) -> Image.Image:
    """Fill most of the picture with sky that clips to white where it is brightest."""
    over = chance.uniform(1.0, 1.9)
    return camera_like(image_of(np.clip(sky(chance, size) * over, 0, 1)), chance, 1.2)


def _night(chance: Chance, size: Size) -> Image.Image:
    """Leave most of it black, with some lights and the noise that survives."""
    image = Image.new("RGB", size, (3, 3, 5))
    pen = ImageDraw.Draw(image)
    for _ in range(int(chance.integers(8, 40))):
        x, y = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        radius = chance.uniform(3, 26)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 220, 160))
    glow = image.filter(ImageFilter.GaussianBlur(9))
    return camera_like(glow, chance, chance.choice([1.5, 3]))


def _cut_out(chance: Chance, size: Size) -> Image.Image:
    """Put the picture of a thing on pure white, as shops do."""
    mask = Image.new("L", size, 0)
    inset = chance.uniform(0.18, 0.3)
    ends = (size[0] * inset, size[1] * inset, size[0] * (1 - inset), size[1] * (1 - inset))
    ImageDraw.Draw(mask).ellipse(ends, fill=255)
    thing = camera_like(things(chance, size, 500), chance, 2)
    return Image.composite(thing, Image.new("RGB", size, (255, 255, 255)), mask)


def _fog(chance: Chance, size: Size) -> Image.Image:
    level = chance.uniform(0.5, 0.85) + 0.1 * rough(chance, size, (3, 8))
    return camera_like(image_of(np.repeat(level[..., None], 3, -1)), chance, 1.5)


GRAPHICS: dict[str, Draw] = {
    "chart": _chart,
    "diagram": _diagram,
    "cartoon": _cartoon,
    "screen": _screen,
    "map": _map,
}
CAMERA: dict[str, Draw] = {
    "view": _view,
    "soft": _soft,
    "heaven": _heaven,
    "night": _night,
    "cut-out": _cut_out,
    "fog": _fog,
}
