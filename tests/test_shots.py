"""Cuts are found where they are, and nothing is claimed where not every picture was seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.media.changes import Change
from daemon.media.decode import open_frames
from daemon.media.frames import Shots, Wanted
from daemon.media.identify import identify
from daemon.media.shots import LONGEST_S, cuts_in
from tests import drawn

LIMIT = 100_000_000


def shots(path: Path, duration_s: float | None = None) -> Shots | None:
    asset = identify(path, LIMIT, lambda path: None)
    if duration_s:
        asset = replace(asset, duration_s=duration_s)
    return open_frames(asset, Wanted(count=1), LIMIT, lambda path: None).shots


@pytest.mark.parametrize("suffix", ["mp4", "webm", "avi", "mkv"])
def test_cuts_are_found_to_the_frame(tmp_path: Path, suffix: str) -> None:
    cuts = (1.0, 2.5, 4.0)
    found = shots(drawn.clip(tmp_path / f"a.{suffix}", seconds=6, cuts=cuts))
    assert found is not None
    assert found.cuts_s == pytest.approx(cuts, abs=0.05)
    assert found.count == 4


def test_one_shot_has_no_cut(tmp_path: Path) -> None:
    found = shots(drawn.clip(tmp_path / "a.mp4", seconds=4))
    assert found is not None and found.cuts_s == ()


def test_a_fade_is_no_cut(tmp_path: Path) -> None:
    colours = [(200 - 4 * step, 30, 30 + 4 * step) for step in range(40)]
    cuts = [number / 12 for number in range(1, 40)]
    found = shots(drawn.clip(tmp_path / "a.mp4", seconds=4, cuts=cuts, colours=colours))
    assert found is not None and found.cuts_s == ()


def test_of_a_long_film_no_shots_are_claimed(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=1)
    assert shots(path, LONGEST_S) is not None
    assert shots(path, LONGEST_S + 1) is None


def test_H5_of_a_broken_film_no_shots_are_claimed(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=4, codec="mpeg4", keyframes_s=0.5)
    content = bytearray(path.read_bytes())
    start, end = content.index(b"mdat") + 4, content.index(b"moov")
    for at in range(start + (end - start) // 4, end - 300, 150):
        content[at : at + 100] = bytes(100)
    path.write_bytes(content)
    assert shots(path) is None


def test_shots_are_left_out_when_nobody_wants_them(tmp_path: Path) -> None:
    asset = identify(drawn.clip(tmp_path / "a.mp4", seconds=1), LIMIT, lambda path: None)
    seen = open_frames(asset, Wanted(count=1, shots=False), LIMIT, lambda path: None)
    assert seen.shots is None


@pytest.mark.parametrize(
    ("changes", "cuts"),
    [
        ([1, 1, 40, 1, 1], [2.0]),
        ([1, 1, 11, 1, 1], []),  # too small
        ([30, 30, 40, 30, 30], []),  # a wild scene
        ([1, 40, 1, 1, 1], []),  # nothing before to hold it against
        ([1, 1, 40, 1, 1, 1, 1, 50, 1], [2.0, 7.0]),
        ([1, 1, 40], [2.0]),
        ([], []),
    ],
)
def test_the_rule(changes: list[float], cuts: list[float]) -> None:
    assert cuts_in([Change(float(at), change) for at, change in enumerate(changes)]) == cuts


def test_two_cuts_within_a_blink_are_one() -> None:
    changes = [Change(number * 0.1, 60.0 if number in (3, 5) else 1.0) for number in range(9)]
    assert cuts_in(changes) == [0.3]


def test_what_does_not_last_is_no_cut() -> None:
    changes = [Change(float(at), 60.0 if at == 3 else 1.0, 5.0) for at in range(7)]
    assert cuts_in(changes) == []
