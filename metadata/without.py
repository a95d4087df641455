"""A description without some of its fields. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from metadata.description import Description, Fact, Look, Sentiment, Tag
from metadata.fields import ENGLISH


def without(said: Description, fields: Iterable[str]) -> Description:
    """Leave *fields* out of a description, and that they were ever looked for."""
    left_out = set(fields)
    for name in left_out:
        said = _WITHOUT[name](said) if name in _WITHOUT else said
    kept = {field: made for field, made in said.provenance.items() if field not in left_out}
    return replace(said, provenance=kept)


def _untranslated(said: Description) -> Description:
    return replace(
        said,
        caption=_original(said.caption),
        alt=_original(said.alt),
        summary=_original(said.summary),
        creative=_original(said.creative),
        tags=tuple(
            replace(tag, translations={}) for tag in said.tags if not tag.is_added or _is_mood(tag)
        ),
        sentiment=replace(said.sentiment, analysis=_original(said.sentiment.analysis)),
    )


def _unjudged(said: Description) -> Description:
    tags = tuple(tag for tag in said.tags if not _is_mood(tag))
    return replace(said, sentiment=Sentiment(), tags=tags)


def _is_mood(tag: Tag) -> bool:
    """Tell whether a keyword repeats the sentiment; other additions name what they translate."""
    return tag.is_added and len(tag.said) == 1


def _original(alternatives: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in alternatives.items() if language == ENGLISH}


def _unlooked(said: Description) -> Description:
    """Leave out what was measured; what a model examined is named by its own fields."""
    facts = tuple(fact for fact in said.look.facts if fact.basis == _MODEL)
    return replace(said, look=Look(facts=facts), video=None)


def _unexamined(name: str) -> Callable[[Description], Description]:
    def leave_out(said: Description) -> Description:
        facts = tuple(fact for fact in said.look.facts if not _is_of(fact, f"{name}_"))
        return replace(said, look=replace(said.look, facts=facts))

    return leave_out


def _is_of(fact: Fact, start: str) -> bool:
    return fact.basis == _MODEL and fact.name.startswith(start)


_MODEL = "model"
_WITHOUT: Mapping[str, Callable[[Description], Description]] = {
    "caption": lambda said: replace(said, caption={}),
    "alt": lambda said: replace(said, alt={}),
    "summary": lambda said: replace(said, summary={}),
    "creative": lambda said: replace(said, creative={}),
    "tags": lambda said: replace(said, tags=()),
    "sentiment": _unjudged,
    "moderation": _unexamined("moderation"),
    "quality": _unexamined("quality"),
    "text": lambda said: replace(said, text=()),
    "codes": lambda said: replace(said, codes=()),
    "transcript": lambda said: replace(said, transcript=()),
    "speech": lambda said: replace(said, transcript=()),
    "look": _unlooked,
    "translate": _untranslated,
}
FIELDS = tuple(_WITHOUT)
"""The fields that can be left out, by the names that provenance has for them."""
