"""The text of a subtitle file (SubRip, WebVTT, SubStation) as timed lines of plain text.

Read here rather than by FFmpeg: these are lines of text, and nothing that parses them may crash.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from daemon.media.subtitles import MOST_LINES, one_line, plain
from metadata.description import Spoken

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_FROM_TO = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")
_MOMENT = re.compile(r"<[\d:.]{1,20}>")
_NO_CUES = ("NOTE", "STYLE", "REGION")
_EVENT = re.compile(
    rf"^Dialogue:[^,\n]{{0,20}},[ \t]*{_TIME}[ \t]*,[ \t]*{_TIME}[ \t]*,(?:[^,\n]*,){{6}}([^\n]*)$",
    re.MULTILINE,
)

Cue = tuple[float, float, str]


def read_cues(text: str, suffix: str, lang: str | None) -> tuple[Spoken, ...]:
    """Read *text*, of a file named so, in order of time; what makes no sense is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    cues = islice(_READERS[suffix](lines), MOST_LINES)
    return tuple(
        Spoken(start_s, max(start_s, end_s), lang, said)
        for start_s, end_s, said in sorted(cues, key=lambda cue: cue[:2])
        if said
    )


def _subrip(text: str) -> Iterator[Cue]:
    return _timed(_BLANK.split(text), lambda said: plain(said, styled=False))


def _webvtt(text: str) -> Iterator[Cue]:
    blocks = (block for block in _BLANK.split(text) if not block.startswith(_NO_CUES))
    return _timed(blocks, _spelled_out)


def _spelled_out(said: str) -> str:
    """Take out tags and times, then read what stands for other characters."""
    return one_line(html.unescape(plain(_MOMENT.sub("", said), styled=False)))


def _timed(blocks: Iterable[str], wording: Callable[[str], str]) -> Iterator[Cue]:
    for block in blocks:
        if found := _FROM_TO.search(block):
            _, _, said = block[found.end() :].partition("\n")
            yield _seconds(*found.groups()[:4]), _seconds(*found.groups()[4:]), wording(said)


def _substation(text: str) -> Iterator[Cue]:
    for found in _EVENT.finditer(text):
        *times, said = found.groups()
        yield _seconds(*times[:4]), _seconds(*times[4:]), plain(said, styled=True)


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction.ljust(3, "0")) / 1000


_READERS: dict[str, Callable[[str], Iterator[Cue]]] = {
    ".srt": _subrip, ".vtt": _webvtt, ".ass": _substation, ".ssa": _substation,
}  # fmt: skip
SUFFIXES = tuple(_READERS)
