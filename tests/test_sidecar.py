"""Sidecars on real files through the real ExifTool: what humans wrote stays, ours comes back."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from metadata import sidecar
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.change import Ours, Prepared, Rules, SidecarName, Write
from metadata.description import (
    Code,
    Colour,
    Description,
    Fact,
    Look,
    Provenance,
    Record,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
    Video,
    Written,
)
from metadata.exiftool import ExifTool
from metadata.fields import KEYWORDS, words
from metadata.plain import plain
from metadata.reasons import Reason

BUILTIN = Provenance("builtin", "builtin@0.1.0", None, "2024-07-03T18:20:11Z", "run-1")
MODEL = Provenance("openai", "qwen@8b", "caption@1", "2024-07-03T18:20:12Z", "run-1")
SMALL = Description(
    caption={"en": "A red picture.", "es": "Una imagen roja."},
    alt={"en": "Red."},
    tags=(Tag("red", "builtin", {"es": "rojo"}), Tag("summer", "builtin")),
    provenance={"caption": BUILTIN, "tags": BUILTIN, "translate": BUILTIN},
)
LARGEST = Description(
    caption={
        "en": " $x\n-execute\n",
        "es": "Él",
        "hi": "लाल",
        "zh-Hans": "红",
        "pt-BR": "vermelho",
    },
    alt={"en": "Red.", "sr-Cyrl": "црвено"},
    summary={"en": "sum"},
    creative={"fr": "poème"},
    tags=(
        Tag("zebra", "builtin", {"es": "cebra", "zh-Hans": "斑马"}),
        *(Tag(name, "openai") for name in ("2024", "TRUE", "1.10", "apple", "ñandú 😀")),
    ),
    sentiment=Sentiment("mixed", 0.30000000000000004, ("calm", "TRUE", "a, b"), {"en": "why"}),
    text=(
        TextLine("BYE\nBYE", "en", 1.5),
        TextLine("C:\\users\\u0041"),
        TextLine("true", None, 0.0),
    ),
    codes=(Code("https://x/?a=1&b=<2>", "QR"), Code("4006381333931", "EAN13")),
    transcript=(Spoken(1.25, 3.5, "en", "hello"), Spoken(4.0, 5.0, None, "hm")),
    look=Look(
        (Colour("red", 0.31, "#d6282c"), Colour("dark blue", 0.1, "#000011")),
        (
            Fact("blurry", False, "measured", 0.98),
            Fact("faces", 0, "rule"),
            Fact("mean", 3.0, "measured", 1.0),
            Fact("season", "summer", "rule"),
            *(Fact("odd", odd, "ocr") for odd in ("true", "3", "", '"', "NaN", "[1]", "{}")),
        ),
    ),
    video=Video(29.97, True, 3, (1.0, 2.502)),
    provenance={name: MODEL for name in ("caption", "alt", "text")}
    | {name: BUILTIN for name in ("look", "translate", "tags", "sentiment", "speech")},
)
FOREIGN = """<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:odd='http://example.org/odd/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'
 odd:attribute='kept'>
<odd:thing rdf:parseType='Resource'><odd:part>1.10</odd:part><odd:list><rdf:Seq><rdf:li>b</rdf:li>
<rdf:li>a</rdf:li></rdf:Seq></odd:list></odd:thing>CAPTION
<dc:subject><rdf:Bag>WORDS</rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""
HUMAN_CAPTION = (
    "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Oma's garden</rdf:li></rdf:Alt>"
    "</dc:description>"
)


def foreign(*words: str, caption: bool = True) -> bytes:
    items = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
    text = FOREIGN.replace("CAPTION", HUMAN_CAPTION if caption else "")
    return text.replace("WORDS", items).encode()


