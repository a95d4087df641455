"""Bad metadata beside media files and in them: left alone, told, and nobody's word is lost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metadata.asset import AssetError
from metadata.description import Description, Tag
from metadata.exiftool import ExifTool
from metadata.reasons import Reason
from tests.insides import Case
from tests.sidecars import Desk, desk, everywhere, exiftool, foreign, named
from tests.spoiled import SPOILED, in_jpeg, in_png

__all__ = ["desk", "exiftool"]

SOON_S = 25.0
# ExifTool keeps the letters as they are, and there is nothing in blanks that could be lost.
HARMLESS_INSIDE = {"Latin-1 unannounced", "blank"}
ODD = ["1.10", "TRUE", "0x1F", "1e5", "null", "007", "-0", "NaN", "2024", "yes", "1_000"]
OURS = ["2.50", "FALSE", "0b11", "1E9", "None", "08", "+1", "inf", "1999", "no", "1,5"]

BEGUN = [
    "\ufeff", "<?xpacket begin='\ufeff'?>", "\ufeff<?xpacket begin='\ufeff'?>",
    "\ufeff<?xml version='1.0' encoding='UTF-16'?>", "<?xml version='1.0' encoding='UTF-16'?>",
]  # fmt: skip


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """See that nothing hangs."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < SOON_S


@pytest.mark.parametrize("what", SPOILED)
def test_H8_a_spoiled_sidecar_is_left_alone_whatever_is_asked(desk: Desk, what: str) -> None:
    desk.sidecar.write_bytes(SPOILED[what])
    before = desk.sidecar.stat()
    for ask in (desk.prepare, desk.read, desk.strip):
        with pytest.raises(AssetError) as raised:
            ask()
        assert raised.value.reason is Reason.SIDECAR_INVALID and raised.value.detail
        assert raised.value.path == desk.sidecar
    assert desk.sidecar.stat() == before and desk.sidecar.read_bytes() == SPOILED[what]
    assert list(desk.exiftool.scratch.glob("staged-*")) == []


@pytest.mark.parametrize("draw", [in_jpeg, in_png], ids=["jpeg", "png"])
@pytest.mark.parametrize("what", sorted(SPOILED.keys() - HARMLESS_INSIDE))
def test_spoiled_xmp_in_a_picture_is_not_written_over(
    exiftool: ExifTool, tmp_path: Path, draw: Callable[[Path, bytes], Path], what: str
) -> None:
    """ExifTool would drop of it what it cannot read, and a human's words with that."""
    format = "jpeg" if draw is in_jpeg else "png"
    case = Case(exiftool, draw(tmp_path / f"a.{format}", SPOILED[what]), format)
    before = case.path.read_bytes()
    prepared = case.write()
    assert [change.target for change in prepared.changes] == [tmp_path / "a.xmp"]
    assert any("XMP" in note or "cannot read" in note for note in prepared.notes), prepared.notes
    assert case.path.read_bytes() == before
    assert named(case.read(), "builtin") == ["red", "summer"]
    assert case.prepare().changes == ()


@pytest.mark.parametrize(
    ("encoding", "begin"),
    [
        *(("utf-16-le", begin) for begin in BEGUN),
        *(("utf-16-be", begin) for begin in BEGUN),
        ("utf-8", "\ufeff<?xml version='1.0' encoding='UTF-8'?>"),
        ("iso-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>"),
        ("cp1252", "<?xml version='1.0' encoding='windows-1252'?>\n"),
    ],
)
def test_sidecars_in_any_encoding_keep_their_words(desk: Desk, encoding: str, begin: str) -> None:
    """ExifTool 12.57 reads nothing of UTF-16 without an xpacket, and half of 8 bit letters."""
    text = foreign("Oma", "Größe").decode().partition("?>")[2]
    desk.sidecar.write_bytes((begin + text).encode(encoding))
    assert named(desk.write()) == ["Oma", "Größe"]
    assert desk.words() == everywhere("Oma", "Größe", "red", "summer")
    found = desk.tags()
    assert found["XMP-odd:Attribute"] == "kept" and found["XMP-dc:Description"] == "Oma's garden"


def test_words_that_look_like_numbers_stay_words_beside_and_inside(
    desk: Desk, exiftool: ExifTool
) -> None:
    said = Description(tags=tuple(Tag(word, "openai") for word in OURS))
    desk.sidecar.write_bytes(foreign(*ODD))
    expected = [word.replace(",", " ") for word in OURS]
    record = desk.write(said)
    assert desk.words() == everywhere(*ODD, *expected)
    assert named(record) == ODD and named(record, "openai") == expected
    desk.sidecar.unlink()
    case = Case(exiftool, desk.asset.path)
    case.edit(*(f"-XMP-dc:Subject={word}" for word in ODD), "-IPTC:Keywords=1.10")
    case.write(said)
    assert case.words() == case.words("IPTC:Keywords") == [*ODD, *expected]
    assert named(case.read()) == ODD
    case.strip()
    assert case.words() == ODD and case.words("IPTC:Keywords") == ["1.10"]


@pytest.mark.parametrize("start", ["<?xml version='1.0' encoding='UTF-8'?>\n", ""])
def test_a_comment_at_the_beginning_keeps_no_sidecar_from_being_written(
    desk: Desk, start: str
) -> None:
    document = foreign("Oma").decode()
    desk.sidecar.write_text(f"{start}<!-- by hand -->{document[document.index('<x:xmpmeta') :]}")
    desk.write()
    assert desk.words() == everywhere("Oma", "red", "summer")
