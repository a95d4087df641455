"""A picture whose film comes later: the sidecar that captiond named for one alone stays its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from metadata.beside import existing_sidecars
from metadata.change import Rules, SidecarName
from metadata.exiftool import ExifTool
from tests.insides import Case, Stranger, media, stranger
from tests.sidecars import SMALL, exiftool, named

__all__ = ["exiftool", "stranger"]
REPLACE = Rules(sidecar_name=SidecarName.REPLACE)


@pytest.fixture
def photo(exiftool: ExifTool, stranger: Stranger, tmp_path: Path) -> Case:
    photo = Case(exiftool, media(tmp_path, "jpeg"), stranger=stranger)
    photo.rules = REPLACE
    photo.write()
    stranger.edit(tmp_path / "a.xmp", "-XMP-dc:Subject+=Oma", "-XMP-xmp:Rating=5")
    return photo


def test_a_human_s_words_stay_in_view_when_the_film_comes(photo: Case) -> None:
    photo.path.with_suffix(".mov").touch()
    assert named(photo.read()) == ["Oma"] and photo.read().described == photo.content
    photo.write(replace(SMALL, caption={"en": "Newer."}))
    assert [each.name for each in photo.path.parent.glob("*.xmp")] == ["a.xmp"]
    assert named(photo.read()) == ["Oma"]


def test_the_film_gets_another_sidecar(photo: Case) -> None:
    film = photo.path.with_suffix(".mov")
    film.touch()
    assert existing_sidecars(film, "sha256:def") == ()
    assert existing_sidecars(photo.path, photo.content) == (photo.path.with_suffix(".xmp"),)
    assert existing_sidecars(photo.path) == ()


def test_beside_a_raw_file_it_is_the_raw_file_s(photo: Case) -> None:
    raw = photo.path.with_suffix(".nef")
    raw.touch()
    assert existing_sidecars(photo.path, photo.content) == ()
    assert existing_sidecars(raw, "sha256:def") == (photo.path.with_suffix(".xmp"),)


def test_what_is_no_file_is_nobody_s(tmp_path: Path) -> None:
    for name in ("a.heic", "a.mov"):
        (tmp_path / name).touch()
    (tmp_path / "a.xmp").mkdir()
    assert existing_sidecars(tmp_path / "a.heic", "sha256:abc") == ()
