"""Whether a text is English: by its script, and by the small words that every sentence has."""

import re
import unicodedata
from collections import Counter

from daemon.believing.sentences import unquoted

_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_FEWEST_LETTERS = 12
"""In other scripts; a name or two in them do not make a text foreign."""
_FEWEST_WORDS = 7
_FEWEST_HITS = 3
_CHARACTERS = {
    "CJK": "Chinese characters",
    "HIRAGANA": "Japanese characters",
    "KATAKANA": "Japanese characters",
}
_ENGLISH = frozenset({
    "the", "and", "of", "with", "this", "that", "is", "are", "its", "their", "there", "which",
    "while", "from", "by", "at", "has", "have", "his", "her", "it", "they", "into", "an", "on",
    "in", "to", "for", "be", "or", "but", "was", "as", "some", "other", "over", "behind",
    "between", "near", "against", "under", "above", "two", "one", "who", "what", "where", "each",
    "all", "not", "both", "through", "around", "across", "along", "no", "so", "like",
})  # fmt: skip
_SMALL = {
    "Spanish": "el la los las una unos unas y que con por para del se su sus está están como pero"
    " más muy sobre entre hay desde al lo un en de es son o fondo",
    "French": "le la les des une et est sont avec dans sur du au aux qui que par pour ce cette ces"
    " il elle ils sa ses leur deux sous devant un en de ou pas d l à derrière",
    "German": "der die das den dem des ein eine einen einem einer und ist sind mit auf im von vom"
    " zu zum zur für nicht sich auch bei aus über unter vor hinter neben sie er es",
    "Italian": "il lo la i gli le una uno e che con per di del della dei delle degli nel nella sul"
    " sulla al alla è sono da dal si come più un in ed su sfondo",
    "Portuguese": "o os as uma umas e que com por para do da dos das no na nos nas em um ao à é"
    " são se seu sua mais como está estão sobre de",
    "Dutch": "de het een en van op met zijn voor naar bij uit aan door te ook niet die dat er"
    " om over onder achter naast wordt staat is",
    "Polish": "i w na z się nie jest są do o że to od przez dla po za pod nad przy ze jak oraz",
    "Swedish": "och en ett är på med av för som till från den det de i vid under över har bakom",
    "Danish": "og en et er på med af for som til fra den det de i ved under over har bag",
    "Finnish": "ja on ei se että joka sekä ovat kanssa mutta kun hän tämä myös takana edessä",
    "Turkish": "ve bir bu ile için de da çok olan gibi üzerinde var olarak arka",
    "Romanian": "și si un o de la cu în pe din este sunt care pentru mai al ale lui peste sub",
    "Czech": "a v na se s je jsou z do že to o k pro za před nad pod který která po",
    "Hungarian": "a az egy és van nem hogy is meg de ez mint vagy egyik előtt mögött",
    "Indonesian": "yang dan di dengan untuk dari pada ini itu ke sebuah seorang adalah dalam oleh",
    "Vietnamese": "và của là một có được trong cho với những các người này trên không",
}
_FOREIGN = {
    language: frozenset(words.split()) - _ENGLISH - {"a", "i"} for language, words in _SMALL.items()
}


def other_language(text: str) -> str | None:
    """Name the language or the script of *text* where it is certainly not English.

    Words in quotation marks do not count, and a text of few words is given the benefit of doubt.
    On the texts of the bench and on captions: see the tests.
    """
    own = unquoted(text)
    if script := _script(own):
        return script
    words = [word.lower() for word in _WORD.findall(own)]
    if len(words) < _FEWEST_WORDS:
        return None
    return _by_small_words(words)


def _script(text: str) -> str | None:
    """Name the script that most letters are of, unless it is the Latin one."""
    if len(_FOREIGN_LETTER.findall(text)) < _FEWEST_LETTERS:
        return None
    letters = Counter(map(_script_of, filter(str.isalpha, text)))
    name, _ = letters.most_common(1)[0]
    if name == "LATIN":
        return None
    return _CHARACTERS.get(name, f"{name.capitalize()} letters")


def _script_of(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    return unicodedata.name(letter, "?").partition(" ")[0]


def _by_small_words(words: list[str]) -> str | None:
    """Compare how many small words of each language there are; one that is ours is English's."""
    often = Counter(words)
    english = _often(_ENGLISH, often)
    hits = {name: _often(small, often) for name, small in _FOREIGN.items()}
    name, most = max(hits.items(), key=lambda item: item[1])
    return name if most >= _FEWEST_HITS and most > 2 * english else None


def _often(small: frozenset[str], often: Counter[str]) -> int:
    return sum(often[word] for word in small & often.keys())
