"""XMP packets inside media files, found before anything parses them."""

from pathlib import Path

import pytest

from metadata.blocks.packets import packets
from metadata.exiftool import ExifTool
from metadata.poison import DEEPEST_READ, is_bottomless
from tests.insides import media
from tests.sidecars import exiftool

__all__ = ["exiftool"]

FORMATS = ["jpeg", "png", "tiff", "psd", "mp4", "mov"]


def _with(exiftool: ExifTool, path: Path, **values: str) -> bytes:
    """Have XMP written into a file, and give all of it."""
    told = {f"XMP-dc:{name}": value for name, value in values.items()}
    made = exiftool.embed(path, {**told}, [])
    made.rename(path)
    return path.read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_the_packet_is_found_and_its_depth(exiftool: ExifTool, tmp_path: Path, format: str) -> None:
    path = media(tmp_path, format)
    assert list(packets(path, format)) == []
    tags = "<a>" * (DEEPEST_READ + 1) + "</a>" * DEEPEST_READ
    data = _with(exiftool, path, Source="here", Rights="x" * len(tags))
    (packet,) = packets(path, format)
    assert b"here" in packet and not is_bottomless(path, format)
    path.write_bytes(data.replace(b"x" * len(tags), tags.encode()))
    assert is_bottomless(path, format)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_cut_anywhere_ends_the_search(
    exiftool: ExifTool, tmp_path: Path, format: str
) -> None:
    path = media(tmp_path, format)
    data = _with(exiftool, path, Source="here")
    for length in range(0, len(data), max(1, len(data) // 100)):
        path.write_bytes(data[:length])
        assert len(list(packets(path, format))) <= 1


def test_an_extension_of_a_jpeg_is_put_together(exiftool: ExifTool, tmp_path: Path) -> None:
    path = media(tmp_path, "jpeg")
    _with(exiftool, path, Rights="long " * 40_000)
    first, more = packets(path, "jpeg")
    assert b"HasExtendedXMP" in first and b"long " * 40_000 in more


def test_other_formats_have_none(tmp_path: Path) -> None:
    path = media(tmp_path, "jpeg")
    assert list(packets(path, "webm")) == [] and not is_bottomless(path, "webm")


def test_films_are_not_followed_deeper_than_xmp_can_stand(tmp_path: Path) -> None:
    path, deep = tmp_path / "a.mp4", 5000
    nested = b"".join((8 * (deep - each)).to_bytes(4, "big") + b"moov" for each in range(deep))
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0" + nested)
    assert list(packets(path, "mp4")) == []


@pytest.mark.parametrize("name", ["a", "é", "-a", "1", ":a", "."])
def test_what_exiftool_takes_for_a_tag_counts(
    exiftool: ExifTool, tmp_path: Path, name: str
) -> None:
    path = media(tmp_path, "png")
    tags = f"<{name}>".encode() * (DEEPEST_READ + 1)
    data = _with(exiftool, path, Rights="x" * len(tags))
    path.write_bytes(data.replace(b"x" * len(tags), tags))
    assert is_bottomless(path, "png")
