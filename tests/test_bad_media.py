"""Every odd picture and film in one hot folder: all are described, and nothing false is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import drawn
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests import sounding
from tests.running import WITHOUT_TEXT, Captiond

DOUBTFUL = ("blurry", "graphic", "speech", "daylight", "place", "country", "season", "screenshot")


def _plain(size: drawn.Size, colour: drawn.Colour) -> Callable[[Path], object]:
    return lambda path: Image.new("RGB", size, colour).save(path)


def _cmyk(path: Path) -> None:
    drawn.picture().convert("CMYK").save(path)


def _deep(path: Path) -> None:
    steps = np.linspace(0, 65535, 320 * 240).reshape(240, 320).astype(np.uint16)
    Image.fromarray(steps).save(path)


def _palette(path: Path) -> None:
    drawn.picture().quantize(16).save(path)


def _dated(date: str) -> Callable[[Path], object]:
    return lambda path: drawn.jpeg(path, taken=date, camera=("Easel", "One"))


def _placed(*at: float) -> Callable[[Path], object]:
    return lambda path: drawn.jpeg(path, gps=(at[0], at[1]), taken="2024-07-03T18:20:11+02:00")


def _lines(path: Path) -> None:
    page = Image.new("L", (1600, 3300), 255)
    brush, pen = ImageDraw.Draw(page), ImageFont.load_default(22)
    for row in range(100):
        for column in (40, 840):
            brush.text((column, 20 + 32 * row), f"line number {row} of column {column}", 0, pen)
    page.save(path, quality=92)


def _broken_sound(path: Path) -> None:
    wave = np.sin(np.arange(48_000 * 4) / 20)[None] * 0.3
    sounding.film(path, wave, 48_000, codec="aac")
    sounding.spoil(path, 3)


MEDIA: dict[str, Callable[[Path], object]] = {
    "one.png": _plain((1, 1), (9, 9, 9)),
    "black.jpg": _plain((640, 480), (0, 0, 0)),
    "white.png": _plain((640, 480), (255, 255, 255)),
    "cmyk.jpg": _cmyk,
    "deep.png": _deep,
    "palette.gif": _palette,
    "animated.webp": lambda path: drawn.webp(path, frames=5),
    "turned.jpg": lambda path: drawn.jpeg(path, orientation=6),
    "wide.png": _plain((5000, 1), (200, 30, 30)),
    "tall.jpg": _plain((3, 9000), (30, 60, 200)),
    "hdr.avif": lambda path: drawn.avif(path),
    "never.jpg": _dated("0000:00:00 00:00:00"),
    "far.jpg": _dated("2099:01:01 00:00:00"),
    "nowhere.jpg": _placed(0.0, 0.0),
    "mute.mp4": lambda path: drawn.clip(path, seconds=2),
    "broken-sound.mp4": _broken_sound,
    "lines.jpg": _lines,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    captiond = Captiond(tmp_path_factory.mktemp("bad"), tasks=("text", *WITHOUT_TEXT))
    for name, draw in MEDIA.items():
        draw(captiond.inbox / name)
    captiond("run", "--once", timeout=300)
    return {name: captiond.json("show", captiond.inbox / name) for name in MEDIA}


def claims(file: dict[str, Any]) -> dict[str, Any]:
    return {fact["name"]: fact["value"] for fact in file["look"]["facts"]}


@pytest.mark.parametrize("name", MEDIA)
def test_it_is_described(told: dict[str, dict[str, Any]], name: str) -> None:
    file = told[name]
    assert file["state"] == "done", file["error"]
    assert set(file["caption"]) == {"en", "es", "de"}
    assert all(file["caption"].values())
    assert all(len(alt) <= 250 for alt in file["alt"].values())


@pytest.mark.parametrize("name", [n for n in MEDIA if n != "lines.jpg"])
def test_nothing_is_read_where_nothing_is_written(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    assert told[name]["text"] == []
    assert told[name]["codes"] == []
    assert "text" not in told[name]["not_run"]
    assert "unread_text" not in claims(told[name])


@pytest.mark.parametrize("name", [n for n in MEDIA if "sound" not in n])
def test_nothing_doubtful_is_claimed(told: dict[str, dict[str, Any]], name: str) -> None:
    made = {key: value for key, value in claims(told[name]).items() if key in DOUBTFUL}
    assert not any(made.get(key) for key in DOUBTFUL if key != "graphic"), made
    assert told[name]["place"] is None
    assert told[name]["sentiment"]["label"] is None


def test_dates_that_never_were_are_not_told(told: dict[str, dict[str, Any]]) -> None:
    assert told["never.jpg"]["taken_at"] is None
    assert "2099" not in told["far.jpg"]["caption"]["en"]


def test_a_film_without_sound_has_none(told: dict[str, dict[str, Any]]) -> None:
    assert told["mute.mp4"]["video"]["sound"] is False
    assert "speech" not in claims(told["mute.mp4"])


def test_most_of_two_hundred_small_lines_are_read_one_column_after_the_other(
    told: dict[str, dict[str, Any]],
) -> None:
    lines = [line["text"] for line in told["lines.jpg"]["text"]]
    columns = [line.rpartition(" ")[2] for line in lines]
    assert len(lines) >= 170
    assert columns == sorted(columns)
    assert "lines of text" in told["lines.jpg"]["caption"]["en"]
