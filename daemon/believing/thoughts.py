"""The answer itself, without the thinking before it and the marks of the chat around it."""

import re

from daemon.believing.guards import Unusable
from daemon.believing.sentences import sentences, unquoted

_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad)"
_OPEN = re.compile(rf"<{_NAMES}>|\[{_NAMES}\]|◁think▷|<\|channel\|>analysis", re.IGNORECASE)
_CLOSE = re.compile(rf"</{_NAMES}>|\[/{_NAMES}\]|◁/think▷|final<\|message\|>", re.IGNORECASE)
_TOKEN = r"<\|[^|<>\n]{1,40}\|>"
_CHAT = re.compile(
    rf"(?:{_TOKEN}|<｜[^｜<>\n]{{1,40}}｜>)(?:(?:human|user|assistant|system|model)\b)?"
    r"|</?(?:s|bos|eos|pad|unk|image|video|start_of_turn|end_of_turn|assistant|user|system)>"
    r"|\[/?INST\]|<</?SYS>>"
    r"|^[ \t]*(?:#{2,}[ \t]*)?(?:human|user|assistant|system)[ \t]*(?::|$)"
    r"|^[ \t]*#{2,}[ \t]*(?:human|user|assistant|system|instruction|input|response)\b[ \t]*:?",
    re.IGNORECASE | re.MULTILINE,
)
_ASKED = re.compile(rf"(?:{_TOKEN})?[\s#]*(?:system|user|human)[ \t]*(?::|\n|<\|)", re.IGNORECASE)
_ANSWERED = re.compile(rf"(?:^|\s|\|>)assistant[ \t]*(?::|\n|{_TOKEN})", re.IGNORECASE)
"""Where a model begins to answer after it has repeated what it was asked."""
_ROLES = frozenset(("", "assistant", "user", "human", "model", "system", "final"))
_ALOUD = re.compile(
    r"(?:(?:okay|ok|alright|all right|hmm+|right|so|well|now|first|wait)\b[,.:!…]*\s*)*"
    r"(?:let's (?:see|think|look|start|break|begin|analy|tackle|describe|consider|go through)"
    r"|let me (?!know\b)|(?:i|we) (?:need|should|must|have|want|ought|might|could)\b"
    r"|(?:i|we)(?:'ll| will) (?:now |first )?"
    r"(?:need|describe|write|start|provide|analy|focus|give|look|list)"
    r"|the user\b|user (?:wants|asks|asked|says)|my (?:task|goal|job|answer|response)\b"
    r"|the (?:task|prompt|instructions?|question) (?:is|are|says?|asks?|wants?|requires?|tells?)\b"
    r"|step \d+\s*[:.)]|(?:my |chain of )?(?:thoughts?|reasoning|thinking)(?: process)?\s*:)"
    r"|(?:hmm+|wait)\s*[,.…!]",
    re.IGNORECASE,
)


def spoken(task: str, text: str) -> str:
    """Leave out of *text* what the model thought in marks, and the marks of the chat.

    Raises Unusable when it never came from thinking to answering.
    """
    after = _CLOSE.split(text)[-1]
    if opened := _OPEN.search(after):
        after = after[: opened.start()]
        if not after.strip():
            raise Unusable(f"the answer to {task!r} is a train of thought that does not end")
    if _ASKED.match(after) and (last := _ANSWERED.split(after)[-1].strip()):
        after = last
    pieces = (piece.strip() for piece in _CHAT.split(after))
    return next((piece for piece in pieces if piece.casefold() not in _ROLES), "")


def refuse_thinking(task: str, text: str) -> None:
    """Raise Unusable when a sentence of *text* is a thought of the model's about its task."""
    own = unquoted(text).replace("’", "'")
    for line in own.split("\n"):
        if any(_ALOUD.match(sentence) for sentence in sentences(line)):
            raise Unusable(f"the answer to {task!r} thinks aloud instead of answering")
