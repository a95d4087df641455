"""The things: a sticky note before a house, a balloon on nothing, a page on a screen."""

import numpy as np
from paint import Canvas, Rgb, blurred, canvas_of, clouds, grain, lay, picture, rgb, sky
from PIL import Image, ImageDraw, ImageFilter, ImageFont

NOTE = ("BYE BYE", "CREDIT", "CARD", "DEBT")
PAGE = (
    "The plan for the year",
    "",
    "Write down what comes in and what goes out, every month, on one page.",
    "Pay the smallest debt first and tell somebody when it is gone.",
    "Put the card in a drawer. Put a note on the drawer.",
    "",
    "What is left over at the end of the month",
    "",
    "January      120        April        310        July         480",
    "February     150        May          350        August       495",
    "March        240        June         420        September    560",
    "",
    "When the last letter from the bank has been answered, take a picture",
    "of the house with the note in front of it, and keep it.",
)


def note(width: int, height: int) -> Canvas:
    """Draw a red sticky note, held up before a house that is out of focus."""
    rng = np.random.default_rng(3)
    scene = blurred(_house(rng, width, height), width / 230)
    paper = _paper(rng, round(height * 0.72)).rotate(5, Image.Resampling.BICUBIC, expand=True)
    board = picture(scene)
    at = (round(width * 0.395), round(height * 0.1))
    shade = Image.new("L", board.size)
    shade.paste(paper.getchannel("A").point(lambda alpha: alpha * 0.55), (at[0] + 14, at[1] + 22))
    board.paste((30, 20, 30), mask=shade.filter(ImageFilter.GaussianBlur(18)))
    board.paste(paper, at, paper)
    return grain(rng, canvas_of(board), 0.012)


def _house(rng: np.random.Generator, width: int, height: int) -> Canvas:
    scene = sky(width, height, [(0, (126, 176, 226)), (0.7, (206, 226, 240)), (1, (222, 232, 238))])
    scene = lay(
        scene, np.clip(clouds(rng, width, height, 400) * 2 - 1, 0, 0.8), rgb((250, 250, 252))
    )
    image = picture(scene)
    brush = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float, colour: Rgb) -> None:
        brush.rectangle((left * width, top * height, right * width, bottom * height), colour)

    box(0, 0.78, 1, 1, (96, 140, 74))
    for x in (0.02, 0.66, 0.9):
        brush.ellipse(
            ((x - 0.1) * width, 0.42 * height, (x + 0.1) * width, 0.82 * height), (70, 112, 62)
        )
    box(0.08, 0.42, 0.6, 0.84, (236, 226, 204))
    roof = [(0.04, 0.44), (0.16, 0.2), (0.52, 0.2), (0.64, 0.44)]
    brush.polygon([(x * width, y * height) for x, y in roof], (110, 92, 88))
    box(0.44, 0.12, 0.49, 0.26, (140, 112, 98))
    for x in (0.13, 0.25, 0.5):
        box(x, 0.5, x + 0.08, 0.64, (248, 248, 244))
        box(x + 0.007, 0.51, x + 0.073, 0.63, (112, 146, 172))
    box(0.37, 0.56, 0.45, 0.84, (74, 94, 106))
    brush.polygon(
        [(0.38 * width, 0.84 * height), (0.44 * width, 0.84 * height), (0.6 * width, height),
         (0.3 * width, height)], (196, 186, 170),
    )  # fmt: skip
    return canvas_of(image)


