"""Hostile names times hostile values through read, merge, write and read back: text, no more.

Each name meets three of the values here, and each value two or three names; ``scripts/hostile`` has
all of them meet. ExifTool itself is fed all pairs in ``test_exiftool``.
"""

from collections.abc import Callable
from pathlib import Path

from metadata.exiftool import ExifTool
from tests.hostile import NAMES, VALUES, Ground, Meeting
from tests.sidecars import exiftool

Meet = Callable[[bytes, list[str]], None]

__all__ = ["exiftool"]

_AT_ONCE = 3


def _all_meet(exiftool: ExifTool, root: Path, way: Callable[[Meeting], Meet]) -> None:
    ground = Ground(root)
    before = ground.lay()
    assert len(NAMES) >= 40 and len(VALUES) >= 40
    meet = way(Meeting(exiftool, ground))
    for number, name in enumerate(NAMES):
        meet(name, ground.rotated(number * _AT_ONCE)[:_AT_ONCE])
    ground.untouched(before)


def test_H1_H2_in_sidecars_that_another_program_has_begun(
    exiftool: ExifTool, tmp_path: Path
) -> None:
    _all_meet(exiftool, tmp_path, lambda meeting: meeting.beside)


def test_H1_H2_in_pictures_in_which_another_program_has_written(
    exiftool: ExifTool, tmp_path: Path
) -> None:
    _all_meet(exiftool, tmp_path, lambda meeting: meeting.inside)
