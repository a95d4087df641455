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
HALF_SPELLED = frozenset({"vi", "yo", "ig"})
"""Languages in Latin letters that lack so many in the alphabet that words lose some unnoticed."""
HINT = 0.4

WRITING = 0.72
DOUBTFUL = (0.40, 0.85)
OBLONG = (1.6, 12.0)
LOWEST = 12.0
BLANK = 0.75


def sifted(pieces: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Give the pieces that were spelled with certainty, and count those in unknown scripts."""
    sure = [piece for piece in pieces if _spelled(piece)]
    unread = sum(_unspelled(piece) for piece in pieces)
    if not unread:
        return sure, 0
    known = [piece for piece in sure if not _looks_latin(piece.text)]
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
    greek = sum(unicodedata.name(letter, "").startswith("GREEK") for letter in text)
    return greek > 1 or _half_spelled(text)


def _half_spelled(text: str) -> bool:
    if text.isascii():
        return False
    language, likelihood = likeliest(text)
    return language in HALF_SPELLED and likelihood >= HINT


def _looks_latin(text: str) -> bool:
    """Tell whether a word in Cyrillic capitals could have been spelled like that."""
    letters = {letter for letter in text if letter.isalpha()}
    return bool(letters) and letters <= CYRILLIC_LOOKALIKES


def _unspelled(piece: Piece) -> bool:
    """Tell whether this is writing beyond doubt although nobody can say what it says."""
    if piece.seen < WRITING or piece.height < LOWEST:
        return False
    if not OBLONG[0] <= piece.length / piece.height <= OBLONG[1]:
        return False
    if not piece.text.strip():
        return piece.score >= BLANK
    letters = {letter for letter in piece.text if letter.isalnum()}
    low, high = DOUBTFUL
    return _foreign(piece.text) or (low <= piece.score < high and len(letters) >= ENOUGH)
