"""Inside media files as beside them: what a human wrote stays, and what one took out stays away."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.change import Rules
from metadata.description import Tag
from metadata.exiftool import ExifTool
from metadata.fields import KEYWORDS
from tests.foreign_xmp import DARKTABLE, LIGHTROOM
from tests.insides import Case, Stranger, media, stranger
from tests.sidecars import LARGEST, SMALL, exiftool, foreign, named

__all__ = ["exiftool", "stranger"]
NEW = replace(SMALL, caption={"en": "Newer."}, tags=(Tag("red", "other"), Tag("winter", "other")))


@pytest.fixture
def photo(exiftool: ExifTool, stranger: Stranger, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, "jpeg"), stranger=stranger)


def carrying(photo: Case, document: str) -> None:
    """Put an XMP packet into the file as it is."""
    source = photo.path.with_suffix(".txt")
    source.write_text(document.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n'))
    photo.edit(f"-XMP<={source}")
    source.unlink()


@pytest.mark.parametrize(
    "document", [LIGHTROOM, DARKTABLE, foreign("Oma", "2024", "TRUE").decode()],
    ids=["lightroom", "darktable", "odd"],
)  # fmt: skip
def test_D5_everything_of_other_programs_stays(photo: Case, document: str) -> None:
    carrying(photo, document)
    before = {name: value for name, value in photo.tags().items() if value}
    photo.write()
    after = photo.tags()
    kept = {name: value for name, value in before.items() if name not in KEYWORDS}
    assert len(before) > 4
    assert {n: v for n, v in kept.items() if after.get(n) != v} == {
        n: v for n, v in kept.items() if n == "XMP-x:XMPToolkit" and after.get(n) != v
    }
    assert photo.prepare().changes == ()
    photo.write(NEW)
    photo.strip()
    left = {name: value for name, value in photo.tags().items() if value}
    assert {**left, "XMP-x:XMPToolkit": ""} == {**before, "XMP-x:XMPToolkit": ""}


def test_D1_words_and_caption_of_a_humans(photo: Case) -> None:
    photo.edit(
        "-XMP-dc:Subject=Oma", "-XMP-lr:HierarchicalSubject=Ort|Ulm", "-XMP-dc:Description=Ja"
    )
    record = photo.write().record
    assert photo.words() == ["Oma", "Ulm", "red", "summer"]
    assert photo.words("XMP-digiKam:TagsList") == ["Ort/Ulm", "Oma", "red", "summer"]
    assert photo.tags()["XMP-dc:Description"] == "Ja"
    assert named(record) == ["Oma", "Ulm"]
    photo.strip()
    assert photo.words() == ["Oma"] and photo.words("XMP-digiKam:TagsList") == []


def test_P3_a_word_that_a_human_took_out_stays_away(photo: Case) -> None:
    photo.write()
    photo.edit("-XMP-dc:Subject-=red", "-XMP-dc:Subject+=Oma")
    assert named(photo.read(), "builtin") == ["summer"]
    for said in (NEW, SMALL):
        record = photo.write(said).record
        assert "red" not in [tag.name for tag in record.description.tags]
        wanted = {"Oma"} | {tag.name for tag in said.tags} - {"red"}
        assert all(set(photo.words(name)) == wanted for name in KEYWORDS)


def test_P3_a_humans_only_word_that_is_taken_out_stays_away(photo: Case) -> None:
    photo.edit("-XMP-dc:Subject=Oma")
    photo.write()
    photo.edit("-XMP-dc:Subject-=Oma")
    photo.write(NEW)
    assert all("Oma" not in photo.words(name) for name in KEYWORDS)


def test_P3_a_caption_that_a_human_changed_stays(photo: Case) -> None:
    photo.write()
    photo.edit("-XMP-dc:Description-x-default=My words")
    record = photo.write(NEW).record
    assert photo.tags()["XMP-dc:Description"] == "My words"
    assert "XMP-photoshop:CaptionWriter" not in photo.tags()
    assert record.description.caption == {"en": "Newer.", "x-default": "My words"}
    photo.strip()
    assert photo.tags()["XMP-dc:Description"] == "My words"


def test_another_engines_description_takes_the_place_of_ours(photo: Case) -> None:
    photo.write(LARGEST)
    assert photo.write(NEW).record.description == NEW
    assert photo.words() == ["red", "winter"]
    photo.write(LARGEST)
    assert photo.write(LARGEST).changes == ()


def test_a_caption_in_exif_alone_is_copied_up_and_camera_junk_is_not(photo: Case) -> None:
    photo.edit("-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA")
    assert photo.write().record.description == SMALL
    photo.edit("-IFD0:ImageDescription=Bei Oma")
    photo.write(NEW)
    assert photo.tags()["XMP-dc:Description"] == "Bei Oma"
    photo.strip()
    assert photo.tags() == {"IFD0:ImageDescription": "Bei Oma"}


def test_ours_that_another_program_copied_into_exif_is_no_humans(photo: Case) -> None:
    photo.write()
    photo.edit("-IFD0:ImageDescription=A red picture.")
    photo.write(NEW)
    for caption in ("Newest.", "Last."):
        photo.write(replace(NEW, caption={"en": caption}))
        assert photo.tags()["XMP-dc:Description"] == caption


def test_without_its_own_account_the_journal_says_what_is_ours(photo: Case) -> None:
    photo.base = photo.write().changes[0].ours
    photo.edit("-XMP:all=", "-XMP-dc:Subject=red", "-XMP-dc:Subject=Oma")
    photo.write(replace(SMALL, tags=(Tag("winter", "builtin"),)))
    assert set(photo.words()) == {"Oma", "winter"}


def test_words_that_exiv2_writes_are_a_humans(photo: Case) -> None:
    photo.write()
    change = [
        "-M",
        "set Xmp.dc.subject XmpBag Oma",
        "-M",
        "set Iptc.Application2.Keywords String Oma",
    ]
    subprocess.run(["exiv2", *change, photo.path], check=True)
    assert set(photo.words()) == {"red", "summer", "Oma"}
    record = photo.write(NEW).record
    assert named(record) == ["Oma"]
    told = subprocess.run(
        ["exiv2", "-Pkt", "-K", "Xmp.dc.subject", "-K", "Iptc.Application2.Keywords", photo.path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert all(told.count(word) == 2 for word in ("red", "winter", "Oma"))


def test_an_undo_of_one_field_leaves_the_others(photo: Case) -> None:
    photo.edit("-IPTC:City=Ulm")
    photo.write()
    photo.strip("tags")
    found = photo.tags()
    assert photo.words() == [] and "IPTC:Keywords" not in found
    assert found["XMP-dc:Description"] == found["IPTC:Caption-Abstract"] == "A red picture."
    photo.strip("caption")
    found = photo.tags()
    assert "XMP-dc:Description" not in found and "IPTC:Caption-Abstract" not in found
    assert found["XMP-iptcCore:AltTextAccessibility"] == "Red."


def test_an_export_that_has_lost_its_words_says_nothing_of_them(photo: Case) -> None:
    photo.write()
    photo.edit("-XMP-dc:Subject=", "-XMP-lr:HierarchicalSubject=", "-XMP-digiKam:TagsList=")
    photo.rules, photo.content = Rules(), "sha256:other"
    assert [tag.name for tag in photo.write(NEW).record.description.tags] == ["red", "winter"]
