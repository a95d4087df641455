"""Decide what of all that was spelled is really written there; when in doubt, it is not.

The networks know the Latin alphabet (without Vietnamese), Chinese and Japanese. What they make of
other scripts is mostly unsure of itself; what looks exactly like Latin letters is not.
"""

import unicodedata
from collections.abc import Sequence

from daemon.engines.builtin.language import likeliest
from daemon.engines.builtin.reading.order import Piece

SURE = 0.90
ENOUGH = 3
"""Letters or digits in a line; rows of things that look alike are spelled as one letter."""
CYRILLIC_LOOKALIKES = frozenset("ABCEHKMOPTXY")
GREEK_LOOKALIKES = frozenset("ABEHIKMNOPTXYZ")
UNITS = frozenset("Ωμπ")
HALF_SPELLED = frozenset({"vi", "yo", "ig"})
"""Languages in Latin letters that lack so many in the alphabet that words lose some unnoticed."""
HINT = 0.4

WRITING = 0.72  # how sure the detector must be of a place that cannot be spelled
DOUBTFUL = (0.40, 0.85)  # below is no writing, above is Latin that is hard to read
OBLONG = (1.6, 12.0)
LOWEST = 12.0
BLANK = 0.75  # a space that surely is one, where the detector sees letters
VARIOUS = 0.55
"""With these, 67 of 96 signs in twelve other scripts are reported and 5 of 250 pictures without any
writing, all of them rows of symbols and zigzags drawn to look like it."""


def sifted(pieces: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Give the pieces that were spelled with certainty, and count those in unknown scripts."""
    sure = [piece for piece in pieces if _spelled(piece)]
    unread = sum(_unspelled(piece) for piece in pieces)
    if not unread:
        return sure, 0
    alike = CYRILLIC_LOOKALIKES
    if any(_has_greek(piece.text) for piece in pieces):
        alike |= GREEK_LOOKALIKES
    known = [piece for piece in sure if not _spelled_with(alike, piece.text)]
    unread += len(sure) - len(known)
    return known, unread if unread * 2 >= len(known) else 0


def line_of(pieces: Sequence[Piece]) -> str:
    """Give the text of one line, empty when it is too little to be relied on."""
    text = " ".join(" ".join(piece.text for piece in pieces).split())
    letters = [letter for letter in text.casefold() if letter.isalnum()]
    return text if len(letters) >= ENOUGH and len(set(letters)) > 1 else ""


def _spelled(piece: Piece) -> bool:
    return piece.score >= SURE and not _foreign(piece.text)


def _foreign(text: str) -> bool:
    return _has_greek(text) or _half_spelled(text)


def _has_greek(text: str) -> bool:
    """Tell whether there is more Greek than a unit: few of its letters were taught."""
    letters = set(text) - UNITS
    return any(unicodedata.name(letter, "").startswith("GREEK") for letter in letters)


def _half_spelled(text: str) -> bool:
    if text.isascii():
        return False
    language, likelihood = likeliest(text)
    return language in HALF_SPELLED and likelihood >= HINT


def _spelled_with(alike: frozenset[str], text: str) -> bool:
    """Tell whether it may be a word of another alphabet, of capitals that look like Latin ones."""
    letters = {letter for letter in text if letter.isalpha()}
    return bool(letters) and letters <= alike


def _unspelled(piece: Piece) -> bool:
    """Tell whether this is writing beyond doubt although nobody can say what it says."""
    if piece.seen < WRITING or piece.height < LOWEST:
        return False
    if not OBLONG[0] <= piece.length / piece.height <= OBLONG[1]:
        return False
    if not piece.text.strip():
        return piece.score >= BLANK
    low, high = DOUBTFUL
    return _foreign(piece.text) or (low <= piece.score < high and _various(piece.text))


def _various(text: str) -> bool:
    """Tell whether there are several letters that hardly repeat, unlike rows of drawn things."""
    letters = [letter for letter in text if letter.isalnum()]
    different = set(letters)
    return len(different) >= max(ENOUGH, VARIOUS * len(letters))
