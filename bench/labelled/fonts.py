"""The fonts of this machine: Pillow's own always, others where they are installed."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
LATIN = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSerif-Italic.ttf",
    "DejaVuSansMono.ttf", "LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf", "LiberationSansNarrow-Bold.ttf", "LiberationSans-Italic.ttf",
    "NotoSans-Regular.ttf", "NotoSerif-Regular.ttf", "NotoSans-Bold.ttf",
)  # fmt: skip
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=1)
def installed() -> dict[str, Path]:
    """Find the font files by name."""
    found = (path for folder in _FOLDERS if folder.is_dir() for path in folder.rglob("*.[to]t[fc]"))
    return {path.name: path for path in sorted(found)}


def latin(number: int, size: int, plain: bool) -> Font:
    """Give the *number*-th font for Latin letters, counted round.

    Pillow's own, which is always there, has only the letters of English: it is the first where
    the text is *plain*, else the last resort.
    """
    names: list[str | None] = [name for name in LATIN if name in installed()]
    names = [None, *names] if plain or not names else names
    name = names[number % len(names)]
    return ImageFont.load_default(size) if name is None else named(name, size)


def named(name: str, size: int) -> Font:
    """Open an installed font."""
    return ImageFont.truetype(installed()[name], size)
