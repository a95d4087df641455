"""Everything captiond knows of a file in its own namespace, both ways and exact. Pure.

From these properties alone a description is had back, and with it what captiond itself put into
the file: the base of the next merge.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import msgspec

from metadata.change import Ours
from metadata.description import (
    HUMAN,
    UNKNOWN_LANGUAGE,
    Code,
    Colour,
    Description,
    Fact,
    FactValue,
    Look,
    Provenance,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
    Video,
)
from metadata.fields import HIERARCHY, KEYWORDS, OURS, Properties, Value, text, texts, words
from metadata.longer import more, parted, rest_of
from metadata.spelling import clean, same

_CONTENT = OURS + "Content"
# Words and a caption of a human's that captiond only repeated are marked with this.
_COPIED = "copied"
# Words that are nobody's keywords, but stand above ours.
_ABOVE = "above"
# Colours and the cut of a video are facts too, of a basis that no other fact has.
_COLOUR, _VIDEO = "colour", "video"

# What parts the words of a path, and stands in none of them.
_STEP = KEYWORDS[HIERARCHY]

# The tasks that are not called as the value that they make.
_VALUE_OF = {"speech": "transcript"}

Struct = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mirror:
    """What captiond's own namespace says: the description, what is ours, of which content."""

    said: Description
    ours: Ours
    content: str


def mirrored(said: Description, ours: Ours, content: str) -> Properties:
    """Write *said*, and *ours* as it stands in the file, as properties; nothing empty."""
    placed = ours.caption or ours.copied_caption
    plain: dict[str, Value] = {
        "Content": content,
        "Sentiment": said.sentiment.label or "",
        "SentimentScore": _number(said.sentiment.score),
        "Mood": [clean(mood) for mood in said.sentiment.moods],
        "Removed": list(ours.removed),
        "Tag": [
            *_tag_structs(said.tags, ours.tags),
            *_copy_structs(ours.copied),
            *_above_structs(ours.above),
        ],
        "OCRText": [_filled(text=t.text, lang=t.lang, at=_number(t.at_s)) for t in said.text],
        "Code": [_filled(type=code.type, value=code.value) for code in said.codes],
        "Transcript": [_spoken_struct(each) for each in said.transcript],
        "Fact": [_fact_struct(fact) for fact in _facts(said)],
        "Run": list(_run_structs(said, ours.copied_caption is not None)),
        **_languages("Caption", {**said.caption, UNKNOWN_LANGUAGE: placed or ""}),
        **_languages("Alt", said.alt),
        **_languages("Summary", said.summary),
        **_languages("Creative", said.creative),
        **_languages("SentimentAnalysis", said.sentiment.analysis),
    }
    return {OURS + name: value for name, value in parted(plain).items() if value}


def mirror(properties: Properties) -> Mirror | None:
    """Read back what ``mirrored`` wrote; None where captiond has written nothing."""
    if _CONTENT not in properties:
        return None
    captions = texts(properties, OURS + "Caption")
    placed = captions.pop(UNKNOWN_LANGUAGE, None)
    tags, runs = _structs(properties, "Tag"), _structs(properties, "Run")
    facts = [_fact(each) for each in _structs(properties, "Fact")]
    is_copy = any(run.get("field") == _COPIED for run in runs)
    said = Description(
        caption=captions,
        alt=texts(properties, OURS + "Alt"),
        summary=texts(properties, OURS + "Summary"),
        creative=texts(properties, OURS + "Creative"),
        tags=tuple(_tag(each) for each in tags if _is_tag(each)),
        sentiment=_sentiment(properties),
        text=tuple(_line(each) for each in _structs(properties, "OCRText")),
        codes=tuple(_code(each) for each in _structs(properties, "Code")),
        transcript=tuple(_spoken(each) for each in _structs(properties, "Transcript")),
        look=_look(facts),
        video=_video(facts),
        provenance=dict(_made(runs)),
    )
    ours = Ours(
        tags=tuple(tag.name for tag in said.tags),
        copied=tuple(f"{p}={tag['name']}" for tag in tags for p in _fields_of_copy(tag)),
        removed=tuple(words(properties, OURS + "Removed")),
        caption=None if is_copy else placed,
        copied_caption=placed if is_copy else None,
        paths=tuple(_STEP.join((*tag.above, tag.name)) for tag in said.tags if tag.above),
        above=tuple(tag.get("name", "") for tag in tags if tag.get("source") == _ABOVE),
    )
    return Mirror(said, ours, text(properties, _CONTENT) or "")


