"""A user's own list of keywords: how words of others are found in it, in whatever form. Pure."""

from dataclasses import dataclass, field
from pathlib import Path


class VocabularyError(ValueError):
    """A keyword list cannot be used: it names the file and the line, and what to change there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word as it is to be written, its other names, and the entries above it, from the top."""

    word: str
    synonyms: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The *entries* of a list, in its order, with those of equal spelling only once."""

    entries: tuple[Entry, ...]
    _found: dict[str, Entry] = field(default_factory=dict, repr=False, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """List the words as they are to be written."""
        return tuple(entry.word for entry in self.entries)

    def match(self, word: str) -> Entry | None:
        """Find the entry that means *word*: in any case, number or order, or by a synonym."""
        return self._found.get(word.casefold())


def load(path: Path) -> Vocabulary:
    """Read a plain list or one indented by tabs, as Lightroom and Bridge export them.

    Raises VocabularyError with file and line.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    entries = tuple(Entry(line.strip()) for line in lines if line.strip())
    return Vocabulary(entries, {entry.word.casefold(): entry for entry in entries})
