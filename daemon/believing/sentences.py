"""Where the sentences of an English text end, and which of its words are only quoted in it."""

import re
from collections.abc import Iterator
from functools import lru_cache

_QUOTED = re.compile(
    r'"[^"\n]{1,400}"|“[^”\n]{1,400}”|«[^»\n]{1,400}»|„[^“”\n]{1,400}[“”]'
    r"|(?<!\w)‘[^\n]{1,400}?’(?!\w)|(?<!\w)'(?=\S)[^'\n](?:[^\n]{0,399}?\S)?'(?!\w)"
)
_MARK = re.compile("[\"'“«„‘]")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[^\sa-z]|\s*$)")
_LAST_WORD = re.compile(r"(?:^|[\s(\"'“‘])([A-Za-z.]{1,7})\.$")
_OVER = re.compile(r"\s*$")
_SHORT = frozenset({
    "mr", "mrs", "ms", "dr", "st", "no", "nr", "vs", "ca", "prof", "jr", "sr", "fig", "vol",
    "pp", "mt", "ft", "lt", "col", "gen", "sgt", "capt", "rev",
})  # fmt: skip
HIDDEN = "_"
"""What stands for each character that is quoted."""


def unquoted(text: str) -> str:
    """Hide the words in quotation marks, character by character: they are not the writer's own."""
    return _QUOTED.sub(_hidden, text) if _MARK.search(text) else text


@lru_cache(maxsize=64)
def ends(text: str) -> tuple[int, ...]:
    """Give the places after which a sentence of *text* is over.

    One after the other, a dozen rules ask this about the same few texts.
    """
    own = unquoted(text)
    return tuple(found.end() for found in _END.finditer(own) if not _abbreviates(own, found))


def sentences(text: str) -> Iterator[str]:
    """Cut *text* into sentences, each stripped; the last one may have no end."""
    start = 0
    for end in [*ends(text), len(text)]:
        if sentence := text[start:end].strip():
            yield sentence
        start = end


def _hidden(found: re.Match[str]) -> str:
    """Hide what is quoted but its last sign, which may be that of a sentence."""
    quote = found[0]
    return quote[0] + HIDDEN * (len(quote) - 3) + quote[-2:]


def _abbreviates(text: str, found: re.Match[str]) -> bool:
    """Tell whether the full stop belongs to a word like "St.", or to an initial."""
    if found[0] != "." or _OVER.match(text, found.end()):
        return False
    last = _LAST_WORD.search(text[max(found.end() - 10, 0) : found.end()])
    if last is None:
        return False
    word = last[1]
    return word.lower() in _SHORT or (len(word) == 1 and word.isupper() and word != "I")
