"""Questions as they are put to models, and what is believed of an answer, for the tests of both."""

from functools import cache
from typing import Any

from daemon.believing import Grounds, believed
from daemon.wire import Question, Reply
from metadata.asset import MediaKind
from metadata.description import Description
from metadata.vocabulary import Vocabulary
from prompts import load

KNOWN = (
    'Taken: "2024-05-01 10:00"\nCamera: "NIKON D750"\nWords that can be read in it: "MIND THE GAP"'
)


@cache
def question(task: str) -> Question:
    """Ask for *task* as captiond does, about a picture of which KNOWN is known."""
    prompt = load(task)
    values = {"shown": "a picture", "known": KNOWN}
    body, preamble = prompt.filled(values), prompt.opened(values)
    return Question(task, body, prompt.max_tokens, preamble, prompt.answer)


def value(
    task: str,
    text: str,
    *,
    whole: bool = True,
    heard: bool = False,
    vocabulary: Vocabulary | None = None,
    only: bool = False,
) -> Any:
    """Give what is written of *text*, an answer to *task*; raises Unusable."""
    grounds = Grounds(question(task), MediaKind.VIDEO, heard, vocabulary, only)
    said = believed(Description(), Reply(task, text, 9, whole), grounds, "engine")
    if task == "tags":
        return [tag.name for tag in said.tags]
    if task == "sentiment":
        return said.sentiment
    if task in ("moderation", "quality"):
        return {fact.name: fact.value for fact in said.look.facts}
    return getattr(said, task)["en"]
