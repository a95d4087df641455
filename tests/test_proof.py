"""What ExifTool wrote is taken as wanted only where the packets show it; in doubt it is asked."""

import re
from pathlib import Path

import pytest

from metadata.blocks.packets import packets
from metadata.exiftool import ExifTool
from metadata.fields import Properties, normal
from metadata.proof import proves
from tests.drawn import jpeg
from tests.foreign_xmp import DARKTABLE, LIGHTROOM
from tests.sidecars import exiftool, foreign

__all__ = ["exiftool"]

OURS: Properties = {
    "XMP-dc:Subject": ["red", "ñandú & <b>", "2024"],
    "XMP-dc:Description-x-default": "A red\npicture.",
    "XMP-captiond:Tag": [{"name": "red", "label-es": "rojo"}],
    "XMP-photoshop:CaptionWriter": "captiond/1 (x)",
}
DOCUMENTS = {
    "lightroom": LIGHTROOM.encode(),
    "darktable": DARKTABLE.encode(),
    "a made-up one": foreign("Oma"),
}


def _written(exiftool: ExifTool, path: Path, before: bytes) -> tuple[list[bytes], Properties]:
    """Have ours written into a picture with the packet *before*, and read it all with ExifTool."""
    jpeg(path, (8, 8))
    data = path.read_bytes()
    if before:
        said = b"http://ns.adobe.com/xap/1.0/\0" + before
        head = b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big")
        path.write_bytes(data[:2] + head + said + data[2:])
    exiftool.embed(path, OURS, []).rename(path)
    wanted = normal(exiftool.read([path], ("-XMP:all",))[0])
    assert OURS.items() <= wanted.items()
    return list(packets(path, "jpeg")), wanted


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_others_wrote_is_known_again_in_exiftools_spelling(
    exiftool: ExifTool, tmp_path: Path, document: bytes
) -> None:
    after, wanted = _written(exiftool, tmp_path / "a.jpg", document)
    assert proves([document], after, wanted)


def test_a_file_without_a_packet_before(exiftool: ExifTool, tmp_path: Path) -> None:
    after, wanted = _written(exiftool, tmp_path / "a.jpg", b"")
    assert proves([], after, wanted)
    assert not proves([foreign("Oma")], after, wanted)
    assert not proves([], [], wanted) and not proves([], [*after, *after], wanted)


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ("ñandú".encode(), b"nandu"),
        (b"<rdf:li>2024</rdf:li>", b""),
        (b"<rdf:li>2024</rdf:li>", b"<rdf:li>2024</rdf:li><rdf:li>2025</rdf:li>"),
        (b">rojo<", b">verde<"),
        (b"A red\npicture.", b"A red picture."),
        (b"kept", b"lost"),
        (b">1.10<", b">1.1<"),
        (rb"<rdf:li>b</rdf:li>\s*<rdf:li>a</rdf:li>", b"<rdf:li>a</rdf:li><rdf:li>b</rdf:li>"),
        (rb"<odd:list>.*</odd:list>", b""),
        (b"</odd:thing>", b"</odd:thing><odd:more>1</odd:more>"),
        (b"</odd:thing>", b"</odd:thing>text"),
        (rb"<xmp:Rating>4</xmp:Rating>", b"<xmp:Rating>4</xmp:Rating><xmp:Rating>4</xmp:Rating>"),
        (b"</x:xmpmeta>", b""),
        (b"<photoshop:CaptionWriter>", b"<photoshop:CaptionWriter rdf:parseType='Literal'>"),
    ],
)
def test_whatever_else_stands_there_is_no_proof(
    exiftool: ExifTool, tmp_path: Path, found: bytes, instead: bytes
) -> None:
    before = foreign("Oma")
    (after,), wanted = _written(exiftool, tmp_path / "a.jpg", before)
    changed = re.sub(found, instead.replace(b"\\", rb"\\"), after, flags=re.DOTALL)
    assert changed != after
    assert proves([before], [after], wanted) and not proves([before], [changed], wanted)
