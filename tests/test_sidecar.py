"""Sidecars on real files through the real ExifTool: what is written comes back."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.asset import AssetError
from metadata.change import Rules, SidecarName, Write
from metadata.description import Code, Description, Spoken, Tag, TextLine, Written
from metadata.plain import plain
from metadata.reasons import Reason
from metadata.strip import without
from tests.sidecars import BUILTIN, LARGEST, SMALL, Desk, desk, everywhere, exiftool, foreign, named

__all__ = ["desk", "exiftool"]


def test_P8_the_largest_description_comes_back_exactly(desk: Desk) -> None:
    record = desk.write(LARGEST)
    assert record.description == LARGEST
    assert [tag.name for tag in record.description.tags] == [tag.name for tag in LARGEST.tags]
    assert record.written == (Written("sidecar", str(desk.sidecar)),)


def test_P8_the_empty_description_comes_back_with_what_was_looked_for(desk: Desk) -> None:
    said = Description(provenance={"tags": BUILTIN})
    assert desk.write(said).description == said


def test_quick_reading_and_exiftool_agree(desk: Desk) -> None:
    desk.write(LARGEST)
    quick = desk.read()
    assert plain(desk.sidecar.read_bytes()) is not None
    text = desk.sidecar.read_text().replace("xmptk='captiond", "xmptk='Another Tool")
    desk.sidecar.write_text(text)
    assert plain(desk.sidecar.read_bytes()) is None
    assert desk.read() == quick


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.write(LARGEST)
    before = desk.sidecar.stat()
    assert desk.prepare(LARGEST).changes == ()
    assert desk.sidecar.stat() == before


def test_a_name_that_is_no_utf8(desk: Desk, tmp_path: Path) -> None:
    desk.picture(tmp_path / os.fsdecode(b"caf\xe9\n-execute.jpg"))
    record = desk.write()
    assert record.description == SMALL
    assert record.written[0].path.endswith("caf\\xe9\\n-execute.jpg.xmp")


def test_exiftool_and_exiv2_read_words_and_caption(desk: Desk) -> None:
    desk.write()
    assert desk.words() == everywhere("red", "summer")
    found = desk.tags()
    assert found["XMP-dc:Description"] == found["XMP-tiff:ImageDescription"] == "A red picture."
    assert found["XMP-iptcCore:ExtDescrAccessibility-es"] == "Una imagen roja."
    assert str(found["XMP-photoshop:CaptionWriter"]).startswith("captiond/")
    ran = subprocess.run(
        ["exiv2", "-Pkt", "-K", "Xmp.dc.subject", "-K", "Xmp.dc.description", desk.sidecar],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "red, summer" in ran.stdout and 'lang="x-default" A red picture.' in ran.stdout


def test_the_existing_sidecars_are_the_ones_that_are_updated(desk: Desk) -> None:
    short = desk.asset.path.with_suffix(".XMP")
    short.write_bytes(foreign("Oma"))
    record = desk.write()
    assert not desk.sidecar.exists() and record.written == (Written("sidecar", str(short)),)
    desk.sidecar.write_bytes(foreign("Opa", caption=False))
    record = desk.write()
    assert len(record.written) == 2
    assert set(desk.words()["Subject"]) == {"Oma", "Opa", "red", "summer"}
    assert desk.tags()["XMP-dc:Description"] == "Oma's garden"
    assert desk.prepare().changes == ()


def test_a_short_name_that_others_share_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.rules = Rules(sidecar_name=SidecarName.REPLACE)
    (tmp_path / "a.nef").touch()
    (tmp_path / "a.xmp").write_bytes(foreign("raw"))
    assert named(desk.write()) == []
    assert desk.sidecar.exists()
    desk.picture(tmp_path / "a.nef", "nef")
    assert named(desk.write()) == ["raw"]
    assert not (tmp_path / "a.nef.xmp").exists()


def test_replace_names_it_without_the_suffix_of_the_picture(desk: Desk, tmp_path: Path) -> None:
    desk.rules = Rules(sidecar_name=SidecarName.REPLACE)
    assert desk.write().written == (Written("sidecar", str(tmp_path / "a.xmp")),)


def test_nothing_is_written_where_nothing_is_to_be_written(desk: Desk) -> None:
    desk.rules = Rules(write=Write.NONE)
    desk.edit("-XMP-dc:Subject=Oma", path=desk.asset.path)
    prepared = desk.prepare()
    assert prepared.changes == () and prepared.record.written == ()
    assert named(prepared.record) == ["Oma"]
    assert prepared.record.description.caption == SMALL.caption


def test_an_export_that_carries_anothers_sidecar_is_not_a_humans(
    desk: Desk, tmp_path: Path
) -> None:
    desk.write()
    desk.edit("-tagsfromfile", str(desk.sidecar), "-xmp", path=desk.asset.path)
    desk.sidecar.unlink()
    desk.asset = replace(desk.asset, content="sha256:other")
    new = replace(SMALL, caption={"en": "Another."})
    assert desk.write(new).description == new


@pytest.mark.parametrize(
    "data",
    [
        b"not xml",
        foreign("a")[:300],
        b"<a/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + foreign("a"),
        foreign("a").replace(b"</odd:list>", b"<odd:a>" * 200 + b"</odd:a>" * 200 + b"</odd:list>"),
        foreign("a") + b"<!--" + b"x" * (4 * 2**20) + b"-->",
    ],
    ids=["text", "truncated", "no RDF", "DTD", "deep", "large"],
)
def test_H8_a_sidecar_that_is_no_plain_xmp_is_left_alone(desk: Desk, data: bytes) -> None:
    desk.sidecar.write_bytes(data)
    before = desk.sidecar.stat()
    with pytest.raises(AssetError) as raised:
        desk.prepare()
    assert raised.value.reason is Reason.SIDECAR_INVALID and raised.value.detail
    assert desk.sidecar.stat().st_mtime_ns == before.st_mtime_ns
    assert desk.sidecar.read_bytes() == data


def test_a_linked_sidecar_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(foreign("a"))
    desk.sidecar.symlink_to(tmp_path / "other")
    with pytest.raises(AssetError) as raised:
        desk.prepare()
    assert raised.value.reason is Reason.SIDECAR_INVALID


def test_an_empty_sidecar_counts_as_none(desk: Desk) -> None:
    desk.sidecar.touch()
    assert desk.write().description == SMALL


def test_utf16_and_attributes_are_read(desk: Desk) -> None:
    text = foreign("Oma").decode().replace("begin=''", "begin='\ufeff'")
    desk.sidecar.write_bytes(text.encode("utf-16-le"))
    record = desk.write()
    assert named(record) == ["Oma"] and desk.tags()["XMP-odd:Attribute"] == "kept"


def test_a_vanished_picture_is_told(desk: Desk) -> None:
    desk.asset.path.unlink()
    with pytest.raises(AssetError) as raised:
        desk.prepare()
    assert raised.value.reason is Reason.VANISHED


def test_tags_are_made_to_fit(desk: Desk) -> None:
    names = ("a, b", "x|y/z;", "red\u202e", "  two\n words ", "long" * 20, "RED", "", "e\u0301")
    record = desk.write(Description(tags=tuple(Tag(name, "openai") for name in names)))
    expected = ["a b", "x y z", "red", "two words", "é"]
    assert named(record, "openai") == expected
    assert desk.words() == everywhere(*expected)


def test_no_more_than_25_tags(desk: Desk) -> None:
    many = tuple(Tag(f"tag {number}", "openai") for number in range(40))
    assert len(desk.write(Description(tags=many)).description.tags) == 25


def test_characters_that_xml_cannot_hold_are_left_out(desk: Desk) -> None:
    record = desk.write(Description(caption={"en": "a\x00b\x1b\r\nc\ud800\ufffe"}))
    assert record.description.caption == {"en": "ab\nc"}


def test_what_is_no_language_is_no_name_of_a_property(desk: Desk) -> None:
    with pytest.raises(ValueError, match="BCP 47"):
        desk.prepare(Description(caption={"en\n-execute": "x"}))


@pytest.mark.parametrize(
    ("field", "part"),
    [("text", "text"), ("codes", "codes"), ("transcript", "transcript"), ("speech", "transcript")],
)
def test_what_was_read_and_heard_can_be_taken_back_part_by_part(field: str, part: str) -> None:
    said = Description(
        text=(TextLine("BYE BYE"),),
        codes=(Code("123", "EAN-13"),),
        transcript=(Spoken(0.0, 1.0, "en", "Hello"),),
        provenance=dict.fromkeys(("text", "codes", "transcript"), BUILTIN),
    )
    left = without(said, [field])
    parts = ("text", "codes", "transcript")
    assert [name for name in parts if not getattr(left, name)] == [part]
    assert field not in left.provenance
