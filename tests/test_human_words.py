"""What a human wrote stays, what a human took out stays away, and ours can be taken back."""

from dataclasses import replace

import pytest

from metadata.change import Rules
from metadata.description import Tag
from metadata.fields import KEYWORDS
from tests.foreign_xmp import DARKTABLE, LIGHTROOM
from tests.sidecars import LARGEST, SMALL, Desk, desk, everywhere, exiftool, foreign, named

__all__ = ["desk", "exiftool"]


def test_D5_a_caption_three_words_and_an_unknown_namespace_stay(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("Oma", "2024", "TRUE"))
    before = desk.tags()
    record = desk.write()
    after = desk.tags()
    assert desk.words() == everywhere("Oma", "2024", "TRUE", "red", "summer")
    for name in ("XMP-dc:Description", "XMP-odd:Thing", "XMP-odd:Attribute", "XMP-xmp:Rating"):
        assert after[name] == before[name]
    assert "XMP-photoshop:CaptionWriter" not in after
    assert named(record) == ["Oma", "2024", "TRUE"]
    assert record.description.caption == {**SMALL.caption, "x-default": "Oma's garden"}
    assert record.description.provenance["caption.x-default"].engine == "human"
    assert desk.prepare().changes == ()


@pytest.mark.parametrize("document", [LIGHTROOM, DARKTABLE], ids=["lightroom", "darktable"])
def test_D5_everything_of_other_programs_stays(desk: Desk, document: str) -> None:
    desk.sidecar.write_text(document)
    before = {name: value for name, value in desk.tags().items() if value}
    desk.write()
    after = desk.tags()
    ours = {"XMP-x:XMPToolkit", *KEYWORDS}
    assert len(before) > 10
    assert {n: v for n, v in before.items() if n not in ours and after.get(n) != v} == {}
    assert desk.prepare().changes == ()
    desk.strip()
    left = desk.tags()
    assert {n: v for n, v in before.items() if n in KEYWORDS and left.get(n) != v} == {}


def test_words_and_caption_that_are_embedded_are_repeated(desk: Desk) -> None:
    add = ["-XMP-dc:Subject=Oma", "-IPTC:Keywords=Garten", "-XMP-lr:HierarchicalSubject=Ort|Ulm"]
    desk.edit(*add, "-IFD0:ImageDescription=Bei Oma", path=desk.asset.path)
    record = desk.write()
    assert desk.words() == {
        "Subject": ["Oma", "Garten", "Ulm", "red", "summer"],
        "HierarchicalSubject": ["Ort|Ulm", "Oma", "Garten", "red", "summer"],
        "TagsList": ["Ort/Ulm", "Oma", "Garten", "red", "summer"],
    }
    assert desk.tags()["XMP-dc:Description"] == "Bei Oma"
    assert named(record) == ["Oma", "Garten", "Ulm"]
    assert desk.prepare().changes == ()


def test_iptc_words_in_latin_letters_of_old(desk: Desk) -> None:
    desk.edit("-IPTC:Keywords=M\u00e1laga", path=desk.asset.path)
    assert b"M\xe1laga" in desk.asset.path.read_bytes()
    assert named(desk.write()) == ["Málaga"]


def test_what_xml_cannot_hold_keeps_no_sidecar_from_being_written(desk: Desk) -> None:
    add = [f"-IPTC:Keywords={word}" for word in ("a\x1b[31mred\x08", "\x07", "Oma")]
    told = "-IPTC:Caption-Abstract=One\r\nTwo\x0bThree\x0c"
    desk.edit(*add, told, path=desk.asset.path)
    desk.write()
    assert desk.words() == everywhere("a[31mred", "Oma", "red", "summer")
    assert desk.tags()["XMP-dc:Description"] == "One\nTwoThree"
    assert desk.prepare().changes == ()


def test_a_caption_in_the_second_property_stays_there_when_its_copy_goes(desk: Desk) -> None:
    desk.edit("-XMP-tiff:ImageDescription=Oma", "-XMP-dc:Title=t")
    before = desk.tags()
    desk.write()
    desk.write(replace(SMALL, alt={"en": "Other."}))
    assert desk.tags()["XMP-dc:Description"] == "Oma"
    desk.strip("caption")
    assert desk.tags()["XMP-tiff:ImageDescription"] == "Oma"
    desk.write()
    desk.strip()
    assert desk.tags() == before


def test_a_caption_in_one_language_is_copied_and_stays_the_one(desk: Desk) -> None:
    desk.edit("-XMP-dc:Description=Omas Garten", path=desk.asset.path)
    desk.edit("-XMP-dc:Description-de=Oma")
    desk.write()
    assert desk.tags()["XMP-dc:Description"] == "Oma"
    assert desk.prepare().changes == ()
    desk.strip()
    assert desk.tags()["XMP-dc:Description-de"] == "Oma"
    assert "XMP-dc:Description" not in desk.tags()


def test_camera_junk_is_no_caption(desk: Desk) -> None:
    desk.edit("-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA         ", path=desk.asset.path)
    record = desk.write()
    assert record.description == SMALL
    assert desk.tags()["XMP-tiff:ImageDescription"] == "A red picture."


