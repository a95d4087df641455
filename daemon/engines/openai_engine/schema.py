"""The shape of an answer to several questions, as JSON Schema and in words."""

from collections.abc import Sequence
from typing import Any

from daemon.wire import Question
from prompts import choices

MOST_TAGS = 25
MOST_MOODS = 3
_STRING: dict[str, Any] = {"type": "string"}
_LABELS = "sentiment"


def schema(questions: Sequence[Question]) -> dict[str, Any]:
    """Give the schema of one object with a key for each task, in the order of *questions*."""
    return closed({question.task: _shape(question) for question in questions})


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of an object with exactly these *properties*."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def told(questions: Sequence[Question]) -> str:
    """Say what the object has to hold, for models that are not held to a schema."""
    keys = ", ".join(f'"{question.task}"' for question in questions)
    lines = [f'- "{question.task}": {_WORDS[question.answer]}' for question in questions]
    return (
        f"Answer everything together, as one JSON object with the keys {keys} in this order, and "
        "write nothing else. What a part above says to answer with alone is the value of its key:\n"
        + "\n".join(lines)
    )


def _shape(question: Question) -> dict[str, Any]:
    match question.answer:
        case "tags":
            return _list(_word(question.choices), MOST_TAGS)
        case "sentiment":
            return _sentiment(question.choices or choices("moods"))
        case "flags":
            return _list(closed({"name": _word(question.choices), "evidence": _STRING}))
        case _:
            return _STRING


def _sentiment(moods: Sequence[str]) -> dict[str, Any]:
    return closed(
        {
            "label": _word(choices(_LABELS)),
            "score": {"type": ["number", "null"]},
            "moods": _list(_word(moods), MOST_MOODS),
            "analysis": _STRING,
        }
    )


def _word(allowed: Sequence[str]) -> dict[str, Any]:
    return {**_STRING, "enum": list(allowed)} if allowed else _STRING


def _list(items: dict[str, Any], most: int | None = None) -> dict[str, Any]:
    return {"type": "array", "items": items, **({"maxItems": most} if most else {})}


_WORDS = {
    "text": "a string; where it has several paragraphs, an empty line stands between them",
    "line": "a string",
    "tags": "a list of strings",
    "sentiment": 'an object with "label" (the word), "score" (the number, or null), "moods" '
    '(a list of strings) and "analysis" (a string with the paragraphs)',
    "flags": 'a list of objects with "name" and "evidence", empty where there is nothing',
}
