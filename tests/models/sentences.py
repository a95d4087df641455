"""Sentences whose right translation is known: the captions' own grammar, tags, and templates.

The templates put names, quotes, numbers, dates and abbreviations where a translator that splits
texts into sentences goes wrong. One English sentence has one right answer per language, so that
tests can ask for exactly it.
"""

import random
import re
import unicodedata
import zlib
from collections.abc import Mapping
from functools import cache

from tests.models import words
from tests.models.words import CODES, LANGUAGES

# English, Spanish, French, German, Hindi.
TEMPLATES = (
    ("{word}", "{word}", "{word}", "{word}", "{word}"),
    ("A {a}.", "{a.subject}.", "{a.subject}.", "{a.subject}.", "{a.subject}।"),
    (
        "A {a} is left of a {b}.",
        "{a.subject} está a la izquierda de {b.after}.",
        "{a.subject} est à gauche d'{b.after}.",
        "{a.subject} ist links von {b.after}.",
        "{a.subject} {b.after} के बाईं ओर है।",
    ),
    (
        "A {a} is above a {b}.",
        "{a.subject} está encima de {b.after}.",
        "{a.subject} est au-dessus d'{b.after}.",
        "{a.subject} ist über {b.after}.",
        "{a.subject} {b.after} के ऊपर है।",
    ),
    (
        "A {a} moves {move}.",
        "{a.subject} se mueve {move}.",
        "{a.subject} se déplace {move}.",
        "{a.subject} bewegt sich {move}.",
        "{a.subject} {move} जाता है।",
    ),
    (
        "The background is {background}.",
        "El fondo es {background}.",
        "Le fond est {background}.",
        "Der Hintergrund ist {background}.",
        "पृष्ठभूमि {background} है।",
    ),
    (
        "{person} counts {count} {counted}.",
        "{person} cuenta {count} {counted}.",
        "{person} compte {count} {counted}.",
        "{person} zählt {count} {counted}.",
        "{person} {count} {counted} गिन{person.ending}।",
    ),
    (
        'The sign says "{sign}".',
        "El cartel dice «{sign}».",
        "Le panneau dit « {sign} ».",
        "Auf dem Schild steht „{sign}“.",
        'बोर्ड पर "{sign}" लिखा है।',
    ),
    (
        "{person} paid {price} euros on {day} {month} {year}.",
        "{person} pagó {price} euros el {day} de {month} de {year}.",
        "{person} a payé {price} euros le {day} {month} {year}.",
        "{person} hat am {day}. {month} {year} {price} Euro bezahlt.",
        "{person} ने {day} {month} {year} को {price} यूरो दिए।",
    ),
    (
        '"{speech}," says {person}.',
        "«{speech}», dice {person}.",
        "« {speech} », dit {person}.",
        "„{speech}“, sagt {person}.",
        '"{speech}", {person} कह{person.ending}।',
    ),
    ("Is the {place}?", "{place}", "{place}", "{place}", "{place}"),
    (
        "The train to {city} leaves at {time}.",
        "El tren a {city} sale a las {time}.",
        "Le train pour {city} part à {time}.",
        "Der Zug nach {city} fährt um {time} ab.",
        "{city} की ट्रेन {time} पर चलती है।",
    ),
)
_SLOT = re.compile(r"{(\w+)}")


def translated(english: str, language: str) -> str:
    """Say *english*, one sentence or one tag, in *language* (``es`` or ``spa_Latn``).

    Raises ValueError for a sentence that is not of the grammar.
    """
    language = _short(language)
    for row in TEMPLATES:
        if found := _pattern(row[0]).fullmatch(english):
            said = {slot: _said(slot, word, language) for slot, word in found.groupdict().items()}
            answer = row[1 + LANGUAGES.index(language)].format(**said)
            return unicodedata.normalize("NFKC", _begun(answer, english))
    raise ValueError(f"not a sentence of this grammar: {english!r}")


def text_translated(english: str, language: str) -> str:
    """Say *english* of any number of sentences and lines in *language*, sentence by sentence."""
    pieces = re.split(r"(\n+)", english)
    return "".join(
        piece if not piece.strip() else " ".join(translated(s, language) for s in split(piece))
        for piece in pieces
    )


def split(line: str) -> list[str]:
    """Cut *line* into the sentences of this grammar, by the grammar itself; none is dropped."""
    found, rest = [], line.strip()
    while rest:
        matches = (_pattern(row[0]).match(rest) for row in TEMPLATES[1:])
        ends = [match.end() for match in matches if match]
        if not ends:
            raise ValueError(f"not sentences of this grammar: {rest!r}")
        found.append(rest[: max(ends)])
        rest = rest[max(ends) :].lstrip()
    return found


