"""Plain text out of whatever marks a model puts into it: controls, HTML, Markdown."""

import html
import re
import unicodedata

_HARMLESS = "\n\t\u200c\u200d"
"""A tab is space, and joiners are parts of words."""
_VARIANTS = re.compile("[\ufe00-\ufe0d\U000e0100-\U000e01ef]")
"""Count as marks, but nobody sees them, and whole messages can be hidden in them; emoji need none
but the last two."""
_TERMINAL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_INVISIBLE = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:</\1\s*>)?", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^<>]{0,100}>", re.IGNORECASE)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]{0,300}>|<!--[^<>]{0,300}-->")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{1,500}\)")
_STRONG = re.compile(r"\*\*|(?<!\w)__|__(?!\w)|`+")
_EMPHASIS = re.compile(r"(?<!\w)([*_])([^*_\n]{1,300})\1(?!\w)")
_LEAD = re.compile(
    r"[ \t]{0,20}(?:>[ \t]{0,3}){0,3}(?:#{1,6}[ \t]+|[-*•‣▪●–][ \t]+|\d{1,2}[.)][ \t]+)?"
)
_BOXED = re.compile(r"\$?\\boxed\{(?:\\text\{)?([^{}]*)\}{1,2}\$?")
_RULE = re.compile(r"\s*(?:[-*_=~][ \t]*){3,}\s*")
_NO_PROSE = re.compile(
    r"\s*(?:#{1,6}[ \t]+.{1,80}|\*\*[^*\n]{1,60}\*\*:?|[-*•][ \t]+.{1,40}|(?:#\w{1,40}[ ,]*)+"
    r"|(?:hash)?(?:tags|keywords):.{1,400})\s*",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…]\W*$")


def printable(text: str) -> str:
    """Take out of *text* all that cannot be seen: controls, changes of direction, half characters.

    Line ends become newlines.
    """
    lines = "\n".join(_VARIANTS.sub("", _TERMINAL.sub("", text)).splitlines())
    if lines.replace("\n", "").isprintable():
        return lines
    return "".join(c for c in lines if c in _HARMLESS or unicodedata.category(c)[0] != "C")


def paragraphs(text: str) -> list[str]:
    """Cut *text* into its paragraphs, without HTML and Markdown, headings and lists of words."""
    lines = (_inline(each) for each in unmarked(text).split("\n") if not _is_no_prose(each))
    return list(filter(None, lines))


def line(text: str) -> str:
    """Give *text* as one line, without any marks."""
    return " ".join(filter(None, map(_inline, unmarked(text).split("\n"))))


def unmarked(text: str) -> str:
    """Take the HTML out of *text*; what parts lines there parts them here."""
    if "<" not in text and "&" not in text:
        return text
    bare = _TAG.sub("", _BREAK.sub("\n", _INVISIBLE.sub("", html.unescape(text))))
    return printable(bare)


def _is_no_prose(line: str) -> bool:
    """Tell whether *line* is a heading or an item of a list, and no sentence marked like one."""
    return _NO_PROSE.fullmatch(line) is not None and not _ENDED.search(line)


def _inline(line: str) -> str:
    if _RULE.fullmatch(line):
        return ""
    plain = _BOXED.sub(r"\1", _LINK.sub(r"\1", _LEAD.sub("", line, count=1)))
    return " ".join(_EMPHASIS.sub(r"\2", _STRONG.sub("", plain)).split())
