"""Values inside media files, through the real ExifTool: merged, read back, and taken out again."""

from pathlib import Path

import pytest

from metadata.description import Written
from metadata.exiftool import ExifTool
from metadata.fields import KEYWORDS
from tests.insides import SUFFIXES, Case, media
from tests.sidecars import LARGEST, exiftool

__all__ = ["exiftool"]


@pytest.fixture(params=SUFFIXES)
def case(request: pytest.FixtureRequest, exiftool: ExifTool, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, request.param), request.param)


@pytest.fixture
def photo(exiftool: ExifTool, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, "jpeg"))


def test_P8_the_largest_description_stands_in_the_file_alone(case: Case) -> None:
    prepared = case.write(LARGEST)
    assert prepared.record.description == LARGEST
    assert prepared.record.written == (Written("embedded", str(case.path)),)
    assert prepared.notes == () and [c.embedded for c in prepared.changes] == [True]
    assert [each.name for each in case.path.parent.iterdir()] == [case.path.name]


def test_P4_the_same_again_changes_nothing(case: Case) -> None:
    case.write(LARGEST)
    before = case.path.lstat()
    assert case.prepare(LARGEST).changes == ()
    assert case.path.lstat() == before


def test_P2_nothing_of_ours_is_left_after_an_undo(case: Case) -> None:
    before = case.tags()
    case.write(LARGEST)
    case.strip()
    assert case.tags() == before
    assert b"captiond" not in case.path.read_bytes()


def test_all_three_keyword_properties_and_no_copies_for_sidecars(case: Case) -> None:
    case.write()
    found = case.tags()
    assert all(case.words(name) == ["red", "summer"] for name in KEYWORDS)
    assert found["XMP-dc:Description"] == "A red picture."
    assert "XMP-tiff:ImageDescription" not in found
    assert not any(name.startswith("IPTC:") for name in found)
