"""Undo takes back exactly what captiond wrote, of what was asked, and nothing of anybody else's."""

from pathlib import Path

import pytest

from daemon.undo import Undo
from metadata.description import Look
from tests import drawn
from tests.sidecars import foreign
from tests.undoing import HUMAN, Room, bench, edit, made, picture, room, said, sidecar

__all__ = ["bench", "picture", "room", "sidecar"]


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