class Desk:
    """One picture in a folder, and what captiond does with it."""

    def __init__(self, exiftool: ExifTool, folder: Path) -> None:
        self.exiftool = exiftool
        self.rules = Rules()
        self.base = Ours()
        self.picture(folder / "a.jpg")

    def picture(self, path: Path, format: str = "jpeg") -> None:
        Image.new("RGB", (8, 8), "red").save(path, "JPEG")
        self.asset = Asset(
            path=path,
            kind=MediaKind.IMAGE,
            format=format,
            content="sha256:abc",
            stat=Stat.of(path.stat()),
            width=8,
            height=8,
        )
        self.sidecar = path.with_name(path.name + ".xmp")

    def prepare(self, said: Description = SMALL) -> Prepared:
        return sidecar.prepare(self.exiftool, self.asset, said, self.rules, self.base)

    def write(self, said: Description = SMALL) -> Record:
        prepared = self.prepare(said)
        for change in prepared.changes:
            sidecar.place(change)
        assert self.read() == prepared.record
        return prepared.record

    def read(self) -> Record:
        return sidecar.read(self.exiftool, self.asset, self.rules)

    def strip(self, *fields: str) -> Prepared:
        prepared = sidecar.strip(
            self.exiftool, self.asset, self.sidecar, self.base, fields, self.rules
        )
        for change in prepared.changes:
            sidecar.place(change)
        assert self.read() == prepared.record
        return prepared

    def edit(self, *arguments: str, path: Path | None = None) -> None:
        """Change a file as another program does, with an ExifTool that knows nothing of ours."""
        options = ["-q", "-config", "", "-overwrite_original", *arguments]
        subprocess.run(["exiftool", *options, path or self.sidecar], check=True)

    def tags(self, path: Path | None = None) -> dict[str, object]:
        ran = subprocess.run(
            ["exiftool", "-config", "", "-j", "-G1", "-struct", "-XMP:all", path or self.sidecar],
            capture_output=True,
            check=True,
        )
        found: dict[str, object] = json.loads(ran.stdout)[0]
        return found

    def words(self) -> dict[str, list[str]]:
        (found,) = self.exiftool.read([self.sidecar.read_bytes()], ("-XMP:all",))
        return {name.split(":")[1]: words(found, name) for name in KEYWORDS}


@pytest.fixture(scope="module")
def exiftool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExifTool]:
    with ExifTool("exiftool", tmp_path_factory.mktemp("scratch")) as tool:
        yield tool


@pytest.fixture
def desk(exiftool: ExifTool, tmp_path: Path) -> Desk:
    return Desk(exiftool, tmp_path)


def everywhere(*names: str) -> dict[str, list[str]]:
    return {name: list(names) for name in ("Subject", "HierarchicalSubject", "TagsList")}


def named(record: Record, source: str = "human") -> list[str]:
    return [tag.name for tag in record.description.tags if tag.source == source]


# What is written comes back


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
    text = desk.sidecar.read_text().replace("Image::ExifTool", "Another Tool")
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


# What humans wrote stays


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
    assert desk.words()["Subject"] == ["Oma", "winter"]


def test_translations_stand_in_the_description_only_where_asked_for(desk: Desk) -> None:
    desk.rules = Rules(translations_in_description=True)
    desk.write()
    assert desk.tags()["XMP-dc:Description-es"] == "Una imagen roja."
    desk.rules = Rules()
    desk.write()
    assert "XMP-dc:Description-es" not in desk.tags()


# Taking it back


def test_undo_leaves_what_others_wrote(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("Oma", "2024", "TRUE", caption=False))
    desk.edit("-XMP-lr:HierarchicalSubject=Ort|Ulm", "-XMP-dc:Title=t")
    before = desk.tags()
    desk.write(LARGEST)
    assert len(desk.words()["TagsList"]) > 3
    desk.strip()
    assert desk.tags() == {**before, "SourceFile": str(desk.sidecar)}


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


# Which file


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


# What cannot be used is left alone


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
    text = foreign("Oma").decode().replace("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>", "")
    desk.sidecar.write_bytes(text.strip().encode("utf-16"))
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
