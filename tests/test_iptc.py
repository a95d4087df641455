"""IPTC inside a picture: kept in step with XMP where it exists, and taken back exactly."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.description import Tag
from metadata.exiftool import ExifTool
from metadata.iptc import cut
from tests.insides import Case, Stranger, media, stranger
from tests.sidecars import SMALL, exiftool, named

__all__ = ["exiftool", "stranger"]
LONG = "ñ" * 32
NEW = replace(SMALL, caption={"en": "Newer."}, tags=(Tag("red", "other"), Tag("winter", "other")))


@pytest.fixture
def photo(exiftool: ExifTool, stranger: Stranger, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, "jpeg"), stranger=stranger)


@pytest.mark.parametrize("format", ["jpeg", "tiff", "psd", "png"])
def test_words_and_caption_where_there_is_iptc(
    exiftool: ExifTool, stranger: Stranger, tmp_path: Path, format: str
) -> None:
    photo = Case(exiftool, media(tmp_path, format), format, stranger)
    photo.edit("-IPTC:Keywords=Oma", "-IPTC:City=Ulm")
    before = photo.tags()
    photo.write()
    assert photo.words("IPTC:Keywords") == photo.words() == ["Oma", "red", "summer"]
    assert photo.tags()["IPTC:Caption-Abstract"] == "A red picture."
    assert photo.prepare().changes == ()
    photo.write(NEW)
    assert photo.words("IPTC:Keywords") == ["Oma", "red", "winter"]
    photo.strip()
    assert photo.tags() == before


def test_cut_at_a_character() -> None:
    assert cut("a" * 63 + "é", 64) == "a" * 63
    assert cut("é" * 32, 64) == "é" * 32


def test_longer_words_and_captions_are_cut_and_known_again(photo: Case) -> None:
    photo.edit("-XMP-dc:Subject=" + "Großmutter " * 7, "-IPTC:City=Ulm")
    long = replace(SMALL, caption={"en": "a" + "é" * 1200}, tags=(Tag(LONG, "builtin"),))
    photo.write(long)
    assert [len(word.encode()) for word in photo.words("IPTC:Keywords")] == [63, 64]
    assert len(str(photo.tags()["IPTC:Caption-Abstract"]).encode()) == 1999
    assert photo.prepare(long).changes == ()
    assert named(photo.read()) == [("Großmutter " * 7).strip()]
    photo.write(NEW)
    assert photo.tags()["IPTC:Caption-Abstract"] == "Newer."
    assert photo.words("IPTC:Keywords")[1:] == ["red", "winter"]


def test_P3_a_word_taken_out_of_iptc_alone_stays_away(photo: Case) -> None:
    photo.edit("-IPTC:City=Ulm", "-XMP-dc:Subject=Oma")
    photo.write()
    photo.edit("-IPTC:Keywords-=red", "-IPTC:Keywords-=Oma", "-IPTC:Keywords+=Opa")
    assert named(photo.read(), "builtin") == ["summer"]
    for said in (NEW, SMALL, NEW):
        photo.write(said)
        assert set(photo.words()) == {"Oma", "Opa"} | {t.name for t in said.tags} - {"red"}
        assert set(photo.words("IPTC:Keywords")) == set(photo.words()) - {"Oma"}
    photo.strip()
    assert photo.words() == ["Oma"] and photo.words("IPTC:Keywords") == ["Opa"]


def test_P3_a_caption_changed_in_iptc_alone_is_copied_up(photo: Case) -> None:
    photo.edit("-IPTC:City=Ulm")
    photo.write()
    photo.edit("-IPTC:Caption-Abstract=Bei Oma")
    photo.write(NEW)
    found = photo.tags()
    assert found["XMP-dc:Description"] == found["IPTC:Caption-Abstract"] == "Bei Oma"
    photo.strip()
    found = photo.tags()
    assert "XMP-dc:Description" not in found and found["IPTC:Caption-Abstract"] == "Bei Oma"


def test_P3_a_caption_taken_out_of_iptc_stays_away(photo: Case) -> None:
    photo.edit("-IPTC:City=Ulm")
    photo.write()
    photo.edit("-IPTC:Caption-Abstract=")
    for said in (NEW, SMALL):
        photo.write(said)
        assert "IPTC:Caption-Abstract" not in photo.tags()


def test_words_that_another_program_copied_from_xmp_are_ours(photo: Case) -> None:
    photo.write()
    photo.edit(
        "-IPTC:Keywords=red", "-IPTC:Keywords=summer", "-IPTC:Caption-Abstract=A red picture."
    )
    assert photo.write(NEW).record.description == NEW
    assert photo.words("IPTC:Keywords") == ["red", "winter"]
    photo.strip()
    assert "IPTC:Keywords" not in photo.tags()


def test_old_letters_become_utf8_before_ours_are_added(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=M\u00e1laga", "-IPTC:By-line=Jos\u00e9")
    assert b"M\xe1laga" in photo.path.read_bytes()
    photo.write(replace(SMALL, tags=(Tag("लाल", "builtin"),)))
    held = photo.path.read_bytes()
    assert b"M\xe1laga" not in held and "José".encode() in held
    assert photo.words("IPTC:Keywords") == ["Málaga", "लाल"]
    photo.strip()
    assert photo.words("IPTC:Keywords") == ["Málaga"]


def test_utf8_that_nobody_declared_is_declared(photo: Case) -> None:
    photo.edit("-charset", "iptc=UTF8", "-IPTC:Keywords=M\u00e1laga")
    assert named(photo.write().record) == ["Málaga"]
    assert photo.tags()["IPTC:CodedCharacterSet"] == "UTF8"
    assert photo.words("IPTC:Keywords") == ["Málaga", "red", "summer"]


def test_the_name_of_the_character_set_goes_with_the_need_for_it(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=Oma")
    before = photo.tags()
    photo.write(replace(SMALL, tags=(Tag("été", "builtin"),)))
    assert photo.tags()["IPTC:CodedCharacterSet"] == "UTF8"
    assert photo.prepare(replace(SMALL, tags=(Tag("été", "builtin"),))).changes == ()
    photo.strip()
    assert photo.tags() == before


def test_two_character_sets_in_one_block_are_left_alone(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=M\u00e1laga")
    photo.edit("-charset", "iptc=UTF8", "-IPTC:City=K\u00f6ln")
    prepared = photo.write()
    assert "two character sets" in prepared.notes[0] and photo.path.with_suffix(".xmp").exists()
    assert named(prepared.record) == ["Málaga"]


def test_a_title_that_stands_there_twice_is_not_lost_with_the_old_letters(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=M\u00e1laga", "-IPTC:ObjectName=one", "-IPTC:City=two")
    title, city = b"\x1c\x02\x05", b"\x1c\x02\x5a"
    photo.path.write_bytes(photo.path.read_bytes().replace(city, title))
    before = photo.path.read_bytes()
    assert before.count(title) == 2
    assert "one thing twice" in photo.write().notes[0]
    assert photo.path.read_bytes() == before


def test_the_digest_of_iptc_is_renewed_where_there_is_one(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=Oma", "-IPTCDigest=new")
    before = photo.tags()["Photoshop:IPTCDigest"]
    photo.write()
    after = photo.tags()["Photoshop:IPTCDigest"]
    photo.edit("-IPTCDigest=new")
    assert before != after == photo.tags()["Photoshop:IPTCDigest"]


@pytest.mark.parametrize("differ", [False, True])
def test_a_second_block_as_exiv2_writes_it_is_kept_in_step_or_left_alone(
    exiftool: ExifTool, stranger: Stranger, tmp_path: Path, differ: bool
) -> None:
    photo = Case(exiftool, media(tmp_path, "tiff"), "tiff", stranger)
    photo.edit("-IPTC:Keywords=Oma", "-Photoshop:IPTCDigest=new")
    subprocess.run(["exiv2", "-M", "add Iptc.Application2.City Ulm", photo.path], check=True)
    if differ:
        second = bytearray(photo.path.read_bytes())
        at = second.rindex(b"Oma")
        second[at : at + 3] = b"Opa"
        photo.path.write_bytes(second)
    before, names = photo.tags(), ("IPTC:Keywords", "IPTC2:Keywords")
    had = [photo.words(name) for name in names]
    assert had[0] == ["Oma"] or had[1] == ["Oma"]
    prepared = photo.write()
    if differ:
        assert had[0] != had[1] and prepared.notes and [photo.words(n) for n in names] == had
        return
    assert prepared.notes == ()
    assert [photo.words(name) for name in names] == [["Oma", "red", "summer"]] * 2
    assert photo.prepare().changes == ()
    photo.strip()
    # exiv2 leaves the digest of the block of before
    assert photo.tags() | {"Photoshop:IPTCDigest": ""} == before | {"Photoshop:IPTCDigest": ""}
