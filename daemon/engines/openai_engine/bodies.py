"""The bodies of requests to ``/chat/completions``: pictures first, once, then what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from daemon.engines.openai_engine.habits import Manner
from daemon.engines.openai_engine.schema import schema, told
from daemon.wire import Question

THINKING = 4096
"""Tokens that a model which thinks may use up before it answers."""
_PER_KEY = 24
"""Tokens of a key with its marks, and of the marks inside its value."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What a model is shown: *pictures* as data URIs in JSON, those of a video with seconds."""

    pictures: tuple[msgspec.Raw, ...] = ()
    times_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """Which model is asked, and how free it is in its words."""

    model: str
    temperature: float


def data_uri(jpeg: bytes | memoryview) -> msgspec.Raw:
    """Write a JPEG file as a URL that holds it, in JSON.

    By base64 and str this is what costs most of a request: 1 ms for 360 kB, so 0.6.
    """
    quoted = memoryview(msgspec.json.encode(jpeg))
    return msgspec.Raw(b'"data:image/jpeg;base64,' + quoted[1:])


def together(shot: Shot, questions: Sequence[Question], style: Style, manner: Manner) -> bytes:
    """Ask all *questions*, which share a preamble, in one request."""
    parts = [f"### {question.task}\n\n{question.text}" for question in questions]
    text = "\n\n".join((questions[0].preamble, *parts, f"### Answer\n\n{told(questions)}"))
    most = sum(question.max_tokens + _PER_KEY for question in questions)
    return body(shot, text, style, manner, most, schema(questions))


def alone(shot: Shot, question: Question, style: Style, manner: Manner) -> bytes:
    """Ask one question, for an answer in plain words."""
    return body(shot, question.whole, style, manner, question.max_tokens)


def body(
    shot: Shot,
    text: str,
    style: Style,
    manner: Manner,
    most: int,
    shape: dict[str, Any] | None = None,
) -> bytes:
    """Ask *text* about *shot* for an answer of at most *most* tokens, of a *shape* if any."""
    asked: dict[str, Any] = {
        "model": style.model,
        "messages": [{"role": "user", "content": _content(shot, text)}],
        manner.limit: most + (THINKING if manner.thinks else 0),
        "stream": False,
    }
    if manner.temperature:
        asked["temperature"] = style.temperature
    if shape and manner.form in ("json_schema", "json_object"):
        asked["response_format"] = _format(manner, shape)
    return msgspec.json.encode(asked)


def _format(manner: Manner, shape: dict[str, Any]) -> dict[str, Any]:
    if manner.form == "json_object":
        return {"type": "json_object"}
    named = {"name": "answer", "strict": True, "schema": shape}
    return {"type": "json_schema", "json_schema": named}


def _content(shot: Shot, text: str) -> str | list[dict[str, Any]]:
    if not shot.pictures:
        return text
    shown = [{"type": "image_url", "image_url": {"url": picture}} for picture in shot.pictures]
    return [*shown, {"type": "text", "text": _timed(shot, text)}]


def _timed(shot: Shot, text: str) -> str:
    """Say which seconds of a video are shown."""
    if not shot.times_s:
        return text
    seconds = ", ".join(f"{second:.1f}" for second in shot.times_s)
    count = len(shot.pictures)
    return f"The {count} pictures are from one video, at these seconds: {seconds}.\n\n{text}"
