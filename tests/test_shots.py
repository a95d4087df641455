"""Cuts are found where they are, and nothing is claimed where not every picture was seen."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from daemon.media.changes import Change, Stride
from daemon.media.decode import open_frames
from daemon.media.frames import Motion, Shots, Wanted
from daemon.media.identify import identify
from daemon.media.shots import LONGEST_S, cuts_in, motion_in
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


def filmed(path: Path, pictures: Iterable[np.ndarray], fps: int = 25) -> Path:
    with av.open(str(path), "w") as out:
        track = drawn._video_stream(out, "libx264", fps, (160, 90), fps)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture.clip(0, 255).astype(np.uint8), "rgb24")
            frame.pts = number
            out.mux(track.encode(frame))
        out.mux(track.encode())
    return path


def scene(seed: int) -> np.ndarray:
    tiles = np.random.default_rng(seed).integers(20, 200, (9, 16, 3))
    return tiles.repeat(10, axis=0).repeat(10, axis=1).astype(float)


def lit(number: int, every: int, length: int) -> np.ndarray:
    """Show a scene that a flash of *length* pictures lights after *every* pictures."""
    bright = number >= every and number % every < length
    return scene(1) * (1.5 if bright else 1) + (90 if bright else 0)


@pytest.mark.parametrize(("every", "length"), [(60, 1), (60, 2), (60, 5), (7, 2), (15, 1)])
def test_a_flash_is_no_cut(tmp_path: Path, every: int, length: int) -> None:
    path = filmed(tmp_path / "a.mp4", (lit(number, every, length) for number in range(100)))
    found = shots(path)
    assert found is not None and found.cuts_s == ()


@pytest.mark.parametrize("pictures", [15, 25, 50])
def test_out_of_black_and_into_each_other_is_no_cut(tmp_path: Path, pictures: int) -> None:
    steps = np.clip((np.arange(100) - 20) / pictures, 0, 1)
    for other in (np.zeros((90, 160, 3)), scene(2)):
        ways = (other * (1 - step) + scene(1) * step for step in steps)
        found = shots(filmed(tmp_path / "a.mp4", ways))
        assert found is not None and found.cuts_s == ()


def test_a_cut_in_the_dark_is_found(tmp_path: Path) -> None:
    dark = [scene(1) * 0.25] * 40 + [scene(2) * 0.25] * 40
    found = shots(filmed(tmp_path / "a.mp4", dark))
    assert found is not None and found.cuts_s == (1.6,)


def moved(folder: Path, fps: int, width: float) -> Motion:
    """Measure the motion of a scene that moves *width* pixels a second."""
    numbers = range(3 * fps)
    pictures = (np.roll(scene(1), round(number / fps * width), axis=1) for number in numbers)
    found = shots(filmed(folder / "a.mp4", pictures, fps))
    assert found is not None and found.motion is not None
    return found.motion


def test_motion_does_not_hang_on_the_pictures_per_second(tmp_path: Path) -> None:
    assert moved(tmp_path, 12, 0).share == 0 == moved(tmp_path, 50, 0).share
    slow, fast = moved(tmp_path, 12, 4), moved(tmp_path, 12, 120)
    assert slow.share == pytest.approx(moved(tmp_path, 50, 4).share, rel=0.2)
    assert slow.quick < 0.4 < fast.quick
    assert fast.quick == pytest.approx(moved(tmp_path, 50, 120).quick, rel=0.3)


def test_grain_and_light_are_no_motion(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    grainy = [scene(1) + chance.normal(0, 3, (90, 160, 3)) for _ in range(60)]
    fading = [scene(1) * (1 - number / 120) for number in range(60)]
    for pictures in (grainy, fading):
        found = shots(filmed(tmp_path / "a.mp4", pictures))
        assert found is not None and found.motion is not None
        assert found.motion.quick == 0 and found.cuts_s == ()
    assert shots(filmed(tmp_path / "a.mp4", grainy)).motion.share < 0.01


@pytest.mark.parametrize("light", [0.35, 0.6, 1.4])
def test_a_lamp_that_is_switched_is_no_cut(tmp_path: Path, light: float) -> None:
    found = shots(filmed(tmp_path / "a.mp4", [scene(1)] * 40 + [scene(1) * light] * 40))
    assert found is not None and found.cuts_s == ()


def test_a_cut_while_all_moves_is_found(tmp_path: Path) -> None:
    tints = (np.array([1.0, 0.3, 0.2]), np.array([0.2, 0.6, 1.1]))
    pictures = [
        np.roll(scene(number // 40), 4 * number, axis=1) * tints[number // 40]
        for number in range(80)
    ]
    found = shots(filmed(tmp_path / "a.mp4", pictures))
    assert found is not None and found.cuts_s == (1.6,)


def test_black_bars_do_not_make_two_scenes_one(tmp_path: Path) -> None:
    pictures = [scene(1 + number // 40) for number in range(80)]
    for picture in pictures:
        picture[:20] = picture[-20:] = 0
    found = shots(filmed(tmp_path / "a.mp4", pictures))
    assert found is not None and found.cuts_s == (1.6,)


def test_cuts_are_no_motion() -> None:
    strides = [
        Stride(0.0, 0.5, 0.1, 0.0), Stride(0.5, 1.0, 0.9, 0.9),
        Stride(1.0, 1.5, 0.2, 0.2), Stride(1.5, 2.0, 0.3, 0.1),
    ]  # fmt: skip
    assert motion_in(strides, [0.8]) == Motion(0.2, 0.1)
    assert motion_in(strides[:3], [0.8]) is None


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
