"""An answer becomes a part of a description, by its task."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from daemon.believing.findings import MODEL, findings_of
from daemon.believing.sentiment import sentiment_of
from daemon.believing.tags import tags_of
from daemon.believing.texts import alt_of, line_of, text_of
from daemon.wire import Question, Reply
from metadata.asset import MediaKind
from metadata.description import Description, Tag
from metadata.vocabulary import Vocabulary

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer is judged by.

    *heard* says that speech was given to the model in words, so that it may tell of it. Of a
    *vocabulary* the spelling is taken, and with *only* no word that is not in it.
    """

    question: Question
    kind: MediaKind
    heard: bool
    vocabulary: Vocabulary | None = None
    only: bool = False


def believed(said: Description, reply: Reply, grounds: Grounds, engine: str) -> Description:
    """Add to *said* what *reply* tells; raises Unusable where nothing of it can be written."""
    return _WRITTEN[grounds.question.task](said, reply, grounds, engine)


def with_alt(said: Description) -> Description:
    """Take the alternative text from the caption where there is none."""
    if said.alt or ENGLISH not in said.caption:
        return said
    made = {"alt": said.provenance["caption"]} if "caption" in said.provenance else {}
    alt = {ENGLISH: alt_of(said.caption[ENGLISH])}
    return replace(said, alt=alt, provenance={**said.provenance, **made})


def _captioned(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    return replace(said, caption={ENGLISH: text_of(reply, by.question, by.heard)})


def _pictured(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    return replace(said, alt={ENGLISH: line_of(reply, by.question, by.heard)})


def _summed_up(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    return replace(said, summary={ENGLISH: text_of(reply, by.question, by.heard)})


def _advertised(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    return replace(said, creative={ENGLISH: text_of(reply, by.question, by.heard)})


def _tagged(said: Description, reply: Reply, by: Grounds, engine: str) -> Description:
    names = tags_of(reply, by.question, by.vocabulary, by.only)
    return replace(said, tags=tuple(Tag(name, engine) for name in names))


def _judged(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    return replace(said, sentiment=sentiment_of(reply, by.question, by.heard))


def _examined(said: Description, reply: Reply, by: Grounds, _: str) -> Description:
    """Put what was found in the place of what a model found for this task before."""
    mine = f"{by.question.task}_"
    kept = [f for f in said.look.facts if f.basis != MODEL or not f.name.startswith(mine)]
    facts = (*kept, *findings_of(reply, by.question))
    return replace(said, look=replace(said.look, facts=facts))


_WRITTEN: dict[str, Callable[[Description, Reply, Grounds, str], Description]] = {
    "caption": _captioned,
    "alt": _pictured,
    "summary": _summed_up,
    "creative": _advertised,
    "tags": _tagged,
    "sentiment": _judged,
    "moderation": _examined,
    "quality": _examined,
}
