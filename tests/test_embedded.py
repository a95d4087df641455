"""A JPEG without anything to read is known as such, and one with something is never overlooked."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from metadata.asset import Asset, MediaKind, Stat
from metadata.embedded import may_be_embedded
from metadata.exiftool import ExifTool
from metadata.fields import READ_TAGS
from tests import drawn


def asset(path: Path, format: str = "jpeg") -> Asset:
    return Asset(
        path=path,
        kind=MediaKind.IMAGE,
        format=format,
        content="sha256:0",
        stat=Stat.of(path.stat()),
        width=1,
        height=1,
    )


def test_a_camera_jpeg_without_words_needs_no_exiftool(tmp_path: Path) -> None:
    path = drawn.jpeg(
        tmp_path / "a.jpg", taken="2024-07-03T18:20:11", camera=("Canon", "EOS"), gps=(48.1, 11.5)
    )

    assert not may_be_embedded(asset(path))
    assert not may_be_embedded(asset(drawn.jpeg(tmp_path / "bare.jpg")))


@pytest.mark.parametrize(
    "tag",
    ["XMP-dc:Subject=Oma", "IPTC:Keywords=Oma", "IFD0:ImageDescription=Oma", "XMP-xmp:Label=x"],
)
def test_words_wherever_they_stand_are_seen(tmp_path: Path, tag: str) -> None:
    path = drawn.jpeg(tmp_path / "a.jpg", taken="2024-07-03T18:20:11")
    subprocess.run(["exiftool", "-q", "-overwrite_original", f"-{tag}", str(path)], check=True)

    assert may_be_embedded(asset(path))


RATED = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
    "<xmp:Rating>0</xmp:Rating></rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
)
DC = "http://purl.org/dc/elements/1.1/"


def with_xmp(path: Path, packet: bytes) -> Path:
    Image.new("RGB", (8, 8)).save(path, xmp=packet)
    return path


def test_a_camera_s_rating_needs_no_exiftool(tmp_path: Path) -> None:
    path = with_xmp(tmp_path / "a.jpg", RATED.encode())
    with ExifTool("exiftool", tmp_path) as tool:
        (found,) = tool.read([path], READ_TAGS)
    assert {"XMP-xmp:Rating"} == set(found)
    assert not may_be_embedded(asset(path))
    single = with_xmp(tmp_path / "b.jpg", RATED.replace('"', "'").encode())
    assert not may_be_embedded(asset(single))


@pytest.mark.parametrize(
    "packet",
    [
        RATED.replace("<xmp:Rating", f"<dc:title xmlns:dc='{DC}'>x</dc:title><xmp:Rating"),
        RATED.replace("<xmp:Rating", "<dc:title>x</dc:title><xmp:Rating"),
        RATED.replace("xmp:Rating", "xmp:Label"),
        RATED.replace("xap/1.0/", "other/1.0/"),
        RATED.replace('xmlns:xmp="http://ns.adobe.com/xap/1.0/"', f'xmlns:xmp="{DC}"'),
        RATED.replace("<xmp:Rating", f'<title xmlns="{DC}">x</title><xmp:Rating'),
        RATED.replace("<xmp:Rating", f'<title xmlns = "{DC}">x</title><xmp:Rating'),
        RATED.replace("<x:xmpmeta", '<!DOCTYPE x [<!ENTITY d "dc">]><x:xmpmeta'),
        RATED.replace("<xmp:Rating>0", "<xmp:Rating>&#48;"),
        RATED.replace("<xmp:Rating>0", "<xmp:Rating>é"),
        "\0".join(RATED[len("<?xpacket begin='.' id='W5M0MpCehiHzreSzNTczkc9d'?>") :]),
    ],
)
def test_a_packet_that_holds_more_than_a_rating_or_is_odd_is_read(
    tmp_path: Path, packet: str
) -> None:
    assert may_be_embedded(asset(with_xmp(tmp_path / "a.jpg", packet.encode("utf-8"))))


def test_other_formats_and_broken_files_are_left_to_exiftool(tmp_path: Path) -> None:
    whole = drawn.jpeg(tmp_path / "a.jpg", taken="2024-07-03T18:20:11")
    cut = tmp_path / "cut.jpg"
    for size in (2, 3, 21, 40, 150):
        cut.write_bytes(whole.read_bytes()[:size])
        assert may_be_embedded(asset(cut))
    cut.write_bytes(b"\xff\xd8" + b"\xff\xe0\x00\x04ab" * 100)
    assert may_be_embedded(asset(cut))
    assert may_be_embedded(asset(drawn.png(tmp_path / "a.png"), "png"))
