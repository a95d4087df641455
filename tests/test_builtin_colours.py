"""Colour names: agreement with people's words, in noise, in JPEG, as main colour and as accent."""

import io

import numpy as np
import pytest
from PIL import Image

from daemon.engines.builtin.colours import TERMS, ColourNames, _survey, _terms_of, prominence
from daemon.engines.builtin.oklab import chroma, oklab
from daemon.engines.builtin.sample import pixels
from daemon.media.frames import Frames, Picture
from metadata.description import Colour
from tests.paintings import Rgb, greyed, house, noisy, paint, plain, ramp

# Colours that people agree on; none is a row of the table by design, some are by chance.
KNOWN = {
    "000000": "black", "0a0f1e": "black", "1c1c1e": "black",
    "ffffff": "white", "faf6ee": "white", "f4f5f7": "white",
    "808080": "grey", "c0c0c0": "grey", "4a4a4c": "grey", "8f8a84": "grey", "708090": "grey",
    "ff0000": "red", "c8202a": "red", "8b0000": "red", "b22222": "red", "dc143c": "red",
    "ff8c00": "orange", "ffa500": "orange", "f08030": "orange",
    "ffff00": "yellow", "ffd700": "yellow", "f0e68c": "yellow", "d8a820": "yellow",
    "008000": "green", "00ff00": "green", "4a7a2a": "green", "8fbc8f": "green", "556b2f": "green",
    "0000ff": "blue", "87ceeb": "blue", "000080": "blue", "4682b4": "blue", "101a3a": "blue",
    "800080": "purple", "663399": "purple", "9370db": "purple", "8a2be2": "purple",
    "ffc0cb": "pink", "ff69b4": "pink", "ff1493": "pink",
    "8b4513": "brown", "a0522d": "brown", "8a5a30": "brown", "3b2412": "brown",
    "008080": "teal", "40e0d0": "teal", "20b2aa": "teal",
    "d2b48c": "beige", "f5f5dc": "beige", "c2b280": "beige",
}  # fmt: skip


@pytest.fixture(scope="module")
def names() -> ColourNames:
    return ColourNames()


def rgb(code: str) -> Rgb:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def palette(names: ColourNames, picture: Picture) -> tuple[Colour, ...]:
    row = pixels(Frames((picture,)))
    return names.palette(row, oklab(row))


def jpeg(picture: Picture, quality: int) -> Picture:
    stored = io.BytesIO()
    Image.fromarray(picture).save(stored, "JPEG", quality=quality)
    return np.asarray(Image.open(stored))


@pytest.mark.parametrize(("code", "name"), KNOWN.items())
def test_a_patch_has_the_name_that_people_give_it(names: ColourNames, code: str, name: str) -> None:
    assert [c.name for c in palette(names, plain(rgb(code)))] == [name]


@pytest.mark.parametrize(("sigma", "quality"), [(4, 75), (8, 50), (16, 75)])
def test_grain_and_jpeg_hardly_change_a_name(
    names: ColourNames, sigma: float, quality: int
) -> None:
    patches = {code: jpeg(noisy(plain(rgb(code), 192, 192), sigma), quality) for code in KNOWN}
    right = [palette(names, patches[code])[0].name == name for code, name in KNOWN.items()]
    assert sum(right) >= 0.98 * len(KNOWN)


def test_names_agree_with_survey_answers_that_were_left_out() -> None:
    points, terms = _survey()
    others = ~np.eye(len(points), dtype=bool)
    right = [
        _terms_of(points[i : i + 1], points[others[i]], terms[others[i]])[0] == terms[i]
        for i in range(0, len(points), 3)
    ]
    assert np.mean(right) >= 0.88


@pytest.mark.parametrize("colour", [(200, 30, 40), (30, 60, 200), (240, 200, 20)])
@pytest.mark.parametrize("side", [40, 60, 110])
def test_a_note_before_a_house_is_named_however_small(
    names: ColourNames, colour: Rgb, side: int
) -> None:
    name = palette(names, plain(colour))[0].name
    found = palette(names, noisy(house(colour, side), 5))
    assert name in [c.name for c in found]


def test_without_the_note_nothing_is_red(names: ColourNames) -> None:
    assert "red" not in [c.name for c in palette(names, noisy(house(), 5))]


def test_main_colours_come_by_share_then_accents(names: ColourNames) -> None:
    picture = paint(plain((60, 110, 60), 200, 200), (150, 150, 150), 0, 0, 200, 60)
    paint(picture, (255, 220, 0), 20, 100, 36, 36)
    paint(picture, (220, 0, 0), 100, 100, 30, 30)
    found = palette(names, picture)
    assert [c.name for c in found] == ["green", "grey", "yellow", "red"]
    assert [c.share for c in found] == [pytest.approx(v, abs=0.02) for v in (0.65, 0.3, 0.03, 0.02)]


def test_a_speck_is_no_accent(names: ColourNames) -> None:
    speck = paint(plain((128, 128, 128)), (220, 0, 0), 10, 10, 20, 20)
    assert [c.name for c in palette(names, speck)] == ["grey"]


def test_the_hex_is_the_mean_of_what_has_the_name(names: ColourNames) -> None:
    assert palette(names, plain((200, 30, 40)))[0] == Colour("red", 1.0, "#c81e28")


def test_a_sunset_is_warm_words(names: ColourNames) -> None:
    found = {c.name for c in palette(names, ramp((90, 50, 110), (250, 150, 50)))}
    assert found <= {"purple", "pink", "red", "orange", "brown"}
    assert {"purple", "orange"} <= found


def test_greys_have_no_other_name(names: ColourNames) -> None:
    every = greyed(ramp((0, 0, 0), (255, 255, 255), 8, 256))
    assert {TERMS[i] for i in np.unique(names.indices(every))} == {"black", "grey", "white"}


def test_vivid_strikes_more_than_dull_of_the_same_size() -> None:
    assert prominence(Colour("red", 0.1, "#d02020")) > prominence(Colour("beige", 0.1, "#d0c0a0"))
    assert prominence(Colour("grey", 0.5, "#808080")) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ffffff", (1.0, 0.0, 0.0)),
        ("ff0000", (0.628, 0.225, 0.126)),
        ("00ff00", (0.866, -0.234, 0.179)),
        ("0000ff", (0.452, -0.032, -0.312)),
    ],
)
def test_oklab_agrees_with_its_published_values(
    code: str, expected: tuple[float, float, float]
) -> None:
    lab = oklab(np.array(rgb(code), np.uint8))
    assert lab == pytest.approx(np.array(expected), abs=2e-3)
    assert chroma(lab) == pytest.approx(np.hypot(*expected[1:]), abs=2e-3)
