"""The questions put to models: Markdown files with a few settings on top; knows nothing of ours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Template

from prompts.errors import PromptError, refuse
from prompts.head import Answer, Head, split
from prompts.lists import choices, lists

__all__ = ["OURS", "PREAMBLE", "Answer", "Prompt", "PromptError", "choices", "load"]

OURS = Path(__file__).parent
PREAMBLE = "preamble.md"
_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question: what it is for, which kinds of media it fits, and its wording.

    *preamble* stands before *body*, and is empty for a question that is asked *alone*; both are
    ``string.Template``. *max_tokens* bounds the answer, *answer* says of what shape that is.
    *lists* are those that may be quoted, by name. *version* is the name with the first eight digits
    of the SHA-256 of all that the wording is made of: preamble, the whole file and the lists that
    it does quote. *path* is the file.
    """

    name: str
    task: str
    kinds: tuple[str, ...]
    max_tokens: int
    answer: Answer
    preamble: str
    body: str
    lists: Mapping[str, str]
    version: str
    path: Path

    @property
    def alone(self) -> bool:
        """Tell whether the question is asked without the shared preamble."""
        return not self.preamble

    @property
    def names(self) -> frozenset[str]:
        """Give the names for which values are put in."""
        return frozenset(_names(self.preamble) + _names(self.body))

    def opened(self, values: Mapping[str, str]) -> str:
        """Put *values* into the preamble; raises PromptError as `filled` does."""
        return self._filled(self.preamble, values)

    def filled(self, values: Mapping[str, str]) -> str:
        """Put *values* into the body; raises PromptError when it asks for one that is not there."""
        return self._filled(self.body, values)

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        known = {**self.lists, **values}
        try:
            return Template(text).substitute(known)
        except KeyError as missing:
            names = ", ".join(f"${key}" for key in sorted(known))
            raise PromptError(
                f"prompt {self.name}: nobody knows ${missing.args[0]}; use one of: {names}"
            ) from None


def load(
    name: str, folder: Path | None = None, words: Mapping[str, Sequence[str]] | None = None
) -> Prompt:
    """Read the prompt *name* from *folder*, or where that has none, from captiond's own.

    The preamble is looked for in the same way. *words* are lists to quote beside captiond's. A file
    that says nothing of its answer has that of captiond's own prompt of this name; one that says
    itself what is known is asked alone. Raises PromptError, which names the file and what to change
    in it.
    """
    if not _NAME.fullmatch(name):
        raise PromptError(f"{name!r} is no name for a prompt; use small letters, digits, - and _")
    path = _found(f"{name}.md", folder)
    text = _read(path)
    head, body = split(path, text)
    preamble = "" if _is_alone(head, _worded(path, body)) else _preamble(folder)
    quotable = {key: ", ".join(each) for key, each in {**lists(), **(words or {})}.items()}
    names = dict.fromkeys(_names(preamble) + _names(body))
    quoted = [f"{key}: {quotable[key]}" for key in names if key in quotable]
    return Prompt(
        name=name,
        task=head.task,
        kinds=head.kinds,
        max_tokens=head.max_tokens,
        answer=head.answer or _answer_of_ours(name, path),
        preamble=preamble,
        body=body,
        lists=quotable,
        version=f"{name}@{_digest(preamble, text, *quoted)}",
        path=path,
    )


def _is_alone(head: Head, body: str) -> bool:
    return "known" in _names(body) if head.alone is None else head.alone


def _answer_of_ours(name: str, path: Path) -> Answer:
    ours = OURS / f"{name}.md"
    if path == ours or not ours.is_file():
        return "text"
    return load(name).answer


def _preamble(folder: Path | None) -> str:
    path = _found(PREAMBLE, folder)
    text = _read(path).strip()
    if text.startswith("---"):
        refuse(path, "a preamble has no settings; remove the lines from --- to ---")
    return _worded(path, text)


def _found(file: str, folder: Path | None) -> Path:
    places = [place / file for place in (folder, OURS) if place is not None]
    for path in places:
        if path.is_file():
            return path
    looked = " and ".join(str(path) for path in places)
    raise PromptError(f"there is no prompt {file}; looked for {looked}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        refuse(path, "it is not UTF-8; save it as UTF-8")
    except OSError as error:
        refuse(path, f"it cannot be read ({error.strerror}); let captiond's user read it")


def _worded(path: Path, text: str) -> str:
    if not text:
        refuse(path, "there is no text below the settings; write the question there")
    if not Template(text).is_valid():
        refuse(path, "a $ stands before something that is no name; write $$ for a dollar sign")
    return text


def _names(text: str) -> list[str]:
    return Template(text).get_identifiers()


def _digest(*parts: str) -> str:
    return sha256("\n".join(part for part in parts if part).encode()).hexdigest()[:8]
