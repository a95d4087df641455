"""When a file has stopped changing, with a clock that is made up."""

import itertools
import random
from pathlib import Path

import pytest

from daemon.settle import LONGEST_WAIT_S, Settled, Settler

A = Path("/hot/a.jpg")
B = Path("/hot/b.jpg")
STEP = 0.1

# What is on the disk, by time: (second from which on, what a look sees, held open for writing?),
# the seconds of the events, and the second at which the file settles, None for never.
STORIES = {
    "written in one go": ([(0, "1", False)], [0, 0.1], 2.1),
    "closed long after it was made": ([(0, "0", True), (9, "1", False)], [0, 9], 11),
    "W1 slow write": ([(t, f"{t}", True) for t in range(6)] + [(6, "6", False)], [0, 6], 8),
    "W1 stalled with the file open": ([(0, "1", True), (50, "2", False)], [0, 50], 52),
    "W1 slow write that nobody tells of": ([(t, f"{t}", False) for t in range(7)], [0], 8),
    "W3 scanner that opens it again and again": (
        [(t * 0.3, f"{t}", False) for t in range(12)],
        [t * 0.3 for t in range(12)],
        5.3,
    ),
    "W3 reopened within the quiet time, same content": ([(0, "1", False)], [0, 1.9], 3.9),
    "vanished before it settled": ([(0, "1", False), (1, None, False)], [0], None),
    "vanished and came back": (
        [(0, "1", False), (1, None, False), (5, "2", False)],
        [0, 1, 5],
        7,
    ),
    "renamed onto": ([(0, "1", False), (1.5, "other inode", False)], [0, 1.5], 3.5),
    "renamed onto, nobody tells": ([(0, "1", False), (1.5, "other inode", False)], [0], 4),
    "D13 date goes backwards": ([(0, (5, 900), False), (1, (5, 100), False)], [0, 1], 3),
    "D13 date lies in the future": ([(0, (5, 9e18), False)], [0], 2),
    "not there at all": ([(0, None, False)], [0], None),
    "held by a program that never lets go": ([(0, "1", True)], [0], None),
}


@pytest.mark.parametrize("story", STORIES)
def test_stories(story: str) -> None:
    disk, events, expected = STORIES[story]
    assert played(disk, list(events)) == ([expected] if expected is not None else [])


def played(disk: list[tuple[float, object, bool]], events: list[float]) -> list[float]:
    """Play a story for two minutes; give the seconds at which the file settled."""
    settler = Settler()
    settled = []
    for tick in range(1200):
        now = round(tick * STEP, 1)
        while events and events[0] <= now:
            settler.saw(A, now, 2.0)
            events.pop(0)
        _, seen, held = max((d for d in disk if d[0] <= now), key=lambda d: d[0])
        for path in settler.due(now):
            if settler.looked(path, seen, now, held=held):
                settled.append(now)
    return settled


def test_a_file_settles_once_and_is_forgotten() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0)
    assert settler.due(0) == [A]
    assert settler.looked(A, "1", 0) is None
    assert settler.due(1.9) == []
    assert settler.due(2.0) == [A]
    assert settler.looked(A, "1", 2.0) == Settled(A, "1", fresh=True)
    assert (len(settler), A in settler, settler.next_due()) == (0, False, None)
    assert settler.looked(A, "1", 3.0) is None


def test_same_file_seen_many_times_is_looked_at_once() -> None:
    settler = Settler()
    for _ in range(5):
        settler.saw(A, 0, 2.0)
    assert settler.due(0) == [A]
    assert settler.due(0) == []


def test_what_a_scan_saw_saves_the_first_look() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0, fresh=False, seen="1")
    assert settler.next_due() == 2.0
    assert settler.due(2.0) == [A]
    assert settler.looked(A, "1", 2.0) == Settled(A, "1", fresh=False)


def test_scans_do_not_keep_a_waiting_file_from_settling() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0, seen="1")
    settler.saw(A, 1.5, 2.0, seen="1")
    assert settler.due(2.0) == [A]
    assert settler.looked(A, "1", 2.0)


