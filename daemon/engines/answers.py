"""From what a model wrote to values that may be believed; pure, and it trusts no word of it."""

import re
import unicodedata
from collections.abc import Iterator

from daemon.wire import Reply
from metadata.description import Sentiment

LONGEST_ALT = 250
"""Characters, as IPTC asks of an alternative text."""
LONGEST_TAG = 64
"""Bytes, the most that IPTC IIM holds."""
MOST_TAGS = 25
LABELS = ("positive", "neutral", "negative", "mixed")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|$)")
_MARKUP = re.compile(r"^[\s\-*•#>]*(?:\d+[.)]\s+)?|[*_`]+$", re.MULTILINE)
_HARMLESS = "\t\u200c\u200d"
"""A tab is space, and joiners are parts of words."""
_LOOP = 4
"""So many times the same words in a row are a loop; single words may come a little more often."""
_LOOP_OF_ONE = 8
_LONGEST_LOOP = 60


class Unusable(ValueError):
    """An answer of which nothing can be written: it says why."""


def text_of(reply: Reply) -> str:
    """Give the answer as clean paragraphs; one that was cut off ends with its last whole sentence.

    Raises Unusable when it is empty, goes round in circles, or has no whole sentence.
    """
    paragraphs = [" ".join(_printable(part).split()) for part in reply.text.split("\n")]
    text = "\n\n".join(filter(None, paragraphs))
    if not text:
        raise Unusable(f"the answer to {reply.task!r} is empty")
    if loops(text):
        raise Unusable(f"the answer to {reply.task!r} goes round in circles")
    return text if reply.whole else _whole_sentences(reply.task, text)


def alt_of(text: str) -> str:
    """Take the sentences of *text* that make an alternative text, at least a part of the first."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_ALT:
        return line
    ends = [found.end() for found in _SENTENCE_END.finditer(line) if found.end() <= LONGEST_ALT]
    return line[: ends[-1]] if ends else line[: LONGEST_ALT - 1].rpartition(" ")[0] + "…"


def tags_of(reply: Reply) -> tuple[str, ...]:
    """List the keywords, most prominent first, each once; raises Unusable when there is none.

    The last one of an answer that was cut off may be half a word, and is left out.
    """
    words = [_tag(part) for part in re.split(r"[,;\n|]", reply.text)]
    if not reply.whole:
        words = words[:-1]
    kept: dict[str, str] = {}
    for word in filter(_is_tag, words):
        kept.setdefault(word.casefold(), word)
    if not kept:
        raise Unusable(f"the answer to {reply.task!r} holds no keyword")
    return tuple(kept.values())[:MOST_TAGS]


def sentiment_of(reply: Reply) -> Sentiment:
    """Read the label, which stands first, and the analysis after it; raises Unusable without."""
    head, _, rest = reply.text.strip().partition("\n")
    first = re.sub(r"[\W_]+", " ", head).split()
    label = next((word.lower() for word in first[:4] if word.lower() in LABELS), None)
    if label is None:
        raise Unusable(f"the answer to {reply.task!r} does not begin with {', '.join(LABELS)}")
    rest = rest if len(first) <= 4 else reply.text
    analysis = text_of(Reply(reply.task, rest, 0, reply.whole)) if rest.strip() else ""
    return Sentiment(label, analysis={"en": analysis} if analysis else {})


def loops(text: str) -> bool:
    """Tell whether *text* ends in the same words again and again."""
    words = text.split()
    return any(_repeats(words, length) for length in range(1, _LONGEST_LOOP))


def _repeats(words: list[str], length: int) -> bool:
    times = _LOOP_OF_ONE if length == 1 else _LOOP
    if len(words) < length * times:
        return False
    tail = words[-length * times :]
    return tail == tail[:length] * times


def _whole_sentences(task: str, text: str) -> str:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    if not ends:
        raise Unusable(f"the answer to {task!r} never came to an end")
    return text[: ends[-1]]


def _printable(text: str) -> str:
    return "".join(_seen(text))


def _seen(text: str) -> Iterator[str]:
    """Give the characters that may stand in a text: no controls, no change of direction."""
    for character in text:
        if unicodedata.category(character)[0] != "C" or character in _HARMLESS:
            yield character


def _tag(part: str) -> str:
    plain = _MARKUP.sub("", _printable(part.strip()))
    return " ".join(
        unicodedata.normalize("NFC", plain).strip(" .\"'“”‘’:").replace("/", " ").split()
    )


def _is_tag(word: str) -> bool:
    return bool(word) and len(word.encode()) <= LONGEST_TAG and len(word.split()) <= 5
