"""What captiond put into a media file stays its own when another program drops the account."""

from dataclasses import replace
from pathlib import Path

import pytest

from metadata import sidecar
from metadata.change import Ours, Write
from metadata.description import Tag
from metadata.exiftool import ExifTool
from metadata.iptc import outlived
from tests.insides import EMBED, Case, Stranger, media, place, stranger
from tests.sidecars import SMALL, exiftool, named

__all__ = ["exiftool", "stranger"]


@pytest.fixture
def photo(exiftool: ExifTool, stranger: Stranger, tmp_path: Path) -> Case:
    return Case(exiftool, media(tmp_path, "jpeg"), stranger=stranger)


def _write(photo: Case) -> None:
    """Write, and note it as the journal does."""
    every = {change.target: change.ours for change in photo.write().changes}
    photo.within = every[photo.path]
    photo.base = photo.within


def test_iptc_outlives_xmp_and_is_taken_back(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=hand", "-IPTC:City=Ulm")
    before = photo.tags()
    _write(photo)
    photo.edit("-XMP:all=")
    assert photo.words("IPTC:Keywords") == ["hand", "red", "summer"]
    photo.strip()
    assert photo.tags() == before


def test_iptc_outlives_xmp_and_is_renewed(photo: Case) -> None:
    photo.edit("-IPTC:Keywords=hand", "-IPTC:City=Ulm")
    before = photo.tags()
    _write(photo)
    photo.edit("-XMP:all=")
    photo.write(replace(SMALL, tags=(Tag("winter", "other"),)))
    assert photo.words("IPTC:Keywords") == photo.words() == ["hand", "winter"]
    assert named(photo.read()) == ["hand"]
    photo.strip()
    assert photo.tags() == before


def test_the_last_trace_of_a_human_in_iptc_is_not_ours(photo: Case) -> None:
    photo.edit("-XMP-dc:Subject=Oma", "-XMP-tiff:ImageDescription=Meine Oma", "-IPTC:City=Ulm")
    _write(photo)
    photo.edit("-XMP:all=")
    photo.strip()
    assert photo.words("IPTC:Keywords") == ["Oma"]
    assert photo.tags()["IPTC:Caption-Abstract"] == "Meine Oma"


def test_a_word_that_a_human_has_as_well_does_not_outlive_as_ours() -> None:
    copied = ("IPTC:Keywords=red", "XMP-lr:HierarchicalSubject=red")
    assert outlived(Ours(tags=("red",), copied=copied)) == Ours()


def test_an_account_dropped_inside_makes_ours_nobody_elses(photo: Case) -> None:
    photo.rules = replace(EMBED, write=Write.BOTH)
    photo.edit("-XMP-dc:Subject=summer")
    _write(photo)
    photo.edit("-XMP-captiond:all=")
    photo.write()
    assert named(photo.read()) == ["summer"]
    beside = photo.path.with_suffix(".xmp")
    for target in (photo.path, beside):
        asked = (photo.asset, target, photo.base, (), photo.rules)
        for change in sidecar.strip(photo.exiftool, *asked).changes:
            place(change)
    assert photo.words() == ["summer"]
    assert not beside.exists()


def test_a_sidecar_alone_claims_nothing_inside(photo: Case) -> None:
    photo.rules = replace(EMBED, write=Write.SIDECAR)
    photo.write()
    photo.edit("-XMP-dc:Subject=red")
    photo.rules = replace(EMBED, write=Write.BOTH)
    photo.write()
    assert named(photo.read()) == ["red"]
    photo.strip()
    assert photo.words() == ["red"]