def test_a_file_that_was_new_once_stays_new() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0, fresh=False, seen="1")
    settler.saw(A, 0.5, 2.0, fresh=True)
    settler.saw(A, 0.6, 2.0, fresh=False, seen="1")
    settler.due(0.6)
    settler.looked(A, "1", 0.6)
    settler.due(2.6)
    assert settler.looked(A, "1", 2.6) == Settled(A, "1", fresh=True)


def test_each_folder_has_its_own_time() -> None:
    settler = Settler()
    settler.saw(A, 0, 10.0, seen="1")
    settler.saw(B, 0, 0.5, seen="1")
    assert settler.next_due() == 0.5
    assert settler.due(0.5) == [B]
    assert settler.due(9.9) == []
    assert settler.due(10.0) == [A]


def test_no_time_at_all_still_takes_two_looks() -> None:
    settler = Settler()
    settler.saw(A, 3, 0.0)
    assert settler.due(3) == [A]
    assert settler.looked(A, "1", 3) is None
    assert settler.due(3) == [A]
    assert settler.looked(A, "1", 3)


def test_looking_too_early_settles_nothing() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0, seen="1")
    assert settler.looked(A, "1", 1.0) is None
    assert settler.due(2.0) == [A]


def test_a_file_held_open_is_looked_at_ever_less_often() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0, seen="1")
    looks = []
    while len(looks) < 8:
        now = settler.next_due()
        assert now is not None
        assert settler.due(now) == [A]
        settler.looked(A, "1", now, held=True)
        looks.append(now)
    gaps = [b - a for a, b in itertools.pairwise(looks)]
    assert gaps == [4, 8, 16, LONGEST_WAIT_S, LONGEST_WAIT_S, LONGEST_WAIT_S, LONGEST_WAIT_S]


def test_due_can_be_taken_in_portions() -> None:
    settler = Settler()
    paths = [Path(f"/hot/{n}.jpg") for n in range(25)]
    for path in paths:
        settler.saw(path, 0, 2.0)
    taken = [settler.due(0, at_most=10) for _ in range(4)]
    assert [len(t) for t in taken] == [10, 10, 5, 0]
    assert [p for t in taken for p in t] == paths


def test_a_forgotten_file_is_never_due() -> None:
    settler = Settler()
    settler.saw(A, 0, 2.0)
    settler.forget(A)
    settler.forget(B)
    assert (settler.next_due(), settler.due(5)) == (None, [])


def test_memory_is_that_of_the_unsettled_files_only() -> None:
    settler = Settler()
    for tick in range(20_000):
        settler.saw(A, tick * 0.01, 2.0)
        for path in settler.due(tick * 0.01):
            settler.looked(path, str(tick), tick * 0.01)
    assert len(settler) == 1
    assert len(settler._looks) < 200


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_whatever_the_order(seed: int) -> None:
    """Every file that is there in the end settles once after its last change, and in time."""
    rng = random.Random(seed)
    settler = Settler()
    paths = [Path(f"/hot/{n}.jpg") for n in range(20)]
    content: dict[Path, int] = dict.fromkeys(paths, 0)
    last_change = dict.fromkeys(paths, 0.0)
    settled: dict[Path, float] = {}
    now = 0.0
    while now < 60:
        now += rng.random() * 0.5
        if now < 30:
            path = rng.choice(paths)
            content[path] += 1
            last_change[path] = now
            settler.saw(path, now, 2.0, seen=content[path] if rng.random() < 0.3 else None)
        for path in settler.due(now, at_most=rng.randint(1, 5)):
            done = settler.looked(path, content[path], now)
            if done:
                assert done.seen == content[path]
                assert now >= last_change[path] + 2.0 or path in settled
                settled[path] = now
    changed = {path for path in paths if content[path]}
    assert set(settled) == changed
    assert all(settled[path] >= last_change[path] + 2.0 for path in changed)
    assert len(settler) == 0
