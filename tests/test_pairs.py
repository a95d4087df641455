"""Two files of one shot know each other by stem and folder, whatever the case of their suffix."""

from pathlib import Path

import pytest

from daemon.media.identify import identify
from daemon.media.pairs import companion
from metadata.formats import FORMATS
from tests import drawn


@pytest.mark.parametrize(
    ("name", "format", "other"),
    [
        ("IMG_1.CR2", "cr2", "IMG_1.JPG"),
        ("IMG_1.jpg", "jpeg", "IMG_1.nef"),
        ("IMG_1.HEIC", "heic", "IMG_1.MOV"),
        ("IMG_1.mov", "mov", "IMG_1.heic"),
        ("a b.DNG", "dng", "a b.heic"),
        ("v1.2.jpeg", "jpeg", "v1.2.ARW"),
    ],
)
def test_pairs(tmp_path: Path, name: str, format: str, other: str) -> None:
    (tmp_path / other).write_bytes(b"x")
    assert companion(tmp_path / name, FORMATS[format]) == other


@pytest.mark.parametrize(
    ("name", "format", "other"),
    [
        ("IMG_1.jpg", "jpeg", "IMG_2.nef"),
        ("IMG_1.jpg", "jpeg", "IMG_1.mov"),
        ("IMG_1.png", "png", "IMG_1.nef"),
        ("IMG_1.mp4", "mp4", "IMG_1.heic"),
    ],
)
def test_strangers(tmp_path: Path, name: str, format: str, other: str) -> None:
    (tmp_path / other).write_bytes(b"x")
    assert companion(tmp_path / name, FORMATS[format]) is None


def test_a_folder_is_no_companion(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.nef").mkdir()
    assert companion(tmp_path / "IMG_1.jpg", FORMATS["jpeg"]) is None


def test_an_asset_names_its_companion(tmp_path: Path) -> None:
    picture, film = drawn.heic(tmp_path / "a.HEIC"), drawn.clip(tmp_path / "a.MOV", seconds=0.5)
    assert identify(picture, 10**8, lambda path: None).companion == "a.MOV"
    assert identify(film, 10**8, lambda path: None).companion == "a.HEIC"
