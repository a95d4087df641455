"""Quote what was read in pictures: whole where it is short, else how it begins; never in part."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from metadata.description import TextLine

_MOST_LINES = 6
_LONGEST = 120
_LONGEST_BEGINNING = 60
# Joiners belong to the spelling of Hindi, Persian and others; all other invisible marks go.
_JOINERS = "\u200c\u200d"
# Thai, Lao, Khmer, kana and Chinese characters.
_UNSEPARATED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A text on one line, how many lines it had in the picture, and whether it is *whole*."""

    text: str
    lines: int
    whole: bool

    @property
    def words(self) -> int:
        """Count words; 2 stands for the unknown number in scripts that do not separate them."""
        return 2 if _UNSEPARATED.search(self.text) else len(self.text.split())


def quote(lines: Iterable[TextLine], once: bool) -> Quote | None:
    """Quote *lines* in reading order; *once* tells the repeated lines of a video only once."""
    texts = [text for text in (plain(line.text) for line in lines) if text]
    if once:
        texts = list(dict.fromkeys(texts))
    if not texts:
        return None
    text = " ".join(texts[:_MOST_LINES])
    whole = len(texts) <= _MOST_LINES and len(text) <= _LONGEST
    return Quote(text if whole else _beginning(text), len(texts), whole)


def language(lines: Iterable[TextLine]) -> str | None:
    """Name the language of *lines* where all whose language is known agree."""
    known = {line.lang for line in lines if line.lang}
    return known.pop() if len(known) == 1 else None


def plain(text: str) -> str:
    """Put *text* on one line, without anything that cannot be printed in a sentence."""
    return " ".join("".join(_printed(char) for char in text).split())


def _printed(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def _beginning(text: str) -> str:
    """Cut *text* after a word; where words are not separated, between characters."""
    if len(text) <= _LONGEST_BEGINNING:
        return text
    cut = text.rfind(" ", 0, _LONGEST_BEGINNING + 1)
    least = _LONGEST_BEGINNING // 2
    if cut < least:
        places = range(_LONGEST_BEGINNING, least, -1)
        cut = next((at for at in places if not _joined(text[at])), _LONGEST_BEGINNING)
    return text[:cut].rstrip()


def _joined(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char).startswith("M")
