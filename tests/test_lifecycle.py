"""Files in every preset are described twice, edited by hand, described otherwise and undone.

All of the library is in ``tests/conformance``; this is the part of it that each run has time for.
"""

from pathlib import Path

from tests.lifecycle.course import went
from tests.lifecycle.library import cases

STEP = 23


def test_what_people_wrote_stands_at_each_step_and_undo_leaves_nothing_else(
    tmp_path: Path,
) -> None:
    course = went(tmp_path, cases(STEP))
    assert course.found == [], "\n".join(map(str, course.found))
