"""A user's own list of keywords, and how the words of others are found in it, in whatever form."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from metadata.spelling import keyword, same
from metadata.wordform import form

MOST_BYTES = 16 * 2**20
_WRONG_SIGNS = re.compile(r"[,;|]")


class VocabularyError(ValueError):
    """A keyword list cannot be used: it names the file and the line, and what to change there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word as it is to be written, its other names, and what stands above it, from the top."""

    word: str
    synonyms: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The *entries* of a list, in its order; a word may stand in several places of it."""

    entries: tuple[Entry, ...]
    _spelled: dict[str, Entry] = field(default_factory=dict, repr=False, compare=False)
    _formed: dict[str, Entry] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Vocabulary":
        """Make a vocabulary; words go before synonyms, and the first of several before others."""
        made = cls(tuple(entries))
        names = [(entry.word, entry) for entry in made.entries]
        names += [(other, entry) for entry in made.entries for other in entry.synonyms]
        for name, entry in names:
            made._spelled.setdefault(same(name), entry)
            made._formed.setdefault(form(name), entry)
        return made

    @property
    def words(self) -> tuple[str, ...]:
        """List the words as they are to be written, each once."""
        spelled: dict[str, str] = {}
        for entry in self.entries:
            spelled.setdefault(same(entry.word), entry.word)
        return tuple(spelled.values())

    def match(self, word: str) -> Entry | None:
        """Find the entry that means *word*: in any case, number or order, or by a synonym."""
        return self._spelled.get(same(word)) or self._formed.get(form(word))


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a list: its number, how many tabs stand before it, and the text behind them."""

    number: int
    depth: int
    text: str


def load(path: Path) -> Vocabulary:
    """Read a plain list, or one indented with tabs as Lightroom and Bridge export them.

    ``{synonyms}`` stand in lines of their own below their word; ``[categories]`` part the list and
    are no words. Lines that begin with "# " are left out. Raises VocabularyError.
    """
    entries = tuple(_entries(path, list(_lines(_text(path)))))
    if not entries:
        raise VocabularyError(f"{path} holds no word; write one keyword on each line")
    return Vocabulary.of(entries)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise VocabularyError(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise VocabularyError(f"{path} is no keyword list: it has more than {MOST_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise VocabularyError(f"{path}, line {line}: not UTF-8; save the list as UTF-8") from error


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        bare = line.lstrip("\t")
        if bare.strip() and not bare.startswith("# "):
            yield _Line(number, len(line) - len(bare), bare.strip())


def _entries(path: Path, lines: Iterable[_Line]) -> Iterator[Entry]:
    above: list[str] = []
    found: list[tuple[str, list[str], tuple[str, ...]]] = []
    synonyms: list[str] = []
    depth = -1
    for line in lines:
        if line.text.startswith("{"):
            if line.depth != depth + 1 or depth < 0:
                _refuse(path, line, "a {synonym} stands below its word, one tab deeper")
            synonyms.append(_name(path, line, "{}"))
            continue
        if line.depth > depth + 1:
            _refuse(path, line, "it is more than one tab deeper than the line before")
        depth, synonyms = line.depth, []
        is_category = line.text.startswith("[")
        name = _name(path, line, "[]" if is_category else "")
        if not is_category:
            found.append((name, synonyms, tuple(above[:depth])))
        above[depth:] = [name]
    return (Entry(name, tuple(others), parents) for name, others, parents in found)


def _name(path: Path, line: _Line, brackets: str) -> str:
    """Give the keyword of a line, as it can be written into files."""
    text = line.text
    if brackets:
        if len(text) < 2 or text[-1] != brackets[1]:
            _refuse(path, line, f"{brackets[0]} is never closed; end the line with {brackets[1]}")
        text = text[1:-1].strip()
    if _WRONG_SIGNS.search(text):
        _refuse(path, line, "a keyword holds no , ; or |; write each word on a line of its own")
    name = keyword(text)
    if not name:
        _refuse(path, line, "a keyword has 1 to 64 bytes; shorten it or take it out")
    return name


def _refuse(path: Path, line: _Line, why: str) -> NoReturn:
    raise VocabularyError(f"{path}, line {line.number}: {why}")
