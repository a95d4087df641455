"""Texts in pictures, read by a real worker in its sandbox; order and sieve also by themselves."""

import ast
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import planted
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from daemon.engines.builtin.language import language_of_text
from daemon.engines.builtin.reading import SCRIPTS
from daemon.engines.builtin.reading.order import Piece, lines
from daemon.engines.builtin.reading.page import Page
from daemon.engines.builtin.reading.pages import legible
from daemon.engines.builtin.reading.sieve import line_of, sifted
from daemon.media.sheets import hand_over
from daemon.wire import Described, Failure, ReadText, Setup, Sheets
from daemon.workers import Workers
from metadata.description import Description, Fact, Look, Stamp, TextLine

NOTE = ("BYE BYE", "CREDIT", "CARD", "DEBT")
INK, PAPER, RED = (30, 12, 16), (236, 232, 224), (205, 40, 44)
WORDS = ("write", "down", "what", "comes", "and", "goes", "out", "every", "month", "page")
HANGUL: dict[str, tuple[tuple[float, ...], ...]] = {
    "서": ((3, 0, 0, 9), (3, 0, 6, 9), (9, 0, 9, 10), (6, 4, 9, 4)),
    "울": ((2, 0, 8, 0, 8, 4, 2, 4, 2, 0), (0, 5, 10, 5), (5, 5, 5, 6),
          (2, 6, 8, 6, 8, 8, 2, 8, 2, 10, 8, 10)),
    "역": ((0, 0, 4, 0, 4, 4, 0, 4, 0, 0), (9, 0, 9, 5), (5, 1, 9, 1), (5, 3, 9, 3),
          (1, 7, 9, 7, 9, 10)),
}  # fmt: skip
"""Letters that the networks were not taught, as lines on a grid of ten."""

Read = Callable[..., Described]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def ask(scratch: Path) -> Iterator[Callable[[Sheets], Described | Failure]]:
    """Ask one reader that lives as long as these tests."""
    with Workers(1, Setup(scratch, (), "exiftool"), handlers="daemon.worker.reading") as workers:

        def answered(sheets: Sheets) -> Described | Failure:
            said = Description(look=Look(facts=(Fact("light", "dark", "measured"),)))
            asset = planted.asset_at(Path("a.jpg"))
            workers.submit(ReadText(asset, said, sheets, Stamp("r", "2024")), "it")
            until = time.monotonic() + 120
            while time.monotonic() < until:
                for finished in workers.poll(1.0):
                    assert isinstance(finished.answer, Described | Failure)
                    return finished.answer
            raise AssertionError("no answer")

        yield answered


@pytest.fixture
def read(ask: Callable[[Sheets], Described | Failure], scratch: Path) -> Read:
    def described(*pictures: Image.Image, times_s: tuple[float, ...] = ()) -> Described:
        sheets = tuple(np.asarray(picture.convert("RGB")) for picture in pictures)
        answer = ask(hand_over(sheets, times_s, scratch))
        assert isinstance(answer, Described), answer
        return answer

    return described


def texts(answer: Described) -> list[str]:
    return [line.text for line in answer.description.text]


def unread(answer: Described) -> list[Fact]:
    return [fact for fact in answer.description.look.facts if fact.name == "unread_text"]


def paper(size: tuple[int, int] = (800, 600)) -> Image.Image:
    return Image.new("RGB", size, PAPER)


def written(image: Image.Image, rows: Sequence[str], at: tuple[int, int], size: int) -> Image.Image:
    brush = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        place = (at[0], at[1] + round(number * size * 1.5))
        brush.text(place, row, INK, ImageFont.load_default(size))
    return image


def sticker() -> Image.Image:
    note = Image.new("RGBA", (440, 440), RED)
    brush = ImageDraw.Draw(note)
    for number, words in enumerate(NOTE):
        brush.text((220, 66 + 102 * number), words, INK, ImageFont.load_default(78), "mm")
    return note


