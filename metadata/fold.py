"""Spell words so that equal words look equal to the index; the same for texts and for queries."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that no accent rule takes apart, beside what casefold (ß) and the tokenizer (é) do.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# Scripts whose words are not divided by spaces, or carry their particles along (Hangul).
_RUN = re.compile(
    "["
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17d3"  # Myanmar, Khmer
    "\u1100-\u11ff\uac00-\ud7a3"  # Hangul
    "\u3005-\u3007\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]+"
)
_ASCII_WORDS = re.compile("[0-9A-Za-z]+")


def fold(text: str) -> str:
    """Fold case, width and ligatures: ``Œuf ＡＢ`` becomes ``oeuf ab``.

    Accents stay; the index's tokenizer takes them off on both sides. Folding twice changes nothing.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    # Casefolding can leave marks apart from their letters, and so can taking a ligature apart.
    return unicodedata.normalize("NFKC", folded)


def fold_tag(name: str) -> str:
    """Fold a keyword to look it up whole; bytes that were no text become question marks."""
    return " ".join(fold(plain(name)).split())


def plain(text: str) -> str:
    """Replace what no database takes: halves of surrogate pairs, which stand for raw bytes."""
    return text.encode("utf-8", "replace").decode()


def tokens(text: str) -> list[str]:
    """Cut a folded text into words where the index's tokenizer does."""
    if text.isascii():  # the same, in a twentieth of the time
        return _ASCII_WORDS.findall(text)
    return "".join(c if _in_word(c) else " " for c in text).split()


def grams(text: str) -> str:
    """Spell the runs of a folded text that have no spaces as overlapping pairs, then singly.

    ``東京都`` becomes ``東京 京都 東 京 都``: each word in it stands there as a row of its pairs.
    """
    return " ".join(" ".join((*_pairs(run), *run)) for run in _RUN.findall(text))


def phrases(text: str) -> Iterator[tuple[str, bool]]:
    """Cut one folded query word into phrases to look for: (words in a row, from a run).

    A run is to be looked for in the grams, everything else in the texts.
    """
    for run in _RUN.findall(text):
        yield (" ".join(_pairs(run)) or run, True)
    for part in _RUN.split(text):
        if words := tokens(part):
            yield (" ".join(words), False)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _in_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")
