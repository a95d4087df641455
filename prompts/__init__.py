"""The questions put to models: Markdown files with a few settings on top; knows nothing of ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import NoReturn

from prompts.lists import choices

__all__ = ["OURS", "Prompt", "PromptError", "choices", "load"]

OURS = Path(__file__).parent
_KEYS = ("task", "kinds", "max_tokens")
_KINDS = ("image", "video")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")


class PromptError(ValueError):
    """A prompt file says something that cannot be understood: the user has to change it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question: what it is for, which kinds of media it fits, and its wording.

    *body* is a ``string.Template``; *max_tokens* bounds the answer; *version* is the name with
    the first eight digits of the SHA-256 of the whole file, so that another wording is another
    version.
    """

    name: str
    task: str
    kinds: tuple[str, ...]
    max_tokens: int
    body: str
    version: str

    def filled(self, values: Mapping[str, str]) -> str:
        """Put *values* into the body; raises PromptError when it asks for one that is not there."""
        try:
            return Template(self.body).substitute(values)
        except KeyError as missing:
            known = ", ".join(f"${key}" for key in sorted(values)) or "none"
            raise PromptError(
                f"prompt {self.name}: nobody knows ${missing.args[0]}; use one of: {known}"
            ) from None


def load(name: str, folder: Path | None = None) -> Prompt:
    """Read the prompt *name* from *folder*, or where that has none, from captiond's own.

    Raises PromptError, which names the file and what to change in it.
    """
    if not _NAME.fullmatch(name):
        raise PromptError(f"{name!r} is no name for a prompt; use small letters, digits, - and _")
    path = _found(f"{name}.md", folder)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        _refuse(path, "it is not UTF-8; save it as UTF-8")
    head, body = _split(path, text)
    settings = _settings(path, head)
    digest = sha256(text.encode()).hexdigest()[:8]
    return Prompt(
        name=name,
        task=settings["task"],
        kinds=_kinds(path, settings["kinds"]),
        max_tokens=_count(path, settings["max_tokens"]),
        body=_body(path, body),
        version=f"{name}@{digest}",
    )


def _found(file: str, folder: Path | None) -> Path:
    places = [place / file for place in (folder, OURS) if place is not None]
    for path in places:
        if path.is_file():
            return path
    looked = " and ".join(str(path) for path in places)
    raise PromptError(f"there is no prompt {file}; looked for {looked}")


def _split(path: Path, text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        _refuse(path, "it must begin with a line ---, then settings, then another line ---")
    end = lines.index("---", 1)
    return lines[1:end], "\n".join(lines[end + 1 :]).strip()


def _settings(path: Path, lines: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for number, line in enumerate(lines, start=2):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not (colon and value):
            _refuse(path, f"line {number} is not of the form key: value")
        if key not in _KEYS:
            _refuse(path, f"line {number}: {key!r} is no setting; there are {', '.join(_KEYS)}")
        if key in settings:
            _refuse(path, f"line {number}: {key} is set twice; remove one")
        settings[key] = value
    for key in _KEYS:
        if key not in settings:
            _refuse(path, f"the setting {key} is missing; add a line {key}: ...")
    return settings


def _kinds(path: Path, value: str) -> tuple[str, ...]:
    kinds = tuple(word.strip() for word in value.split(","))
    for kind in kinds:
        if kind not in _KINDS:
            _refuse(path, f"kinds: {kind!r} is none; write {' or '.join(_KINDS)}, or both")
    return kinds


def _count(path: Path, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        _refuse(path, f"max_tokens: {value!r} is not a whole number above 0")
    return int(value)


def _body(path: Path, body: str) -> str:
    if not body:
        _refuse(path, "there is no text below the settings; write the question there")
    if not Template(body).is_valid():
        _refuse(path, "a $ stands before something that is no name; write $$ for a dollar sign")
    return body


def _refuse(path: Path, why: str) -> NoReturn:
    raise PromptError(f"{path}: {why}")