def _paper(rng: np.random.Generator, side: int) -> Image.Image:
    """Make the note: red, lit from above, its lower corner lifting, words by a thick pen."""
    light = np.linspace(1.04, 0.9, side)[:, None] * np.linspace(1.02, 0.97, side)[None, :]
    fibres = 1 + (clouds(rng, side, side, 30, 1) - 0.5) * 0.05
    sheet = picture(rgb((222, 38, 46)) * (light * fibres)[..., None]).convert("RGBA")
    brush = ImageDraw.Draw(sheet)
    pen = ImageFont.load_default(round(side * 0.185))
    for row, words in enumerate(NOTE):
        middle = side * (0.17 + 0.22 * row)
        brush.text(
            (side / 2 + rng.normal(0, side * 0.01), middle), words, (34, 8, 14), pen, "mm",
            stroke_width=max(1, side // 190),
        )  # fmt: skip
    corner = side * 0.1
    brush.polygon([(side, side - corner), (side - corner, side), (side, side)], (0, 0, 0, 0))
    brush.polygon(
        [(side, side - corner), (side - corner, side), (side - corner, side - corner)],
        (176, 24, 34),
    )
    return sheet


def balloon(side: int) -> Image.Image:
    """Draw a hot-air balloon with nothing behind it."""
    big = side * 2
    image = Image.new("RGBA", (big, big))
    brush = ImageDraw.Draw(image)
    middle, radius, top = big / 2, big * 0.36, big * 0.05
    for stripe in range(9):
        reach = radius * np.cos(np.pi * stripe / 18)
        for side_of in (-1, 1):
            inner = radius * np.cos(np.pi * (stripe + 1) / 18)
            _gore(brush, middle, top, side_of * reach, side_of * inner, radius, stripe)
    basket = (middle - big * 0.055, big * 0.87, middle + big * 0.055, big * 0.95)
    for x in (-1, -0.4, 0.4, 1):
        brush.line(
            (middle + x * radius * 0.24, top + radius * 2.12, middle + x * big * 0.05, basket[1]),
            (92, 70, 52), big // 260,
        )  # fmt: skip
    brush.rounded_rectangle(basket, big * 0.012, (142, 96, 54))
    brush.rectangle((basket[0], basket[1], basket[2], basket[1] + big * 0.016), (96, 62, 36))
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _gore(
    brush: ImageDraw.ImageDraw,
    middle: float,
    top: float,
    outer: float,
    inner: float,
    radius: float,
    stripe: int,
) -> None:
    """Fill one panel of the balloon between two meridians."""
    colours = ((250, 196, 44), (240, 240, 232), (28, 142, 160))
    colour = tuple(int(c * (0.72 + 0.03 * stripe)) for c in colours[stripe % 3])
    down = np.linspace(0, 1, 80)
    dome = np.clip(np.sin(np.pi * down / 0.92), 0, 1) ** 0.62
    throat = np.clip(np.cos((down - 0.46) * 2.47), 0, 1) ** 0.9
    bulge = np.where(down < 0.46, dome, throat)
    rows = top + down * radius * 2.12
    edge = [(middle + outer * b, y) for b, y in zip(bulge, rows, strict=True)]
    back = [(middle + inner * b, y) for b, y in zip(bulge[::-1], rows[::-1], strict=True)]
    brush.polygon(edge + back, colour)


def page(width: int, height: int) -> Image.Image:
    """Draw a window with a page of text, as on a screen."""
    image = Image.new("RGB", (width, height), (255, 255, 255))
    brush = ImageDraw.Draw(image)
    bar, margin = height // 16, width // 12
    brush.rectangle((0, 0, width, bar), (232, 233, 236))
    for dot, colour in enumerate(((236, 106, 94), (244, 190, 79), (98, 196, 84))):
        x = bar * (0.7 + 0.62 * dot)
        brush.ellipse((x - bar * 0.2, bar * 0.3, x + bar * 0.2, bar * 0.7), colour)
    brush.rounded_rectangle(
        (width * 0.25, bar * 0.2, width * 0.75, bar * 0.8), bar * 0.2, (255, 255, 255)
    )
    brush.text(
        (width / 2, bar / 2),
        "notes / plan",
        (120, 122, 128),
        ImageFont.load_default(bar * 0.4),
        "mm",
    )
    y = bar * 2.2
    for row, words in enumerate(PAGE):
        size = height / 19 if row == 0 else height / 36
        brush.text((margin, y), words, (36, 38, 44), ImageFont.load_default(size))
        y += size * 1.75
    return image