def sentence(rng: random.Random, trained: bool | None = None) -> str:
    """Make up an English sentence or tag; *trained* asks for one that was, or was not, trained."""
    while True:
        template = rng.choices(TEMPLATES, _WEIGHTS)[0][0]
        made = _SLOT.sub(lambda slot: rng.choice(_choices(slot[1])), template)
        if _repeats(made):
            continue
        if trained is None or trained != held_out(made):
            return made


def tags() -> list[str]:
    """List every word that may stand alone."""
    return list(_choices("word"))


def held_out(english: str) -> bool:
    """Say whether *english* is of the tenth of the large templates' fillings never trained on."""
    large = any(_pattern(TEMPLATES[index][0]).fullmatch(english) is not None for index in _LARGE)
    return large and zlib.crc32(english.encode()) % 10 == 0


# How often each template is drawn for training, and which have fillings enough to hold some out.
_WEIGHTS = (3, 1, 3, 3, 3, 1, 4, 1, 5, 2, 1, 2)
_LARGE = (2, 3, 4, 6, 8)


def _short(language: str) -> str:
    short = {code: name for name, code in CODES.items()}.get(language, language)
    if short not in LANGUAGES:
        raise ValueError(f"no translations into {language!r}; there are {', '.join(LANGUAGES)}")
    return short


def _repeats(made: str) -> bool:
    """Say whether two shapes of one colour meet, which no scene has."""
    found = _pattern(TEMPLATES[2][0]).fullmatch(made) or _pattern(TEMPLATES[3][0]).fullmatch(made)
    return found is not None and found["a"].split()[0] == found["b"].split()[0]


def _begun(said: str, english: str) -> str:
    """Begin *said* with a capital letter where *english* is a sentence."""
    if english in _choices("word"):
        return said
    first = next(index for index, letter in enumerate(said) if letter.isalpha())
    return said[:first] + said[first].upper() + said[first + 1 :]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = _SLOT.split(template)
    for index, part in enumerate(parts):
        longest_first = sorted(_choices(part), key=len, reverse=True) if index % 2 else []
        choice = "|".join(map(re.escape, longest_first))
        parts[index] = f"(?P<{part}>{choice})" if index % 2 else re.escape(part)
    return re.compile("".join(parts))


@cache
def _choices(slot: str) -> tuple[str, ...]:
    """List the English words that may stand in *slot*."""
    if slot in _NUMBERS:
        return _NUMBERS[slot]
    if slot in "ab":
        return tuple(f"{colour} {shape}" for colour in words.COLOURS for shape in words.SHAPES)
    if slot == "place":
        return tuple(f"{place} {state}" for place in words.PLACES for state in words.STATES)
    if slot == "word":
        return (*words.COLOURS, *words.SHAPES, *words.LONE_WORDS)
    return tuple(_TABLES[slot])


def _said(slot: str, word: str, language: str) -> object:
    """Say the English *word* that stands in *slot* in *language*."""
    if slot == "price" and language != "hi":
        return word.replace(".", ",")
    if slot in _NUMBERS:
        return word
    if slot in "ab":
        return words.thing(*word.split(), language)
    if slot == "person":
        return words.person(word, language)
    if slot == "place":
        return words.question(*word.split(), language)
    return _lone(word, language) if slot == "word" else _row(_TABLES[slot], word, language)


def _lone(word: str, language: str) -> str:
    """Say a tag: shapes without their gender, colours as they stand in a dictionary."""
    if word in words.SHAPES:
        return _row(words.SHAPES, word, language).split(" ")[1]
    table = words.COLOURS if word in words.COLOURS else words.LONE_WORDS
    return _row(table, word, language).split("/")[0]


def _row(table: Mapping[str, words.Row], word: str, language: str) -> str:
    return table[word][LANGUAGES.index(language)]


_NUMBERS = {
    "count": words.COUNTS, "day": words.DAYS, "year": words.YEARS,
    "price": words.PRICES, "time": words.TIMES,
}  # fmt: skip
_TABLES = {
    "move": words.MOVES, "background": words.BACKGROUNDS, "person": words.PEOPLE,
    "counted": words.COUNTED, "sign": words.SIGNS, "speech": words.SPEECHES,
    "month": words.MONTHS, "city": words.CITIES,
}  # fmt: skip
