"""What models say before and after an answer: "Sure! Here is a caption: The image shows"."""

import re

from daemon.believing.sentences import sentences, unquoted

_FLUFF = (
    r"(?:(?:provided|given|attached|uploaded|above|following|present|vibrant|stunning|beautiful"
    r"|captivating|striking|serene|dynamic|lively|detailed|colou?rful|sequence of|series of)\s+)"
    r"{0,2}"
)
_MEDIUM = (
    r"(?:images?|pictures?|photos?|photographs?|video(?:[ -]clip)?|videos|clip|footage|film"
    r"|(?:video |still )?frames?|shot|scene|snapshot)"
)
"""No painting, poster or screenshot: that one of these is shown tells something."""
_ADVERB = r"(?:(?:also|clearly|prominently|primarily|mainly|simply|vividly|beautifully)\s+)?"
_SHOWS = (
    r"(?:shows?|depicts?|displays?|features?|presents?|portrays?|captures?|illustrates?|contains?"
    r"|includes?|showcases?|highlights?|reveals?|showing|depicting|featuring|displaying|capturing"
    r"|(?:is|are) (?:showing|depicting|displaying|featuring|capturing)"
    r"|(?:appears?|seems?) to (?:show|depict|display|feature|capture))"
)
_OF = r"(?:of|showing|depicting|featuring|that shows|which shows)"
_A_MEDIUM = rf"(?:an?|the|this)?\s*{_FLUFF}{_MEDIUM}\s+{_OF}"
_SEE = (
    r"(?:(?:we|you|one|i)\s+(?:can\s+)?(?:also\s+|clearly\s+)?(?:see|observe|notice|find)\s+"
    r"(?:that\s+)?)"
)
NAMED = (
    r"(?:caption|alt(?:ernative)?(?:[ -]?text)?|description|summary|answer|response|output|sentence"
    r"|analysis|result|text|paragraphs?|keywords?|tags?|list|json|sentiment|findings?)"
)
"""What an answer is called."""
_OPENINGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|alright|great|yes|no problem"
        r"|understood|got it|here you go|here it is)(?:\s*[!,.:–—]+|\s+-)\s*",
        rf"(?:here(?:'s| is| are)|below (?:is|are)|(?:the following|this) is) [^.:\n]{{0,60}}"
        rf"\b{NAMED}\b[^.:\n]{{0,120}}(?:[:\n]|\.(?=\s))\s*",
        rf"(?:final |my |the |suggested |possible |short |creative )?{NAMED}(?: \d{{1,2}})?\s*:\s*",
        rf"{_MEDIUM} (?:caption|description|analysis)\s*:\s*",
        r"title\s*:[^\n]{1,100}\n\s*|(?:the |my )?(?:final )?answer is\s*:?\s*",
        r"(?:based on|as (?:shown|seen|described|depicted) in|looking at|from)"
        r" (?:the|this|these|what)\b[^,.\n]{1,60},\s*",
        rf"(?:in|on|from) (?:the|this|these)\s+{_FLUFF}{_MEDIUM}(?:,\s*{_SEE}?|\s+{_SEE})",
        rf"(?:the|this|that|these|your)\s+{_FLUFF}{_MEDIUM},?\s+{_ADVERB}{_SHOWS}"
        r"\s*(?:us\s+|that\s+|:\s*)?",
        rf"(?:the|this|that|it|here)\s*{_FLUFF}{_MEDIUM}?\s*(?:is|'s|appears to be|seems to be)"
        rf"\s+{_A_MEDIUM}\s+",
        rf"(?:the|this)\s+{_FLUFF}{_MEDIUM}\s+is of\s+",
        rf"{_A_MEDIUM}\s+",
        _SEE,
    )
)
_MOST = 4
"""So many openings stand before one answer."""
_DANGLING = frozenset({
    "and", "or", "is", "are", "was", "were", "of", "to", "how", "what", "why", "who", "where",
    "when", "that", "itself", "nothing", "not", "only", "as", "than", "off",
})  # fmt: skip
"""What begins with one of these does not stand alone."""
_FIRST_WORD = re.compile(r"[\"“'‘(]*([\w'’-]+)")
_CLOSING = re.compile(
    r"\W*(?:i hope\b|hope (?:this|that)\b|(?:please )?let me know\b|(?:please )?feel free\b"
    r"|if you(?:'d| would| need| have| want| like)\b|would you like\b|do you (?:want|need)\b"
    r"|is there anything\b|thank you for\b|thanks for\b|please (?:note|tell|ask)\b|enjoy!"
    rf"|note(?: that)?\b.{{0,80}}\b(?:words|characters|{NAMED})\b"
    r"|(?:this|the|my) (?:above )?(?:caption|description|alt(?:ernative)? text|answer|response)\b"
    r"|(?:word|character|token) count\b|(?:about |approximately )?\d+ (?:words|characters)\W*$"
    r"|end of (?:the )?(?:caption|description|answer)\b)",
    re.IGNORECASE,
)


def prose(text: str) -> str:
    """Take openings and closings off *text*, which begins with a capital letter again."""
    plain = bare(text)
    return plain if text.lstrip().startswith(plain) else _with_capital(plain)


def bare(text: str) -> str:
    """Take openings and closings off *text*.

    An opening stays where the rest would not stand without it: "The image is dark."
    """
    plain = _without_closings(text.strip())
    for _ in range(_MOST):
        plain = _opened(plain)
    return _unwrapped(plain)


def _opened(text: str) -> str:
    own = text.replace("’", "'")
    for opening in _OPENINGS:
        if found := opening.match(own):
            rest = text[found.end() :].lstrip(" \n*_-–—:")
            return rest if _stands(rest) else text
    return text


def _stands(text: str) -> bool:
    first = _FIRST_WORD.match(text)
    return first is not None and first[1].lower() not in _DANGLING


def _without_closings(text: str) -> str:
    """Leave out the last sentences that speak to the user; what is nothing else stays."""
    lines = text.split("\n")
    while lines:
        said = list(sentences(lines[-1]))
        while said and _CLOSING.match(unquoted(said[-1]).replace("’", "'")):
            said.pop()
        if said:
            break
        lines.pop()
    return "\n".join([*lines[:-1], " ".join(said)]).strip() if lines else text


def _unwrapped(text: str) -> str:
    """Take off the quotation marks around a whole answer."""
    for first, last in ('""', "''", "“”", "‘’"):
        inner = text[1:-1]
        if text[:1] == first and text[-1:] == last and inner and not _holds(inner, first, last):
            return inner.strip()
    return text


def _holds(inner: str, first: str, last: str) -> bool:
    if first in "'‘":  # an apostrophe is none
        return re.search(r"(?<!\w)['‘]|['’](?!\w)", inner) is not None
    return first in inner or last in inner


def _with_capital(text: str) -> str:
    """Begin with a capital letter, but for names that have theirs behind, like iPhone."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]
