"""What a server answered, read as by someone who believes nothing."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from metadata.stats import Tokens

_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_MOST_TOKENS = 10**8
_SHOWN = 300
_ERRORS = range(400, 600)


class NoCompletion(ValueError):
    """What came is no answer to a chat; says what it is instead.

    *status* is the one that it should have come with, where it tells of an error: what passes
    requests on to others answers 200 even where these do not.
    """

    def __init__(self, told: str, status: int | None = None) -> None:
        super().__init__(told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer's *text*, whether it is *whole* or was cut off, and what it cost.

    *thought* tells that the model has thought before, in words that are not part of its answer.
    """

    text: str
    whole: bool = True
    tokens: Tokens | None = None
    thought: bool = False


def completion(body: bytes) -> Completion:
    """Read the body of an answer to ``/chat/completions``; raises NoCompletion."""
    try:
        told = _decoded(body)
    except (ValueError, RecursionError) as error:
        raise NoCompletion(f"its answer is no JSON ({error}); does its url end in /v1?") from error
    choice = _first(_table(told).get("choices"))
    message = _table(choice.get("message"))
    if not message:
        instead = _table(_table(told).get("error"))
        raise NoCompletion(f"its answer has no message: {reason(body)}", _status(instead))
    whole = choice.get("finish_reason") != "length"
    thought = any(message.get(key) for key in _THOUGHTS)
    return Completion(_text(message), whole, _tokens(_table(told).get("usage")), thought)


def reason(body: bytes) -> str:
    """Find in the body of a refusal why, in the server's own words: one line, not too long."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _in_one_line(body[: 4 * _SHOWN].decode("utf-8", "replace"))
    for key in ("error", "detail", "message"):
        found = _table(told).get(key)
        found = _table(found).get("message", found)
        if found:
            return _in_one_line(found if isinstance(found, str) else str(found))
    return _in_one_line(str(told))


def models(body: bytes) -> tuple[str, ...]:
    """List the names in an answer to ``/models``; none where it is another thing."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    listed = _table(told).get("data")
    names = [_table(each).get("id") for each in listed] if isinstance(listed, list) else []
    return tuple(_in_one_line(name) for name in names if isinstance(name, str) and name)


def _text(message: dict[str, Any]) -> str:
    """Join the parts of an answer; what a model says in place of one comes back as its answer."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [_table(part).get("text") for part in content]
        content = "".join(part for part in parts if isinstance(part, str))
    refusal = message.get("refusal")
    if not content and isinstance(refusal, str):
        content = refusal
    plain = content if isinstance(content, str) else ""
    return plain.encode("utf-8", "replace").decode()


def _decoded(body: bytes) -> Any:
    """Read JSON, also with halves of characters and numbers that are none; raises ValueError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(body.decode("utf-8", "replace"))


def _status(error: dict[str, Any]) -> int | None:
    code = error.get("code")
    return code if type(code) is int and code in _ERRORS else None


def _tokens(usage: Any) -> Tokens | None:
    match usage:
        case {"prompt_tokens": bool()} | {"completion_tokens": bool()}:
            return None  # a number to Python, but not to the daemon
        case {"prompt_tokens": int(prompt), "completion_tokens": int(written)}:
            sane = min(prompt, written) >= 0 and max(prompt, written) <= _MOST_TOKENS
            return Tokens(prompt, written) if sane else None
    return None


def _first(value: Any) -> dict[str, Any]:
    return _table(value[0]) if isinstance(value, list) and value else {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _in_one_line(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:_SHOWN]
