"""What of a record can be searched for: its words by column, and its marks looked up whole."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from metadata.description import HUMAN, UNKNOWN_LANGUAGE, Description, Record, Tag
from metadata.fold import fold, fold_tag, grams, plain
from metadata.spelling import same


@dataclass(frozen=True, slots=True)
class Findable:
    """A record as the index holds it; texts are folded, *day* is YYYY-MM-DD.

    *marks* are (kind, mark): tag, mood, lang, kind and sentiment; ours and human are keywords, as
    ``keyword_mark`` spells them.
    """

    tags: str
    caption: str
    texts: str
    about: str
    runs: str
    day: str
    marks: frozenset[tuple[str, str]]

    @property
    def columns(self) -> tuple[str, str, str, str, str]:
        """Give the searchable words in the order of the table."""
        return (self.tags, self.caption, self.texts, self.about, self.runs)


def findable(record: Record) -> Findable:
    """Work out what finds *record*."""
    said = record.description
    columns = [_joined(part) for part in (_tags(said), _captions(said), _texts(said))]
    columns.append(_joined(_about(record)))
    tags, caption, texts, about = columns
    runs = grams(" ".join(columns))
    return Findable(tags, caption, texts, about, runs, _day(record), frozenset(_marks(record)))


def keyword_mark(tag: Tag) -> str:
    """Spell a keyword so that it is found by its common form, which stands first.

    Then come, in lines of their own, the word as it is written and its place in a hierarchy.
    """
    word = " ".join(tag.name.split())
    return "\n".join(map(plain, (same(word), word, "|".join(tag.above))))


def _tags(said: Description) -> Iterator[str]:
    for tag in said.tags:
        yield tag.name
        yield from tag.translations.values()


def _captions(said: Description) -> Iterator[str]:
    for texts in (said.caption, said.alt, said.summary, said.creative, said.sentiment.analysis):
        yield from texts.values()
    yield from said.sentiment.moods


def _texts(said: Description) -> Iterator[str]:
    yield from (line.text for line in said.text)
    yield from (code.value for code in said.codes)
    yield from (spoken.text for spoken in said.transcript)


def _about(record: Record) -> Iterator[str]:
    yield os.fsencode(record.asset.path.name).decode("utf-8", "replace")
    yield record.asset.camera or ""
    # Season, place and the like; yes-or-no facts and numbers are no words.
    yield from (fact.value for fact in record.description.look.facts if isinstance(fact.value, str))


def _marks(record: Record) -> Iterator[tuple[str, str]]:
    said = record.description
    yield from (("tag", fold_tag(name)) for name in _tags(said))
    yield from (
        ("human" if tag.source == HUMAN else "ours", keyword_mark(tag)) for tag in said.tags
    )
    yield from (("mood", fold_tag(mood)) for mood in said.sentiment.moods)
    yield from (("lang", fold_tag(lang)) for lang in said.caption if lang != UNKNOWN_LANGUAGE)
    yield ("kind", record.asset.kind)
    if said.sentiment.label:
        yield ("sentiment", said.sentiment.label)


def _day(record: Record) -> str:
    """Give the day it was taken, else the day its file came to stand where it is."""
    if record.asset.taken_at:
        return record.asset.taken_at[:10]
    seconds = record.asset.stat.ctime_ns // 10**9
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _joined(parts: Iterable[str]) -> str:
    """Join folded parts, each text once: translations often repeat a word."""
    return "\n".join(dict.fromkeys(fold(plain(part)) for part in parts if part))
