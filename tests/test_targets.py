"""Where values go: into the file, beside it, or both; and what is said where the rules give way."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from metadata import inside, targets
from metadata.asset import AssetError
from metadata.change import Rules, Write
from metadata.description import Description, Spoken, TextLine, Written
from metadata.exiftool import ExifTool
from metadata.fields import KEYWORDS
from metadata.plain import plain
from metadata.reasons import Reason
from tests.drawn import gif, heic, webp
from tests.insides import EMBED, Case, Stranger, media, stranger
from tests.sidecars import BUILTIN, FOREIGN, SMALL, exiftool, foreign, named

__all__ = ["exiftool", "stranger"]
BOTH = replace(EMBED, write=Write.BOTH)
LINES = tuple(TextLine(f"line {n} " + "x" * 80) for n in range(500))
SCREEN = replace(SMALL, text=LINES, provenance={**SMALL.provenance, "text": BUILTIN})
SPOKEN = tuple(Spoken(float(n), n + 1.0, "en", "words " * 20) for n in range(600))
HEARD = replace(SMALL, transcript=SPOKEN, provenance={**SMALL.provenance, "speech": BUILTIN})


@pytest.fixture
def photo(exiftool: ExifTool, stranger: Stranger, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, "jpeg"), stranger=stranger)


def sidecar_instead(case: Case, why: str) -> None:
    """Check that everything goes beside the file, which stays as it is, and that this is said."""
    before, held = case.path.lstat(), case.path.read_bytes()
    prepared = case.write()
    beside = case.path.with_suffix(".xmp")
    assert prepared.record.written == (Written("sidecar", str(beside)),)
    assert prepared.record.description == SMALL
    assert why in prepared.notes[0] and "a.xmp" in prepared.notes[0]
    assert case.path.lstat() == before and case.path.read_bytes() == held
    assert case.prepare().changes == ()
    assert not list(case.exiftool.scratch.glob("staged-*"))


@pytest.mark.parametrize("name, made", [("a.webp", webp), ("a.gif", gif), ("a.heic", heic)])
def test_other_formats_keep_their_sidecars(
    exiftool: ExifTool, tmp_path: Path, name: str, made: object
) -> None:
    path = tmp_path / name
    made(path)  # type: ignore[operator]
    case = Case(exiftool, path, path.suffix[1:])
    held = path.read_bytes()
    assert case.write().notes == ()
    assert path.read_bytes() == held and path.with_suffix(".xmp").exists()


def test_a_file_with_two_names(photo: Case) -> None:
    os.link(photo.path, photo.path.with_suffix(".bak"))
    sidecar_instead(photo, "hard links")


def test_a_symbolic_link(photo: Case) -> None:
    kept = photo.path.rename(photo.path.with_suffix(".original"))
    photo.path.symlink_to(kept)
    sidecar_instead(photo, "symbolic link")


def test_a_read_only_file(photo: Case) -> None:
    photo.path.chmod(0o444)
    sidecar_instead(photo, "read-only")


def test_somebody_elses_file(photo: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    sidecar_instead(photo, "another user")


def test_a_sealed_file(photo: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "manifest", lambda path, format: True)
    sidecar_instead(photo, "C2PA")


@pytest.mark.parametrize(
    "packet", ["<x:xmpmeta xmlns:x='adobe:ns:meta/'><broken", "no XML", FOREIGN[:500]]
)
def test_a_file_whose_xmp_is_malformed(photo: Case, packet: str) -> None:
    segment = b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()
    head = b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2, "big")
    photo.path.write_bytes(head + segment + photo.path.read_bytes()[2:])
    sidecar_instead(photo, "could not be changed without harm")


def test_a_file_that_is_cut_short(photo: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    photo.path.write_bytes(photo.path.read_bytes()[:20])
    sidecar_instead(photo, "cannot be read block by block")
    monkeypatch.setattr(targets, "manifest", lambda path, format: False)
    photo.path.with_suffix(".xmp").unlink()
    sidecar_instead(photo, "cannot be told apart")


def test_a_file_that_exiftool_would_not_write(
    exiftool: ExifTool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(exiftool, media(tmp_path, "png"), "png")
    case.path.write_bytes(case.path.read_bytes()[:40])
    monkeypatch.setattr(targets, "manifest", lambda path, format: False)
    sidecar_instead(case, "ExifTool would not write")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    with pytest.raises(AssetError) as caught:
        case.prepare(replace(SMALL, alt={}))
    assert caught.value.reason is Reason.DISK_FULL


def test_a_file_in_which_more_would_change(photo: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "others", lambda path, format: {"EXIF": path.name})
    sidecar_instead(photo, "would change EXIF")


def test_a_file_that_changes_meanwhile_is_busy(
    photo: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(path: Path, format: str) -> dict[str, str]:
        os.utime(photo.path, ns=(1, 1))
        return {}

    monkeypatch.setattr(inside, "others", meanwhile)
    with pytest.raises(AssetError) as caught:
        photo.prepare()
    assert caught.value.reason is Reason.BUSY
    assert not list(photo.exiftool.scratch.glob("staged-*"))


def test_an_existing_sidecar_is_brought_up_to_date_as_well(photo: Case) -> None:
    beside = photo.path.with_suffix(".xmp")
    beside.write_bytes(foreign("Oma"))
    record = photo.write().record
    assert [each.where for each in record.written] == ["sidecar", "embedded"]
    assert photo.words() == ["Oma", "red", "summer"] and named(record) == ["Oma"]
    assert photo.tags()["XMP-dc:Description"] == "Oma's garden"
    assert photo.prepare().changes == ()


def test_P3_a_word_taken_out_of_one_place_is_out_of_both(photo: Case) -> None:
    photo.rules = BOTH
    photo.write()
    photo.edit("-XMP-dc:Subject-=red")
    record = photo.write().record
    assert [tag.name for tag in record.description.tags] == ["summer"]
    beside = plain(photo.path.with_suffix(".xmp").read_bytes())
    assert beside and all(beside[name] == ["summer"] for name in KEYWORDS)


def test_both(photo: Case) -> None:
    photo.rules = BOTH
    record = photo.write().record
    assert [each.where for each in record.written] == ["sidecar", "embedded"]
    photo.strip()
    assert photo.read().written == (Written("sidecar", str(photo.path.with_suffix(".xmp"))),)


def test_a_malformed_sidecar_keeps_the_file_as_it_is(photo: Case) -> None:
    photo.path.with_suffix(".xmp").write_text("<x")
    held = photo.path.read_bytes()
    with pytest.raises(AssetError) as caught:
        photo.prepare()
    assert caught.value.reason is Reason.SIDECAR_INVALID and photo.path.read_bytes() == held
    assert not list(photo.exiftool.scratch.glob("staged-*"))


def test_a_sidecar_of_that_name_would_belong_to_another_file(photo: Case) -> None:
    photo.rules = replace(EMBED, write=Write.SIDECAR)
    photo.path.with_suffix(".mov").touch()
    prepared = photo.write()
    assert "a.jpg.xmp" in prepared.notes[0] and "a.xmp" in prepared.notes[0]
    assert photo.path.with_suffix(".jpg.xmp").exists()
    assert photo.prepare().notes == ()


@pytest.mark.parametrize("said", [SCREEN, HEARD], ids=["text", "speech"])
def test_P7_long_texts_of_a_jpeg_stand_in_a_sidecar_alone(photo: Case, said: Description) -> None:
    prepared = photo.write(said)
    assert prepared.record.description == said and "48 KB" in prepared.notes[0]
    assert photo.words() == ["red", "summer"]
    assert len(photo.path.read_bytes()) < 20_000
    assert photo.path.with_suffix(".xmp").exists()
    assert photo.prepare(said).changes == ()


def test_P7_a_jpeg_with_much_xmp_of_others(photo: Case) -> None:
    photo.edit("-XMP-dc:Rights=" + "r" * 45_000)
    prepared = photo.write(replace(SCREEN, text=LINES[:150]))
    assert "60 KB" in prepared.notes[0] and photo.words() == ["red", "summer"]
    photo.edit("-XMP-dc:Rights=" + "r" * 70_000)
    prepared = photo.write(replace(SCREEN, text=()))
    assert "larger than a segment" in prepared.notes[0] and prepared.changes
    assert photo.strip().notes == () and b"captiond" not in photo.path.read_bytes()


def test_a_file_of_which_exiftool_tells_nothing(
    photo: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo.edit("-XMP-dc:Subject=Oma")
    monkeypatch.setattr(ExifTool, "read", lambda self, files, *rest: [{} for _ in files])
    assert "cannot read" in photo.prepare().notes[0]


def test_long_texts_stand_in_other_files(exiftool: ExifTool, tmp_path: Path) -> None:
    case = Case(exiftool, media(tmp_path, "png"), "png")
    assert case.write(HEARD).notes == ()
    assert case.read().description == HEARD


def test_what_the_rules_embedded_before_is_still_told(photo: Case) -> None:
    photo.write()
    photo.rules = Rules()
    assert photo.read().description == SMALL
    prepared = photo.write()
    assert [each.where for each in prepared.record.written] == ["sidecar", "embedded"]
    assert [change.embedded for change in prepared.changes] == [False]
