"""What captiond put into media files is taken back by values: all else in them stays as it was."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest
from PIL import Image

from daemon.intake import Intake
from daemon.stores import Stores
from daemon.watch.names import Names
from daemon.watch.scan import scan
from daemon.watch.stirred import Scanned
from daemon.wire import Place, Request
from daemon.worker.bench import Bench
from metadata.asset import AssetError
from metadata.blocks import others
from metadata.description import Tag
from metadata.reasons import Reason, State
from tests import drawn
from tests.insides import media
from tests.sidecars import foreign
from tests.undoing import CHOICE, Room, bench, edit, made, said

__all__ = ["bench"]

HUMAN = (
    *("-XMP-dc:Subject=Oma", "-XMP-dc:Subject=dog", "-XMP-dc:Rights=mine", "-XMP-xmp:Rating=4"),
    *("-IPTC:Keywords=Oma", "-IPTC:Keywords=Tante", "-EXIF:Artist=Jo", "-IPTCDigest=new"),
)
STAYS = "picture and streams stay, the file's bytes differ from before captiond"


@pytest.fixture
def room(tmp_path: Path, bench: Bench) -> Iterator[Room]:
    with Stores.open(tmp_path, CHOICE, ("caption",)) as stores:
        yield Room(tmp_path, stores, bench, dam="bridge")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = drawn.jpeg(tmp_path_factory.mktemp("original") / "a.jpg", size=(64, 48))
    edit(path, *HUMAN)
    os.utime(path, ns=(1_600_000_000_123_456_789, 1_600_000_000_123_456_789))
    return path


@pytest.fixture
def picture(room: Room, original: Path) -> Path:
    return Path(shutil.copy2(original, room.folder))


def pixels(path: Path) -> bytes:
    with Image.open(path) as image:
        return bytes(numpy.asarray(image).tobytes())


def test_all_values_and_blocks_are_those_before(room: Room, picture: Path) -> None:
    before = (room.inside(picture), others(picture, "jpeg"), pixels(picture))
    stat = picture.stat()
    room.describe(picture, said())
    assert "beach" in room.values(picture, "XMP-dc:Subject")[0]

    told = room.undo(picture)

    assert told == [f"{picture}: all values of captiond's taken out; {STAYS}"]
    assert (room.inside(picture), others(picture, "jpeg"), pixels(picture)) == before
    after = picture.stat()
    assert (after.st_mode, after.st_mtime_ns) == (stat.st_mode, stat.st_mtime_ns)
    job = room.stores.queue.get(picture)
    assert job and (job.state, job.reason) == (State.SKIPPED, Reason.UNDONE)
    assert room.stores.index.get(picture) is None
    assert room.undo(picture) == ["nothing to undo"]


@pytest.mark.parametrize("format", ["tiff", "png", "psd", "mp4"])
def test_every_format_gives_back_what_was_in_it(room: Room, format: str) -> None:
    path = media(room.folder, format)
    edit(path, "-XMP-dc:Subject=Oma", "-XMP-dc:Rights=mine")
    before = (room.inside(path, format), others(path, format))
    room.describe(path, said())
    assert not path.with_suffix(".xmp").exists()
    told = room.undo(path, dry_run=True)
    assert told[0] == f"would change {path}: all values of captiond's taken out; {STAYS}"
    assert "  - XMP-dc:Subject: dog" in told and not any("Oma" in t for t in told if "dc:S" in t)
    room.undo(path)
    assert (room.inside(path, format), others(path, format)) == before


def test_a_dry_run_leaves_file_and_journal_as_they_are(room: Room, picture: Path) -> None:
    room.describe(picture, said())
    before = room.state()
    told = room.undo(picture, dry_run=True)
    assert room.state() == before
    assert "  - XMP-dc:Subject: beach" in told and "  - IPTC:Keywords: beach" in told
    assert not [line for line in told if "Tante" in line and "IPTC" in line], "a human's"


def test_our_own_undo_makes_no_work(room: Room, picture: Path) -> None:
    room.describe(picture, said())
    intake = Intake(room.config, room.stores, SimpleNamespace(look_again=lambda path: False))
    for undo in (False, True):
        if undo:
            room.undo(picture)
        found = [f for chunk in scan(str(room.folder), Names.below(room.folder), _no, _no)
                 for f in chunk]  # fmt: skip
        device = frozenset({room.folder.stat().st_dev})
        with room.stores.turn():
            intake.take(Scanned(room.folder, tuple(found), False, True, True, device))
        assert intake.settling == 0
        assert room.stores.known.stat(picture) is not None


def test_a_lost_state_takes_back_what_the_file_tells_of_itself(room: Room, picture: Path) -> None:
    before = room.inside(picture)
    room.describe(picture, said())
    with room.stores.turn():
        room.stores.journal.forget(picture)
        room.stores.forget([picture])
    assert room.undo(picture)[0].endswith(STAYS)
    assert room.inside(picture) == before


def test_a_file_that_was_renamed_gives_back_its_values(room: Room, picture: Path) -> None:
    before = room.inside(picture)
    room.describe(picture, said())
    moved = picture.rename(picture.with_name("moved.jpg"))
    room.undo(moved)
    assert room.inside(moved) == before


def test_the_file_and_the_sidecar_beside_it_each_get_back_what_they_had(
    room: Room, picture: Path
) -> None:
    sidecar = picture.with_name("a.xmp")
    sidecar.write_bytes(foreign("Opa"))
    before = room.inside(picture)
    room.describe(picture, said())
    assert b"beach" in sidecar.read_bytes()
    assert "beach" in room.values(picture, "XMP-dc:Subject")[0]
    told = room.undo(picture)
    assert [line.partition(": ")[0] for line in told] == [str(picture), str(sidecar)]
    assert sidecar.read_bytes() == foreign("Opa")
    assert room.inside(picture) == before


def test_what_others_wrote_into_the_file_since_stays(room: Room, picture: Path) -> None:
    room.describe(picture, said())
    edit(picture, "-XMP-dc:Subject+=Opa", "-XMP-dc:Title=Mine", "-XMP-dc:Subject-=beach")
    room.undo(picture)
    kept = room.values(picture, "XMP-dc:Subject", "XMP-dc:Title", "XMP-captiond:all")
    assert kept == ["Oma, dog, Opa", "Mine"]


def test_a_run_that_a_later_one_wrote_over_leaves_the_later_ones_values(
    room: Room, picture: Path
) -> None:
    before = room.inside(picture)
    room.describe(picture, said("dog", "ant"))
    room.describe(picture, said("cat", run="run-2"), "run-2")
    second = picture.read_bytes()
    assert room.undo(run="run-1") == ["nothing to undo"]
    assert picture.read_bytes() == second
    room.undo(run="run-2")
    assert room.inside(picture) == before
    assert room.undo() == ["nothing to undo"]


def test_a_model_and_then_field_by_field(room: Room, picture: Path) -> None:
    before = room.inside(picture)
    by, model = made(), made(model="qwen@1")
    both = {"caption": model, "alt": model, "tags": model, "look": by, "translate": by}
    room.describe(picture, said(provenance=both))
    told = room.undo(model="builtin@0")
    assert told == [f"{picture}: look, translate taken out; {STAYS}"]
    assert room.undo(model="builtin@0") == ["nothing to undo"]
    room.undo(picture, field="tags")
    assert room.values(picture, "XMP-dc:Subject", "IPTC:Keywords") == ["Oma, dog", "Oma, Tante"]
    assert room.values(picture, "XMP-dc:Description") == ["A picture of run-1."]
    for field in ("caption", "alt"):
        room.undo(picture, field=field)
    assert room.inside(picture) == before
    assert room.stores.index.get(picture) is None


def test_a_file_that_may_not_be_written_any_more_says_so_and_can_be_taken_back_later(
    room: Room, picture: Path
) -> None:
    before = room.inside(picture)
    room.describe(picture, said())
    other = room.root / "link.jpg"
    other.hardlink_to(picture)
    with pytest.raises(AssetError) as caught:
        room.undo(picture)
    assert caught.value.reason is Reason.SEALED
    assert "because it has 2 names" in caught.value.detail
    assert room.stores.index.get(picture) is not None
    other.unlink()
    room.undo(picture)
    assert room.inside(picture) == before


def test_another_program_that_writes_at_the_same_moment_loses_nothing(
    room: Room, picture: Path
) -> None:
    room.describe(picture, said())
    turns = iter([True])

    def meanwhile(request: Request) -> None:
        if isinstance(request, Place) and next(turns, False):
            edit(picture, "-XMP-dc:Title=Mine")

    room.meanwhile = meanwhile
    assert room.undo(picture)[0].endswith(STAYS)
    assert room.values(picture, "XMP-dc:Title", "XMP-captiond:all") == ["Mine"]


def _no(*_: object) -> None:
    pass


@pytest.mark.parametrize("inside", [True, False])
def test_keywords_that_repeat_the_sentiment_go_with_it(room: Room, inside: bool) -> None:
    path = drawn.jpeg(room.folder / "b.jpg", size=(64, 48)) if inside else _webp(room)
    target = path if inside else path.with_suffix(".xmp")
    room.config = replace(room.config, mood_keywords=True, translated_tags=True)
    room.describe(path, said(tags=(Tag("dog", "builtin", {"es": "perro"}),)))
    named = ("XMP-dc:Subject", "XMP-lr:HierarchicalSubject")
    assert room.values(target, *named) == [
        "dog, mood calm, perro",
        "dog, AI|Mood|mood calm, perro",
    ]
    room.undo(path, field="sentiment")
    assert room.values(target, *named) == ["dog, perro", "dog, perro"]
    room.undo(path, field="translate")
    assert room.values(target, *named) == ["dog", "dog"]
    room.undo(path, field="tags")
    assert room.values(target, *named) == []


def _webp(room: Room) -> Path:
    return drawn.webp(room.folder / "b.webp", size=(64, 48))
