"""One answer to several questions taken apart: the JSON in it found, each task's part kept."""

from collections.abc import Collection, Sequence

import msgspec

from daemon.believing import lenient
from daemon.engines.openai_engine.completions import Completion
from daemon.wire import Question, Reply

_MOST_TRIED = 50
"""So many braces are looked behind; an answer has its object near the front or after a thought."""
_THOUGHT = "</think>"


def replies(questions: Sequence[Question], said: Completion) -> tuple[Reply, ...] | None:
    """Give the part of each task, word for word, and nothing for one that is missing.

    None where there is no object with any of the tasks. A part that was cut off counts as missing.
    """
    found = parts(said.text, [question.task for question in questions])
    if found is None:
        return None
    texts = [_text(found.get(question.task), question) for question in questions]
    written = said.tokens.completion if said.tokens else 0
    length = sum(map(len, texts)) or 1
    return tuple(
        Reply(question.task, text, written * len(text) // length, True)
        for question, text in zip(questions, texts, strict=True)
    )


def reply(question: Question, said: Completion) -> Reply:
    """Give the answer to one question."""
    return Reply(question.task, said.text, said.tokens.completion if said.tokens else 0, said.whole)


def parts(text: str, keys: Collection[str]) -> dict[str, lenient.Value] | None:
    """Find the object in *text* that has most of *keys*, and give those values that are whole."""
    best: dict[str, lenient.Value] = {}
    at = text.rfind(_THOUGHT) + 1
    for _ in range(_MOST_TRIED):
        at = text.find("{", at)
        if at < 0:
            break
        found = lenient.read(text, at)
        at = found.end if found else at + 1
        mine = _whole(found, keys)
        best = mine if len(mine) > len(best) else best
    return best or None


def _whole(found: lenient.Found | None, keys: Collection[str]) -> dict[str, lenient.Value]:
    if found is None or not isinstance(found.value, dict):
        return {}
    given = list(found.value.items())
    if not found.whole:
        # which part was cut off nobody can tell but that it was the last one
        given = given[:-1]
    return {key: value for key, value in given if key in keys}


def _text(value: lenient.Value, question: Question) -> str:
    """Write a part as a model would have answered: words as they are, lists and objects as JSON."""
    if isinstance(value, str):
        return value
    is_prose = question.answer in ("text", "line")
    if is_prose and isinstance(value, list):
        return "\n\n".join(part for part in value if isinstance(part, str))
    if isinstance(value, (list, dict)) and not is_prose:
        return msgspec.json.encode(value).decode()
    return ""
