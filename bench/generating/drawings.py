"""Pictures and clips for models whose weights are random: all that counts is that they differ."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from bench.labelled.dice import dice

FPS, KEYFRAMES, CODED_S = 25, 50, 6
PAN = 3


def picture(path: Path) -> Path:
    """Draw a photo-like picture with grain, the same for the same name."""
    chance = dice(path.stem)
    pixels = _soft(path.stem, (960, 720)) + chance.normal(0, 6, (720, 960, 1))
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def clip(path: Path, seconds: int, size: tuple[int, int]) -> Path:
    """Code a pan with grain of six seconds, and write its packets until there are *seconds*."""
    with av.open(str(path), "w") as out:
        track = out.add_stream("libx264", rate=FPS)
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        track.codec_context.gop_size = KEYFRAMES
        track.codec_context.options = {"preset": "ultrafast", "crf": "28", "bf": "0"}
        coded = [p for frame in (*_frames(path, size), None) for p in track.encode(frame)]
        for turn in range(seconds // CODED_S):
            for number, source in enumerate(coded):
                packet = av.Packet(bytes(source))
                packet.pts = packet.dts = turn * len(coded) + number
                packet.time_base, packet.stream = Fraction(1, FPS), track
                packet.is_keyframe = source.is_keyframe
                out.mux(packet)
    return path


def _frames(path: Path, size: tuple[int, int]) -> list[av.VideoFrame]:
    width, height = size
    wide = _soft(path.stem, (width + PAN * FPS * CODED_S, height)).astype(np.uint8)
    grain = dice(path.stem).integers(0, 12, (height, width, 1), dtype=np.uint8)
    starts = range(0, PAN * FPS * CODED_S, PAN)
    return [
        av.VideoFrame.from_ndarray(np.ascontiguousarray(wide[:, at : at + width] + grain), "rgb24")
        for at in starts
    ]


def _soft(name: str, size: tuple[int, int]) -> np.ndarray:
    rough = dice(f"soft {name}").integers(16, 220, (9, 12, 3), dtype=np.uint8)
    soft = Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(soft, np.float32), 0, 240)
