"""The film: ten seconds of landscapes, with hard cuts, a voice over a soft sound, and subtitles."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import landscapes
import numpy as np
import objects
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from numpy.typing import NDArray
from paint import picture, sky
from PIL import Image

FPS, RATE, SECONDS = 25, 48_000, 10
WIDE, TALL = 640, 360
SPEECH = Path(__file__).with_name("speech.opus")
SAID = (
    # from, to in the recording, then in the film, and the words
    (0.20, 1.95, 0.3, "Here is the sun over the harbour,"),
    (2.00, 3.42, 2.8, "then the lake in winter,"),
    (3.45, 4.62, 5.3, "and the woods in autumn."),
    (4.62, 6.18, 7.9, "And up goes the balloon."),
)
_STYLE = (
    b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Sans,16\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def write(path: Path) -> None:
    """Encode pictures, sound and subtitles as H.264, AAC and timed text in an MP4."""
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        film.metadata["creation_time"] = "2024-10-12T13:30:00Z"
        pictures = film.add_stream("libx264", rate=FPS, options={"crf": "24", "threads": "2"})
        pictures.width, pictures.height, pictures.pix_fmt = WIDE, TALL, "yuv420p"
        sound = film.add_stream("aac", rate=RATE, layout="mono", bit_rate=64_000)
        text = film.add_stream("mov_text")
        text.metadata["language"] = "eng"
        text.codec_context.subtitle_header = _STYLE
        text.codec_context.time_base = Fraction(1, 1000)
        for image in _pictures():
            film.mux(pictures.encode(av.VideoFrame.from_image(image)))
        film.mux(pictures.encode(None))
        for heard in _sound():
            film.mux(sound.encode(heard))
        film.mux(sound.encode(None))
        for start, end, words in _subtitles():
            film.mux(_timed(text, start, end, words))


def _pictures() -> Iterator[Image.Image]:
    """Pan over three landscapes, then let a balloon rise."""
    shot = FPS * SECONDS // 4
    for draw in (landscapes.sunset, landscapes.winter, landscapes.autumn):
        wide = picture(draw(WIDE + 2 * shot, TALL))
        for step in range(shot):
            yield wide.crop((2 * step, 0, 2 * step + WIDE, TALL))
    yield from _balloon(FPS * SECONDS - 3 * shot)


def _balloon(count: int) -> Iterator[Image.Image]:
    backdrop = picture(sky(WIDE, TALL, [(0, (64, 128, 206)), (1, (196, 224, 244))]))
    balloon = objects.balloon(250)
    for step in range(count):
        image = backdrop.copy()
        image.paste(balloon, (170 + step // 2, 110 - 2 * step), balloon)
        yield image


def _subtitles() -> Iterator[tuple[int, int, str]]:
    """Give first and last millisecond of what is said."""
    for start, end, at, words in SAID:
        yield round(at * 1000), round((at + end - start) * 1000), words


def _timed(text: SubtitleStream, start: int, end: int, words: str) -> av.Packet:
    event = f"0,0,Default,,0,0,0,,{words}".encode()
    packet = text.codec_context.encode_subtitle(SubtitleSet.create(event, 0, end - start, start))
    packet.stream, packet.time_base = text, Fraction(1, 1000)
    packet.pts = packet.dts = start
    packet.duration = end - start
    return packet


def _spoken() -> NDArray[np.float32]:
    """Lay what a synthesizer said over the length of the film."""
    with av.open(SPEECH) as recording:
        heard = np.concatenate([f.to_ndarray() for f in recording.decode(audio=0)], axis=1)[0]
    laid = np.zeros(RATE * SECONDS, np.float32)
    for start, end, at, _ in SAID:
        part = heard[int(start * RATE) : int(end * RATE)]
        laid[int(at * RATE) : int(at * RATE) + len(part)] = part
    return laid


def _sound() -> Iterator[av.AudioFrame]:
    """Speak over a chord that swells and fades with every shot."""
    at = np.arange(RATE * SECONDS) / RATE
    swell = np.sin(np.pi * ((at * 4 / SECONDS) % 1)) ** 2
    chord = sum(np.sin(2 * np.pi * pitch * at) for pitch in (220.0, 277.18, 329.63))
    samples: NDArray[np.float32] = (chord * swell * 0.03).astype(np.float32) + _spoken()
    for start in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, start
        yield frame
