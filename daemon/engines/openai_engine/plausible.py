"""Whether a translation can be one: complete, in the right script, with the same numbers; pure."""

import re
import unicodedata
from collections import Counter

from daemon.believing.clean import printable
from daemon.believing.guards import loops
from daemon.engines.flores import flores

_SCRIPTS = {
    "Arab": ("ARABIC",), "Armn": ("ARMENIAN",), "Beng": ("BENGALI",), "Cyrl": ("CYRILLIC",),
    "Deva": ("DEVANAGARI",), "Ethi": ("ETHIOPIC",), "Geor": ("GEORGIAN",), "Grek": ("GREEK",),
    "Gujr": ("GUJARATI",), "Guru": ("GURMUKHI",), "Hang": ("HANGUL", "CJK"), "Hans": ("CJK",),
    "Hant": ("CJK",), "Hebr": ("HEBREW",), "Jpan": ("HIRAGANA", "KATAKANA", "CJK"),
    "Khmr": ("KHMER",), "Knda": ("KANNADA",), "Laoo": ("LAO",), "Latn": ("LATIN",),
    "Mlym": ("MALAYALAM",), "Mymr": ("MYANMAR",), "Orya": ("ORIYA",), "Sinh": ("SINHALA",),
    "Taml": ("TAMIL",), "Telu": ("TELUGU",), "Thai": ("THAI",), "Tibt": ("TIBETAN",),
}  # fmt: skip
"""How the names of the letters of a script begin (ISO 15924, Unicode)."""
_LEAST_LETTERS = 0.5
"""Names and words that are quoted keep their letters; of a sentence they are less than half."""
_LONG = 24
"""Characters from which on a text cannot be the same in two languages."""
_SHORTEST, _LONGEST = 0.15, 4.0
"""Times the characters of the source: Chinese needs a fourth, no language four times as many.

Of short texts it is four times those of a long one.
"""
_MOST_LETTERS = 80
_NUMBER = re.compile(r"\d{2,}")
_GAP = re.compile(r"\n\s*\n")
_MARKUP = re.compile(r"<[a-z/!?|]|\]\]>|\A[{\[]", re.IGNORECASE)
"""Tags of pages and documents, the control words of chat templates, and data."""


def tidied(source: str, said: str) -> str:
    """Give *said* without what cannot be seen, and with empty lines where *source* has some."""
    said = printable(said).strip()
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    if len(_paragraphs(said)) != _count(source) == len(lines):
        return "\n\n".join(lines)
    return said


def fault(source: str, said: str, language: str) -> str:
    """Say why *said* cannot be *source*, a text, in *language*; nothing when it can."""
    if not said:
        return "it is empty"
    if len(source) >= _LONG and said.casefold() == source.strip().casefold():
        return "it is the English text"
    if not _is_about_as_long(source, said):
        return f"it has {len(said)} characters, the English text {len(source)}"
    if len(_paragraphs(said)) != _count(source):
        return f"it has {len(_paragraphs(said))} paragraphs, the English text {_count(source)}"
    if lost := _numbers(source) - _numbers(said):
        return f"the number {min(lost)} is missing"
    if loops(said) and not loops(source):
        return "it goes round in circles"
    if _markup(said) - _markup(source):
        return "it has markup that the English text has not"
    return "" if _is_written(said, language) else "it is in other letters"


def keyword_fault(word: str, said: str, language: str) -> str:
    """Say why *said* cannot be the keyword *word* in *language*; nothing when it can."""
    if not said or "\n" in said or _markup(said) - _markup(word):
        return "it is no keyword"
    if len(said) > max(_MOST_LETTERS, _LONGEST * len(word)):
        return f"it has {len(said)} characters"
    # a name may stay as it is
    same = said.casefold() == word.casefold()
    return "" if same or _is_written(said, language) else "it is in other letters"


def _markup(text: str) -> set[str]:
    """Name the kinds of markup in *text* by the sign that each begins with."""
    return {found[0] for found in _MARKUP.findall(text)}


def _is_about_as_long(source: str, said: str) -> bool:
    least = _SHORTEST * len(source) if len(source) >= _LONG else 0
    return least < len(said) < _LONGEST * max(len(source), _LONG)


def _is_written(said: str, language: str) -> bool:
    """Tell whether most letters of *said* are those of *language*, as far as it is known."""
    code = flores(language)
    names = _SCRIPTS.get(code.partition("_")[2]) if code else None
    letters = Counter(sign for sign in said if sign.isalpha())
    if names is None or not letters:
        return True
    mine = sum(n for sign, n in letters.items() if unicodedata.name(sign, "").startswith(names))
    return mine >= _LEAST_LETTERS * letters.total()


def _paragraphs(text: str) -> list[str]:
    return [part for part in _GAP.split(text) if part.strip()]


def _count(source: str) -> int:
    return max(len(_paragraphs(source)), 1)


def _numbers(text: str) -> set[str]:
    """List the numbers of two digits and more; a smaller one may be spelled out."""
    return {"".join(str(unicodedata.digit(d)) for d in found) for found in _NUMBER.findall(text)}
