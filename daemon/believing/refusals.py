"""What models say instead of an answer: refusals, error messages, forms to fill in."""

import re

from daemon.believing.guards import Unusable
from daemon.believing.sentences import sentences, unquoted

_SHOWN = r"(?:images?|pictures?|photos?|photographs?|videos?|clip|footage|frames?|file|content)"
_MODEL = re.compile(
    r"\bas an? (?:ai\b|artificial intelligence"
    r"|(?:(?:large|visual|multimodal|text-based) )?(?:(?:language|vision) )+model)"
    r"|\b(?:i'm|i am) (?:just |only )?an? (?:ai\b|(?:large )?language model)"
    r"|\bmy (?:guidelines|instructions|polic(?:y|ies)|programming|training|capabilities)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\W*(?:(?:i'm|i am|we're|we are) (?:(?:really|very|so|deeply|terribly) )?"
    r"(?:sorry|unable|afraid|not (?:able|allowed|permitted|sure|comfortable))"
    r"|(?:sorry|(?:my )?apologies|unfortunately|regrettably)\b[^.]{0,40}"
    r"\b(?:i|we|can't|cannot|unable|not)\b"
    r"|(?:i|we) (?:can't|cannot|can not|couldn't|could not|don't|do not|won't|will not"
    r"|apologi[sz]e|must decline|refuse)\b"
    rf"|(?:there (?:is|are)|there's|i see) no {_SHOWN}\b"
    rf"|no {_SHOWN} (?:was|were|is|has|have|provided|attached|given|found)\b"
    rf"|(?:the |your |this )?{_SHOWN} (?:(?:was|were|is|are|has|could|can)(?: not|n't)|cannot)"
    r" (?:be |been )?(?:provided|attached|loaded|displayed|shown|viewed|opened|processed|available"
    r"|accessed|uploaded)"
    r"|(?:please|could you|can you) (?:please )?"
    r"(?:provide|upload|share|attach|send|give|try|describe)\b"
    r")",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"\s*(?:error\b\s*(?:code)?\s*\d*\s*[:!]|\w{0,40}(?:error|exception)\s*:|traceback \("
    r"|(?:\d{3} )?(?:internal server error|bad gateway|service unavailable|too many requests"
    r"|gateway time-?out|not found\b)|rate limit|(?:cuda )?out of memory|cuda error)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"[\[<{(](?:insert|your|enter|add|write|describe|caption|description|answer|text|sentence)\b"
    r"[^\[\]<>{}()\n]{0,60}[\]>})]|\blorem ipsum\b|(?-i:\bTODO\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"^\W*(?:option|version|alternative|variant|caption)\s+(?:2|two|b)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|svg)\b", re.IGNORECASE)
_CODE = re.compile(r"```[ \t]*(?!json|text|txt|markdown|md|plain)\w+")


def refuse_foreign(task: str, raw: str) -> None:
    """Raise Unusable when *raw*, an answer as it came, is a web page or a program."""
    if _PAGE.match(raw):
        raise Unusable(f"the answer to {task!r} is a web page")
    if _CODE.search(raw):
        raise Unusable(f"the answer to {task!r} is a program")


def refuse_refusal(task: str, text: str) -> None:
    """Raise Unusable when *text* says nothing of the asset: a refusal, an error, a form."""
    own = _own(text)
    if _PLACEHOLDER.search(own):
        raise Unusable(f"the answer to {task!r} says nothing")
    if _FAILED.match(own):
        raise Unusable(f"the answer to {task!r} is an error message")
    if _SEVERAL.search(own):
        raise Unusable(f"the answer to {task!r} gives several to choose from")
    if _is_excuse(next(sentences(own), "")):
        raise Unusable(f"the answer to {task!r} is a refusal")


def without_excuses(paragraph: str) -> str:
    """Leave out the sentences in which a model tells what it cannot do."""
    return " ".join(each for each in sentences(paragraph) if not _is_excuse(_own(each)))


def _is_excuse(sentence: str) -> bool:
    return _REFUSAL.match(sentence) is not None or _MODEL.search(sentence) is not None


def _own(text: str) -> str:
    return unquoted(text).replace("’", "'")
