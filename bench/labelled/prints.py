"""Pictures with words on notes, signs, pages and views, and pictures without a letter.

Letters are at least 20 pixels high in a picture of 1000, upright or nearly so, in a colour that
stands out; so everybody can read them.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.labelled.canvas import image_of
from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.fonts import LATIN, installed, latin
from bench.labelled.phrases import ENGLISH, PHRASES
from bench.labelled.saved import anyhow
from bench.labelled.views import camera_like, detailed, fence, keys, sky, things, wall, windows

KIND = "prints"
SIZE = (1000, 750)
Chance = np.random.Generator
Ink = tuple[int, int, int]
_PAPERS: tuple[tuple[Ink, Ink], ...] = (
    ((250, 248, 240), (25, 25, 30)), ((250, 222, 90), (40, 30, 20)),
    ((200, 40, 45), (255, 250, 245)), ((30, 70, 150), (250, 250, 250)),
    ((30, 110, 60), (250, 250, 240)), ((25, 25, 28), (240, 240, 235)),
    ((255, 180, 200), (60, 20, 60)), ((225, 225, 225), (120, 15, 20)),
    ((250, 250, 250), (20, 60, 140)),
)  # fmt: skip
_EACH = 42


def prints() -> Iterator[Example]:
    """Write one to eight lines in every manner; then draw what only looks like writing."""
    for manner, draw in MANNERS.items():
        for number in range(_EACH):
            name = f"{KIND}-{manner}-{number:02}"
            lines = _lines(name, manner)
            truths = {"text": lines, "unread_text": False}
            yield Example(name, KIND, partial(_make, name, lines, number, draw), truths)
    for sort, empty in EMPTY.items():
        for number in range(24):
            name = f"{KIND}-none-{sort}-{number:02}"
            truths = {"text": (), "unread_text": False}
            yield Example(name, KIND, partial(_make_empty, name, empty), truths)


def _lines(name: str, manner: str) -> tuple[str, ...]:
    chance = dice(f"{name}-words")
    low, high = {"page": (4, 9), "note": (2, 5)}.get(manner, (1, 3))
    known = PHRASES if any(name in installed() for name in LATIN) else ENGLISH
    chosen = chance.choice(len(known), int(chance.integers(low, high)), replace=False)
    lines = [known[place] for place in chosen]
    return tuple(line.upper() if manner == "sign" and "ß" not in line else line for line in lines)


def _make(name: str, lines: tuple[str, ...], number: int, draw: "Manner", folder: Path) -> Path:
    chance = dice(name)
    image = camera_like(draw(chance, lines, number), chance, chance.choice([0.5, 2, 3.5]))
    return anyhow(image, folder, name, chance)


def _make_empty(
    name: str, draw: Callable[[Chance, tuple[int, int]], Image.Image], folder: Path
) -> Path:
    chance = dice(name)
    return anyhow(camera_like(draw(chance, SIZE), chance, 2), folder, name, chance)


def _leaves(chance: Chance, size: tuple[int, int]) -> Image.Image:
    return things(chance, size, 500)


def _sky(chance: Chance, size: tuple[int, int]) -> Image.Image:
    return image_of(sky(chance, size))


def sheet(lines: tuple[str, ...], number: int, height: int, paper: Ink, ink: Ink) -> Image.Image:
    """Set *lines* in the *number*-th font on paper that is as large as they need."""
    font = latin(number, height, all(line.isascii() for line in lines))
    width = max(font.getlength(line) for line in lines)
    step, edge = round(height * 1.5), height
    image = Image.new("RGB", (round(width) + 2 * edge, step * len(lines) + 2 * edge), paper)
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((edge, edge + row * step), line, font=font, fill=ink)
    return image


def fitting(
    lines: tuple[str, ...], number: int, room: tuple[int, int], tallest: int, inks: tuple[Ink, Ink]
) -> Image.Image:
    """Set *lines* as large as *room* allows, at most *tallest* and at least 20 pixels high."""
    height = tallest
    while height > 20:
        image = sheet(lines, number, height, *inks)
        if image.width <= room[0] and image.height <= room[1]:
            break
        height = max(20, round(height * 0.9))
    return sheet(lines, number, height, *inks)


def _inks(chance: Chance) -> tuple[Ink, Ink]:
    return _PAPERS[int(chance.integers(len(_PAPERS)))]


def _note(chance: Chance, lines: tuple[str, ...], number: int) -> Image.Image:
    """Lay a coloured note on a table, askew by up to eight degrees."""
    image = things(chance, SIZE, 40).filter(ImageFilter.GaussianBlur(3))
    note = fitting(lines, number, (820, 600), 64, _inks(chance)).convert("RGBA")
    return _laid(image, note.rotate(chance.uniform(-8, 8), Image.Resampling.BICUBIC, expand=True))


def _sign(chance: Chance, lines: tuple[str, ...], number: int) -> Image.Image:
    """Hang a plate with a rim on a wall or before the sky, seen a little from the side."""
    image = wall(chance, SIZE) if chance.uniform() < 0.5 else image_of(sky(chance, SIZE))
    paper, ink = _inks(chance)
    plate = fitting(lines, number, (760, 420), 80, (paper, ink))
    rim = Image.new("RGB", (plate.width + 24, plate.height + 24), ink)
    rim.paste(plate, (12, 12))
    return _laid(image, tilted(rim.convert("RGBA"), chance.uniform(-0.12, 0.12)))


def _page(chance: Chance, lines: tuple[str, ...], number: int) -> Image.Image:
    """Photograph or scan a page."""
    image = Image.new("RGB", SIZE, (247, 246, 242))
    page = fitting(lines, number, (940, 700), 44, ((247, 246, 242), (20, 20, 25)))
    image.paste(page, (20, 20))
    return image.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=(247, 246, 242))


def _overlay(chance: Chance, lines: tuple[str, ...], number: int) -> Image.Image:
    """Write on a calm part of a view, as posters do."""
    image = image_of(sky(chance, SIZE) * 0.5)
    title = fitting(lines, number, (900, 500), 72, ((0, 0, 0), (255, 255, 255)))
    mask = title.convert("L")
    image.paste((255, 255, 240), (40, int(chance.integers(20, 200))), mask)
    return image


def _laid(image: Image.Image, piece: Image.Image) -> Image.Image:
    piece.thumbnail((image.width - 20, image.height - 20))
    image.paste(
        piece, ((image.width - piece.width) // 2, (image.height - piece.height) // 2), piece
    )
    return image


def tilted(plate: Image.Image, lean: float) -> Image.Image:
    """See *plate* from the side: one edge is shorter by the share *lean*."""
    width, height = plate.size
    drop = abs(lean) * height / 2
    left, right = (drop, 0.0) if lean > 0 else (0.0, drop)
    seen = [(0, left), (width, right), (width, height - right), (0, height - left)]
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows, float), np.array(flat, float).ravel())
    transform = Image.Transform.PERSPECTIVE
    return plate.transform(plate.size, transform, solved.tolist(), Image.Resampling.BICUBIC)


Manner = Callable[[Chance, tuple[str, ...], int], Image.Image]
MANNERS: dict[str, Manner] = {"note": _note, "sign": _sign, "page": _page, "overlay": _overlay}
EMPTY: dict[str, Callable[[Chance, tuple[int, int]], Image.Image]] = {
    "fence": fence,
    "keys": keys,
    "windows": windows,
    "wall": wall,
    "leaves": _leaves,
    "sky": _sky,
    "view": detailed,
}
