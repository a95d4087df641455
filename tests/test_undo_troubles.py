"""Undo where files moved, broke, were written by others at the same moment, or are not ours."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.wire import Place, Request
from metadata.asset import AssetError
from metadata.reasons import Reason, State
from tests.sidecars import foreign
from tests.undoing import HUMAN, Room, bench, edit, picture, room, said, sidecar

__all__ = ["bench", "picture", "room", "sidecar"]


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
