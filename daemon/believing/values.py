"""The value in an answer: the text itself, or what JSON in it says, however badly written."""

import json
import re

from daemon.believing.clean import printable
from daemon.believing.guards import LONGEST_ANSWER, Unusable, refuse_endless
from daemon.believing.lenient import Found, Value, read
from daemon.believing.refusals import refuse_foreign
from daemon.believing.thoughts import spoken
from daemon.wire import Reply

_FENCE = re.compile(r"```[ \t]*\w*[ \t]*\n?([^`]*)(?:```|$)")
_MARK = re.compile(r"^[ \t]*```[ \t]*\w*[ \t]*$", re.MULTILINE)
_OBJECT = re.compile(r"\{\s*[\"'{]")
_LIST = re.compile(r"\[\s*[\"'{]")
_TELLING = ("text", "description", "content", "answer", "value", "response", "result", "output")


def value_of(reply: Reply, lists: bool = False) -> tuple[Value, bool]:
    """Give the value in *reply*, and whether it is whole; plain text is a string.

    JSON in the midst of words counts where it is an object, or with *lists* a list. Raises Unusable
    when there is nothing at all, or no answer among the thoughts.
    """
    refuse_endless(reply.task, reply.text, LONGEST_ANSWER)
    refuse_foreign(reply.task, reply.text)
    text = spoken(reply.task, printable(reply.text)).strip()
    if not text:
        raise Unusable(f"the answer to {reply.task!r} is empty")
    found = _json(text, lists)
    if found is None:
        return _broken(_MARK.sub("", text)).strip(), reply.whole
    return found.value, found.whole


def text_in(task: str, value: Value) -> str:
    """Take the text for *task* out of a value; raises Unusable when that holds none, or several."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "\n".join(printable(each) for each in value if isinstance(each, str))
    if isinstance(value, list) and len(value) == 1:
        return text_in(task, value[0])
    if isinstance(value, dict) and (said := _telling(task, value)) is not None:
        return text_in(task, said)
    raise Unusable(f"the answer to {task!r} is data where text was asked for")


def item(value: dict[str, Value], *names: str) -> Value:
    """Take what stands under the first of *names* that is there, in whatever case."""
    known = {key.casefold().replace(" ", "_"): each for key, each in value.items()}
    return next((known[name] for name in names if name in known), None)


def _telling(task: str, value: dict[str, Value]) -> Value:
    said = item(value, task, f"{task}_text", *_TELLING)
    if said is None and len(value) == 1:
        (said,) = value.values()
    if said is None:
        texts = [each for each in value.values() if isinstance(each, str)]
        said = texts[0] if len(texts) == 1 else None
    return said if isinstance(said, str | list | dict) else None


def _json(text: str, lists: bool) -> Found | None:
    """Find JSON: the whole text, what is fenced, or what stands in the midst of words."""
    if text[0] == '"':
        return _string(text)
    if text[0] in "{[" and (found := read(text)):
        return found
    for fence in _FENCE.finditer(text):
        inner = fence[1].strip()
        if inner[:1] in ("{", "[") and (found := read(inner)):
            return found
    for pattern in (_OBJECT, _LIST) if lists else (_OBJECT,):
        if (opened := pattern.search(text)) and (found := read(text, opened.start())):
            return found
    return None


def _broken(text: str) -> str:
    """Break lines where they were to be broken, and a backslash and an n stand."""
    return text if "\n" in text or text.count("\\n") < 2 else text.replace("\\n", "\n")


def _string(text: str) -> Found | None:
    """Read a text that is one JSON string; one that begins with a quoted word is none."""
    try:
        value = json.loads(text, strict=False)
    except ValueError:
        return None
    return Found(value, len(text), True)
