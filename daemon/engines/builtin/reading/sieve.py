"""Decide what of all that was spelled is really written there; when in doubt, it is not."""

from collections.abc import Sequence

from daemon.engines.builtin.reading.order import Piece

SURE = 0.90
ENOUGH = 3
STROKES = frozenset("iIl1|jtTfrJ!/\\()[]{}-_=.,:;'\"`~oO0QcC")


def line_of(pieces: Sequence[Piece]) -> str:
    """Give the text of one line, empty when there is none that can be relied on.

    A short word counts beside a long one: of the line as a whole at least ENOUGH letters or digits
    must have been spelled with certainty.
    """
    sure = [piece.text for piece in pieces if piece.score >= SURE]
    text = " ".join(" ".join(sure).split())
    return text if _is_text(text) else ""


def _is_text(text: str) -> bool:
    letters = [letter for letter in text if letter.isalnum()]
    return len(letters) >= ENOUGH and not set(letters) <= STROKES
