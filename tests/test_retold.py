"""What is said a second time changes no file, however much later it is said."""

from dataclasses import replace

from metadata.description import Description
from tests.sidecars import LARGEST, SMALL, Desk, desk, exiftool, foreign

__all__ = ["desk", "exiftool"]


def later(said: Description, model: str | None = None) -> Description:
    """Say the same on the next day and in another run, perhaps by another model."""
    made = {
        field: replace(each, at="2024-07-04T00:00:00Z", run="run-2", model=model or each.model)
        for field, each in said.provenance.items()
    }
    return replace(said, provenance=made)


def test_the_same_again_keeps_its_date(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("Oma", "Apple"))
    record = desk.write(LARGEST)
    prepared = desk.prepare(later(LARGEST))
    assert prepared.changes == ()
    assert prepared.record == record


def test_other_words_or_another_model_have_a_date_of_their_own(desk: Desk) -> None:
    desk.write()
    other = later(replace(SMALL, alt={"en": "Otherwise."}))
    assert desk.prepare(other).record.description.provenance["tags"].run == "run-2"
    assert desk.write(later(SMALL, "builtin@9")).description.provenance["caption"].run == "run-2"
