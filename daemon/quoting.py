"""A stranger's words made harmless, so that they can stand in a prompt as a quotation. Pure.

Nothing in them can end the quotation or the line, pass for one of a tokenizer's control words
(``<|end|>``, ``[INST]``, ``{{ }}``) or hide what is there from a human who reads the prompt.
"""

import re
import unicodedata

_PLAIN = str.maketrans('<>[]{}"`“”„‟', "‹›()()''''''")
_ASCII: dict[int, int | str] = {**dict.fromkeys((*range(0x20), 0x7F), " "), **_PLAIN}
"""What becomes of the signs of ASCII: the same as below, in a tenth of the time."""
_JOINERS = "\u200c\u200d"
"""Parts of words and signs in many scripts."""
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Invisible, and enough to write whole messages with."""
_ROLE = re.compile(r"\b(user|assistant|system)\s*[:：]", re.IGNORECASE)
_HEADING = re.compile(r"#{2,}")
_CUT = "…"


def harmless(value: str, most: int) -> str:
    """Spell *value* on one line for double quotes around it, cut to *most* characters."""
    # what is far beyond the limit is not worth the time
    near = value[: 4 * most]
    seen = near.translate(_ASCII) if near.isascii() else "".join(map(_sign, near))
    words = " ".join(seen.split())
    plain = _HEADING.sub("#", _ROLE.sub(r"\1 -", _VARIANTS.sub("", words)))
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + _CUT


def _sign(sign: str) -> str:
    """Replace what steers by what looks alike: a blank for what cannot be seen at all."""
    if unicodedata.category(sign)[0] in "CZ" and sign not in _JOINERS:
        return " "
    # a wide or a small < is the same to those who normalize, as some tokenizers do
    alike = unicodedata.normalize("NFKC", sign)
    same = alike.translate(_PLAIN)
    return sign if same == alike else same
