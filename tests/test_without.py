"""Each field can be left out of a description, with all that was made of it, and nothing else."""

from dataclasses import replace

import pytest

from metadata.description import (
    Code,
    Description,
    Fact,
    Look,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
    Video,
)
from metadata.without import FIELDS, without
from tests.sidecars import BUILTIN

DOG = Tag("dog", "builtin", {"es": "perro"}, ("animal",))
MOOD = Tag("mood calm", "builtin", {}, ("AI", "Mood"), ("",))
PERRO = Tag("perro", "builtin", {}, (), ("", "dog"))
SEASON = Fact("season", "summer", "rule")
SAFE, SHARP = Fact("moderation_safe", True, "model"), Fact("quality_sharp", True, "model")
ALL = Description(
    caption={"en": "A dog.", "es": "Un perro."},
    alt={"en": "Dog."},
    summary={"en": "Sum."},
    creative={"en": "Buy!"},
    tags=(DOG, MOOD, PERRO),
    sentiment=Sentiment("positive", 0.5, ("calm",), {"en": "why", "es": "por"}),
    text=(TextLine("EXIT"),),
    codes=(Code("1", "QR"),),
    transcript=(Spoken(0.0, 1.0, "en", "hi"),),
    look=Look((), (SEASON, SAFE, SHARP)),
    video=Video(25.0, True, 1),
    provenance=dict.fromkeys(FIELDS, BUILTIN),
)


@pytest.mark.parametrize(
    ("field", "left"),
    [
        ("caption", {"caption": {}}),
        ("alt", {"alt": {}}),
        ("summary", {"summary": {}}),
        ("creative", {"creative": {}}),
        ("tags", {"tags": ()}),
        ("sentiment", {"sentiment": Sentiment(), "tags": (DOG, PERRO)}),
        ("moderation", {"look": Look((), (SEASON, SHARP))}),
        ("quality", {"look": Look((), (SEASON, SAFE))}),
        ("text", {"text": ()}),
        ("codes", {"codes": ()}),
        ("transcript", {"transcript": ()}),
        ("speech", {"transcript": ()}),
        ("look", {"look": Look((), (SAFE, SHARP)), "video": None}),
        (
            "translate",
            {
                "caption": {"en": "A dog."},
                "tags": (replace(DOG, translations={}), MOOD),
                "sentiment": Sentiment("positive", 0.5, ("calm",), {"en": "why"}),
            },
        ),
    ],
)
def test_one_field(field: str, left: dict[str, object]) -> None:
    kept = {name: made for name, made in ALL.provenance.items() if name != field}
    assert without(ALL, (field,)) == replace(ALL, provenance=kept, **left)  # type: ignore[arg-type]


def test_without_all_fields_nothing_is_said() -> None:
    assert without(ALL, FIELDS) == Description()


def test_a_field_that_nobody_knows_changes_nothing() -> None:
    assert without(ALL, ("another",)) == ALL