def test_a_word_that_a_human_took_out_does_not_come_back(desk: Desk) -> None:
    desk.write()
    desk.edit("-XMP-dc:Subject-=red")
    assert named(desk.read(), "builtin") == ["summer"]
    record = desk.write(replace(SMALL, alt={"en": "Other."}))
    assert desk.words() == everywhere("summer")
    assert named(record, "builtin") == ["summer"]
    assert desk.prepare(replace(SMALL, alt={"en": "Other."})).changes == ()
    desk.edit("-XMP-dc:Subject+=RED")
    assert named(desk.write()) == ["RED"]
    assert desk.words()["TagsList"] == ["summer", "RED"]


def test_a_copy_that_a_human_took_out_does_not_come_back(desk: Desk) -> None:
    desk.edit("-XMP-dc:Subject=Oma", "-XMP-dc:Subject=Opa", path=desk.asset.path)
    desk.write()
    desk.edit("-XMP-digiKam:TagsList-=Oma")
    record = desk.write(replace(SMALL, alt={}))
    assert desk.words() == everywhere("Opa", "red", "summer")
    assert named(record) == ["Opa"]


def test_a_caption_that_a_human_changed_stays(desk: Desk) -> None:
    desk.write()
    desk.edit("-XMP-dc:Description-x-default=My words")
    record = desk.write(replace(SMALL, caption={"en": "Newer."}))
    found = desk.tags()
    assert found["XMP-dc:Description"] == "My words"
    assert "XMP-tiff:ImageDescription" not in found and "XMP-photoshop:CaptionWriter" not in found
    assert record.description.caption == {"en": "Newer.", "x-default": "My words"}


def test_a_caption_that_a_human_removed_stays_away(desk: Desk) -> None:
    desk.write()
    desk.edit("-XMP-dc:Description=")
    for caption in ("Newer.", "Newest."):
        desk.write(replace(SMALL, caption={"en": caption}))
        assert "XMP-dc:Description" not in desk.tags()


def test_ours_is_renewed(desk: Desk) -> None:
    desk.write()
    new = replace(SMALL, caption={"en": "Newer."}, tags=(Tag("winter", "builtin"),))
    assert desk.write(new).description == new
    assert desk.words() == everywhere("winter")
    found = desk.tags()
    assert found["XMP-dc:Description"] == "Newer."
    assert "XMP-iptcCore:ExtDescrAccessibility-es" not in found


def test_a_word_that_a_human_had_in_other_letters_stays_theirs(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("RED"))
    assert named(desk.write()) == ["RED"]
    assert desk.words() == everywhere("RED", "summer")


def test_without_its_own_account_the_journal_says_what_is_ours(desk: Desk) -> None:
    desk.base = desk.prepare().changes[0].ours
    desk.write()
    desk.edit("-XMP-dc:Description-es=x")
    only = {k: v for k, v in desk.tags().items() if "captiond" not in k}
    desk.sidecar.unlink()
    desk.sidecar.write_bytes(foreign("red", "summer", "Oma", caption=False))
    new = replace(SMALL, tags=(Tag("winter", "builtin"),))
    assert only and named(desk.write(new)) == ["Oma"]
    assert desk.words()["Subject"] == ["winter", "Oma"]


def test_translations_stand_in_the_description_only_where_asked_for(desk: Desk) -> None:
    desk.rules = Rules(translations_in_description=True)
    desk.write()
    assert desk.tags()["XMP-dc:Description-es"] == "Una imagen roja."
    desk.rules = Rules()
    desk.write()
    assert "XMP-dc:Description-es" not in desk.tags()


def test_undo_leaves_what_others_wrote(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("Oma", "2024", "TRUE", caption=False))
    desk.edit("-XMP-lr:HierarchicalSubject=Ort|Ulm", "-XMP-dc:Title=t")
    before = desk.tags()
    desk.write(LARGEST)
    assert len(desk.words()["TagsList"]) > 3
    desk.strip()
    assert desk.tags() == before


def test_undo_of_a_sidecar_that_holds_only_ours_removes_it(desk: Desk) -> None:
    desk.edit("-XMP-dc:Subject=Oma", "-IFD0:ImageDescription=Bei Oma", path=desk.asset.path)
    desk.write()
    prepared = desk.strip()
    assert prepared.changes[0].staged is None and not desk.sidecar.exists()
    assert named(prepared.record) == ["Oma"] and prepared.record.written == ()
    assert desk.strip().changes == ()


@pytest.mark.parametrize("field", ["caption", "tags", "alt", "translate", "look", "sentiment"])
def test_undo_of_one_field_leaves_the_others(desk: Desk, field: str) -> None:
    desk.write(LARGEST)
    said = desk.strip(field).record.description
    assert field not in said.provenance
    assert said != LARGEST
    kept = {"caption", "tags", "alt", "text", "codes", "creative"} - {field}
    if field != "translate":
        assert all(getattr(said, name) == getattr(LARGEST, name) for name in kept)
    else:
        assert set(said.caption) == {"en"}
