"""Every format in every preset, in every state: described twice, edited, described anew, undone."""

from pathlib import Path

from tests.conformance.conftest import Report
from tests.lifecycle.course import went
from tests.lifecycle.library import cases


def test_every_value_of_people_stands_at_each_step_and_undo_leaves_nothing_else(
    tmp_path: Path, report: Report
) -> None:
    course = went(tmp_path, cases(), moods=True)
    report += course.table().splitlines()
    assert len(course.cases) >= 300
    assert course.found == [], "\n".join(map(str, course.found))
