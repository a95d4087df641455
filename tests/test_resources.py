"""A sidecar with qualified values can be read by others after ExifTool has written it."""

import subprocess
from pathlib import Path

import pytest

from metadata.exiftool import ExifTool
from metadata.resources import restored
from tests.foreign_xmp import DARKTABLE, LIGHTROOM
from tests.insides import Case, media
from tests.sidecars import Desk, desk, exiftool

__all__ = ["desk", "exiftool"]

QUALIFIED = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpidq="http://ns.adobe.com/xmp/Identifier/qual/1.0/" xmlns:zz="http://zz.example/#">
<xmp:Identifier><rdf:Bag><rdf:li rdf:parseType="Resource"><rdf:value>123</rdf:value>
<xmpidq:Scheme>own</xmpidq:Scheme></rdf:li><rdf:li>plain</rdf:li></rdf:Bag></xmp:Identifier>
<zz:plain rdf:parseType="Resource"><zz:a>1</zz:a></zz:plain>
<zz:qual rdf:parseType="Resource"><rdf:value>v</rdf:value><zz:w>q</zz:w></zz:qual>
<dc:subject><rdf:Bag><rdf:li>Oma</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def listed(path: Path) -> list[str]:
    """Have exiv2 read a sidecar: its keys and values."""
    told = subprocess.run(["exiv2", "-PXkv", path], capture_output=True, text=True, check=False)
    assert told.stderr == ""
    return [" ".join(line.split()) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("document", [QUALIFIED, LIGHTROOM], ids=["qualified", "lightroom"])
def test_exiv2_reads_qualified_values_that_captiond_wrote_beside(desk: Desk, document: str) -> None:
    desk.sidecar.write_text(document)
    before = {line for line in listed(desk.sidecar) if "ubject" not in line}
    desk.write()
    after = set(listed(desk.sidecar))
    assert any("qual/?" in line or "Scheme" in line for line in before)
    assert before <= after
    assert desk.prepare().changes == ()


@pytest.mark.parametrize("format", ["jpeg", "png", "mp4"])
def test_values_go_beside_a_file_whose_xmp_others_could_not_read(
    exiftool: ExifTool, tmp_path: Path, format: str
) -> None:
    case = Case(exiftool, media(tmp_path, format), format)
    (tmp_path / "packet").write_text(f"<?xpacket begin=''?>{QUALIFIED}<?xpacket end='w'?>")
    case.edit(f"-XMP<={tmp_path / 'packet'}")
    before = case.path.read_bytes()
    assert "qualified" in case.write().notes[0]
    assert case.path.read_bytes() == before and case.path.with_suffix(".xmp").exists()


def test_what_is_whole_stays_as_it_is() -> None:
    for document in (QUALIFIED, LIGHTROOM, DARKTABLE, "<a/>", ""):
        assert restored(document.encode()) == document.encode()


def test_each_structure_is_marked_once() -> None:
    broken = QUALIFIED.replace(' rdf:parseType="Resource"><rdf:value', "><rdf:value")
    assert restored(broken.encode()).decode() == QUALIFIED
