"""Passages of text on pages, so that their language and tone can be told from the picture."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from bench.labelled.dice import dice
from bench.labelled.example import Example, Passage, Truth
from bench.labelled.fonts import LATIN, Font, installed, latin, named
from bench.labelled.saved import jpeg

KIND = "pages"
TONES = ("positive", "negative", "neutral")
_HEIGHT, _MOST = 34, 46
_EAST = {"ja": "NotoSansCJK-Regular.ttc", "zh": "NotoSansCJK-Regular.ttc"}


def pages(passages: Iterable[Passage]) -> Iterator[Example]:
    """Print each passage; one whose letters no font here has is left out."""
    for number, passage in enumerate(passages):
        font = _font(passage, number)
        if font is not None:
            make = partial(_make, passage, number)
            yield Example(f"{KIND}-{passage.name}", KIND, make, _truths(passage))


def _truths(passage: Passage) -> dict[str, Truth]:
    truths: dict[str, Truth] = {"text_language": passage.lang}
    if passage.tone is not None:
        truths |= {f"text_tone:{tone}": tone == passage.tone for tone in TONES}
    return truths


def _font(passage: Passage, number: int) -> Font | None:
    east = _EAST.get((passage.lang or "").split("-")[0])
    if east is not None:
        return named(east, _HEIGHT) if east in installed() else None
    plain = passage.text.isascii()
    if not plain and not any(name in installed() for name in LATIN):
        return None
    return latin(number, _HEIGHT, plain)


def _make(passage: Passage, number: int, folder: Path) -> Path:
    font = _font(passage, number)
    lines = list(_lines(passage.text))
    width = max(400, round(max(font.getlength(line) for line in lines)) + 100)
    image = Image.new("RGB", (width, max(300, len(lines) * 54 + 90)), (250, 249, 245))
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((50, 40 + row * 54), line, font=font, fill=(25, 25, 30))
    quality = int(dice(f"{KIND}-{passage.name}").choice((70, 85, 92)))
    return jpeg(image, folder / f"{KIND}-{number:04}.jpg", quality)


def _lines(text: str) -> Iterator[str]:
    """Break at the passage's own ends of line, and between words where a line gets too long."""
    for whole in text.splitlines():
        line = ""
        for word in whole.split():
            if line and len(line) + len(word) > _MOST:
                yield line
                line = ""
            line = f"{line} {word}".strip()
        yield line
