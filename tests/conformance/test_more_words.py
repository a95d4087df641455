"""Hierarchies of a vocabulary, moods and translations: how each tool shows what is asked for."""

from pathlib import Path

import pytest

from tests.conformance import darktable, digikam, exiv2, stand_ins
from tests.conformance.conftest import Report, needed, reported
from tests.conformance.library import CASES, described, expected
from tests.conformance.shown import Shown, Word
from tests.running import Captiond

NAMES = ("plain.jpg", "lightroom.jpg", "film.mp4")
ASKED = """
vocabulary = "keywords.txt"
mood_keywords = true
translated_tags = true
translations_in_description = true
"""
KEYWORDS = "Landscape\n\tmeadow\n\t\t{lea}\nPlace\n\tGarden\n"
SPANISH = "Traducido text_0"  # as the scripted server translates the caption
CALM: Word = ("AI", "Mood", "mood calm")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    root = tmp_path_factory.mktemp("more")
    (root / "keywords.txt").write_text(KEYWORDS)
    return described(root, ("append",), [case for case in CASES if case.name in NAMES], ASKED)


@pytest.fixture
def folder(library: Captiond) -> Path:
    return library.inbox / "append"


def wanted(name: str) -> Shown:
    """Say what is to be seen: a human's words, ours at their places, and them in Spanish."""
    number = next(number for number, case in enumerate(CASES) if case.name == name)
    plain = expected(number)
    ours = {word[0] for word in plain.words if len(word) == 1}
    words = {("Landscape", word[0]) if word == ("meadow",) else word for word in plain.words}
    spanish = {(f"Traducido {word}",) for word in ours}
    return Shown(frozenset(words | spanish | {CALM}), plain.caption)


ALL = {name: wanted(name) for name in NAMES}
FLAT = {name: shown.flat for name, shown in ALL.items()} | {
    "lightroom.jpg": Shown(
        ALL["lightroom.jpg"].flat.words | {("Place",)}, ALL["lightroom.jpg"].caption
    )
}


def test_darktable_shows_all_words_and_runs_the_captions_together(
    folder: Path, tmp_path: Path, report: Report
) -> None:
    needed("darktable", darktable.NEEDS)
    listed = darktable.Darktable(tmp_path / "darktable").reads(folder)
    reported(f"darktable {darktable.version()}", {"more": listed}, report)
    for name in ("plain.jpg", "lightroom.jpg"):
        assert listed[name].words == ALL[name].words
        assert str(listed[name].caption).startswith(f"{ALL[name].caption}, lang=")
        assert f'lang="es" {SPANISH}' in str(listed[name].caption)


def test_digikam_shows_all_words_and_keeps_the_captions_apart(
    folder: Path, tmp_path: Path, report: Report
) -> None:
    needed("digiKam", digikam.NEEDS)
    tool = digikam.DigiKam(tmp_path / "digikam", {"more": folder})
    assert reported(f"digiKam {digikam.version()}", tool.reads(), report) == {"more": ALL}
    spanish = [text for _, language, _, text in tool.captions() if language == "es"]
    assert spanish == [SPANISH] * len(NAMES)


def test_immich_would_show_all_words_and_one_caption(folder: Path) -> None:
    assert stand_ins.immich(folder) == ALL


def test_photoprism_would_show_all_words_one_by_one_and_one_caption(folder: Path) -> None:
    assert stand_ins.photoprism(folder) == FLAT


def test_exiv2_finds_hierarchies_in_two_lists_and_their_last_steps_in_the_third(
    folder: Path,
) -> None:
    for name in NAMES:
        lists = exiv2.reads(folder / f"{name}.xmp")
        assert lists["Xmp.dc.subject"] == FLAT[name]
        assert lists["Xmp.lr.hierarchicalSubject"] == ALL[name]
        assert lists["Xmp.digiKam.TagsList"] == ALL[name]


def test_what_darktable_adds_above_words_of_ours_is_no_humans(
    library: Captiond, folder: Path, tmp_path: Path
) -> None:
    needed("darktable", darktable.NEEDS)
    sidecar = folder / "plain.jpg.xmp"
    stamp = sidecar.stat().st_mtime_ns
    darktable.Darktable(tmp_path / "darktable").rewrites(
        folder, lambda: sidecar.stat().st_mtime_ns != stamp
    )
    assert {("AI",), ("Mood",), ("Landscape",)} <= exiv2.reads(sidecar)["Xmp.dc.subject"].words
    library("process", str(folder))
    told = library.json("show", str(folder / "plain.jpg"))
    assert "human" not in {tag["source"] for tag in told["tags"]}
