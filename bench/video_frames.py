"""Measure taking eight frames from a film by keyframe seeks, beside decoding up to the last.

The clips are H.264, 1080p, 25 pictures per second, with a keyframe every 250 pictures (the habit
of x264 and of screen recorders) or every 2 s (cameras and phones). Ten seconds are coded, and their
packets are written over and over; both sides decode with one thread, as a media worker does.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from daemon.media.identify import identify
from daemon.media.moments import moments, scaled
from daemon.media.opened import opened
from daemon.media.shots import find_shots
from daemon.media.video import Film, decoded, opened_film
from daemon.media.views import views

FASTER, DEARER = 8.0, 1.5
WIDTH, HEIGHT, FPS = 1920, 1080, 25
SEGMENT_S, CLIP_S, MINUTE_S, HOUR_S = 10, 90, 60, 3600
COUNT, SIDE = 8, 1024
MAX_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class Clip:
    """A film and its length."""

    path: Path
    seconds: float

    def asked(self, ask: Callable[[Film, float], object]) -> object:
        """Open the film as a worker does and ask something of it."""
        with opened(self.path) as file, opened_film(file, "mp4", MAX_PIXELS) as film:
            return ask(film, self.seconds)


def code(path: Path, keyframes: int, quality: int) -> Path:
    """Code ten seconds of a pan with grain, *quality* being x264's constant rate factor."""
    dice = np.random.default_rng(1)
    rough = dice.integers(16, 220, (HEIGHT // 40, WIDTH // 20, 3), dtype=np.uint8)
    wide = rough.repeat(40, axis=0).repeat(40, axis=1)
    grain = dice.integers(0, 16, (HEIGHT, WIDTH + 64, 3), dtype=np.uint8)
    with av.open(str(path), "w") as out:
        track = out.add_stream("libx264", rate=FPS)
        track.width, track.height, track.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        track.codec_context.gop_size = keyframes
        track.codec_context.options = {"preset": "ultrafast", "crf": str(quality)}
        for number in range(SEGMENT_S * FPS):
            noise = grain[:, number * 29 % 64 :][:, :WIDTH]
            shown = wide[:HEIGHT, number * 4 : number * 4 + WIDTH] + noise
            out.mux(track.encode(av.VideoFrame.from_ndarray(shown, "rgb24")))
        out.mux(track.encode())
    return path


def repeated(path: Path, segment: Path, seconds: int) -> Clip:
    """Write the packets of *segment* again and again until the film is *seconds* long."""
    with av.open(str(segment)) as source, av.open(str(path), "w") as out:
        template = source.streams.video[0]
        track = out.add_stream_from_template(template)
        length = int(SEGMENT_S / template.time_base)
        coded = [
            (bytes(packet), packet.pts, packet.dts, packet.is_keyframe)
            for packet in source.demux(template)
            if packet.size
        ]
        for turn in range(seconds // SEGMENT_S):
            for content, pts, dts, is_key in coded:
                packet = av.Packet(content)
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                packet.time_base, packet.is_keyframe = template.time_base, is_key
                packet.stream = track
                out.mux(packet)
    asset = identify(path, MAX_PIXELS, lambda path: None)
    assert round(asset.duration_s or 0) == seconds
    print(f"{path.stem}: {seconds} s, {path.stat().st_size >> 20} MB")
    return Clip(path, seconds)


def by_seeks(film: Film, seconds: float) -> int:
    return len(views(moments(film, seconds, COUNT), SIDE)[0])


def by_decoding(film: Film, seconds: float) -> int:
    """Decode every picture up to the last one that is wanted, and scale those."""
    wanted = [seconds * (2 * number + 1) / (2 * COUNT) for number in range(COUNT)]
    for packet in film.container.demux(film.stream):
        for frame in decoded(packet):
            if wanted and film.second(frame.pts) >= wanted[0]:
                scaled(frame, SIDE)
                wanted.pop(0)
        if not wanted:
            break
    return COUNT


def seconds_of(clip: Clip, ask: Callable[[Film, float], object], times: int) -> float:
    """Give the median of *times* runs, the file being in the page cache."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        clip.asked(ask)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(name: str, ours: float, other: float, goal: float, faster: bool) -> dict[str, object]:
    """Make a row: *ratio* is how many times faster we are, or how many times dearer."""
    ratio = other / ours if faster else ours / other
    return {
        "name": name,
        "ours": round(ours, 4),
        "other": round(other, 4),
        "unit": "s",
        "ratio": round(ratio, 2),
        "goal": goal,
        "ok": ratio >= goal if faster else ratio <= goal,
    }


def measure(folder: Path, quick: bool) -> list[dict[str, object]]:
    """Make the clips and measure them all."""
    rows, times = [], 3 if quick else 7
    for keyframes in (250,) if quick else (250, 2 * FPS):
        segment = code(folder / "segment.mp4", keyframes, 23)
        clip = repeated(folder / f"keyframe-every-{keyframes}.mp4", segment, CLIP_S)
        ours = seconds_of(clip, by_seeks, times)
        other = seconds_of(clip, by_decoding, 1 if quick else 3)
        rows.append(row(f"90 s 1080p, keyframe every {keyframes}", ours, other, FASTER, True))
        if not quick:
            print(f"  shots, every picture: {seconds_of(clip, find_shots, 1):.2f} s")
        clip.path.unlink()
    segment = code(folder / "segment.mp4", 2 * FPS, 30)
    minute = repeated(folder / "minute.mp4", segment, MINUTE_S)
    hour = repeated(folder / "hour.mp4", segment, HOUR_S)
    turns = [(seconds_of(hour, by_seeks, 1), seconds_of(minute, by_seeks, 1)) for _ in range(times)]
    ours, other = (min(side) for side in zip(*turns, strict=True))  # in turn: load hits both
    rows.append(row("60 min beside 1 min", ours, other, DEARER, False))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one 90 s clip, fewer runs, no shots")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), quick)
    print(f"\n{'eight frames':36}{'ours s':>9}{'other s':>9}{'ratio':>8}{'goal':>7}")
    for found in rows:
        mark = "" if found["ok"] else "  missed"
        print(
            f"{found['name']:36}{found['ours']:9}{found['other']:9}{found['ratio']:8}"
            f"{found['goal']:7}{mark}"
        )
    ok = all(bool(found["ok"]) for found in rows)
    print(json.dumps({"bench": "video_frames", "rows": rows, "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
