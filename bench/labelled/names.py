"""Screenshots and scanned pages by the names and headers that programs give them, and others."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, PngImagePlugin

from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.views import tone

KIND = "names"
_DATES = tuple(
    (2019 + n % 6, 1 + n * 5 % 12, 1 + n * 7 % 28, n * 3 % 24, n * 11 % 60) for n in range(12)
)
# As GNOME, KDE, macOS, Windows, Android and iOS write them in several languages.
_SHOTS = (
    "Screenshot from {y}-{m}-{d} {h}-{n}-09.png", "Screenshot_{y}{m}{d}_{h}{n}12.png",
    "Screen Shot {y}-{m}-{d} at {h}.{n}.31.png", "Screenshot {y}-{m}-{d} at {h}.{n}.31.png",
    "Screenshot_{y}{m}{d}-{h}{n}45.png", "Screenshot_{y}{m}{d}_{h}{n}45_Chrome.jpg",
    "Screenshot ({d}).png", "Screenshot {y}-{m}-{d} {h}{n}59.png",
    "Bildschirmfoto vom {y}-{m}-{d} {h}-{n}-05.png", "Bildschirmfoto {y}-{m}-{d} um {h}.{n}.05.png",
    "Capture d’écran du {y}-{m}-{d} {h}-{n}-07.png", "Capture d'écran {y}-{m}-{d} {h}{n}07.png",
    "Captura de pantalla de {y}-{m}-{d} {h}-{n}-08.png",
    "Captura de pantalla {y}-{m}-{d} {h}{n}08.png",
    "Schermata del {y}-{m}-{d} {h}-{n}-03.png", "Captura de tela de {y}-{m}-{d} {h}-{n}-02.png",
    "スクリーンショット {y}-{m}-{d} {h}.{n}.04.png", "截屏{y}-{m}-{d} {h}.{n}.06.png",
)  # fmt: skip
_PAGES = (
    "Scan_{y}{m}{d}.jpg", "Scan {d}.jpg", "scan{d}{n}.jpg", "Scan{y}-{m}-{d}_{h}{n}.png",
    "Scanned Document {d}.jpg", "Gescanntes Dokument {d}.jpg", "Document scanné {d}.jpg",
    "Documento escaneado {d}.jpg", "CamScanner {m}-{d}-{y} {h}.{n}.jpg",
    "Adobe Scan {d} {m} {y}.jpg", "Documento scansionato {d}.jpg", "{y}{m}{d} Scan.jpg",
    "スキャンされた書類 {d}.jpg", "Numérisation_{y}{m}{d}.jpg",
)  # fmt: skip
_OTHERS = (
    "IMG_{y}{m}{d}_{h}{n}12.jpg", "DSC0{d}{n}.jpg", "P10{d}{n}.jpg", "sunscreen {d}.jpg",
    "screen door {d}.jpg", "shot at the {d} gate.jpg", "Skandinavien {y} {d}.jpg",
    "Bildschirm im Büro {d}.jpg", "scandal {d}.jpg", "captured lion {d}.jpg",
    "document folder on desk {d}.jpg", "Scanner kaputt {d}.jpg", "my page {d}.jpg",
    "écran solaire {d}.jpg", "pantalla rota {d}.jpg", "schermo {d}.jpg",
)  # fmt: skip
_EACH = 156
_PROGRAMS = ("gnome-screenshot", "Spectacle", "Greenshot")


def names() -> Iterator[Example]:
    """Give screens, pages and pictures that are neither."""
    for sort, patterns, drawn in (
        ("shot", _SHOTS, _screen), ("page", _PAGES, _page), ("other", _OTHERS, _other),
    ):  # fmt: skip
        for number in range(_EACH):
            pattern = patterns[number % len(patterns)]
            yield _example(sort, number, _dated(pattern, number // len(patterns)), drawn)
    for number in range(12):
        yield _example("told", number, f"pic{number}.png", partial(_told, number))


def _example(sort: str, number: int, file: str, drawn: Callable[[str], Image.Image]) -> Example:
    name = f"{KIND}-{sort}-{number:03}"
    truths = {"screenshot:true": sort in ("shot", "told"), "document:true": sort == "page"}
    return Example(name, KIND, partial(_make, name, file, drawn), {**truths, "photo": False})


def _dated(pattern: str, number: int) -> str:
    year, month, day, hour, minute = _DATES[number]
    return pattern.format(y=year, m=f"{month:02}", d=f"{day:02}", h=f"{hour:02}", n=f"{minute:02}")


def _make(name: str, file: str, drawn: Callable[[str], Image.Image], folder: Path) -> Path:
    inner = folder / name
    inner.mkdir(exist_ok=True)
    image = drawn(name)
    told = PngImagePlugin.PngInfo()
    for key, value in image.info.items():
        told.add_text(str(key), str(value))
    if file.endswith(".png"):
        image.save(inner / file, pnginfo=told)
    else:
        image.save(inner / file, quality=85)
    return inner / file


def _screen(name: str) -> Image.Image:
    chance = dice(name)
    image = Image.new("RGB", (320, 200), tone(chance, 0.7, 1))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 320, 18), fill=tone(chance, 0.1, 0.4))
    pen.rectangle((20, 40, 180, 150), fill=(255, 255, 255), outline=(90, 90, 90))
    return image


def _told(number: int, name: str) -> Image.Image:
    image = _screen(name)
    image.info = {"Software": _PROGRAMS[number % len(_PROGRAMS)]}
    return image


def _page(name: str) -> Image.Image:
    """Draw a page of DIN A4 with grey lines instead of words."""
    chance = dice(name)
    image = Image.new("RGB", (620, 877), (250, 249, 246))
    pen = ImageDraw.Draw(image)
    for line in range(80, 780, 26):
        pen.line((60, line, int(chance.integers(300, 560)), line), fill=(70, 70, 70), width=5)
    return image


def _other(name: str) -> Image.Image:
    chance = dice(name)
    image = Image.new("RGB", (320, 240), tone(chance))
    ImageDraw.Draw(image).ellipse((80, 60, 240, 180), fill=tone(chance))
    return image
