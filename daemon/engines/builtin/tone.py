"""The tone of English texts, by a word list and never by how a picture looks; never an emotion.

Words are rated by the lexicon of VADER and its rules for negation, degree and contrast (Hutto and
Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM-14). Signs, adverts and news are full of rated words that say nothing about a tone, so a
verdict is given only where somebody speaks of their own and says what they feel, in two sentences
or more that agree. Left out of VADER: emoticons, and stress by capitals and exclamation marks, as
signs are printed in capitals. The mean over the sentences keeps long texts from extremes.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from daemon.engines import Judged
from metadata.description import Description, Fact, Sentiment

ENGLISH = "en"
POSITIVE, NEGATIVE, NEUTRAL = "positive", "negative", "neutral"

_FEWEST_WORDS = 10
_FEWEST_SENTENCES = 2
_FEWEST_RATED = 2
_STRONG = 1.4
_LEAST_MEAN = 0.3
_LEAST_AGREEMENT = 0.8
_NEGATED, _DEGREE, _BEFORE_BUT, _AFTER_BUT, _SPREAD = -0.74, 0.293, 0.5, 1.5, 15.0
_REACH = (1.0, 0.95, 0.9)
"""How much the word before a rated one, the one before that, and the third count."""
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# Whoever is quoted speaks for themselves, and a text with quotations mostly reports.
_QUOTED = frozenset('"“”„«»')
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")


@dataclass(frozen=True, slots=True)
class Tone:
    """The tone of a text; *score* is -1 to 1, the mean over its sentences."""

    label: str
    score: float


class ToneWords:
    """The rated words of English; loaded (8 ms, 1 MB) when first asked."""

    def tone(self, text: str) -> Tone | None:
        """Tell the tone of an English text, None where it is not certain."""
        sentences = [words for words in map(_WORD.findall, _SENTENCE_END.split(text)) if words]
        said = frozenset(_plain(word) for words in sentences for word in words)
        if sum(map(len, sentences)) < _FEWEST_WORDS or not _QUOTED.isdisjoint(text):
            return None
        rated = [list(self._rated([_plain(word) for word in words])) for words in sentences]
        ratings = [rating for sentence in rated for rating in sentence if rating]
        if not ratings:
            return Tone(NEUTRAL, 0.0)
        mean = sum(map(_compound, rated)) / len(rated)
        long_enough = len(sentences) >= _FEWEST_SENTENCES
        if not (long_enough and _is_clear(ratings, mean) and self._is_own(said, mean)):
            return None
        felt = any(self._is_felt(*pair, mean) for pair in zip(sentences, rated, strict=True))
        return Tone(POSITIVE if mean > 0 else NEGATIVE, round(mean, 2)) if felt else None

    def _is_felt(self, words: Sequence[str], ratings: Sequence[float], mean: float) -> bool:
        """Tell whether an attitude stands in a sentence; a capital inside it makes a name."""
        names = any(word.islower() for word in words)
        return any(
            _plain(word) in self._marks["attitude"] and rating * mean > 0
            for at, (word, rating) in enumerate(zip(words, ratings, strict=True))
            if at == 0 or word.islower() or not names
        )

    def _rated(self, words: Sequence[str]) -> Iterator[float]:
        contrast = words.index("but") if "but" in words else None
        for at, word in enumerate(words):
            rating = self._in_context(self._ratings.get(word, 0.0), words[max(0, at - 3) : at])
            if contrast is not None:
                rating *= _BEFORE_BUT if at < contrast else _AFTER_BUT
            yield rating

    def _in_context(self, rating: float, before: Sequence[str]) -> float:
        """Change *rating* by up to three words before it: more, less, or not at all."""
        if not rating:
            return 0.0
        for word, weight in zip(reversed(before), _REACH, strict=False):
            step = (word in self._marks["more"]) - (word in self._marks["less"])
            rating += math.copysign(_DEGREE * weight, rating) * step
        denied = any(word in self._marks["not"] or word.endswith("n't") for word in before)
        return rating * _NEGATED if denied else rating

    def _is_own(self, said: frozenset[str], mean: float) -> bool:
        """Tell whether somebody speaks for themselves, and neither sells nor is in office."""
        marks = self._marks
        if said & marks["official"] or (mean > 0 and said & marks["selling"]):
            return False
        return bool(said & marks["one"] or (said & marks["several"] and said & marks["told"]))

    @cached_property
    def _ratings(self) -> Mapping[str, float]:
        degrees = self._marks["not"] | self._marks["more"] | self._marks["less"]
        rows = _rows("tone_words.tsv")
        return {word: float(rating) for word, rating in rows if word not in degrees}

    @cached_property
    def _marks(self) -> Mapping[str, frozenset[str]]:
        rows = list(_rows("tone_marks.tsv"))
        names = {mark for _, mark in rows}
        return {name: frozenset(word for word, mark in rows if mark == name) for name in names}


def judged(said: Description, words: ToneWords) -> Judged:
    """Judge the texts read in a picture, or else a film's subtitles; empty where nothing is sure.

    All of them must be in English, as far as their language is known, and most known to be.
    """
    basis, lines = "ocr", [(line.text, line.lang) for line in said.text]
    if not lines:
        basis, lines = "rule", [(line.text, line.lang) for line in said.transcript]
    found = words.tone(" ".join(text for text, _ in lines)) if _is_english(lines) else None
    if found is None:
        return Judged(Sentiment())
    return Judged(Sentiment(found.label, found.score), (Fact("text_tone", found.label, basis),))


def _is_english(lines: Sequence[tuple[str, str | None]]) -> bool:
    length, english = 0, 0
    for text, language in lines:
        if language is not None and language.partition("-")[0] != ENGLISH:
            return False
        length += len(text)
        english += len(text) if language else 0
    return english > length / 2


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _compound(ratings: Iterable[float]) -> float:
    """Sum up the ratings of a sentence between -1 and 1."""
    total = sum(ratings)
    return total / math.sqrt(total * total + _SPREAD)


def _is_clear(ratings: Sequence[float], mean: float) -> bool:
    """Tell whether several strong words say the same, and hardly one the opposite."""
    weight = sum(abs(rating) for rating in ratings)
    agreeing = sum(abs(rating) for rating in ratings if rating * mean > 0)
    strong = sum(rating * mean > 0 and abs(rating) >= _STRONG for rating in ratings)
    enough = strong >= _FEWEST_RATED and abs(mean) >= _LEAST_MEAN
    return enough and agreeing >= _LEAST_AGREEMENT * weight


def _rows(table: str) -> Iterator[tuple[str, str]]:
    text = resources.files(__package__).joinpath(table).read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            word, value = line.split("\t")
            yield word, value
