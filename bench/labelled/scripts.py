"""Signs and pages in letters that a reader of Latin and East Asian ones cannot read.

Each script is drawn only where a font for it is installed; ``missing`` names the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from bench.labelled.dice import dice
from bench.labelled.example import Example
from bench.labelled.fonts import installed, latin, named
from bench.labelled.phrases import ENGLISH
from bench.labelled.saved import anyhow
from bench.labelled.views import camera_like, things

KIND = "scripts"
COUNT = 168
SIZE = (900, 640)


@dataclass(frozen=True, slots=True)
class Script:
    """A way of writing: its name, the fonts that have it, and short texts."""

    name: str
    fonts: tuple[str, ...]
    texts: tuple[str, ...]


SCRIPTS = (
    Script("Cyrillic", ("DejaVuSans.ttf", "DejaVuSerif.ttf", "NotoSans-Regular.ttf"), (
        "Добро пожаловать", "Свежий хлеб каждый день", "Выход направо", "Билеты продаются здесь")),
    Script("Greek", ("DejaVuSans.ttf", "DejaVuSerif.ttf", "NotoSans-Regular.ttf"), (
        "Καλώς ήρθατε στο νησί", "Φρέσκο ψωμί κάθε μέρα", "Έξοδος κινδύνου", "Ανοιχτό έως αργά")),
    Script("Devanagari", ("NotoSansDevanagari-Regular.ttf", "NotoSerifDevanagari-Regular.ttf"), (
        "आपका स्वागत है", "ताज़ी रोटी और चाय", "यहाँ गाड़ी न रखें", "दुकान आज बंद है")),
    Script("Arabic", ("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf"), (
        "أهلا وسهلا بكم", "خبز طازج كل يوم", "المدخل من هنا", "ممنوع الوقوف")),
    Script("Hebrew", ("NotoSansHebrew-Regular.ttf", "NotoSerifHebrew-Regular.ttf"), (
        "ברוכים הבאים", "לחם טרי כל בוקר", "היציאה משמאל", "החנות סגורה היום")),
    Script("Thai", ("NotoSansThai-Regular.ttf", "NotoSerifThai-Regular.ttf"), (
        "ยินดีต้อนรับ", "ขนมปังสดทุกวัน", "ทางออกอยู่ด้านซ้าย", "ร้านปิดวันนี้")),
    Script("Bengali", ("NotoSansBengali-Regular.ttf", "NotoSerifBengali-Regular.ttf"), (
        "আপনাকে স্বাগতম", "প্রতিদিন তাজা রুটি", "দোকান আজ বন্ধ", "এখানে গাড়ি রাখবেন না")),
    Script("Tamil", ("NotoSansTamil-Regular.ttf", "NotoSerifTamil-Regular.ttf"), (
        "நல்வரவு", "தினமும் புதிய ரொட்டி", "கடை இன்று மூடப்பட்டுள்ளது", "வெளியே செல்லும் வழி")),
    Script("Georgian", ("NotoSansGeorgian-Regular.ttf", "DejaVuSans.ttf"), (
        "კეთილი იყოს თქვენი", "ახალი პური ყოველდღე", "გასასვლელი მარჯვნივ", "დღეს დაკეტილია")),
    Script("Armenian", ("NotoSansArmenian-Regular.ttf", "DejaVuSans.ttf"), (
        "Բարի գալուստ", "Թարմ հաց ամեն օր", "Ելքը ձախ կողմում", "Այսօր փակ է")),
)  # fmt: skip


def scripts() -> Iterator[Example]:
    """Write one to three lines in each script in turn, every other time beside English."""
    known = [script for script in SCRIPTS if _fonts(script)]
    for number in range(COUNT if known else 0):
        script = known[number % len(known)]
        name = f"{KIND}-{script.name}-{number:03}"
        lines, beside = _lines(name, script, number % 2 == 1)
        told = (*lines, beside) if beside else lines
        truths = {"unread_text": True, "text": told}
        yield Example(name, KIND, partial(_make, name, script, lines, beside), truths)


def missing() -> tuple[str, ...]:
    """Name the scripts for which there is no font here."""
    return tuple(script.name for script in SCRIPTS if not _fonts(script))


def _fonts(script: Script) -> list[str]:
    return [font for font in script.fonts if font in installed()]


def _lines(name: str, script: Script, mixed: bool) -> tuple[tuple[str, ...], str]:
    chance = dice(f"{name}-words")
    count = int(chance.integers(1, 4))
    lines = tuple(str(line) for line in chance.choice(script.texts, count, replace=False))
    return lines, str(chance.choice(ENGLISH)) if mixed else ""


def _make(name: str, script: Script, lines: tuple[str, ...], beside: str, folder: Path) -> Path:
    chance = dice(name)
    height = int(chance.integers(40, 64))
    fonts = _fonts(script)
    font = named(fonts[int(chance.integers(len(fonts)))], height)
    image = things(chance, SIZE, 30).filter(ImageFilter.GaussianBlur(4))
    plate = Image.new("RGB", (840, 560), (248, 246, 238))
    pen = ImageDraw.Draw(plate)
    for row, line in enumerate(lines):
        pen.text((30, 30 + row * height * 2), line, font=font, fill=(25, 25, 40))
    if beside:
        small = latin(1, 36, True)
        pen.text((30, 40 + len(lines) * height * 2), beside, font=small, fill=(25, 25, 40))
    image.paste(plate, (30, 40))
    return anyhow(camera_like(image, chance, chance.choice([0.5, 2])), folder, name, chance)
