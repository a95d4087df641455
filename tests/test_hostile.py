"""Hostile names times hostile values through read, merge, write and read back: text, no more.

Each name meets five of the values here, and each value four of the names; ``scripts/hostile`` has
all of them meet. ExifTool itself is fed all pairs in ``test_exiftool``.
"""

from pathlib import Path

from metadata.exiftool import ExifTool
from tests.hostile import NAMES, VALUES, Ground, Meeting
from tests.sidecars import exiftool

__all__ = ["exiftool"]

_AT_ONCE = 5


def test_H1_H2_in_sidecars_that_another_program_has_begun(
    exiftool: ExifTool, tmp_path: Path
) -> None:
    ground = Ground(tmp_path)
    before = ground.lay()
    assert len(NAMES) >= 40 and len(VALUES) >= 40
    meeting = Meeting(exiftool, ground)
    for number, name in enumerate(NAMES):
        meeting.beside(name, ground.rotated(number * _AT_ONCE)[:_AT_ONCE])
    ground.untouched(before)
