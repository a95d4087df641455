"""Pictures with bar codes and matrix codes on labels and posters, and others that look like them.

The codes are drawn by zxing's writer, which follows the published standards; what it writes is
known before it is drawn. UPC-A is EAN-13 with a leading zero, and named by its own name.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from zxingcpp import BarcodeFormat

from bench.labelled.dice import dice
from bench.labelled.example import Example, Printed
from bench.labelled.saved import anyhow
from bench.labelled.views import camera_like, detailed, fence, things, tone

KIND = "codes"
Chance = np.random.Generator
SIZE = (800, 600)
_EACH = 11
_WORDS = ("red", "Lager 7", "Ticket", "https://example.org/", "Grüße", "A-", "WIFI:S:guest;;", "07")


def codes() -> Iterator[Example]:
    """Print codes of every type, one or two a picture; then draw what holds none."""
    for type in TYPES:
        for number in range(_EACH * (3 if type in _USUAL else 1)):
            name = f"{KIND}-{type.replace(' ', '-')}-{number:02}"
            printed = _printed(name, type, number)
            truths = {"code": printed}
            yield Example(name, KIND, partial(_make, name, printed, _with_codes), truths)
    for sort, draw in LOOKALIKES.items():
        for number in range(23):
            name = f"{KIND}-none-{sort}-{number:02}"
            yield Example(name, KIND, partial(_make, name, (), draw), {"code": ()})


def _printed(name: str, type: str, number: int) -> tuple[Printed, ...]:
    chance = dice(f"{name}-values")
    first = Printed(TYPES[type][1](chance), type)
    return (first, Printed(_free(chance), "QR Code")) if number % 7 == 6 else (first,)


def _free(chance: Chance) -> str:
    words = chance.choice(_WORDS, int(chance.integers(1, 4)), replace=False)
    return f"{''.join(words)}{chance.integers(10**6)}"


def _plain(chance: Chance) -> str:
    letters = list("ABCDEFGHKLMNPRSTUVXYZ0123456789-")
    return "".join(chance.choice(letters, int(chance.integers(6, 14)))).strip("-") + "7"


def _digits(count: int, start: str) -> Callable[[Chance], str]:
    return partial(_checked, count, start)


def _checked(count: int, start: str, chance: Chance) -> str:
    """Make a number with the check digit of GS1: weights 3 and 1 from the right."""
    free = count - 1 - len(start)
    body = start + "".join(str(d) for d in chance.integers(0, 10, free))
    total = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(body[::-1]))
    return body + str(-total % 10)


TYPES: dict[str, tuple[BarcodeFormat, Callable[[Chance], str]]] = {
    "QR Code": (BarcodeFormat.QRCode, _free),
    "EAN-13": (BarcodeFormat.EAN13, _digits(13, "4")),
    "Data Matrix": (BarcodeFormat.DataMatrix, _plain),
    "EAN-8": (BarcodeFormat.EAN8, _digits(8, "5")),
    "UPC-A": (BarcodeFormat.EAN13, _digits(12, "6")),
    "Code 128": (BarcodeFormat.Code128, _plain),
    "Aztec": (BarcodeFormat.AztecCode, _plain),
    "PDF417": (BarcodeFormat.PDF417, _plain),
}
_USUAL = ("QR Code", "EAN-13", "Data Matrix")


def _make(
    name: str,
    printed: tuple[Printed, ...],
    draw: Callable[[Chance, tuple[Printed, ...]], Image.Image],
    folder: Path,
) -> Path:
    chance = dice(name)
    return anyhow(camera_like(draw(chance, printed), chance, 2), folder, name, chance)


def _with_codes(chance: Chance, printed: tuple[Printed, ...]) -> Image.Image:
    """Stick labels on something, a little askew, in and out of focus."""
    image = things(chance, SIZE, 60)
    width = SIZE[0] // len(printed)
    for place, code in enumerate(printed):
        label = _label(chance, code)
        room = (width - 40, SIZE[1] - 40)
        label.thumbnail(room)
        left = place * width + int(chance.integers(0, width - label.width + 1))
        top = int(chance.integers(0, SIZE[1] - label.height + 1))
        image.paste(label, (left, top), label)
    return image.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.8)))


def _label(chance: Chance, code: Printed) -> Image.Image:
    format = TYPES[code.type][0]
    value = f"0{code.value}" if code.type == "UPC-A" else code.value
    made = zxingcpp.create_barcode(value, format)
    # Modules of 3 to 5 pixels, as a phone's picture of a label on a table has them.
    scale = int(chance.integers(4, 7) if format in _SQUARE else chance.integers(2, 4))
    drawn = np.array(zxingcpp.write_barcode_to_image(made, scale=scale))
    quiet = scale * 6
    dark = np.full((drawn.shape[0] + 2 * quiet, drawn.shape[1] + 2 * quiet), 255, np.uint8)
    dark[quiet:-quiet, quiet:-quiet] = drawn
    label = Image.fromarray(dark).convert("RGBA")
    turn = chance.uniform(-30, 30) if format in _SQUARE else chance.uniform(-6, 6)
    return label.rotate(turn, Image.Resampling.BICUBIC, expand=True)


_SQUARE = (BarcodeFormat.QRCode, BarcodeFormat.DataMatrix, BarcodeFormat.AztecCode)


def _chess(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    image = Image.new("RGB", SIZE, tone(chance, 0.6, 1))
    pen = ImageDraw.Draw(image)
    side, fields = int(chance.integers(20, 60)), int(chance.integers(6, 11))
    for row in range(fields):
        for column in range(fields):
            fill = (20, 20, 20) if (row + column) % 2 else (240, 240, 240)
            x, y = 60 + column * side, 30 + row * side
            pen.rectangle((x, y, x + side - 1, y + side - 1), fill=fill)
    return image.rotate(chance.uniform(-20, 20), Image.Resampling.BICUBIC)


def _stripes(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    """Draw bars of random widths: a zebra, a blind, a shirt."""
    image = Image.new("RGB", SIZE, (240, 240, 235))
    pen = ImageDraw.Draw(image)
    left = 100
    while left < 700:
        width = int(chance.integers(2, 5) * chance.integers(1, 5))
        pen.rectangle((left, 120, left + width, 420), fill=(15, 15, 15))
        left += width + int(chance.integers(2, 5) * chance.integers(1, 5))
    return image.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC)


def _crossword(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    """Fill a square grid at random, as a crossword or a mosaic is, without any finder."""
    image = Image.new("RGB", SIZE, (250, 250, 250))
    pen = ImageDraw.Draw(image)
    fields, side = int(chance.integers(12, 30)), int(chance.integers(9, 18))
    for row in range(fields):
        for column in range(fields):
            if chance.uniform() < 0.45:
                x, y = 80 + column * side, 30 + row * side
                pen.rectangle((x, y, x + side, y + side), fill=(10, 10, 10))
    return image.rotate(chance.uniform(-20, 20), Image.Resampling.BICUBIC, fillcolor=(250,) * 3)


def _halftone(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    """Print in dots that grow with the dark."""
    image = Image.new("RGB", SIZE, (252, 250, 245))
    pen = ImageDraw.Draw(image)
    step = int(chance.integers(8, 16))
    for y in range(0, SIZE[1], step):
        for x in range(0, SIZE[0], step):
            radius = step * 0.55 * (x / SIZE[0] * 0.6 + 0.4 * abs(np.sin(y / 90)))
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(20, 20, 30))
    return image


def _view(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    return detailed(chance, SIZE)


def _posts(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    return fence(chance, SIZE)


def _ladder(chance: Chance, _: tuple[Printed, ...]) -> Image.Image:
    """Draw squares in squares, as windows and a code's finders are."""
    image = things(chance, SIZE, 30)
    pen = ImageDraw.Draw(image)
    for _number in range(int(chance.integers(2, 5))):
        x, y = int(chance.integers(0, 600)), int(chance.integers(0, 400))
        side = int(chance.integers(60, 160))
        for inset, fill in (
            (0, (0, 0, 0)),
            (side // 7, (255, 255, 255)),
            (side * 2 // 7, (0,) * 3),
        ):
            pen.rectangle((x + inset, y + inset, x + side - inset, y + side - inset), fill=fill)
    return image


LOOKALIKES: dict[str, Callable[[Chance, tuple[Printed, ...]], Image.Image]] = {
    "chess": _chess,
    "stripes": _stripes,
    "crossword": _crossword,
    "halftone": _halftone,
    "view": _view,
    "posts": _posts,
    "finders": _ladder,
}