def wall(note: Image.Image, size: tuple[int, int] = (1000, 750)) -> Image.Image:
    grain = np.random.default_rng(7).normal(150, 7, (size[1], size[0], 3))
    image = Image.fromarray(grain.clip(0, 255).astype(np.uint8))
    image.paste(note, ((size[0] - note.width) // 2, (size[1] - note.height) // 2), note)
    return image


def turned(degrees: float) -> Image.Image:
    return wall(sticker().rotate(degrees, Image.Resampling.BICUBIC, expand=True))


def leaning() -> Image.Image:
    corners = (-40, 0, 25, 440, 400, 480, 490, -40)
    bilinear = Image.Resampling.BILINEAR
    return wall(sticker().transform((440, 440), Image.Transform.QUAD, corners, bilinear))


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(lambda: turned(0), id="straight"),
        pytest.param(lambda: turned(8), id="8 degrees"),
        pytest.param(leaning, id="perspective"),
        pytest.param(lambda: turned(0).filter(ImageFilter.GaussianBlur(2)), id="blur"),
        pytest.param(lambda: turned(25), id="25 degrees"),
        pytest.param(lambda: turned(90), id="90 degrees"),
        pytest.param(lambda: turned(180), id="upside down"),
    ],
)
def test_the_note_is_read_however_it_hangs(read: Read, picture: Callable[[], Image.Image]) -> None:
    assert texts(read(picture())) == list(NOTE)


def test_what_was_said_before_is_kept_and_the_source_is_named(read: Read) -> None:
    answer = read(written(paper(), ["Do not enter"], (80, 80), 60))
    made = answer.description.provenance["text"]
    assert (made.engine, made.model.split()[0]) == ("builtin", "PP-OCRv6-small")
    assert "rapidocr@" in made.model
    assert [fact.name for fact in answer.description.look.facts] == ["light"]
    assert list(answer.seconds) == ["text"] and answer.sheets is None


def test_a_reader_leaves_nothing_behind(read: Read, scratch: Path) -> None:
    """Neither the sheets nor anything that onnxruntime would report to its maker with."""
    read(paper((64, 64)))
    assert list(scratch.iterdir()) == []


def test_sheets_that_are_not_there_are_a_failure(
    ask: Callable[[Sheets], Described | Failure], tmp_path: Path
) -> None:
    answer = ask(Sheets(tmp_path / "gone", ((4, 4),)))
    assert isinstance(answer, Failure) and "gone" in answer.detail


def gradient() -> Image.Image:
    return Image.linear_gradient("L").resize((800, 600))


def noise() -> Image.Image:
    values = np.random.default_rng(1).integers(0, 255, (150, 200, 3), np.uint8)
    return Image.fromarray(values).resize((800, 600))


def fence() -> Image.Image:
    image = paper()
    brush = ImageDraw.Draw(image)
    for x in range(20, 780, 26):
        brush.rectangle((x, 200, x + 8, 420), (90, 60, 40))
    return image


def bars() -> Image.Image:
    image = paper()
    brush = ImageDraw.Draw(image)
    for number in np.flatnonzero(np.random.default_rng(2).integers(0, 2, 95)):
        brush.rectangle((200 + 4 * int(number), 200, 203 + 4 * int(number), 330), 0)
    return image


def crosses() -> Image.Image:
    image = paper()
    brush = ImageDraw.Draw(image)
    for x in range(100, 700, 70):
        brush.line((x, 250, x + 44, 294), INK, 7)
        brush.line((x + 44, 250, x, 294), INK, 7)
        brush.ellipse((x, 350, x + 44, 394), outline=INK, width=7)
    return image


@pytest.mark.parametrize("picture", [gradient, noise, fence, bars, crosses])
def test_nothing_is_invented_where_nothing_is_written(
    read: Read, picture: Callable[[], Image.Image]
) -> None:
    answer = read(picture())
    assert texts(answer) == [] and unread(answer) == []
    assert "text" not in answer.description.not_run


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (30_000, 20), (20, 30_000), (1600, 1)])
def test_any_shape_can_be_read(read: Read, size: tuple[int, int]) -> None:
    assert texts(read(Image.new("RGB", size, (0, 0, 0)))) == []
    stripes = np.arange(size[0] * size[1], dtype=np.uint32).reshape(size[1], size[0]) % 251
    read(Image.fromarray(stripes.astype(np.uint8)))


def test_no_sheets_at_all_are_no_text(read: Read) -> None:
    assert texts(read()) == []


def test_faint_writing_is_not_taken_for_an_empty_sheet(read: Read) -> None:
    image = Image.new("RGB", (800, 400), (150, 150, 150))
    ImageDraw.Draw(image).text(
        (60, 100), "Faint words", (130, 130, 130), ImageFont.load_default(80)
    )
    assert texts(read(image)) == ["Faint words"]


