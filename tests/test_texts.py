"""Words in pictures, from the picture to the search, as a user meets them; with and without OCR."""

import json
import subprocess
from pathlib import Path

import drawn
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.running import WITHOUT_TEXT, Captiond

LANGUAGES = ("es", "fr", "hi", "de", "it", "pt", "ja", "zh")
WITH_TEXT = ("text", *WITHOUT_TEXT)
WORDS = ("BYE BYE", "CREDIT", "CARD", "DEBT")
SENTENCE = " ".join(WORDS)


def note(path: Path) -> None:
    image = Image.new("RGB", (1000, 800), (226, 222, 214))
    paper = Image.new("RGB", (600, 600), (214, 40, 44))
    brush = ImageDraw.Draw(paper)
    for row, words in enumerate(WORDS):
        brush.text((300, 110 + 125 * row), words, (30, 8, 12), ImageFont.load_default(105), "mm")
    image.paste(paper, (200, 100))
    image.save(path, quality=88)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    captiond = Captiond(tmp_path_factory.mktemp("texts"), tasks=WITH_TEXT, languages=LANGUAGES)
    note(captiond.inbox / "note.jpg")
    drawn.jpeg(captiond.inbox / "plain.jpg")
    captiond("process", captiond.inbox)
    return captiond


def test_the_words_of_a_note_are_quoted_verbatim_in_nine_languages(read: Captiond) -> None:
    file = read.json("show", read.inbox / "note.jpg")
    assert " ".join(line["text"] for line in file["text"]) == SENTENCE
    assert set(file["caption"]) == {"en", *LANGUAGES}
    assert [language for language, said in file["caption"].items() if SENTENCE not in said] == []
    assert "text" in [tag["name"] for tag in file["tags"]]
    assert "text" not in file["not_run"]
    assert file["provenance"]["text"]["engine"] == "builtin"
    assert file["stats"]["seconds"]["text"] > 0


@pytest.mark.parametrize("words", [["bye"], ["credit"], ["card"], ["debt"], ["card", "debt"]])
def test_each_word_is_found(read: Captiond, words: list[str]) -> None:
    assert [Path(f["path"]).name for f in read.lines("search", *words)] == ["note.jpg"]


def test_a_picture_without_text_says_nothing_of_text_but_was_looked_at(read: Captiond) -> None:
    file = read.json("show", read.inbox / "plain.jpg")
    assert file["text"] == []
    assert "text" not in file["not_run"]
    assert "text" not in [tag["name"] for tag in file["tags"]]


def test_the_words_stand_in_the_sidecar_and_come_back_from_it(read: Captiond) -> None:
    sidecar = Path(f"{read.inbox / 'note.jpg'}.xmp")
    told = subprocess.run(
        ["exiftool", "-config", "", "-j", "-b", "-XMP-dc:Description", str(sidecar)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert SENTENCE in json.loads(told.stdout)[0]["Description"]
    assert "captiond:OCRText" in sidecar.read_text(encoding="utf-8")
    before = read.json("show", read.inbox / "note.jpg")
    read("reindex")
    after = read.json("show", read.inbox / "note.jpg")
    apart = ("written", "stats")
    assert {k: v for k, v in after.items() if k not in apart} == {
        k: v for k, v in before.items() if k not in apart
    }


def test_no_picture_is_left_on_its_way_to_a_reader(read: Captiond) -> None:
    assert list((read.root / "state" / "scratch").glob("sheets-*")) == []


def test_the_same_words_are_read_again(read: Captiond) -> None:
    before = read.json("show", read.inbox / "note.jpg")
    read("redo", read.inbox / "note.jpg")
    after = read.json("show", read.inbox / "note.jpg")
    same = ("text", "caption", "alt", "tags", "look", "codes", "sentiment")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


# Without the extra


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    """Give a captiond in whose Python RapidOCR cannot be found."""
    root = tmp_path_factory.mktemp("unread")
    (root / "sitecustomize.py").write_text("import sys; sys.modules['rapidocr'] = None\n")
    captiond = Captiond(root, tasks=WITH_TEXT, path=(root,))
    note(captiond.inbox / "note.jpg")
    return captiond


def test_without_the_extra_everything_else_is_done_and_the_lack_is_said(unread: Captiond) -> None:
    done = unread("run", "--once")
    remedy = "the ocr extra is not installed (rapidocr); pip install 'captiond[ocr]'"
    assert f"texts in pictures are not looked for: {remedy}" in done.stderr
    file = unread.json("show", unread.inbox / "note.jpg")
    assert file["state"] == "done"
    assert file["caption"]["en"]
    assert file["text"] == []
    assert "text" in file["not_run"]
    shown = unread("show", unread.inbox / "note.jpg").stdout
    assert f"texts in the picture were not looked for: {remedy}" in shown
    told = unread("process", unread.inbox).stderr
    assert f"texts in pictures were not looked for: {remedy}" in told
    checks = {check["name"]: check for check in unread.json("doctor")["checks"]}
    assert checks["texts"]["ok"] is None
    assert checks["texts"]["do"] == "pip install 'captiond[ocr]'"


def test_once_the_extra_is_there_stale_files_are_read(unread: Captiond) -> None:
    unread("process", unread.inbox)
    installed = Captiond(unread.root, tasks=WITH_TEXT)
    assert "captiond redo" in installed("show", installed.inbox / "note.jpg").stdout
    installed("redo", "--stale")
    assert [Path(f["path"]).name for f in installed.lines("search", "debt")] == ["note.jpg"]
