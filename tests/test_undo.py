"""Undo takes back exactly what captiond wrote, of what was asked, and nothing of anybody else's."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.stores import Stores
from daemon.undo import Undo
from daemon.wire import Place, Request, Setup
from daemon.worker.bench import Bench
from metadata.asset import AssetError
from metadata.description import Look
from metadata.reasons import Reason, State
from tests import drawn
from tests.sidecars import foreign
from tests.undoing import CHOICE, Room, made, said

HUMAN = foreign("Oma", "dog")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    scratch = tmp_path_factory.mktemp("state") / "scratch"
    scratch.mkdir()
    with Bench(Setup(scratch, (), "exiftool")) as bench:
        yield bench
        assert not [p for p in scratch.iterdir() if p.is_file()], "nothing stays in scratch"


@pytest.fixture
def room(tmp_path: Path, bench: Bench) -> Iterator[Room]:
    with Stores.open(tmp_path, CHOICE, ("caption",)) as stores:
        yield Room(tmp_path, stores, bench)


@pytest.fixture
def picture(room: Room) -> Path:
    return drawn.jpeg(room.folder / "a.jpg", size=(64, 48))


@pytest.fixture
def sidecar(picture: Path) -> Path:
    return picture.with_name("a.jpg.xmp")


def edit(path: Path, *arguments: str) -> None:
    """Change a file as another program does."""
    options = ["-config", "", "-q", "-overwrite_original", *arguments]
    subprocess.run(["exiftool", *options, path], check=True)


def described(room: Room, path: Path) -> bool:
    return room.stores.index.get(path) is not None


# What is asked for


@pytest.mark.parametrize("named", ["empty", "nowhere.jpg", "empty/nowhere.jpg"])
def test_what_stands_for_no_file_takes_back_nothing_elsewhere(
    room: Room, picture: Path, sidecar: Path, named: str
) -> None:
    (room.folder / "empty").mkdir()
    room.describe(picture, said())
    assert room.undo(room.folder / named, media=()) == ["nothing to undo"]
    assert sidecar.exists()


def test_without_a_name_it_is_everything(room: Room, picture: Path, sidecar: Path) -> None:
    other = drawn.jpeg(room.folder / "b.jpg", colour=(1, 2, 3), size=(64, 48))
    for path in (picture, other):
        room.describe(path, said())
    room.undo(run="run-1")
    assert {path.name for path in room.folder.iterdir()} == {"a.jpg", "b.jpg"}


def test_a_folder_is_all_that_was_written_in_it_also_beside_files_that_are_gone(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    picture.unlink()
    told = room.undo(room.folder, media=(), dry_run=True)
    assert told[0] == f"would change {sidecar}: it goes back to the bytes before captiond"
    assert "  - XMP-dc:Subject: beach" in told
    room.undo(room.folder, media=())
    assert sidecar.read_bytes() == HUMAN
    assert room.undo(room.folder, media=()) == ["nothing to undo"]


def test_a_field_that_does_not_exist_is_refused_with_those_that_do() -> None:
    fault = Undo.of({"field": "captoin"}, ()).fault
    assert fault and "'captoin'" in fault and "caption, alt" in fault


def test_files_that_captiond_never_wrote_for_are_let_alone(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    with room.stores.turn():
        room.stores.queue.enqueue([picture], "describe", True, 0.0)
    before = room.state()
    assert room.undo(picture) == ["nothing to undo"]
    with room.stores.turn():
        room.stores.queue.forget([picture])
    assert room.undo(picture) == ["nothing to undo"]
    assert {**room.state(), "rows": ()} == {**before, "rows": ()}


# A dry run


def test_a_dry_run_shows_every_value_and_changes_nothing(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said("dog", "beach", "Line\nbreak"))
    before = room.state()

    told = room.undo(picture, dry_run=True)

    assert room.state() == before
    assert told[0] == f"would change {sidecar}: it goes back to the bytes before captiond"
    values = told[1:]
    assert "  - XMP-dc:Subject: beach" in values
    assert not any("dog" in line for line in values if "dc:Subject" in line), "a human's"
    assert "  - XMP-lr:HierarchicalSubject: Oma" in values, "a copy of ours"
    assert "  - XMP-captiond:Caption-es: Una imagen de run-1." in values
    assert not any(line.startswith("  +") for line in values)
    assert all("\n" not in line for line in values)
    ours = [line.startswith("  - XMP-captiond:") for line in values]
    assert ours == sorted(ours), "what others read comes first"

    assert room.undo(picture)[0] == told[0].removeprefix("would change ")
    assert sidecar.read_bytes() == HUMAN


def test_a_dry_run_by_values_shows_what_would_go_and_changes_nothing(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said())
    edit(sidecar, "-XMP-dc:Subject+=Oma")
    before = room.state()
    told = room.undo(picture, dry_run=True)
    assert room.state() == before
    assert told[0].endswith("all values of captiond's taken out; what others wrote stays")
    assert "  - XMP-dc:Subject: dog" in told
    assert not any("Oma" in line for line in told)


def test_a_dry_run_of_a_sidecar_of_ours_shows_that_it_would_disappear(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said())
    before = room.state()
    told = room.undo(picture, dry_run=True)
    assert told[0].startswith(f"would change {sidecar}: it disappears: captiond made it")
    assert room.state() == before


# Runs and models


def test_a_run_that_a_later_one_wrote_over_leaves_the_later_ones_values(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said("dog"))
    room.describe(picture, said("cat", run="run-2"), "run-2")
    second = sidecar.read_bytes()

    assert room.undo(run="run-1") == ["nothing to undo"], "none of its values stands any more"
    assert sidecar.read_bytes() == second and described(room, picture)
    room.undo(run="run-2")
    assert sidecar.read_bytes() == HUMAN, "and not the values of the first run"
    assert not described(room, picture)
    assert room.undo() == ["nothing to undo"]


def test_the_latest_run_goes_back_to_the_bytes_of_the_one_before(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said("dog"))
    first = sidecar.read_bytes()
    room.describe(picture, said("cat", run="run-2"), "run-2")
    assert "which an earlier captiond wrote" in room.undo(run="run-2")[0]
    assert sidecar.read_bytes() == first and described(room, picture)
    room.undo(run="run-1")
    assert not sidecar.exists()


def test_somebody_elses_edit_between_two_runs_stays_when_both_are_taken_back(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said("dog"))
    edit(sidecar, "-XMP-dc:Subject+=Tante")
    room.describe(picture, said("cat", run="run-2"), "run-2")

    room.undo(run="run-1")
    assert room.values(sidecar, "XMP-dc:Subject") == ["Oma, dog, Tante, cat"]
    room.undo(run="run-2")
    assert room.values(sidecar, "XMP-dc:Subject", "XMP-dc:Description", "XMP-captiond:all") == [
        "Oma, dog, Tante",
        "Oma's garden",
    ]
    assert not described(room, picture)


def test_values_that_a_model_made_go_and_those_of_another_stay(
    room: Room, picture: Path, sidecar: Path
) -> None:
    by, model = made(), made(model="qwen@1")
    sidecar.write_bytes(HUMAN)
    both = said(provenance={"caption": model, "tags": model, "look": by, "translate": by})
    room.describe(picture, both)

    told = room.undo(model="builtin@0")
    assert told == [f"{sidecar}: look, translate taken out; what others wrote stays"]
    record = room.stores.index.get(picture)
    assert record and record.description.look == Look()
    assert record.description.caption["en"] and "es" not in record.description.caption
    assert room.undo(model="builtin@0") == ["nothing to undo"]

    room.undo(model="qwen@1")
    assert sidecar.read_bytes() == HUMAN


def test_a_run_is_taken_back_where_its_values_were_found_out_by_an_earlier_one(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said(run="run-1"), "run-2")
    edit(sidecar, "-XMP-dc:Subject+=Oma")
    room.undo(run="run-2")
    assert room.values(sidecar, "XMP:all") == ["Oma"]


# Fields


def test_field_by_field_until_nothing_is_left(room: Room, picture: Path, sidecar: Path) -> None:
    sidecar.write_bytes(foreign("Oma", "dog", caption=False))
    room.describe(picture, said())
    room.undo(picture, field="tags")
    assert room.values(sidecar, "XMP-dc:Subject", "XMP-lr:all", "XMP-captiond:Tag") == ["Oma, dog"]
    assert room.values(sidecar, "XMP-dc:Description") == ["A picture of run-1."]
    assert described(room, picture)
    for field in ("caption", "alt", "sentiment", "look", "translate"):
        room.undo(picture, field=field)
    assert room.values(sidecar, "XMP-captiond:all") == []
    assert room.values(sidecar, "XMP-dc:all") == ["Oma, dog"]
    assert not described(room, picture)


def test_what_is_left_of_a_field_by_field_undo_goes_back_to_the_bytes_before(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    room.undo(picture, field="tags")
    room.undo(picture, run="run-1")
    assert sidecar.read_bytes() == HUMAN


def test_a_field_of_one_run_only(room: Room, picture: Path, sidecar: Path) -> None:
    room.describe(picture, said())
    before = sidecar.read_bytes()
    assert room.undo(picture, run="run-2", field="tags") == ["nothing to undo"]
    assert sidecar.read_bytes() == before
    room.undo(picture, run="run-1", field="tags")
    assert room.values(sidecar, "XMP-dc:Subject") == []


# What can be amiss


def test_a_sidecar_that_is_not_ours_keeps_words_that_are_also_ours(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said("dog"))
    theirs = picture.with_name("a.xmp")
    theirs.write_bytes(HUMAN)
    room.undo(picture)
    assert theirs.read_bytes() == HUMAN and not sidecar.exists()


def test_two_sidecars_each_go_back_to_their_own_bytes(
    room: Room, picture: Path, sidecar: Path
) -> None:
    short = picture.with_name("a.xmp")
    sidecar.write_bytes(HUMAN)
    short.write_bytes(foreign("Opa", caption=False))
    room.describe(picture, said())
    assert b"beach" in sidecar.read_bytes() and b"beach" in short.read_bytes()
    assert len([line for line in room.undo(picture) if "bytes before" in line]) == 2
    assert sidecar.read_bytes() == HUMAN
    assert short.read_bytes() == foreign("Opa", caption=False)


def test_a_sidecar_that_cannot_be_read_keeps_no_other_from_being_taken_back(
    room: Room, picture: Path, sidecar: Path
) -> None:
    short = picture.with_name("a.xmp")
    for path in (sidecar, short):
        path.write_bytes(HUMAN)
    room.describe(picture, said())
    short.write_bytes(b"<broken")
    with pytest.raises(AssetError) as caught:
        room.undo(picture)
    assert caught.value.reason is Reason.SIDECAR_INVALID
    assert sidecar.read_bytes() == HUMAN and short.read_bytes() == b"<broken"


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_stands_in_a_sidecars_place_is_neither_read_nor_followed(
    room: Room, picture: Path, sidecar: Path, kind: str
) -> None:
    room.describe(picture, said())
    elsewhere = room.root / "elsewhere"
    sidecar.rename(elsewhere)
    before = elsewhere.read_bytes()
    if kind == "pipe":
        os.mkfifo(sidecar)
    else:
        sidecar.symlink_to(elsewhere)
    with pytest.raises(AssetError):
        room.undo(picture)
    assert elsewhere.read_bytes() == before
    assert sidecar.is_symlink() or sidecar.is_fifo()


def test_another_program_that_writes_at_the_same_moment_loses_nothing(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    turns = iter([True])

    def meanwhile(request: Request) -> None:
        if isinstance(request, Place) and next(turns, False):
            edit(sidecar, "-XMP-dc:Subject+=Tante")

    room.meanwhile = meanwhile
    told = room.undo(picture)
    assert [line.endswith("what others wrote stays") for line in told] == [True]
    assert room.values(sidecar, "XMP-dc:Subject", "XMP-captiond:all") == ["Oma, dog, Tante"]


def test_a_program_that_never_stops_writing_is_given_way(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said())
    times = iter(range(1, 100))

    def meanwhile(request: Request) -> None:
        if isinstance(request, Place):
            os.utime(sidecar, (next(times), 1))

    room.meanwhile = meanwhile
    with pytest.raises(AssetError) as caught:
        room.undo(picture)
    assert caught.value.reason is Reason.BUSY
    room.meanwhile = lambda request: None
    room.undo(picture)
    assert not sidecar.exists()


def test_what_somebody_brought_back_by_hand_is_no_longer_ours(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    sidecar.write_bytes(HUMAN)
    room.undo(picture)
    assert room.undo(picture) == ["nothing to undo"]
    assert sidecar.read_bytes() == HUMAN
    job = room.stores.queue.get(picture)
    assert job and job.state is State.SKIPPED and job.reason is Reason.UNDONE


def test_the_bytes_of_a_sidecar_come_back_beside_a_picture_that_broke_meanwhile(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    picture.write_bytes(b"")
    room.undo(picture)
    assert sidecar.read_bytes() == HUMAN


def test_a_lost_journal_and_a_lost_index_take_back_by_values_what_tells_of_itself(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    with room.stores.turn():
        room.stores.journal.forget(sidecar)
        room.stores.forget([picture])
    room.undo(picture)
    assert room.values(sidecar, "XMP-dc:Subject", "XMP-captiond:all") == ["Oma, dog"]


def test_undo_with_a_model_and_a_run_that_never_were(room: Room, picture: Path) -> None:
    room.describe(picture, replace(said(), provenance={}))
    assert room.undo(run="another") == ["nothing to undo"]
    assert room.undo(model="another") == ["nothing to undo"]


def move(path: Path) -> Path:
    """Give a picture and its sidecar another name."""
    sidecar = path.with_name(f"{path.name}.xmp")
    sidecar.rename(path.with_name("moved.jpg.xmp"))
    return path.rename(path.with_name("moved.jpg"))


@pytest.mark.parametrize("known", [True, False])
def test_a_sidecar_that_moved_with_its_picture_goes_back_to_its_bytes(
    room: Room, picture: Path, sidecar: Path, known: bool
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    moved = move(picture)
    if known:
        room.describe(moved, said())
    with room.stores.turn():
        room.stores.forget([picture])
    told = room.undo(moved)
    assert told == [f"{moved}.xmp: it goes back to the bytes before captiond"]
    assert Path(f"{moved}.xmp").read_bytes() == HUMAN


def test_what_was_edited_and_written_once_more_under_another_name_goes_by_values(
    room: Room, picture: Path, sidecar: Path
) -> None:
    sidecar.write_bytes(HUMAN)
    room.describe(picture, said())
    moved = move(picture)
    edit(Path(f"{moved}.xmp"), "-XMP-dc:Subject+=Tante")
    room.describe(moved, said("cat"))
    assert room.undo(moved)[0].endswith("what others wrote stays"), "the bytes before hold ours"
    assert room.values(Path(f"{moved}.xmp"), "XMP-dc:Subject", "XMP-captiond:all") == [
        "Oma, dog, Tante"
    ]


def test_what_an_earlier_captiond_wrote_whose_journal_is_lost_goes_as_well(
    room: Room, picture: Path, sidecar: Path
) -> None:
    room.describe(picture, said())
    with room.stores.turn():
        room.stores.journal.forget(sidecar)
    room.describe(picture, said("cat", run="run-2"), "run-2")
    first = room.undo(picture, dry_run=True)[0]
    assert first.endswith("there is nothing in it but captiond's values")
    room.undo(picture)
    assert not sidecar.exists()
