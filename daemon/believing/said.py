"""An answer becomes a part of a description, by its task."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from daemon.engines.answers import alt_of, sentiment_of, tags_of, text_of
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


def _captioned(said: Description, reply: Reply, _: Grounds, __: str) -> Description:
    return replace(said, caption={ENGLISH: text_of(reply)})


def _described(said: Description, reply: Reply, _: Grounds, __: str) -> Description:
    return replace(said, alt={ENGLISH: alt_of(text_of(reply))})


def _tagged(said: Description, reply: Reply, _: Grounds, engine: str) -> Description:
    return replace(said, tags=tuple(Tag(name, engine) for name in tags_of(reply)))


def _judged(said: Description, reply: Reply, _: Grounds, __: str) -> Description:
    return replace(said, sentiment=sentiment_of(reply))


_WRITTEN: dict[str, Callable[[Description, Reply, Grounds, str], Description]] = {
    "caption": _captioned,
    "alt": _described,
    "tags": _tagged,
    "sentiment": _judged,
}
