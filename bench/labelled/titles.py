"""Texts on the pictures of a film, and subtitle tracks beside them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from bench.labelled.example import Printed, Shown, Truth
from bench.labelled.films import CONTAINERS, Line, Subtitles
from bench.labelled.languages import UNDECIDABLE, texts
from bench.labelled.plots import Plot, counted, moving, shot
from bench.labelled.reel import Reel
from bench.labelled.scenes import Canvas, Dice, another, palette

_SIZE = (480, 270)
_PAIRS = (
    ((250, 250, 245), (20, 20, 30)), ((30, 60, 140), (255, 255, 255)),
    ((170, 20, 30), (255, 250, 240)), ((250, 220, 60), (30, 20, 10)),
    ((20, 20, 20), (240, 240, 200)),
)  # fmt: skip
"""Ground and ink of a label, far apart in lightness."""
_CODES = {
    "eng": "en", "spa": "es", "fra": "fr", "deu": "de", "ita": "it", "por": "pt", "jpn": "ja",
    "zho": "zh", "hin": "hi", "fre": "fr", "ger": "de", "chi": "zh", None: "und",
}  # fmt: skip
"""ISO 639-2 (also the older, bibliographic codes) and what BCP 47 has for it."""
_TITLED_SHARE, _CODED_SHARE, _BARE_SHARE = 0.4, 0.35, 0.25


def titled(chance: Dice) -> Plot:
    """Film two or three shots, each with a label of one line, with a QR code, or with nothing."""
    known = [text for language, text in texts() if _fits(language, text)]
    kind = str(chance.choice(["still", "some"]))
    of, shots, words, printed = palette(chance), [], [], []
    for number, text in enumerate(chance.choice(known, int(chance.integers(2, 4)), replace=False)):
        taken = shot(chance, chance.uniform(1.4, 2.4), _SIZE, of, kind)
        stuck, word = _placed(chance, _label(chance, str(text))), str(text)
        if number and chance.random() < _CODED_SHARE:
            printed.append(Printed(f"{text} {chance.integers(10**6)}", "QR Code"))
            stuck, word = _placed(chance, _coded(printed[-1].value)), ""
        bare = number > 0 and chance.random() < _BARE_SHARE and not printed
        shots.append(replace(taken, stuck=() if bare else (stuck,)))
        words.append("" if bare else word)
        of = another(chance, of)
    reel = Reel(tuple(shots), _SIZE, int(chance.choice((12, 15, 25))), float(chance.choice([0, 3])))
    shown = tuple(
        Shown(text, *span) for text, span in zip(words, reel.spans_s, strict=True) if text
    )
    truths = {"text": shown, "code": tuple(printed)}
    return Plot(reel, {**counted(reel), **moving(kind), **truths})


def subtitled(
    chance: Dice, container: str, seconds: float
) -> tuple[tuple[Subtitles, ...], dict[str, Truth]]:
    """Give a film of *seconds* no subtitles, or a track or two, and what is then true."""
    if CONTAINERS[container].subtitles is None or chance.random() > _TITLED_SHARE:
        return (), {"subtitles": None, "transcript": ()}
    languages = [code for code in _CODES if code is not None]
    chosen: list[str | None] = list(
        chance.choice(languages, int(chance.integers(1, 3)), replace=False)
    )
    if chance.random() < 0.15:
        chosen = [None]
    tracks = tuple(Subtitles(code, tuple(_lines(chance, _CODES[code], seconds))) for code in chosen)
    named = tuple(dict.fromkeys(_CODES[code] for code in chosen))
    shown = tuple(
        Shown(line.text, line.start_s, line.end_s) for track in tracks for line in track.lines
    )
    return tracks, {"subtitles": ", ".join(named), "transcript": shown}


def _lines(chance: Dice, language: str, seconds: float) -> Iterator[Line]:
    """Show a sentence for about a second, then a short pause."""
    known = [
        text for spoken, text in texts() if spoken == (language if language != "und" else "en")
    ]
    at_s = 0.2
    while at_s < seconds - 1.2:
        end_s = at_s + chance.uniform(0.8, 1.1)
        yield Line(round(at_s, 3), round(end_s, 3), known[chance.integers(len(known))])
        at_s = end_s + chance.uniform(0.1, 0.8)


def _fits(language: str, text: str) -> bool:
    """Tell whether *text* is a short sentence that Pillow's own font has all letters of."""
    return language != UNDECIDABLE and text.isascii() and len(text) <= 36


def _label(chance: Dice, text: str) -> Canvas:
    """Print *text* on a plain ground, wide enough to be read by anyone."""
    ground, ink = _PAIRS[chance.integers(len(_PAIRS))]
    font = ImageFont.load_default(size=int(chance.integers(20, 33)))
    left, top, right, bottom = font.getbbox(text)
    margin = 12
    size = (round(right - left) + 2 * margin, round(bottom - top) + 2 * margin)
    label = Image.new("RGB", size, ground)
    ImageDraw.Draw(label).text((margin - left, margin - top), text, ink, font)
    while label.width > _SIZE[0] - 10:
        label = label.resize((round(label.width * 0.95), round(label.height * 0.95)))
    return np.asarray(label)


def _coded(value: str) -> Canvas:
    """Print a QR code with its quiet zone; a module is four pixels wide."""
    code = zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.QRCode)
    drawn = np.asarray(code.to_image(scale=4, add_quiet_zones=True), np.uint8)
    return np.repeat(drawn[..., None], 3, axis=2)


def _placed(chance: Dice, label: Canvas) -> tuple[Canvas, int, int]:
    left = int(chance.integers(0, _SIZE[0] - label.shape[1] + 1))
    return label, left, int(chance.integers(10, _SIZE[1] - label.shape[0] - 10))