def test_columns_are_kept_together_under_their_headline(read: Read) -> None:
    left = ["The plan for the", "year is to write", "down what comes"]
    right = ["January is cold", "February is wet", "March is windy"]
    image = written(paper((1000, 500)), ["News of the whole village"], (60, 40), 66)
    written(written(image, left, (60, 180), 44), right, (560, 180), 44)
    assert texts(read(image)) == ["News of the whole village", *left, *right]


def test_a_price_is_read_with_what_it_is_the_price_of(read: Read) -> None:
    image = written(paper((900, 400)), ["Coffee", "Bread and butter"], (60, 80), 50)
    written(image, ["2.50", "3.80"], (700, 80), 50)
    assert texts(read(image)) == ["Coffee 2.50", "Bread and butter 3.80"]


def test_two_hundred_lines_are_read_in_bounded_time(read: Read) -> None:
    image = paper((1600, 1600))
    for column in range(4):
        rows = [f"{WORDS[(n + column) % 10]} {n}" for n in range(50)]
        written(image, rows, (40 + 400 * column, 20), 21)
    answer = read(image)
    assert 195 <= len(texts(answer)) <= 200
    assert answer.seconds["text"] < 100


def test_writing_in_an_unknown_script_is_reported_and_not_spelled(read: Read) -> None:
    image = paper((900, 500))
    brush = ImageDraw.Draw(image)
    for row, s in enumerate((8, 8)):
        for number, strokes in enumerate((*HANGUL.values(), *HANGUL.values())):
            for points in strokes:
                placed = [
                    (90 + 12 * s * number + s * x, 90 + 180 * row + s * y)
                    for x, y in zip(points[::2], points[1::2], strict=True)
                ]
                brush.line(placed, INK, 8, joint="curve")
    answer = read(image)
    assert texts(answer) == []
    assert unread(answer) == [Fact("unread_text", 2, "ocr", unread(answer)[0].score)]


def test_a_line_of_a_video_is_told_once_while_it_stays(read: Read) -> None:
    title = written(paper(), ["The long road"], (80, 100), 60)
    more = written(title.copy(), ["and back again"], (80, 300), 60)
    answer = read(title, more, paper(), title, times_s=(0.5, 4.0, 8.0, 12.0))
    said = [(line.text, line.at_s) for line in answer.description.text]
    assert said == [
        ("The long road", 0.5), ("and back again", 4.0), ("The long road", 12.0),
    ]  # fmt: skip


def test_the_same_sheet_gives_the_same_answer(read: Read) -> None:
    picture = written(wall(sticker()), ["Do not", "disturb"], (30, 30), 40)
    assert read(picture).description == read(picture).description


def piece(text: str, left: float, top: float, width: float, height: float = 40) -> Piece:
    right, bottom = left + width, top + height
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return Piece(corners, text, 0.99, 0.8)


def ordered(*pieces: Piece) -> list[str]:
    return [" ".join(one.text for one in line) for line in lines(pieces)]


def test_words_of_a_line_are_joined_from_left_to_right() -> None:
    words = piece("road", 330, 102, 90), piece("The", 100, 100, 80), piece("long", 205, 98, 100)
    assert ordered(*words) == ["The long road"]
    assert ordered(piece("next", 900, 100, 200), *words) == ["The long road", "next"]