def _languages(name: str, said: Mapping[str, str]) -> dict[str, Value]:
    return {f"{name}-{language}": each for language, each in said.items()}


def _structs(properties: Properties, name: str) -> list[Struct]:
    """Give the structures of one of our lists, as flat text; a list of one may read as its item."""
    value = properties.get(OURS + name, [])
    first = value if isinstance(value, list) else [value]
    return [
        {part: each for part, each in struct.items() if isinstance(each, str)}
        for struct in (*first, *more(words(properties, OURS + rest_of(name))))
        if isinstance(struct, dict)
    ]


def _filled(**parts: str | None) -> dict[str, Value]:
    return {name: clean(part) for name, part in parts.items() if part}


def _number(value: float | None) -> str:
    return "" if value is None else json.dumps(value)


def _scalar(value: FactValue) -> str:
    """Write a value so that its type is had back: text stays bare unless it reads as JSON."""
    if not isinstance(value, str):
        return json.dumps(value)
    return value if value and _read(value) is value else json.dumps(value, ensure_ascii=False)


def _read(written: str) -> FactValue:
    """Read what ``_scalar`` wrote; whatever else may stand in a file is text."""
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return written
    fits = isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value))
    return value if fits else written


def _read_number(written: str | None) -> float | None:
    value = _read(written or "")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


# Tags


def _tag_structs(tags: tuple[Tag, ...], kept: tuple[str, ...]) -> Iterator[Value]:
    names = {same(name) for name in kept}
    for tag in tags:
        if same(tag.name) in names:
            labels = {f"label-{language}": word for language, word in tag.translations.items()}
            place = {"above": _STEP.join(tag.above), "said": _said(tag)}
            yield {**_filled(name=tag.name, source=tag.source, **place), **labels}


def _said(tag: Tag) -> str:
    """Spell for which words a tag is written; an empty value could not be written."""
    return _STEP if tag.said == ("",) else _STEP.join(tag.said)


def _copy_structs(copied: tuple[str, ...]) -> Iterator[Value]:
    """Say of each copy of a human's word in which properties it stands."""
    where: dict[str, list[str]] = {}
    for copy in copied:
        name, _, word = copy.partition("=")
        where.setdefault(word, []).append(name)
    for word, names in where.items():
        yield {"name": word, "source": " ".join((_COPIED, *names))}


def _above_structs(words: tuple[str, ...]) -> Iterator[Value]:
    for word in words:
        yield {"name": word, "source": _ABOVE}


def _fields_of_copy(struct: Struct) -> list[str]:
    first, *names = struct.get("source", "").split(" ")
    return names if first == _COPIED else []


def _tag(struct: Struct) -> Tag:
    labels = {
        part.removeprefix("label-"): word
        for part, word in struct.items()
        if part.startswith("label-")
    }
    said = struct.get("said", "").split(_STEP)
    return Tag(
        name=struct.get("name", ""),
        source=struct.get("source", ""),
        translations=labels,
        above=tuple(filter(None, struct.get("above", "").split(_STEP))),
        said=tuple(word for at, word in enumerate(said) if word or (not at and said[1:])),
    )


def _is_tag(struct: Struct) -> bool:
    return struct.get("source") != _ABOVE and not _fields_of_copy(struct)


# Sentiment, texts


