"""Films whose sound and subtitles tests choose themselves, or spoil."""

import os
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.subtitles.subtitle import SubtitleSet

from tests import drawn

FPS = 12
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
SPEECH = Path(__file__).parent.parent / "scripts" / "demo_media" / "speech.opus"
Line = tuple[float, float, str]
_STYLE = (
    b"[Script Info]\nScriptType: v4.00+\n\n"
    b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Sans,16\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def film(
    path: Path,
    wave: np.ndarray,
    rate: int,
    codec: str = "pcm_s16le",
    film_s: float | None = None,
    size: drawn.Size = (64, 48),
    late_s: float = 0.0,
) -> Path:
    """Draw a film of noise with *wave* (channels x samples, -1 to 1) as its sound track.

    That begins *late_s* seconds after the pictures.
    """
    seconds = film_s or max(1.0, wave.shape[1] / rate)
    dice = np.random.default_rng(0)
    with av.open(str(path), "w", format=drawn.CONTAINERS.get(path.suffix)) as out:
        pictures = drawn._video_stream(out, "libx264", FPS, size, FPS)
        track = out.add_stream(codec, rate=rate, layout=LAYOUTS[len(wave)])
        for second in range(int(np.ceil(max(seconds, wave.shape[1] / rate)))):
            for number in range(second * FPS, round(min(second + 1, seconds) * FPS)):
                grain = dice.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
                frame = av.VideoFrame.from_ndarray(grain, "rgb24")
                frame.pts = number
                out.mux(pictures.encode(frame))
            for frame in _pieces(wave[:, : (second + 1) * rate], rate, second * rate):
                frame.pts += round(late_s * rate)
                out.mux(track.encode(frame))
        out.mux(pictures.encode())
        out.mux(track.encode())
    return path


def podcast(
    path: Path,
    waves: dict[float, np.ndarray],
    rate: int,
    seconds: float,
    codec: str = "aac",
    every_s: int = 1,
    paused_s: tuple[float, float] = (0, 0),
) -> Path:
    """Draw one picture every *every_s* seconds, and play *waves* (samples) at their seconds.

    Everything else is silence, which is given to the encoder piece by piece, but for a time in
    which nothing at all was recorded.
    """
    with av.open(str(path), "w", format=drawn.CONTAINERS.get(path.suffix)) as out:
        pictures = drawn._video_stream(out, "libx264", 1, (64, 48), 1)
        track = out.add_stream(codec, rate=rate, layout="mono")
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")
        piece_s = 60
        for begin_s in range(0, int(np.ceil(seconds)), piece_s):
            for second in range(begin_s, min(begin_s + piece_s, int(seconds)), every_s):
                frame.pts = second
                out.mux(pictures.encode(frame))
            if paused_s[0] <= begin_s < paused_s[1]:
                continue
            wave = np.zeros((1, round((min(begin_s + piece_s, seconds) - begin_s) * rate)))
            _play(wave[0], waves, begin_s, rate)
            for sound in _pieces(wave, rate, 0, rate):
                sound.pts += begin_s * rate
                out.mux(track.encode(sound))
        out.mux(pictures.encode())
        out.mux(track.encode())
    return path


def _play(piece: np.ndarray, waves: dict[float, np.ndarray], begin_s: float, rate: int) -> None:
    """Put into *piece*, which begins at a second, what of *waves* sounds in it."""
    for at_s, wave in waves.items():
        first = round((at_s - begin_s) * rate)
        here = piece[max(first, 0) : max(first + len(wave), 0)]
        here[:] = wave[max(-first, 0) :][: len(here)]


def subtitled(path: Path, *tracks: tuple[str, str | None, Sequence[Line]]) -> Path:
    """Draw a film with subtitle *tracks*: codec, language, and lines (start, end, ASS text)."""
    with av.open(str(path), "w", format=drawn.CONTAINERS.get(path.suffix)) as out:
        pictures = drawn._video_stream(out, drawn.CODECS[path.suffix], FPS, (64, 48), FPS)
        added = []
        for codec, language, lines in tracks:
            track = out.add_stream(codec)
            if language:
                track.metadata["language"] = language
            track.codec_context.subtitle_header = _STYLE
            track.codec_context.time_base = Fraction(1, 1000)
            added.append((track, lines))
        for number in range(4 * FPS):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")
            frame.pts = number
            out.mux(pictures.encode(frame))
        out.mux(pictures.encode())
        for track, lines in added:
            for line in lines:
                out.mux(_timed(track, *line))
    return path


def spoil(path: Path, every: int) -> None:
    """Overwrite each *every*-th packet of the sound track with noise."""
    with av.open(str(path)) as inside:
        track = inside.streams.audio[0]
        places = [(one.pos, one.size) for one in inside.demux(track) if one.size]
    content = bytearray(path.read_bytes())
    dice = np.random.default_rng(0)
    for at, size in places[::every]:
        content[at : at + size] = dice.bytes(size)
    path.write_bytes(content)


def spoken() -> np.ndarray:
    """Give what the demonstration's synthesizer says: one channel, 48,000 samples a second."""
    with av.open(str(SPEECH)) as inside:
        return np.concatenate([f.to_ndarray() for f in inside.decode(audio=0)], axis=1)


def bytes_read(ask: Callable[[], object]) -> int:
    """Count the bytes that this process reads while it does *ask*."""
    before = _read_so_far()
    ask()
    return _read_so_far() - before


def _read_so_far() -> int:
    return int(Path(f"/proc/{os.getpid()}/io").read_text().split()[1])


def _pieces(wave: np.ndarray, rate: int, start: int, length: int = 1024) -> Iterator[av.AudioFrame]:
    for at in range(start, wave.shape[1], length):
        packed = np.ascontiguousarray(wave[:, at : at + length].T.reshape(1, -1), np.float32)
        frame = av.AudioFrame.from_ndarray(packed, "flt", LAYOUTS[len(wave)])
        frame.sample_rate, frame.pts = rate, at
        yield frame


def _timed(track, start: float, end: float, text: str) -> av.Packet:  # type: ignore[no-untyped-def]
    first, last = round(start * 1000), round(end * 1000)
    event = f"0,0,Default,,0,0,0,,{text}".encode()
    told = SubtitleSet.create(event, 0, last - first, first)
    packet = track.codec_context.encode_subtitle(told)
    packet.stream, packet.time_base = track, Fraction(1, 1000)
    packet.pts = packet.dts = first
    packet.duration = last - first
    return packet
