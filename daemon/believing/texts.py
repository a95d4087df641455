"""Captions, analyses and summaries out of what a model wrote: paragraphs, and single sentences."""

import re

from daemon.believing.clean import paragraphs
from daemon.believing.echo import refuse_echo
from daemon.believing.guards import Unusable, refuse_circles, refuse_endless
from daemon.believing.language import other_language
from daemon.believing.openings import prose
from daemon.believing.refusals import refuse_refusal, without_excuses
from daemon.believing.sentences import ends
from daemon.believing.sound import without_claims
from daemon.believing.thoughts import refuse_thinking
from daemon.believing.values import text_in, value_of
from daemon.wire import Question, Reply
from metadata.spelling import LONGEST_ALT

LONGEST_TEXT = 6_000
"""Characters: far more than any prompt asks for, but that users may ask for more tokens."""
LONGEST_LINE = 2_000
_JOINING = frozenset({"a", "an", "the", "and", "or", "but", "of", "with", "to", "from", "its"})
_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+\S", re.MULTILINE)
_FEWEST_WORDS = 2
_PER_TOKEN = 10
"""No text has so many characters to a token."""


def text_of(reply: Reply, question: Question, heard: bool) -> str:
    """Give the text in *reply*, in paragraphs, as it may be written; raises Unusable otherwise."""
    value, whole = value_of(reply)
    return believed_text(text_in(question.task, value), whole, question, heard)


def line_of(reply: Reply, question: Question, heard: bool) -> str:
    """Give the sentences in *reply* that make an alternative text; raises Unusable for none."""
    return alt_of(text_of(reply, question, heard))


def believed_text(text: str, whole: bool, question: Question, heard: bool) -> str:
    """Clean *text* and see that it can be believed; what is not *whole* loses its last sentence."""
    task = question.task
    refuse_endless(task, text, _most(question))
    if question.answer == "line" and len(_ITEM.findall(text)) > 1:
        raise Unusable(f"the answer to {task!r} gives several to choose from")
    plain = prose("\n\n".join(paragraphs(text)))
    if not plain:
        raise Unusable(f"the answer to {task!r} is empty")
    refuse_refusal(task, plain)
    refuse_circles(task, plain)
    refuse_thinking(task, plain)
    refuse_echo(question, plain)
    if language := other_language(plain):
        raise Unusable(f"the answer to {task!r} is in {language}, not in English")
    if len(plain.split()) < _FEWEST_WORDS:
        raise Unusable(f"the answer to {task!r} says nothing")
    over = whole and not _breaks_off(plain)
    return _told(task, plain if over else _whole_sentences(task, plain), heard)


def alt_of(text: str) -> str:
    """Take the sentences of *text* that make an alternative text, at least a part of the first."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_ALT:
        return line
    fitting = [end for end in ends(line) if end <= LONGEST_ALT]
    part = line[: LONGEST_ALT - 1]
    return line[: fitting[-1]] if fitting else (part.rpartition(" ")[0] or part) + "…"


def _told(task: str, text: str, heard: bool) -> str:
    """Leave out excuses and what is said of sounds that nobody heard."""
    kept = [without_excuses(paragraph) for paragraph in text.split("\n\n")]
    told = [without_claims(paragraph, heard) for paragraph in kept]
    if not any(told):
        raise Unusable(f"the answer to {task!r} tells of sounds, and no sound was heard")
    return "\n\n".join(dict.fromkeys(filter(None, told)))


def _breaks_off(text: str) -> bool:
    """Tell whether the last word is one after which another must come."""
    return text.rpartition(" ")[2].lower() in _JOINING


def _whole_sentences(task: str, text: str) -> str:
    over = ends(text)
    if not over:
        raise Unusable(f"the answer to {task!r} never came to an end")
    return text[: over[-1]]


def _most(question: Question) -> int:
    if question.answer == "line":
        return LONGEST_LINE
    return max(LONGEST_TEXT, question.max_tokens * _PER_TOKEN)
