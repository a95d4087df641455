"""The steps of a description: each takes a batch and returns one description per item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from daemon.engines import (
    Captions,
    Engine,
    Judges,
    Looks,
    Reads,
    Seen,
    Tags,
    Texts,
    Translates,
    Work,
)
from metadata.description import Description, Fact, Provenance, Stamp, Tag
from metadata.description import Look as LookOf

ENGLISH = "en"
WORDED = ("caption", "alt")


def made_by(engine: Engine, stamp: Stamp, prompt: str | None = None) -> Provenance:
    """Say that *engine* made a value now."""
    return Provenance(engine.name, engine.model, prompt, stamp.at, stamp.run)


class Stage(Protocol):
    """One step; every stage, and any later one, is this."""

    @property
    def name(self) -> str:
        """Name the step, as statistics show it."""

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Describe each item of *batch* one step further."""


@dataclass(frozen=True, slots=True)
class Look:
    """Measure the pictures."""

    engine: Looks
    name: str = "look"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add colours, facts, codes, the cut of a video and its subtitles."""
        made = made_by(self.engine, stamp)
        return [
            _noted(
                work,
                dict.fromkeys(_looked_for(seen), made),
                look=seen.look,
                video=seen.video,
                codes=seen.codes or (),
                transcript=seen.transcript,
            )
            for work, seen in zip(batch, self.engine.look(batch), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Read:
    """Read the texts in the pictures."""

    engine: Reads
    name: str = "text"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add the lines that were read."""
        made = {"text": made_by(self.engine, stamp)}
        return [
            _noted(work, made, text=legible.lines, look=_with(work, legible.facts))
            for work, legible in zip(batch, self.engine.read(batch), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judge the sentiment."""

    engine: Judges
    name: str = "sentiment"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add the sentiment and the facts that it rests on."""
        made = {"sentiment": made_by(self.engine, stamp)}
        return [
            _noted(work, made, sentiment=judged.sentiment, look=_with(work, judged.facts))
            for work, judged in zip(batch, self.engine.judge(batch), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Caption:
    """Write the English caption and alternative text, or the one of them that is *asked* for."""

    engine: Captions
    asked: tuple[str, ...] = WORDED
    name: str = "caption"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add the texts in English."""
        made = dict.fromkeys(self.asked, made_by(self.engine, stamp))
        return [
            _noted(work, made, **{task: {ENGLISH: getattr(texts, task)} for task in self.asked})
            for work, texts in zip(batch, self.engine.caption(batch), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Keywords:
    """Find the tags."""

    engine: Tags
    name: str = "tags"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add tags, most prominent first."""
        made = made_by(self.engine, stamp)
        return [
            _noted(work, {"tags": made}, tags=tuple(Tag(n, self.engine.name) for n in names))
            for work, names in zip(batch, self.engine.tags(batch), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Translate:
    """Say captions, alternative texts and tags in the other languages."""

    engine: Translates
    languages: tuple[str, ...]
    name: str = "translate"

    def __call__(self, batch: Sequence[Work], stamp: Stamp) -> list[Description]:
        """Add every language that the engine speaks."""
        made = made_by(self.engine, stamp)
        works = list(batch)
        for language in self.languages:
            works = self._into(works, language)
        return [_noted(work, {"translate": made}) for work in works]

    def _into(self, works: Sequence[Work], language: str) -> list[Work]:
        told = self.engine.translate(works, language)
        names = dict.fromkeys(tag.name for work in works for tag in work.description.tags)
        words = self.engine.translate_tags(list(names), language)
        return [
            work.with_description(_merged(work.description, language, texts, words))
            for work, texts in zip(works, told, strict=True)
        ]


def seeing(engine: Engine) -> tuple[Stage, ...]:
    """Line up the stages that need decoded media."""
    return (Look(engine),) if isinstance(engine, Looks) else ()


def wording(engine: Engine, tasks: Sequence[str], languages: Sequence[str]) -> tuple[Stage, ...]:
    """Line up the stages that follow, for what is asked (*tasks*) and what *engine* can do."""
    stages: list[Stage] = []
    if isinstance(engine, Judges) and "sentiment" in tasks:
        stages.append(Judge(engine))
    asked = tuple(task for task in WORDED if task in tasks)
    if isinstance(engine, Captions) and asked:
        stages.append(Caption(engine, asked))
    if isinstance(engine, Tags) and "tags" in tasks:
        stages.append(Keywords(engine))
    if isinstance(engine, Translates) and "translate" in tasks:
        spoken = tuple(lang for lang in languages if lang != ENGLISH and engine.speaks(lang))
        if spoken:
            stages.append(Translate(engine, spoken))
    return tuple(stages)


def _noted(work: Work, made: dict[str, Provenance], **values: object) -> Description:
    said = work.description
    return replace(said, provenance={**said.provenance, **made}, **values)  # type: ignore[arg-type]


def _looked_for(seen: Seen) -> tuple[str, ...]:
    """Name what looking settles; of speech only the subtitles, where there are some."""
    found = {"look": True, "codes": seen.codes is not None, "transcript": bool(seen.transcript)}
    return tuple(name for name, looked_for in found.items() if looked_for)


def _with(work: Work, facts: tuple[Fact, ...]) -> LookOf:
    look = work.description.look
    return replace(look, facts=(*look.facts, *facts))


def _merged(said: Description, language: str, texts: Texts, words: dict[str, str]) -> Description:
    """Add *language* to what is there in English; what nobody asked for stays away."""
    return replace(
        said,
        caption={**said.caption, language: texts.caption} if said.caption else {},
        alt={**said.alt, language: texts.alt} if said.alt else {},
        tags=tuple(_translated(tag, language, words) for tag in said.tags),
    )


def _translated(tag: Tag, language: str, words: dict[str, str]) -> Tag:
    if tag.name not in words:
        return tag
    return replace(tag, translations={**tag.translations, language: words[tag.name]})