def test_rotated_text_is_ordered_as_it_is_read() -> None:
    rows = [piece(f"row {n}", 100, 100 + 60 * n, 300) for n in range(4)]
    for degrees in (-170, -90, -25, 8, 45, 90, 180):
        angle = np.radians(degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        spun = [Piece((row.corners @ turn).astype(np.float32), row.text, 0.99) for row in rows]
        assert ordered(*reversed(spun)) == ["row 0", "row 1", "row 2", "row 3"], degrees


def test_writing_across_comes_after_the_rest() -> None:
    up = np.array([[20, 600], [20, 300], [60, 300], [60, 600]], np.float32)
    rows = [piece("first row", 100, 100, 300), piece("second row", 100, 160, 320)]
    assert ordered(Piece(up, "margin", 0.99), *rows) == ["first row", "second row", "margin"]


def test_nothing_is_in_order() -> None:
    assert ordered() == []


@pytest.mark.parametrize("text", ["", "-", "ab", "X X X", "1111", "oOo", "|||", ". . ."])
def test_too_little_is_no_line(text: str) -> None:
    assert line_of([piece(text, 0, 0, 200)]) == ""


@pytest.mark.parametrize("text", ["BYE", "A 1 b", "100", "yes?!", "駐車禁", "27 to Carry 4"])
def test_a_short_text_is_a_line(text: str) -> None:
    assert line_of([piece(text, 0, 0, 200)]) == text


def doubtful(text: str, score: float) -> Piece:
    return Piece(piece("", 0, 0, 200).corners, text, score, 0.8)


def test_what_is_not_spelled_surely_is_left_out() -> None:
    assert sifted([doubtful("YAWANA", 0.87)]) == ([], 0)


def test_cyrillic_is_not_spelled_in_latin_letters() -> None:
    hidden, plain = doubtful("BIXO", 0.74), piece("PECTOPAH", 0, 0, 200)
    assert sifted([plain]) == ([plain], 0)
    assert sifted([hidden, plain]) == ([], 2)
    english = piece("Restaurant", 0, 0, 200)
    assert sifted([hidden, plain, english]) == ([english], 2)


def test_greek_and_vietnamese_words_that_lost_letters_are_not_told() -> None:
    assert sifted([piece("EEOΔOΣ", 0, 0, 200)]) == ([], 1)
    assert sifted([piece("Cm hút thuc", 0, 0, 300)]) == ([], 1)
    athens = piece("AOHNA", 0, 0, 200)
    assert sifted([athens, doubtful("Eυχαιστ", 0.65)]) == ([], 2)
    ohm = piece("470 Ω", 0, 0, 200)
    assert sifted([ohm]) == ([ohm], 0)


def test_rows_of_symbols_are_not_taken_for_another_script() -> None:
    assert sifted([doubtful("XOXOXOXO", 0.7), doubtful("avoatavo", 0.56)]) == ([], 0)


def test_one_doubtful_place_on_a_page_that_was_read_is_not_worth_a_word() -> None:
    page = [piece(f"line {n}", 0, 50 * n, 200) for n in range(3)]
    assert sifted([*page, doubtful("fhcT3", 0.6)]) == (page, 0)


def test_a_language_is_named_only_where_it_is_certain() -> None:
    assert language_of_text("Please keep off the grass") == "en"
    assert language_of_text("OUVERT TOUS LES JOURS") == "fr"
    assert language_of_text("Vielen Dank für Ihren Besuch") == "de"
    assert language_of_text("ありがとうございました") == "ja"
    for unsure in (
        "",
        "27",
        "BYE BYE",
        "unicef",
        "Coca-Cola",
        "iPhone 15 Pro Max",
        "SN: 4R7T-99XK",
    ):
        assert language_of_text(unsure) is None


def test_a_short_line_takes_the_language_of_the_page_only_where_it_fits() -> None:
    page = Page(("Please keep off the grass", "and keep the dog on a lead", "Danke"))
    assert legible([page], ()).lines[0] == TextLine("Please keep off the grass", "en")
    assert legible([page], ()).lines[2] == TextLine("Danke", None)


def test_unread_places_of_a_video_are_not_counted_for_every_picture() -> None:
    told = legible([Page((), 2), Page((), 3), Page()], (0.0, 1.0, 2.0))
    assert told.facts == (Fact("unread_text", 3, "ocr"),)
    assert legible([Page()], ()).facts == ()


def test_the_scripts_are_those_that_the_network_was_taught() -> None:
    """In a process of its own: onnxruntime has subnormal numbers taken for zero for good."""
    told = (
        "from daemon.engines.builtin.reading.models import SPELLER, Network\n"
        "print(ascii(''.join(Network(SPELLER).alphabet)))"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    letters = filter(str.isalpha, ast.literal_eval(ran.stdout))
    taught = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    known = {"LATIN": "Latn", "CJK": "Hani", "HIRAGANA": "Hira", "KATAKANA": "Kana"}
    assert {known[name] for name in taught & set(known)} == set(SCRIPTS)
    assert not taught & {"CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "THAI", "HANGUL"}
    assert ran.stderr == ""
