"""Drawn backdrops, wider than what a camera sees of them, and things that move before them."""

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Canvas: TypeAlias = NDArray[np.uint8]
Dice: TypeAlias = np.random.Generator
Paint: TypeAlias = tuple[int, int, int]
_SPREADS = (0.04, 0.08, 0.3)
"""How far the hues of one scene lie apart."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The hue (0 to 1) and the lightness (0 to 1) around which a scene is painted."""

    hue: float
    light: float
    vivid: float
    spread: float = 0.06

    def paints(self, dice: Dice, count: int) -> list[Paint]:
        """Mix *count* colours that differ enough in lightness to be told apart."""
        steps = dice.permutation(np.linspace(-0.24, 0.24, count))
        return [self._mixed(dice, float(step)) for step in steps]

    def _mixed(self, dice: Dice, step: float) -> Paint:
        hue = (self.hue + dice.uniform(-self.spread, self.spread)) % 1
        red, green, blue = colorsys.hls_to_rgb(
            hue, min(0.95, max(0.05, self.light + step)), self.vivid
        )
        return round(255 * red), round(255 * green), round(255 * blue)


def palette(dice: Dice) -> Palette:
    """Choose any palette."""
    return Palette(
        dice.random(), dice.uniform(0.3, 0.7), dice.uniform(0.25, 0.9), float(dice.choice(_SPREADS))
    )


def another(dice: Dice, before: Palette) -> Palette:
    """Choose one that is clearly different: another hue, and lighter or darker."""
    light = before.light + (0.25 if before.light < 0.5 else -0.25) + dice.uniform(-0.05, 0.05)
    hue = (before.hue + dice.uniform(0.25, 0.75)) % 1
    return Palette(hue, light, dice.uniform(0.35, 0.9), float(dice.choice(_SPREADS)))


def clouds(dice: Dice, size: tuple[int, int], paints: list[Paint]) -> Canvas:
    """Blur colours into each other, with finer patches on top."""
    picture = Image.new("RGB", size)
    for cells, share in ((6, 1.0), (24, 0.35)):
        rough = np.array(paints, np.uint8)[dice.integers(0, len(paints), (cells, 2 * cells))]
        layer = Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)
        picture = Image.blend(picture, layer, share)
    return np.asarray(picture)


def tiles(dice: Dice, size: tuple[int, int], paints: list[Paint]) -> Canvas:
    """Lay tiles of all colours."""
    side = int(dice.integers(size[1] // 10, size[1] // 4))
    cells = dice.integers(0, len(paints), (size[1] // side + 1, size[0] // side + 1))
    laid = np.array(paints, np.uint8)[cells].repeat(side, axis=0).repeat(side, axis=1)
    return np.ascontiguousarray(laid[: size[1], : size[0]])


def stripes(dice: Dice, size: tuple[int, int], paints: list[Paint]) -> Canvas:
    """Paint upright or slanting stripes of many widths."""
    picture = Image.new("RGB", size, paints[0])
    draw = ImageDraw.Draw(picture)
    slant, at, number = dice.uniform(-0.6, 0.6) * size[1], -size[1], 0
    while at < size[0] + size[1]:
        width = int(dice.integers(size[1] // 12, size[1] // 3))
        number += 1
        corners = [(at, 0), (at + width, 0), (at + width + slant, size[1]), (at + slant, size[1])]
        draw.polygon(corners, paints[number % len(paints)])
        at += width
    return np.asarray(picture)


def hills(dice: Dice, size: tuple[int, int], paints: list[Paint]) -> Canvas:
    """Paint ridges, one before the other, under a sky, with trees on them."""
    picture = Image.new("RGB", size, max(paints, key=sum))
    draw = ImageDraw.Draw(picture)
    at = np.arange(0, size[0] + 8, 8)
    for number, paint in enumerate(sorted(paints, key=sum, reverse=True)[1:]):
        height = size[1] * (0.3 + 0.16 * number)
        ridge = height + sum(
            size[1] * 0.05 * np.sin(at / size[1] * dice.uniform(2, 9) + dice.uniform(0, 6))
            for _ in range(3)
        )
        draw.polygon([(0, size[1]), *zip(at, ridge, strict=True), (size[0], size[1])], paint)
        for _ in range(size[0] // 60):
            place = int(dice.integers(0, len(at)))
            foot, tall = (at[place], ridge[place]), size[1] * dice.uniform(0.06, 0.2)
            draw.polygon(
                [
                    (foot[0] - tall / 4, foot[1]),
                    (foot[0] + tall / 4, foot[1]),
                    (foot[0], foot[1] - tall),
                ],
                tuple(channel * 2 // 3 for channel in paint),
            )
    return np.asarray(picture)


def things(dice: Dice, size: tuple[int, int], paints: list[Paint]) -> Canvas:
    """Scatter boxes and balls over a plain ground."""
    picture = Image.new("RGB", size, paints[0])
    draw = ImageDraw.Draw(picture)
    for _ in range(18 * size[0] // size[1]):
        x, y = dice.integers(-20, size[0]), dice.integers(-20, size[1])
        wide, tall = dice.integers(size[1] // 10, size[1] // 3, 2)
        shape = draw.rectangle if dice.random() < 0.5 else draw.ellipse
        shape((x, y, x + wide, y + tall), fill=paints[int(dice.integers(1, len(paints)))])
    return np.asarray(picture)


BACKDROPS: tuple[Callable[[Dice, tuple[int, int], list[Paint]], Canvas], ...] = (
    clouds, tiles, stripes, hills, things,
)  # fmt: skip


def backdrop(dice: Dice, size: tuple[int, int], of: Palette) -> Canvas:
    """Draw any backdrop of width and height *size* in *of*, never without structure."""
    kind = BACKDROPS[dice.integers(len(BACKDROPS))]
    drawn = kind(dice, size, of.paints(dice, int(dice.integers(4, 7))))
    return _worn(dice, drawn)


def _worn(dice: Dice, drawn: Canvas) -> Canvas:
    """Give surfaces a texture of spots, as nothing outside is of one colour."""
    tall, wide = drawn.shape[:2]
    spots = dice.integers(0, 256, (tall // 8, wide // 8), dtype=np.uint8)
    large = Image.fromarray(spots).resize((wide, tall), Image.Resampling.BICUBIC)
    worn = drawn * (0.86 + 0.28 * np.asarray(large, np.float32)[..., None] / 255)
    return np.clip(worn, 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Thing:
    """A plain shape that moves: its side and place as shares of the picture, per second."""

    paint: Paint
    side: float
    start: tuple[float, float]
    speed: tuple[float, float]
    round: bool

    def onto(self, picture: Canvas, at_s: float) -> None:
        """Paint it where it is after *at_s* seconds; gone on one side, it comes in on the other."""
        tall, wide = picture.shape[:2]
        side = round(self.side * tall)
        x, y = (
            round((begin + speed * at_s) * (length + side) % (length + side)) - side
            for begin, speed, length in zip(self.start, self.speed, (wide, tall), strict=True)
        )
        left, top = max(0, x), max(0, y)
        room = picture[top : max(0, y + side), left : max(0, x + side)]
        if not self.round:
            room[:] = self.paint
            return
        rows, columns = np.ogrid[
            top - y : top - y + room.shape[0], left - x : left - x + room.shape[1]
        ]
        room[(rows - side / 2) ** 2 + (columns - side / 2) ** 2 <= side * side / 4] = self.paint
