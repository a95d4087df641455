"""When two keywords are one: in another case, in the plural, in another order of words. Pure.

The forms are for English, and are keys to compare: no keyword is ever spelled like its form.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OWNER = re.compile(r"['’]s?$")
_LITTLE = frozenset(("a", "an", "the", "of"))
_IRREGULAR = {
    "children": "child", "people": "person", "men": "man", "mice": "mouse", "geese": "goose",
    "feet": "foot", "teeth": "tooth", "oxen": "ox", "cacti": "cactus", "fungi": "fungus",
    "leaves": "leaf", "knives": "knife", "wolves": "wolf", "loaves": "loaf", "shelves": "shelf",
    "halves": "half", "lives": "life", "wives": "wife", "calves": "calf", "scarves": "scarf",
    "hooves": "hoof", "thieves": "thief", "elves": "elf", "dwarves": "dwarf",
}  # fmt: skip
_NO_PLURAL = frozenset({
    "lens", "gas", "canvas", "christmas", "atlas", "bias", "news", "series", "species", "chaos",
    "texas", "kansas", "mars", "glasses", "sunglasses", "goods", "woods", "jeans", "clothes",
    "always", "perhaps", "james", "charles", "wales", "hans", "jesus",
})  # fmt: skip
_NO_MEN = frozenset({
    "specimen", "omen", "abdomen", "stamen", "ramen", "amen", "hymen", "regimen", "yemen",
    "semen",
})  # fmt: skip
_SIBILANT = ("s", "x", "z", "ch", "sh", "o")


# The same keywords and moods come back with every picture.
@lru_cache(maxsize=4096)
def form(word: str) -> str:
    """Give what two keywords have in common that differ in case, number or order alone.

    ``Sunset at the Beaches`` and ``beach at sunset`` have one form.
    """
    text = unicodedata.normalize("NFC", word).casefold()
    words = [_OWNER.sub("", each) for each in _WORD.findall(text)]
    telling = [each for each in words if each not in _LITTLE] or words
    return " ".join(sorted(map(singular, telling))) or text.strip()


def singular(word: str) -> str:
    """Give a form that an English noun has in common with its plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _NO_PLURAL or (len(word) <= 3 and not word.endswith("ie")):
        return word
    if word.endswith("men") and word not in _NO_MEN:
        return word[:-2] + "an"
    return _stem(word)


def _stem(word: str) -> str:
    """Take the ending off: *berries* and *berry*, *houses* and *house*, *boxes* and *box*."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-2] + "y"
    return word[:-1] if word.endswith("e") and word[:-1].endswith(_SIBILANT) else word
