"""Write a film: pictures, one sound track and subtitle tracks, in four containers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from bench.labelled.scenes import Canvas
from bench.labelled.sounds import RATE, Wave

_MILLISECOND = Fraction(1, 1000)
_PORTION = 4096
_ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Sans,16

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True, slots=True)
class Container:
    """A file format with the codecs that are written into it."""

    suffix: str
    pictures: str
    sound: str
    subtitles: str | None


CONTAINERS: dict[str, Container] = {
    "mp4": Container(".mp4", "libx264", "aac", "mov_text"),
    "mkv": Container(".mkv", "libx264", "flac", "subrip"),
    "mkv-ass": Container(".mkv", "libx264", "ac3", "ass"),
    "webm": Container(".webm", "libvpx-vp9", "libopus", "webvtt"),
    "avi": Container(".avi", "mpeg4", "libmp3lame", None),
}
_OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "25"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "33", "b": "0"},
    "mpeg4": {"qscale": "5", "flags": "+qscale"},
    "aac": {"aac_coder": "fast"},
    "libopus": {"compression_level": "1"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One subtitle, in seconds."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """One subtitle track; *language* is ISO 639-2, None when the file does not tell."""

    language: str | None
    lines: tuple[Line, ...]


def write(
    path: Path,
    container: Container,
    pictures: Iterable[Canvas],
    fps: int,
    sound: Wave | None,
    subtitles: Sequence[Subtitles] = (),
) -> Path:
    """Write everything into one file; gives its path."""
    with av.open(str(path), "w") as out:
        film = _Tracks(out, container, fps, subtitles)
        heard = film.add_sound() if sound is not None else None
        film.show(pictures)
        if heard is not None and sound is not None:
            film.play(heard, sound)
        film.title(subtitles)
    return path


class _Tracks:
    """The tracks of a file that is being written; all are made before the first packet."""

    def __init__(self, out: Any, container: Container, fps: int, subtitles: Sequence[Subtitles]):
        self._out, self._container = out, container
        self._film = out.add_stream(
            container.pictures, rate=fps, options=dict(_OPTIONS[container.pictures])
        )
        self._film.codec_context.thread_count = 1
        self._titles = [self._track(track.language) for track in subtitles]

    def add_sound(self) -> Any:
        """Add a sound track of one channel."""
        options = _OPTIONS.get(self._container.sound, {})
        track = self._out.add_stream(
            self._container.sound, rate=RATE, layout="mono", options=dict(options)
        )
        if self._container.sound != "flac":
            track.bit_rate = 64_000
        return track

    def show(self, pictures: Iterable[Canvas]) -> None:
        """Encode the pictures."""
        for number, picture in enumerate(pictures):
            if not number:
                self._film.height, self._film.width = picture.shape[:2]
                self._film.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = number
            self._out.mux(self._film.encode(frame))
        self._out.mux(self._film.encode(None))

    def play(self, track: Any, sound: Wave) -> None:
        """Encode the sound, from sixteen bits a sample as sound cards give it."""
        samples = np.round(sound * 32_767).astype(np.int16)[None]
        for start in range(0, samples.shape[1], _PORTION):
            part = np.ascontiguousarray(samples[:, start : start + _PORTION])
            frame = av.AudioFrame.from_ndarray(part, "s16", "mono")
            frame.sample_rate, frame.pts = RATE, start
            self._out.mux(track.encode(frame))
        self._out.mux(track.encode(None))

    def title(self, subtitles: Sequence[Subtitles]) -> None:
        """Write the subtitles; a packet of them is their text, dressed as the codec wants."""
        for track, shown in zip(self._titles, subtitles, strict=True):
            for number, line in enumerate(shown.lines):
                packet = av.Packet(self._dressed(line.text, number))
                packet.stream, packet.time_base = track, _MILLISECOND
                packet.pts = packet.dts = round(line.start_s * 1000)
                packet.duration = round((line.end_s - line.start_s) * 1000)
                self._out.mux(packet)

    def _track(self, language: str | None) -> Any:
        track = self._out.add_stream(self._container.subtitles)
        track.time_base = _MILLISECOND
        track.codec_context.subtitle_header = _ASS_HEADER
        if language:
            track.metadata["language"] = language
        return track

    def _dressed(self, text: str, number: int) -> bytes:
        plain = text.encode()
        if self._container.subtitles == "mov_text":
            return len(plain).to_bytes(2, "big") + plain
        if self._container.subtitles == "ass":
            return f"{number},0,Default,,0,0,0,,".encode() + plain
        return plain
