"""Whether an answer only repeats what was asked; what it quotes from the material is none."""

import re
from collections.abc import Iterator
from functools import lru_cache

from daemon.believing.guards import Unusable
from daemon.believing.sentences import unquoted
from daemon.wire import Question

_MATERIAL = re.compile(r"<<<(.*?)>>>", re.DOTALL)
_WORD = re.compile(r"\w+")
_ROW = 9
"""So many words in a row as they stand in the question are no chance."""


def refuse_echo(question: Question, text: str) -> None:
    """Raise Unusable when *text* has the words of the question, or lines of its material."""
    if "<<<" in text or ">>>" in text or _repeats(question, text) or _copies(question, text):
        raise Unusable(f"the answer to {question.task!r} repeats the question")


def _repeats(question: Question, text: str) -> bool:
    asked = _asked(_MATERIAL.sub(" ", question.whole))
    return any(row in asked for row in _rows(unquoted(text)))


@lru_cache(maxsize=32)
def _asked(words: str) -> frozenset[tuple[str, ...]]:
    """Give the rows of a question, which but for its material is that of many pictures."""
    return frozenset(_rows(words))


def _copies(question: Question, text: str) -> bool:
    """Tell whether a line such as "Camera: NIKON" is among those of the answer, as it is."""
    given = {
        _plain(line)
        for material in _MATERIAL.findall(question.preamble or question.text)
        for line in material.split("\n")
        if ": " in line
    }
    return any(_plain(line) in given for line in text.split("\n"))


def _plain(line: str) -> str:
    return line.replace('"', "").strip()


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return zip(*(words[at:] for at in range(_ROW)), strict=False)
