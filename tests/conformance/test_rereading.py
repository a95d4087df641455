"""What changes after the first look: who reads it again, and who only when told to."""

from pathlib import Path

import pytest

from tests.conformance import darktable, digikam, exiv2
from tests.conformance.conftest import needed
from tests.conformance.library import CASES, described, expected
from tests.conformance.shown import Shown
from tests.running import Captiond

FIRST = expected(0)
LATER = Shown(frozenset({("apple",), ("Baum",)}), "Ein Baum")
ADDED = Shown(FIRST.words | LATER.words, LATER.caption)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """One picture with its sidecar, as captiond leaves them."""
    captiond: Captiond = described(tmp_path, ("append",), CASES[:1])
    return captiond.inbox / "append" / CASES[0].name


def change(picture: Path) -> None:
    """Take words out, put one in, and write another caption."""
    lists = [f"set {name} XmpBag {word}" for name in exiv2.LISTS for word in ("apple", "Baum")]
    gone = [f"del {name}" for name in exiv2.LISTS]
    caption = "set Xmp.dc.description lang=x-default Ein Baum"
    exiv2.edits(picture.with_name(picture.name + ".xmp"), *gone, *lists, caption)


@pytest.mark.parametrize(("rescans", "then"), [(True, ADDED), (False, FIRST)])
def test_digikam_reads_a_sidecar_again_only_when_told_to_and_keeps_old_words(
    picture: Path, tmp_path: Path, rescans: bool, then: Shown
) -> None:
    needed("digiKam", digikam.NEEDS)
    tool = digikam.DigiKam(tmp_path / "digikam", {"append": picture.parent}, rescans)
    assert tool.reads() == {"append": {picture.name: FIRST}}
    change(picture)
    tool.scans()
    assert tool.listed() == {"append": {picture.name: then}}


def test_darktable_reads_a_sidecar_again_when_it_imports_the_folder_again(
    picture: Path, tmp_path: Path
) -> None:
    needed("darktable", darktable.NEEDS)
    tool = darktable.Darktable(tmp_path / "darktable")
    assert tool.reads(picture.parent) == {picture.name: FIRST}
    change(picture)
    assert tool.reads(picture.parent) == {picture.name: LATER}


def test_digikam_names_captiond_as_the_author_of_its_captions(
    picture: Path, tmp_path: Path
) -> None:
    needed("digiKam", digikam.NEEDS)
    tool = digikam.DigiKam(tmp_path / "digikam", {"append": picture.parent})
    tool.reads()
    [(_, language, author, text)] = tool.captions()
    assert (language, text) == ("x-default", FIRST.caption)
    assert author.startswith("captiond/")
