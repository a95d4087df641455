"""Which codes are read in pictures, how their contents are spelled, and what is no code."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
from zxingcpp import BarcodeFormat

from daemon.engines.builtin import Builtin
from daemon.engines.builtin.codes import MOST, codes
from daemon.media.frames import Frames, Picture
from daemon.stages import Look
from metadata.asset import MediaKind
from metadata.description import Code, Stamp
from tests.paintings import noisy, plain, ramp, work

QR = Code("https://example.org/a?b=1", "QR Code")
EACH = [
    (BarcodeFormat.QRCode, QR),
    (BarcodeFormat.QRCode, Code("Grüße aus 東京", "QR Code")),
    (BarcodeFormat.MicroQRCode, Code("12345", "Micro QR Code")),
    (BarcodeFormat.DataMatrix, Code("parcel 17", "Data Matrix")),
    (BarcodeFormat.Aztec, Code("ticket 17", "Aztec")),
    (BarcodeFormat.PDF417, Code("boarding pass 17", "PDF417")),
    (BarcodeFormat.EAN13, Code("4006381333931", "EAN-13")),
    (BarcodeFormat.EAN8, Code("96385074", "EAN-8")),
    (BarcodeFormat.UPCA, Code("036000291452", "UPC-A")),
    (BarcodeFormat.Code128, Code("CAPTION-128", "Code 128")),
]


def symbol(content: str | bytes, format: BarcodeFormat, scale: int = 4) -> Image.Image:
    barcode = zxingcpp.create_barcode(content, format)
    picture = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=scale)))
    return ImageOps.expand(picture, 40, 255)


def table(*symbols: Image.Image, width: int = 1600, height: int = 1200) -> Picture:
    """Lay pictures of codes on a wooden table, one below the other."""
    ground = Image.fromarray(noisy(ramp((120, 90, 60), (160, 120, 85), width, height), 6))
    top = 60
    for one in symbols:
        ground.paste(one.convert("RGB"), (100, top))
        top += one.height + 60
    return np.asarray(ground)


def read(*pictures: Picture) -> tuple[Code, ...]:
    return codes(Frames((), sheets=pictures))


@pytest.mark.parametrize(("format", "code"), EACH)
def test_each_kind_of_code_is_read(format: BarcodeFormat, code: Code) -> None:
    assert read(table(symbol(code.value, format))) == (code,)
    assert read(table(symbol(code.value, format, 2), width=800, height=600)) == (code,)


@pytest.mark.parametrize(("format", "code"), [EACH[0], EACH[3], EACH[4], EACH[6], EACH[9]])
@pytest.mark.parametrize("degrees", [7, 90, 180, 270])
def test_turned_codes_are_read(format: BarcodeFormat, code: Code, degrees: int) -> None:
    turned = symbol(code.value, format).rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    assert read(table(turned)) == (code,)


@pytest.mark.parametrize(("format", "code"), [EACH[0], EACH[3], EACH[4]])
def test_light_modules_on_dark_are_read(format: BarcodeFormat, code: Code) -> None:
    assert read(table(ImageOps.invert(symbol(code.value, format)))) == (code,)


@pytest.mark.parametrize(("format", "code"), [EACH[0], EACH[6]])
def test_soft_dark_and_grainy_codes_are_read(format: BarcodeFormat, code: Code) -> None:
    sharp = table(symbol(code.value, format))
    soft = np.asarray(Image.fromarray(sharp).filter(ImageFilter.GaussianBlur(1.2)))
    for picture in (soft, (sharp * 0.35).astype(np.uint8), noisy(sharp, 14)):
        assert read(picture) == (code,)


def test_several_codes_are_listed_from_top_to_bottom_and_each_once() -> None:
    parts = [symbol("one", BarcodeFormat.QRCode), symbol("two", BarcodeFormat.DataMatrix)]
    one, two = Code("one", "QR Code"), Code("two", "Data Matrix")
    assert read(table(*parts)) == (one, two)
    assert read(table(*parts), table(*reversed(parts)), table(parts[0], parts[0])) == (one, two)


def test_a_wall_of_codes_is_cut_short() -> None:
    wall = Image.new("RGB", (1600, 1200), "white")
    for number in range(MOST + 10):
        one = symbol(f"number {number}", BarcodeFormat.QRCode, 2)
        wall.paste(one, (one.width * (number % 8), one.height * (number // 8)))
    found = read(np.asarray(wall))
    assert len(found) == MOST
    assert found == read(np.asarray(wall))


def test_sheets_are_read_rather_than_small_pictures() -> None:
    sheet = table(symbol(QR.value, BarcodeFormat.QRCode))
    assert codes(Frames((plain((9, 9, 9)),), sheets=(sheet,))) == (QR,)
    assert codes(Frames((sheet,), sheets=(plain((9, 9, 9)),))) == ()


def test_the_engine_tells_codes_of_stills_and_of_films() -> None:
    sheet, blank = table(symbol(QR.value, BarcodeFormat.QRCode)), plain((9, 9, 9))
    film = Frames((blank,), (0.0,), sheets=(blank, sheet))
    batch = [
        work(seen=Frames((sheet,), sheets=(sheet,))),
        work(seen=film, kind=MediaKind.VIDEO, duration_s=4.0),
        work(seen=Frames((blank,), sheets=(blank,))),
    ]
    assert [seen.codes for seen in Builtin().look(batch)] == [(QR,), (QR,), ()]


def test_without_a_sheet_codes_are_not_looked_for_and_nobody_says_so() -> None:
    item = work(table(symbol(QR.value, BarcodeFormat.QRCode)))
    assert [seen.codes for seen in Builtin().look([item])] == [None]
    (said,) = Look(Builtin())([item], Stamp("run", "2026-01-01T00:00:00Z"))
    assert said.codes == () and set(said.provenance) == {"look"}


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"\xde\xad\xbe\xef\x00\x80", "deadbeef0080"),
        ("BEGIN:VCARD\r\nN:Doe\r\nEND:VCARD", "BEGIN:VCARD␍␊N:Doe␍␊END:VCARD"),
        ("gnp.\u202eexe\u200b", "gnp.\\u202eexe\\u200b"),
        (b"\x1d01", "␝01"),
    ],
)
def test_contents_are_spelled_so_that_they_can_be_printed(content: str | bytes, value: str) -> None:
    (code,) = read(table(symbol(content, BarcodeFormat.QRCode)))
    assert code.value == value
    assert code.value.isprintable()


def test_a_wrong_check_digit_is_no_code() -> None:
    good = np.asarray(symbol("4006381333931", BarcodeFormat.EAN13)).copy()
    quiet = 40 + 4 * 9  # the margin, and the quiet zone of nine modules
    start = int(np.flatnonzero(good[100] == 0)[0])
    assert start >= quiet
    last = start + 4 * 85  # the last digit has seven modules before the guard of three
    good[:, last : last + 28] = good[:, last - 28 : last]
    assert read(table(Image.fromarray(good))) == ()


def test_a_torn_code_is_no_code() -> None:
    torn = symbol(QR.value, BarcodeFormat.QRCode)
    ImageDraw.Draw(torn).rectangle((90, 90, 140, 190), fill=255)
    assert read(table(torn)) == ()


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (1, 1600), (1600, 1), (7, 7), (8, 8), (16, 1200), (1600, 9)]
)
def test_pictures_of_any_shape_are_looked_through(width: int, height: int) -> None:
    for colour in ((0, 0, 0), (255, 255, 255)):
        assert read(plain(colour, width, height)) == ()
    assert read(noisy(plain((128, 128, 128), width, height), 60)) == ()


def test_without_pictures_there_are_no_codes() -> None:
    assert read() == ()


def fence(seed: int) -> Picture:
    """Draw dark bars of chance widths on a light wall."""
    dice = np.random.default_rng(seed)
    row = np.full(1600, int(dice.integers(180, 255)), np.uint8)
    edges = np.cumsum(dice.integers(2, 16, 180)) + 100
    for number, (left, right) in enumerate(pairwise(edges)):
        row[left:right] = row[0] if number % 2 else int(dice.integers(0, 90))
    picture = np.full((1200, 1600), row[0], np.uint8)
    picture[200:1000] = row
    return np.repeat(picture[..., None], 3, axis=2)


def blocks(seed: int) -> Picture:
    """Draw squares that are black or white by chance, as those of a code."""
    dice = np.random.default_rng(seed)
    unit = int(dice.integers(3, 20))
    few = dice.integers(0, 2, (1200 // unit, 1600 // unit)).astype(np.uint8) * 255
    return np.repeat(np.kron(few, np.ones((unit, unit), np.uint8))[..., None], 3, axis=2)


def page(seed: int) -> Picture:
    """Write words of strokes only."""
    dice = np.random.default_rng(seed)
    sheet = Image.new("RGB", (1600, 1200), "white")
    font = ImageFont.load_default(int(dice.integers(9, 60)))
    words = ["Illi", "will", "||||", "|l|I|l", "1111", "hill", "10101", "minimum"]
    for top in range(20, 1180, 60):
        line = " ".join(dice.choice(words, 30))
        ImageDraw.Draw(sheet).text((20, top), line, fill="black", font=font)
    return np.asarray(sheet)


@pytest.mark.parametrize("draw", [fence, blocks, page])
def test_stripes_blocks_and_letters_are_no_codes(draw: Callable[[int], Picture]) -> None:
    assert [read(draw(seed)) for seed in range(6)] == [()] * 6
