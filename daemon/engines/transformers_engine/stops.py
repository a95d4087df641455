"""Where an English sentence ends, and where a stop only shortens a word; knows no model."""

import re
from bisect import bisect
from collections.abc import Iterator
from typing import NamedTuple

OPENING = "\"'“‘«„([{*_¡¿"
CLOSING = "\"'”’»“)]}*_"
_AHEAD = 80  # characters around a mark that are looked at; more make long texts slow
_MARK = re.compile(rf"(?P<mark>[.!?…]+)(?P<closing>[{re.escape(CLOSING)}]*)\s+(?=\S)")
_FIRST = re.compile(rf"[{re.escape(OPENING)}–—-]*")
_LETTER = re.compile(r"[^\W\d_]")
_SHORTENED = re.compile(r"[^\s\"'“‘«„(\[/–—-]*$")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}")
_COUNTED = re.compile(r"(?:^|[:;]\s+)\(?\d{1,3}$")
_EARLY = re.compile(r"(?:\w+\s+){0,3}[\d:.]+\s*[ap]\.m", re.IGNORECASE)  # "At about 3 p.m"
_SPEECH = re.compile(
    r"(?:[A-Z][\w.'’-]*\s+){0,3}(?:sa(?:ys|id)|ask(?:s|ed)|repl(?:ies|ied)|answer(?:s|ed)"
    r"|whisper(?:s|ed)|shout(?:s|ed)|cr(?:ies|ied)|call(?:s|ed)|exclaim(?:s|ed)|add(?:s|ed)"
    r"|explain(?:s|ed)|mutter(?:s|ed)|yell(?:s|ed)|wonder(?:s|ed))\b"
)


def words(spaced: str) -> frozenset[str]:
    """List the words in *spaced*."""
    return frozenset(spaced.split())


# Never the last word of a sentence.
_TITLES = words(
    "mr mrs ms mx dr prof gen col capt lt cmdr sgt maj rev hon sen gov rep pres messrs mme mlle"
    " vs cf e.g i.e viz approx"
)
# The last word of a sentence only where what follows can hardly be a name.
_BEFORE_NAMES = words(
    "st mt ft sr jr inc ltd co corp bros ave blvd rd dept univ assn est al fr br ph.d"
)
# Of a sentence's last words those that shorten one before a number.
_BEFORE_NUMBERS = words(
    "no nos p pp fig figs vol vols ch chap sec art op ext eq ref ed pt ver v c ca b d est st al"
    " max min tel apt bldg rm jan feb mar apr jun jul aug sep sept oct nov dec"
)
_CLOCK = words("a.m p.m")
_CALENDAR = words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may"
    " june july august september october november december gmt utc est edt cst cdt pst pdt cet"
)
_STARTERS = words(
    "the a an it he she they we you i this that these those there here his her its their our my"
    " your in on at by for from with without when while after before as if but and or so then"
    " however because since although some many most all both each every another one two three"
    " what where why how which is are was were"
)


class _Enclosed(NamedTuple):
    """What stands between the marks at *begin* and *end*: brackets, or else a quotation."""

    begin: int
    end: int
    brackets: bool


def ends(text: str, inner: bool = False) -> Iterator[int]:
    """Give the places in *text* where a sentence ends and another one follows after white space.

    With *inner* also those in quotations and brackets that are part of a sentence.
    """
    begun, enclosed = 0, [] if inner else sorted(_enclosed(text))
    for found in _MARK.finditer(text):
        around = enclosed[bisect(enclosed, (begun,)) : bisect(enclosed, (found.start(),))]
        if _ends(text, begun, found, [inner for inner in around if inner.end > found.start()]):
            yield found.end("closing")
            begun = found.end()


def _ends(text: str, begun: int, found: re.Match[str], around: list[_Enclosed]) -> bool:
    """Tell whether the sentence that *begun* somewhere ends at the marks that were *found*."""
    before, after = text[begun : found.start()], text[found.end() : found.end() + _AHEAD]
    after = after[_first(after) :]
    if not _LETTER.search(before) or after[:1].islower():
        return False
    if found["closing"] and _SPEECH.match(after):
        return False
    if any(_within(text, begun, found, inner) for inner in around):
        return False
    return found["mark"] != "." or not _shortens(before[-_AHEAD:], after)


def _first(after: str) -> int:
    """Find the first character that is not a mark which opens something."""
    found = _FIRST.match(after)
    return found.end() if found else 0


def _within(text: str, begun: int, found: re.Match[str], inner: _Enclosed) -> bool:
    """Tell whether the marks *found* stand in something that is itself inside of a sentence.

    A quotation after a comma or colon is speech, and its sentences are sentences like others.
    """
    ahead = text[begun : inner.begin].rstrip()
    if inner.brackets or not _LETTER.search(ahead):
        return inner.brackets and bool(ahead)
    return found.end("closing") <= inner.end and not ahead.endswith((",", ":"))


def _shortens(before: str, after: str) -> bool:
    """Tell whether the stop between *before* and *after* belongs to a word in mid-sentence."""
    tail = _SHORTENED.search(before)
    word = tail[0] if tail else ""
    small, following = word.lower(), _following(after)
    if after[:1].isdigit():
        return small in _BEFORE_NUMBERS or small in _TITLES or bool(_DOTTED.fullmatch(word))
    if small in _TITLES or _COUNTED.search(before):
        return True
    if small in _CLOCK:
        return following in _CALENDAR or bool(_EARLY.fullmatch(before))
    return _may_shorten(word) and following not in _STARTERS


def _may_shorten(word: str) -> bool:
    initial = len(word) == 1 and word.isupper()
    return initial or word.lower() in _BEFORE_NAMES or bool(_DOTTED.fullmatch(word))


def _following(after: str) -> str:
    """Give the word that *after* begins with, in small letters; nothing for an initial."""
    found = re.match(r"[A-Za-z]+(?=[\s,’']|$)", after)
    return found[0].lower() if found else ""


def _enclosed(text: str) -> Iterator[_Enclosed]:
    """Find quotations and brackets that are closed again."""
    brackets: list[int] = []
    quote: int | None = None
    for place, mark in enumerate(text):
        if mark in "([":
            brackets.append(place)
        elif mark in ")]" and brackets:
            yield _Enclosed(brackets.pop(), place, True)
        elif mark in "“«" or (mark == '"' and _opens(text, place)):
            quote = place
        elif mark in '”»"' and quote is not None:
            yield _Enclosed(quote, place, False)
            quote = None


def _opens(text: str, place: int) -> bool:
    return place == 0 or text[place - 1].isspace() or text[place - 1] in OPENING + "–—-"
