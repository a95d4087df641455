"""The film: ten seconds of landscapes, with hard cuts and a soft sound."""

from collections.abc import Iterator
from pathlib import Path

import av
import landscapes
import numpy as np
import objects
from numpy.typing import NDArray
from paint import picture, sky
from PIL import Image

FPS, RATE, SECONDS = 25, 48_000, 10
WIDE, TALL = 640, 360


def write(path: Path) -> None:
    """Encode pictures and sound as H.264 and AAC in an MP4."""
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        film.metadata["creation_time"] = "2024-10-12T13:30:00Z"
        pictures = film.add_stream("libx264", rate=FPS, options={"crf": "24", "threads": "2"})
        pictures.width, pictures.height, pictures.pix_fmt = WIDE, TALL, "yuv420p"
        sound = film.add_stream("aac", rate=RATE, layout="mono", bit_rate=64_000)
        for image in _pictures():
            film.mux(pictures.encode(av.VideoFrame.from_image(image)))
        film.mux(pictures.encode(None))
        for heard in _sound():
            film.mux(sound.encode(heard))
        film.mux(sound.encode(None))


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


def _sound() -> Iterator[av.AudioFrame]:
    """Hold a chord that swells and fades with every shot."""
    at = np.arange(RATE * SECONDS) / RATE
    swell = np.sin(np.pi * ((at * 4 / SECONDS) % 1)) ** 2
    chord = sum(np.sin(2 * np.pi * pitch * at) for pitch in (220.0, 277.18, 329.63))
    samples: NDArray[np.float32] = (chord * swell * 0.08).astype(np.float32)
    for start in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, start
        yield frame