def _sentiment(properties: Properties) -> Sentiment:
    return Sentiment(
        label=text(properties, OURS + "Sentiment"),
        score=_read_number(text(properties, OURS + "SentimentScore")),
        moods=tuple(words(properties, OURS + "Mood")),
        analysis=texts(properties, OURS + "SentimentAnalysis"),
    )


def _line(struct: Struct) -> TextLine:
    return TextLine(struct.get("text", ""), struct.get("lang"), _read_number(struct.get("at")))


def _code(struct: Struct) -> Code:
    return Code(struct.get("value", ""), struct.get("type", ""))


def _spoken_struct(spoken: Spoken) -> Value:
    start, end = _number(spoken.start_s), _number(spoken.end_s)
    return _filled(start=start, end=end, lang=spoken.lang, text=spoken.text)


def _spoken(struct: Struct) -> Spoken:
    start, end = _read_number(struct.get("start")), _read_number(struct.get("end"))
    return Spoken(start or 0.0, end or 0.0, struct.get("lang"), struct.get("text", ""))


# Facts


def _facts(said: Description) -> Iterator[Fact]:
    for colour in said.look.colours:
        yield Fact(colour.name, colour.hex, _COLOUR, colour.share)
    yield from said.look.facts
    if said.video:
        yield from _video_facts(said.video)


def _video_facts(video: Video) -> Iterator[Fact]:
    yield Fact("sound", video.sound, _VIDEO)
    if video.fps is not None:
        yield Fact("fps", video.fps, _VIDEO)
    if video.shots is not None:
        yield Fact("shots", video.shots, _VIDEO)
    if video.cuts_s:
        yield Fact("cuts_s", " ".join(map(json.dumps, video.cuts_s)), _VIDEO)


def _fact_struct(fact: Fact) -> Value:
    value = _scalar(fact.value)
    return _filled(name=fact.name, value=value, basis=fact.basis, score=_number(fact.score))


def _fact(struct: Struct) -> Fact:
    value, score = _read(struct.get("value", "")), _read_number(struct.get("score"))
    return Fact(struct.get("name", ""), value, struct.get("basis", ""), score)


def _look(facts: list[Fact]) -> Look:
    return Look(
        colours=tuple(
            Colour(f.name, f.score or 0.0, str(f.value)) for f in facts if f.basis == _COLOUR
        ),
        facts=tuple(f for f in facts if f.basis not in (_COLOUR, _VIDEO)),
    )


def _video(facts: list[Fact]) -> Video | None:
    cut = {fact.name: fact.value for fact in facts if fact.basis == _VIDEO}
    if "sound" not in cut:
        return None
    fps, shots = _read_number(str(cut.get("fps"))), _read_number(str(cut.get("shots")))
    times = (_read_number(each) for each in str(cut.get("cuts_s", "")).split())
    return Video(
        fps=fps,
        sound=cut["sound"] is True,
        shots=None if shots is None else int(shots),
        cuts_s=tuple(at_s for at_s in times if at_s is not None),
    )


# Provenance


def _run_structs(said: Description, copied: bool) -> Iterator[Value]:
    for field, made in said.provenance.items():
        yield _filled(run=made.run, field=field, engine=made.engine, model=made.model,
                      prompt=made.prompt, when=made.at, sha256=_digest(said, field))  # fmt: skip
    if copied:
        yield {"field": _COPIED, "engine": HUMAN}


def _digest(said: Description, field: str) -> str:
    """Hash the value that a run made, so that anyone can tell whether it was changed since."""
    value = getattr(said, _VALUE_OF.get(field, field), None)
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest() if value else ""


def _made(runs: list[Struct]) -> Iterator[tuple[str, Provenance]]:
    for run in runs:
        field = run.get("field", _COPIED)
        if field != _COPIED:
            yield field, Provenance(run.get("engine", ""), run.get("model", ""), run.get("prompt"),
                                    run.get("when", ""), run.get("run", ""))  # fmt: skip
