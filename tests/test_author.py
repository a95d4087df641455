"""Who made a picture or a film is read where it stands, and never written."""

from pathlib import Path

import pytest
from PIL import Image

from daemon.media.told import author_name, told_by_film
from metadata.fields import CREATOR, author
from tests.sidecars import Desk, desk, exiftool, foreign
from tests.test_identify import known

__all__ = ["desk", "exiftool"]

ARTIST = 0x013B


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
def test_the_artist_of_exif_is_the_author(tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[ARTIST] = "Zoë\nRoe\0junk".encode()
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (8, 8), "red").save(path, exif=exif)
    assert known(path).author == "Zoë Roe"


@pytest.mark.parametrize(
    "artist", [None, "", "   ", "---", "unknown", "Unknown artist", "PICASA", "N/A", 7, b"\0\0"]
)
def test_nobody_is_no_author(artist: object) -> None:
    assert author_name(artist) is None


def test_latin_letters_of_old_are_read_too() -> None:
    assert author_name("Zoë") == "Zoë"
    assert author_name("Zoë".encode().decode("latin-1")) == "Zoë"


def test_a_name_is_not_endless() -> None:
    assert len(author_name("Roe " * 1000) or "") <= 80


def test_a_film_names_its_author() -> None:
    assert told_by_film({"artist": "The Roes"}).author == "The Roes"
    both = {"artist": "The Roes", "com.apple.quicktime.author": "Zoë"}
    assert told_by_film(both).author == "Zoë"
    assert told_by_film({"make": "Apple"}).author is None


def test_a_thousand_authors_are_not_kept() -> None:
    many = author({CREATOR: ["Roe " * 100] * 1000})
    assert many is not None and len(many) < 1100


def test_xmp_and_iptc_name_the_author_the_sidecar_first(desk: Desk) -> None:
    assert desk.read().author is None
    desk.edit("-IPTC:By-line=Ann", "-IPTC:By-line=Bob", path=desk.asset.path)
    assert desk.read().author == "Ann, Bob"
    desk.edit("-XMP-dc:Creator=Cleo", path=desk.asset.path)
    assert desk.read().author == "Cleo"
    desk.sidecar.write_bytes(foreign("Oma"))
    desk.edit("-XMP-dc:Creator=Dora")
    record = desk.write()
    assert record.author == "Dora"
    assert desk.tags()["XMP-dc:Creator"] == ["Dora"], "it stays what its author wrote"
