"""Keywords with a place in a hierarchy, as darktable lists and rewrites them, and taken back."""

from dataclasses import dataclass

import pytest
from PIL import Image

from metadata.exiftool import ExifTool
from tests.conformance import darktable
from tests.conformance.conftest import needed
from tests.conformance.shown import Listed
from tests.sidecars import Desk, exiftool, named
from tests.test_hierarchies import SAID, WRITTEN

__all__ = ["exiftool"]

PATHS = {("red",), ("Animal", "Dog"), ("AI", "Mood", "mood calm")}


@dataclass(frozen=True)
class Written:
    """Two pictures after darktable has rewritten their sidecars, and what it listed before."""

    ours: Desk
    human: Desk
    listed: Listed


@pytest.fixture(scope="module")
def written(exiftool: ExifTool, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Describe two pictures; of one of them a human had noted that it shows an animal."""
    needed("darktable", darktable.NEEDS)
    root = tmp_path_factory.mktemp("hierarchies")
    (root / "in").mkdir()
    ours, human = Desk(exiftool, root / "in"), Desk(exiftool, root / "in")
    human.picture(root / "in/b.jpg")
    Image.new("RGB", (8, 8), "blue").save(human.asset.path)
    human.edit("-XMP-dc:Subject=Animal")
    for desk in (ours, human):
        desk.write(SAID)
    there = darktable.Darktable(root / "darktable")
    listed = there.reads(root / "in")
    sidecars = (ours.sidecar, human.sidecar)
    stamps = [path.stat().st_mtime_ns for path in sidecars]
    window = darktable.Darktable(root / "window")
    window.rewrites(
        root / "in",
        lambda: all(
            path.exists() and path.stat().st_mtime_ns != stamp
            for path, stamp in zip(sidecars, stamps, strict=True)
        ),
    )
    return Written(ours, human, listed)


def test_darktable_lists_each_word_at_its_place(written: Written) -> None:
    assert set(written.listed["a.jpg"].words) == PATHS
    assert set(written.listed["b.jpg"].words) == {*PATHS, ("Animal",)}


def test_its_rewrite_adds_plain_words_that_are_ours_and_changes_nothing_else(
    written: Written,
) -> None:
    found = written.ours.words()
    assert sorted(found["Subject"]) == ["AI", "Animal", "Dog", "Mood", "mood calm", "red"]
    assert sorted(found["HierarchicalSubject"]) == sorted(WRITTEN["HierarchicalSubject"])
    assert found["TagsList"] == WRITTEN["TagsList"]
    assert named(written.ours.read()) == [] and named(written.human.read()) == ["Animal"]
    assert written.ours.read().description.tags == SAID.tags
    assert written.ours.prepare(SAID).changes == written.human.prepare(SAID).changes == ()


def test_ours_goes_with_what_darktable_made_of_it_and_a_humans_word_stays(
    written: Written,
) -> None:
    written.ours.strip()
    assert not any(written.ours.words().values())
    written.human.strip()
    assert written.human.words()["Subject"] == ["Animal"]
