"""Subtitle tracks as timed lines of plain text; drawn ones (bitmaps) are no text."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from statistics import median

from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from daemon.media.faults import DECODER_FAULTS
from daemon.media.languages import language_tag
from daemon.media.video import AnyPacket, Film
from metadata.description import Spoken

MOST_LINES = 20_000
MOST_READ = 2**30
"""Bytes: larger files that must be read whole for their subtitles are left alone."""
_LONGEST_LINE, _MOST_RAW = 2_000, 20_000
"""Characters of a line, without its tags and with them."""
_STYLED = {"ass", "ssa"}
_TEXTS = _STYLED | {"mov_text", "srt", "subrip", "text", "webvtt"}
_FIELDS_BEFORE = 8
_ENOUGH = 10
"""Lines from which on they are looked at as a whole."""
_QUICKEST_S = 0.2
"""Nobody reads lines that change more often."""
_FOREVER_MS = 2**32 - 1
# No brace inside of braces, and a look for the closing one first: a text of nothing but open ones
# would take hours.
_OPEN = r"\{(?=[^{}]*+\})[^{}]*"
_DRAWING = re.compile(_OPEN + r"\\p[1-9][^{}]*\}.*?(?:" + _OPEN + r"\\p0[^{}]*\}|$)", re.DOTALL)
_CODE = re.compile(r"\{\\[^{}]*\}")
_CODE_OR_COMMENT = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_BREAK = re.compile(r"\\[Nnh]|[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


def read_subtitles(film: Film) -> tuple[Spoken, ...]:
    """Read all tracks of words, one after the other; empty where reading them would cost too much.

    *film* must stand at its start. Broken packets are left out.
    """
    tracks = [track for track in film.container.streams.subtitles if _is_text(track)]
    if not tracks or not (film.indexed or film.file.size <= MOST_READ):
        return ()
    film.attend(*tracks)
    lines: dict[int, list[Spoken]] = {track.index: [] for track in tracks}
    with suppress(*DECODER_FAULTS):
        for number, (index, line) in enumerate(_lines(film, tracks)):
            if number >= MOST_LINES:
                break
            lines[index].append(line)
    return tuple(line for track in lines.values() if are_words(track) for line in track)


def are_words(lines: Sequence[Spoken]) -> bool:
    """Tell what people read from the readings that drones write for each picture or second."""
    if len(lines) < _ENOUGH:
        return True
    apart_s = median(after.start_s - before.start_s for before, after in pairwise(lines))
    letters = sum(map(str.isalpha, "".join(line.text for line in lines)))
    digits = sum(map(str.isdigit, "".join(line.text for line in lines)))
    return apart_s >= _QUICKEST_S and letters > digits


def plain(text: str, styled: bool) -> str:
    """Take the tags out of *text* and put it on one line; in *styled* tracks also comments."""
    text = text[:_MOST_RAW]
    text = (_CODE_OR_COMMENT if styled else _CODE).sub("", _DRAWING.sub("", text))
    return one_line(_TAG.sub("", text))


def one_line(text: str) -> str:
    """Put *text* on one line, which has an end."""
    return " ".join(_BREAK.sub(" ", text).split())[:_LONGEST_LINE]


def _is_text(track: SubtitleStream) -> bool:
    return track.codec_context is not None and track.codec_context.name in _TEXTS


def _lines(film: Film, tracks: list[SubtitleStream]) -> Iterator[tuple[int, Spoken]]:
    by_index = {track.index: track for track in tracks}
    for packet in film.container.demux(tuple(tracks)):
        if packet.size and packet.pts is not None:
            track = by_index[packet.stream.index]
            if line := _line(film, track, packet):
                yield track.index, line


def _line(film: Film, track: SubtitleStream, packet: AnyPacket) -> Spoken | None:
    said = None
    with suppress(*DECODER_FAULTS):
        said = track.codec_context.decode2(packet)
    if said is None:
        return None
    styled = track.codec_context.name in _STYLED
    words = [rect.ass for rect in said if isinstance(rect, AssSubtitle)]
    text = " ".join(filter(None, (plain(_dialogue(ass), styled) for ass in words)))
    start = max(0.0, film.second_of(packet))
    end = start + _length_s(packet, said)
    lang = language_tag(track.language)
    return Spoken(round(start, 3), round(end, 3), lang, text) if text else None


def _length_s(packet: AnyPacket, said: SubtitleSet) -> float:
    if packet.duration:
        return float(packet.duration * (packet.time_base or 0))
    return said.end_display_time / 1000 if said.end_display_time < _FOREVER_MS else 0.0


def _dialogue(ass: bytes) -> str:
    """Take the words out of an ASS event: what follows its eighth comma."""
    return ass.decode("utf-8", "replace").split(",", _FIELDS_BEFORE)[-1]
