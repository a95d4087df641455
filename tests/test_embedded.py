"""A JPEG without anything to read is known as such, and one with something is never overlooked."""

import subprocess
from pathlib import Path

import pytest

from metadata.asset import Asset, MediaKind, Stat
from metadata.embedded import may_be_embedded
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


def test_other_formats_and_broken_files_are_left_to_exiftool(tmp_path: Path) -> None:
    whole = drawn.jpeg(tmp_path / "a.jpg", taken="2024-07-03T18:20:11")
    cut = tmp_path / "cut.jpg"
    for size in (2, 3, 21, 40, 150):
        cut.write_bytes(whole.read_bytes()[:size])
        assert may_be_embedded(asset(cut))
    cut.write_bytes(b"\xff\xd8" + b"\xff\xe0\x00\x04ab" * 100)
    assert may_be_embedded(asset(cut))
    assert may_be_embedded(asset(drawn.png(tmp_path / "a.png"), "png"))
