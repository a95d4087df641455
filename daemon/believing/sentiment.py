"""The feeling of a picture out of what a model wrote: a label, a score, moods, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from daemon.believing.clean import line, unmarked
from daemon.believing.guards import Unusable, refuse_endless
from daemon.believing.lenient import Value
from daemon.believing.openings import bare
from daemon.believing.refusals import refuse_refusal
from daemon.believing.texts import LONGEST_TEXT, believed_text
from daemon.believing.values import item, text_in, value_of
from daemon.wire import Question, Reply
from metadata.description import Sentiment
from metadata.wordform import form
from prompts import choices

MOST_MOODS = 3
_ENGLISH = "en"
_NEGATED = frozenset({
    "not", "no", "neither", "nor", "never", "n't", "isn't", "hardly", "nothing",
})  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])([+\-−–]?\s?\d?\.?\d+)(\s*%|\s*/\s*\d+)?(?![\w.]\d)")
_COMMA = re.compile(r"(?<=\b\d),(?=\d)")
"""As many languages write it: 0,8."""
_TITLE = re.compile(r"^\W*(?:moods?|feelings?|atmosphere|score|confidence)\W*:", re.IGNORECASE)
_ANALYSIS = re.compile(r"^\W*(?:analysis|explanation|reason(?:s|ing)?|evidence)\W*:\s*", re.I)
_LABEL_WORDS = 4
_STATED = re.compile(
    r"\b(?:sentiment|feeling|tone|mood)\b[^.\n:]{1,60}?\b(?:is|as)(?: \w+){0,2}?"
    r" (?:positive|neutral|negative|mixed)\b",
    re.IGNORECASE,
)
"""A label in a sentence; its last words are those that count."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """An answer taken apart, nothing of it believed yet."""

    label: str
    score: Value
    moods: tuple[str, ...]
    analysis: str
    whole: bool


def sentiment_of(reply: Reply, question: Question, heard: bool) -> Sentiment:
    """Read the judgement in *reply*; raises Unusable when it has no label, or a bad analysis.

    The score is -1 to 1; one that is out of bounds, or against the label, is left out.
    """
    value, whole = value_of(reply)
    taken = (
        _of_object(value, whole) if isinstance(value, dict) else _of_text(question, value, whole)
    )
    label = _label(question.task, taken.label)
    analysis = ""
    if taken.analysis.strip():
        analysis = believed_text(taken.analysis, taken.whole, question, heard)
    return Sentiment(
        label,
        score=_score(taken.score, label),
        moods=_moods(taken.moods),
        analysis={_ENGLISH: analysis} if analysis else {},
    )


def _of_object(value: dict[str, Value], whole: bool) -> _Parts:
    inner = item(value, "sentiment", "label", "answer")
    if isinstance(inner, dict):
        value, inner = {**value, **inner}, item(inner, "label", "sentiment", "value")
    moods = item(value, "moods", "mood")
    listed = moods if isinstance(moods, list) else [moods]
    analysis = item(value, "analysis", "explanation", "reason", "reasoning", "text", "evidence")
    return _Parts(
        label=inner if isinstance(inner, str) else "",
        score=item(value, "score", "sentiment_score", "value"),
        moods=tuple(part for each in listed if isinstance(each, str) for part in _split(each)),
        analysis="" if analysis is None else text_in("sentiment", analysis),
        whole=whole,
    )


def _of_text(question: Question, value: Value, whole: bool) -> _Parts:
    """Take apart a line with the label, lines with score and moods, and the analysis."""
    text = text_in(question.task, value)
    refuse_endless(question.task, text, LONGEST_TEXT)
    lines = [each for each in bare(unmarked(text)).split("\n") if each.strip()]
    first = line(lines[0]) if lines else ""
    refuse_refusal(question.task, first)
    if len(_words(first)) > _LABEL_WORDS and not _moods(_split(first)):
        return _Parts(first, _number_in(first), (), "\n".join(lines), whole)
    told = list(takewhile(_is_told, lines[1:]))
    numbers = (_number_in(each) for each in (first, *told))
    rest = "\n".join(lines[1 + len(told) :])
    return _Parts(
        label=first,
        score=next((number for number in numbers if number is not None), None),
        moods=tuple(word for each in (first, *told) for word in _split(each)),
        analysis=_ANALYSIS.sub("", rest),
        whole=whole,
    )


def _is_told(text: str) -> bool:
    """Tell whether a line only holds moods or a score, and no word of the analysis."""
    words = [word.casefold() for word in _split(text)]
    if _TITLE.match(text) or words in ([], ["none"]) or not re.search("[A-Za-z]", text):
        return True
    return len(_moods(words)) * 2 >= len(words)


def _label(task: str, text: str) -> str:
    stated = _STATED.search(text)
    words = _words(stated[0])[-_LABEL_WORDS:] if stated else _words(text)[:_LABEL_WORDS]
    labels = [word for word in words if word in choices("sentiment")]
    if not labels or _NEGATED & set(words):
        known = ", ".join(choices("sentiment"))
        raise Unusable(f"the answer to {task!r} does not begin with {known}")
    if len(set(labels)) > 1 and labels[0] != "mixed":
        raise Unusable(f"the answer to {task!r} names several sentiments instead of one")
    return labels[0]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def _number_in(text: str) -> Value:
    found = _NUMBER.search(_COMMA.sub(".", text))
    if found is None or found[2]:
        return None
    return float(re.sub(r"[−–]", "-", found[1]).replace(" ", ""))


def _score(value: Value, label: str) -> float | None:
    if isinstance(value, str):
        value = _number_in(value)
    if not isinstance(value, float) or not -1 <= value <= 1:
        return None
    against = {"positive": value < 0, "negative": value > 0}
    return None if against.get(label) else value


def _split(text: str) -> tuple[str, ...]:
    bare_text = _TITLE.sub("", line(text))
    parts = (part.rpartition(":")[2] for part in re.split(r"[,;/|]", bare_text))
    return tuple(filter(None, (part.strip(" .[]\"'") for part in parts)))


def _moods(words: Iterable[str]) -> tuple[str, ...]:
    """Keep the moods that are in the closed list, each once, in its spelling."""
    known = {form(mood): mood for mood in choices("moods")}
    found = dict.fromkeys(known[form(word)] for word in words if form(word) in known)
    return tuple(found)[:MOST_MOODS]
