"""English texts cut into sentences and put together again, nothing dropped; knows no model."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

from daemon.engines.transformers_engine.stops import ends, words

Span = tuple[int, int]
TooLong = Callable[[str], bool]

_BLANK = re.compile(r"\s*")
_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(
    r"\s*(?:(?:[-–—*•‣◦▪·+>]|#{1,6})\s+|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)\s+"
    r"|\d{1,3}\.\s+(?=\D))*"
)
_STOP = re.compile(r"[.!?…]")
_ENDED = re.compile(r"[.!?…:][\"'”’»)\]]*$")
# Words after which a line that has ended goes on in the next one.
_LEADING = words(
    "a an the of in on at to and or but with from for by near under over between into as is are"
    " was were that which who his her its their"
)
_PICTOGRAMS = frozenset({"So", "Sk", "Cf", "Cc", "Zs"})
_AS_PICTOGRAM = "\ufe0f"
_WORDS_OF_A_LIST = 3
_FULL_WIDTH = frozenset("。！？」』")
# Where a sentence without inner stops is cut that a model cannot bear, best place first.
_BREAKS = (
    re.compile(r"(?<=[;:—–])[\"'”’»)\]]*(?P<gap>\s+)"),
    re.compile(r"(?<=,)[\"'”’»)\]]*(?P<gap>\s+)"),
    re.compile(r"(?P<gap>\s+)(?=(?:and|or|but|which|that|who|while|because|where|when|with)\s)"),
    re.compile(r"(?P<gap>\s+)"),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as *sentences*, with the *gaps* before, between and after them: one gap more.

    Gaps hold white space, marks of lists, and whatever has no letter; no sentence is empty.
    """

    gaps: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """Give the text that was cut."""
        return _joined(self.gaps, self.sentences)

    def filled(self, said: Sequence[str]) -> str:
        """Put what is *said* for each sentence in its place.

        After one that ends in a full-width mark, as in Chinese, there is no blank. Raises
        ValueError for more or fewer than there are.
        """
        if len(said) != len(self.sentences):
            raise ValueError(f"{len(said)} sentences for {len(self.sentences)}")
        gaps = (self.gaps[0], *map(_after, said, self.gaps[1:]))
        return _joined(gaps, said)


def cut(text: str, too_long: TooLong) -> Cut:
    """Cut *text* into sentences; one of which *too_long* is true is cut further.

    That happens at inner stops, semicolons, commas, conjunctions, words, or as it comes.
    """
    spans = [
        part
        for begin, end in _blocks(text)
        for sentence in _sentences(text, begin, end)
        for part in _bearable(text, sentence, too_long)
    ]
    return _cut(text, spans)


def whole(text: str) -> Cut:
    """Take *text* for one sentence, whatever is in it."""
    begin = len(text) - len(text.lstrip())
    return _cut(text, [(begin, len(text.rstrip()))])


def _cut(text: str, spans: Iterable[Span]) -> Cut:
    spoken = [_plain(text, *span) for span in spans if _worded(text[slice(*span)])]
    edges = [0, *(edge for span in spoken for edge in span), len(text)]
    gaps = [text[begin:end] for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    return Cut(tuple(gaps), tuple(text[begin:end] for begin, end in spoken))


def _plain(text: str, begin: int, end: int) -> Span:
    """Leave pictograms at both ends to the gaps: no model of languages knows them."""
    while category(text[begin]) in _PICTOGRAMS:
        begin += 1
    while category(text[end - 1]) in _PICTOGRAMS or text[end - 1] == _AS_PICTOGRAM:
        end -= 1
    return begin, end


def _blocks(text: str) -> Iterator[Span]:
    """Find the stretches of *text* in which sentences go on: lines, or several that belong so."""
    open_block: Span | None = None
    for line, marked in _lines(text):
        if open_block and not marked and _goes_on(text, open_block, line):
            open_block = (open_block[0], line[1])
            continue
        if open_block:
            yield open_block
        open_block = line
    if open_block:
        yield open_block


def _lines(text: str) -> Iterator[tuple[Span, bool]]:
    """Find the lines with anything in them, without white space and marks of lists around it."""
    for line in _LINE.finditer(text):
        marker = _MARKER.match(text, *line.span())
        begin = marker.end() if marker else line.start()
        end = line.start() + len(line[0].rstrip())
        if begin < end:
            yield (begin, end), bool(marker and marker[0].strip())


def _goes_on(text: str, before: Span, line: Span) -> bool:
    """Tell whether the last sentence of *before* goes on in *line*."""
    if text.count("\n", before[1], line[0]) > 1:
        return False
    last = text[text.rfind("\n", 0, before[1]) + 1 : before[1]].strip()
    following = text[slice(*line)]
    if not _worded(last):
        return False
    if _ENDED.search(last):
        return _shortened(last, following)
    if last.endswith((",", ";")) or last.split()[-1].lower() in _LEADING:
        return True
    return following[0].islower() and not _listed(last, following)


def _listed(last: str, following: str) -> bool:
    """Tell whether two lines look like words below each other, not like a sentence."""
    longest = max(len(last.split()), len(following.split()))
    return longest <= _WORDS_OF_A_LIST and not _STOP.search(following)


def _shortened(last: str, following: str) -> bool:
    """Tell whether the line *last* ends with a word that is shortened, not with a sentence."""
    if "." in last.split()[-1].rstrip(".") and following[0].islower():
        return True
    return len(last) not in ends(f"{last} {following[0].upper()}{following[1:]}")


def _sentences(text: str, begin: int, end: int) -> Iterator[Span]:
    """Find the sentences between *begin* and *end*, without the white space between them."""
    block, start = text[begin:end], 0
    for stop in (*ends(block), len(block)):
        yield begin + start, begin + stop
        start = _next(block, stop)


def _bearable(text: str, span: Span, too_long: TooLong) -> Iterator[Span]:
    """Halve *span* at the best place until no part is too long."""
    begin, end = span
    if end - begin < 2 or not too_long(text[begin:end]):
        yield span
        return
    stop, onward = _halves(text, begin, end)
    yield from _bearable(text, (begin, stop), too_long)
    yield from _bearable(text, (onward, end), too_long)


def _halves(text: str, begin: int, end: int) -> Span:
    """Find the end of the first and the begin of the second half."""
    middle = (begin + end) // 2
    for gaps in _places(text, begin, end):
        if gaps:
            return min(gaps, key=lambda gap: abs(gap[0] - middle))
    return middle, middle


def _places(text: str, begin: int, end: int) -> Iterator[list[Span]]:
    """List the gaps at which a sentence may be cut, the best kind first."""
    inner = [begin + stop for stop in ends(text[begin:end], inner=True)]
    yield [(stop, _next(text, stop)) for stop in inner]
    for places in _BREAKS:
        yield [found.span("gap") for found in places.finditer(text, begin + 1, end)]


def _after(sentence: str, gap: str) -> str:
    """Give the gap after *sentence*: a full-width mark has its blank within."""
    return "" if sentence[-1:] in _FULL_WIDTH and not gap.strip(" ") else gap


def _worded(text: str) -> bool:
    return any(map(str.isalpha, text))


def _next(text: str, stop: int) -> int:
    """Find what follows after white space."""
    found = _BLANK.match(text, stop)
    return found.end() if found else stop


def _joined(gaps: Sequence[str], sentences: Sequence[str]) -> str:
    return gaps[0] + "".join(
        sentence + gap for sentence, gap in zip(sentences, gaps[1:], strict=True)
    )
