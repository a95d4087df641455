"""What is put right in a sentence after translation, and what shows that it went wrong; pure."""

from collections.abc import Sequence

STOPS = ".。।۔።។॥"
_CAPITALS = ("deu_Latn", "ltz_Latn")  # nouns have capital letters there
_DOTTED = ("tur_Latn", "azj_Latn", "crh_Latn")
_SMALL = str.maketrans({"I": "ı", "İ": "i"})
LONGEST_LOOP = 16
"""So many pieces at most are looked at as one thing that repeats itself."""
OFTEN = 4
LONG = 20
"""Pieces of a source from which on a translation is told to have left something out."""
SHORTEST = 5
"""A translation of fewer than a fifth of the pieces: no script needs so few."""


def polished(said: str, asked: str, code: str) -> str:
    """Take back what a model adds to an English text that is no sentence: full stop and capital.

    *code* names the language of *said*. Capitals stay in languages that write nouns with them.
    """
    said = " ".join(said.split())
    if asked[-1:].isalnum() and said[-1:] in tuple(STOPS) and not said.endswith(".."):
        said = said[:-1].rstrip()
    if asked == asked.lower() and code not in _CAPITALS and _is_capital(said):
        first = said[0].translate(_SMALL) if code in _DOTTED else said[0].lower()
        return first + said[1:]
    return said


def loops(said: Sequence[int], asked: Sequence[int]) -> bool:
    """Tell whether the pieces of a translation repeat themselves as those of its source do not."""
    often = _repeats(said)
    return often >= OFTEN and often > _repeats(asked)


def dwindles(said: Sequence[int], asked: Sequence[int]) -> bool:
    """Tell whether a translation is so short that part of its source must be missing."""
    return len(asked) >= LONG and len(said) * SHORTEST < len(asked)


def _is_capital(said: str) -> bool:
    """Tell whether only the first letter is a capital one, unlike in an abbreviation."""
    return said[:1].isupper() and not said[1:2].isupper()


def _repeats(pieces: Sequence[int]) -> int:
    """Count how often in a row the same pieces come, at most."""
    return max((_run(pieces, size) for size in range(1, LONGEST_LOOP + 1)), default=1)


def _run(pieces: Sequence[int], size: int) -> int:
    longest = same = 0
    for one, other in zip(pieces, pieces[size:], strict=False):
        same = same + 1 if one == other else 0
        longest = max(longest, same)
    return longest // size + 1
