"""What keywords are called in files: the user's list, renames, the library's spelling.

A description stays in state.db as it was computed; it is named each time it is written, and a tag
that is called otherwise remembers its own words, so that a file tells what it was described with.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from daemon.config import Config
from daemon.questions import vocabulary_of
from metadata.description import HUMAN, Description, Tag
from metadata.renames import Renames
from metadata.spelling import keyword, same
from metadata.vocabulary import Entry, Vocabulary

MOST_WORDS = 100
"""So many keywords of a description are looked at; a quarter of them can be written."""
MOODS = ("AI", "Mood")


class Library(Protocol):
    """Where it is known how humans spell their keywords."""

    def spellings(self, words: Iterable[str]) -> Mapping[str, str]:
        """Give the usual spelling of those of *words* that are known, by common form."""


class Naming:
    """The names that this configuration and the user's renames give to keywords."""

    def __init__(self, config: Config, library: Library, renames: Renames) -> None:
        self._config = config
        self._library = library
        self._renames = renames
        self._vocabulary = vocabulary_of(config)
        self._only = config.vocabulary_mode == "only" and self._vocabulary is not None

    def named(self, said: Description) -> Description:
        """Call the keywords of *said* as they are to stand in files, and add those asked for."""
        tags = [(word, tag) for tag in said.tags[:MOST_WORDS] if (word := keyword(tag.name))]
        placed = self._placed([word for word, _ in tags])
        named: dict[str, Tag] = {}
        for word, tag in tags:
            if place := placed.get(same(word)):
                _join(named, word, tag, place)
        added = (*self._moods(said), *self._translated(list(named.values())))
        for tag in added:
            named.setdefault(same(tag.name), tag)
        return replace(said, tags=tuple(named.values()))

    def is_stale(self, said: Description) -> bool:
        """Tell whether keywords would be called otherwise than a file says; human ones are left."""
        ours = [tag for tag in said.tags if tag.source != HUMAN]
        now = self.named(as_described(said)).tags
        names = {(tag.name, tag.above) for tag in now}
        own = [tag for tag in ours if not tag.is_added]
        added = ({_kind(tag) for tag in tags if tag.is_added} for tags in (ours, now))
        return any((tag.name, tag.above) not in names for tag in own) or next(added) != next(added)

    def usual(self, word: str) -> str:
        """Spell *word* as it is usual in the library, where there is no list to say so."""
        usual = {} if self._vocabulary else self._library.spellings([word])
        return usual.get(same(word), word)

    def refusal(self, word: str) -> str | None:
        """Say why the user's vocabulary keeps keywords from being called *word*."""
        entry = self._vocabulary and self._vocabulary.match(word)
        where = f"your vocabulary ({self._config.vocabulary})"
        if entry and entry.word != word:
            return f"{where} writes {word!r} as {entry.word!r}: rename to that, or change the list"
        if self._only and not entry:
            return f"{where} does not have {word!r}, and others are left out; add it to the list"
        return None

    def _placed(self, words: list[str]) -> dict[str, Entry]:
        """Find for each of *words* the name and the place that it is written with."""
        vocabulary = self._vocabulary
        if vocabulary:
            found = ((word, self._listed(word, vocabulary)) for word in words)
            return {same(word): entry for word, entry in found if entry}
        usual = self._library.spellings(words)
        return {
            same(word): Entry(self._renames.get(word) or usual.get(same(word), word))
            for word in words
        }

    def _listed(self, word: str, vocabulary: Vocabulary) -> Entry | None:
        """Find the entry of a word; what the user calls an entry otherwise is found by that."""
        wanted = self._renames.get(word) or word
        entry = vocabulary.match(wanted)
        if entry and (renamed := self._renames.get(entry.word)):
            wanted = renamed
            entry = vocabulary.match(wanted)
        return entry or (None if self._only else Entry(wanted))

    def _moods(self, said: Description) -> Iterator[Tag]:
        made = said.provenance.get("sentiment")
        for mood in said.sentiment.moods if self._config.mood_keywords else ():
            if word := keyword(f"mood {mood}"):
                yield self._added(word, made.engine if made else "", MOODS)

    def _translated(self, tags: Iterable[Tag]) -> Iterator[Tag]:
        if not self._config.translated_tags:
            return
        for tag in tags:
            for language in self._config.languages:
                if word := keyword(tag.translations.get(language, "")):
                    yield self._added(word, tag.source, (), tag.name)

    def _added(self, word: str, source: str, above: tuple[str, ...], *of: str) -> Tag:
        return Tag(self._renames.get(word) or word, source, {}, above, ("", *of))


def as_described(said: Description) -> Description:
    """Give back the keywords that a file was described with, from what it says of its own."""
    described = [
        Tag(word, tag.source, tag.translations if not at else {})
        for tag in said.tags
        if not tag.is_added and tag.source != HUMAN
        for at, word in enumerate(tag.said or (tag.name,))
    ]
    return replace(said, tags=tuple(described))


def _join(named: dict[str, Tag], word: str, tag: Tag, place: Entry) -> None:
    """Add a tag at its place; several that are called alike become one, and it keeps all words."""
    key = same(place.word)
    first = named.get(key)
    known = (first.said or (first.name,)) if first else ()
    words = known if word in known else (*known, word)
    tag = first or tag
    said = () if words == (place.word,) else words
    named[key] = Tag(place.word, tag.source, tag.translations, place.above, said)


def _kind(tag: Tag) -> bool:
    """Tell moods and translations apart."""
    return tag.above == MOODS
