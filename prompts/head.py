"""The settings on top of a prompt file: lines of ``key: value`` between two lines ``---``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from prompts.errors import refuse

Answer = Literal["text", "line", "tags", "sentiment", "flags"]
"""What the answer is: paragraphs, one sentence, a list of keywords, a judgement, findings."""
ANSWERS: tuple[Answer, ...] = get_args(Answer)
_NEEDED = ("task", "kinds", "max_tokens")
_KEYS = (*_NEEDED, "answer", "alone")
_KINDS = ("image", "video")
_YES_OR_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Head:
    """The settings, checked; *answer* and *alone* are None where the file says nothing of them."""

    task: str
    kinds: tuple[str, ...]
    max_tokens: int
    answer: Answer | None
    alone: bool | None


def split(path: Path, text: str) -> tuple[Head, str]:
    """Part the settings from the wording below them; raises PromptError."""
    lines = text.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        refuse(path, "it must begin with a line ---, then settings, then another line ---")
    end = lines.index("---", 1)
    return _head(path, _settings(path, lines[1:end])), "\n".join(lines[end + 1 :]).strip()


def _settings(path: Path, lines: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for number, line in enumerate(lines, start=2):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not (colon and value):
            refuse(path, f"line {number} is not of the form key: value")
        if key not in _KEYS:
            refuse(path, f"line {number}: {key!r} is no setting; there are {', '.join(_KEYS)}")
        if key in settings:
            refuse(path, f"line {number}: {key} is set twice; remove one")
        settings[key] = value
    for key in _NEEDED:
        if key not in settings:
            refuse(path, f"the setting {key} is missing; add a line {key}: ...")
    return settings


def _head(path: Path, settings: dict[str, str]) -> Head:
    return Head(
        settings["task"],
        _kinds(path, settings["kinds"]),
        _count(path, settings["max_tokens"]),
        _answer(path, settings.get("answer")),
        _alone(path, settings.get("alone")),
    )


def _kinds(path: Path, value: str) -> tuple[str, ...]:
    kinds = tuple(word.strip() for word in value.split(","))
    for kind in kinds:
        if kind not in _KINDS:
            refuse(path, f"kinds: {kind!r} is none; write {' or '.join(_KINDS)}, or both")
    return kinds


def _count(path: Path, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        refuse(path, f"max_tokens: {value!r} is not a whole number above 0")
    return int(value)


def _answer(path: Path, value: str | None) -> Answer | None:
    if value is None:
        return None
    for answer in ANSWERS:
        if value == answer:
            return answer
    refuse(path, f"answer: {value!r} is none; there are {', '.join(ANSWERS)}")


def _alone(path: Path, value: str | None) -> bool | None:
    if value is not None and value not in _YES_OR_NO:
        refuse(path, f"alone: {value!r} is neither true nor false")
    return _YES_OR_NO[value] if value else None
