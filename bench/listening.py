"""Measure how near to the truth speech is found, how often where nobody speaks, and what it costs.

Truth is the synthesizer's own timeline (`bench/labelled/dialogue.py`) and the sounds of
`bench/labelled/tracks.py` in which nobody speaks. Needs espeak-ng.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from bench.labelled import speech, tracks
from bench.labelled.dialogue import Dialogue, dealt, dialogue
from bench.labelled.music import piece
from bench.labelled.sounds import Wave, at_level, pink, white
from daemon.engines.builtin.listening import FILM_S, Passage, listened
from daemon.engines.builtin.voice import Follower
from daemon.media.frames import Block
from daemon.media.opened import opened
from daemon.media.passages import SoundTrack
from daemon.media.video import opened_film

FPS, SIDE = 10, 64
NEAR_S = 0.3
MOST = 100_000_000
LATE_S = 1.5
CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Way:
    """How a dialogue comes into a film: container, codec, samples a second, what is beneath."""

    suffix: str
    codec: str
    rate: int
    late_s: float = 0.0
    beneath: str = ""
    decibels: float = 0.0

    @property
    def name(self) -> str:
        """Name it in the table."""
        late = f", {self.late_s:g} s late" if self.late_s else ""
        under = f", {self.beneath} {self.decibels:g} dB below" if self.beneath else ""
        return f"{self.codec} {self.rate} Hz in {self.suffix}{late}{under}"


WAYS = (
    Way("mp4", "aac", 8_000),
    Way("mkv", "libmp3lame", 22_050),
    Way("mov", "aac", 44_100),
    Way("mp4", "aac", 48_000, LATE_S),
    Way("mkv", "libopus", 48_000, LATE_S),
    Way("mp4", "libmp3lame", 44_100, LATE_S),
    Way("ts", "aac", 48_000, LATE_S),
    Way("mkv", "aac", 48_000, 0, "hiss", 20),
    Way("mkv", "aac", 48_000, 0, "hiss", 10),
    Way("mkv", "aac", 48_000, 0, "rush", 10),
    Way("mkv", "aac", 48_000, 0, "piano", 15),
    Way("mkv", "aac", 48_000, 0, "band", 15),
)


def main() -> int:
    """Print the tables; exit code 1 where a start or an end is too far off."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--films", type=int, default=4, help="films of each kind (default: 4)")
    asked.add_argument("--hours", type=float, default=1.0, help="of the long film (default: 1)")
    given = asked.parse_args()
    if not speech.available():
        print(f"{speech.PROGRAM} is missing; {speech.REMEDY}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        if given.hours:
            cost(Path(folder), given.hours)
        near = [near_enough(way, given.films, Path(folder)) for way in WAYS]
        false_alarms(given.films)
    return 0 if all(near) else 1


def near_enough(way: Way, films: int, folder: Path) -> bool:
    """Print how far starts and ends of turns are off, the worst of each."""
    starts: list[float] = []
    ends: list[float] = []
    more = 0
    for number in range(films):
        dice = np.random.default_rng(100 + number)
        talk = dialogue(dealt(dice, 6), [1.2, *dice.uniform(0.6, 3.0, 6)], way.rate)
        path = written(folder / f"a.{way.suffix}", over(talk, way, dice), way)
        spoken = np.array(heard(path, way.suffix).spoken).reshape(-1, 2)
        truth = np.array(talk.spoken) + way.late_s
        starts += [nearest(spoken[:, 0], each) for each in truth[:, 0]]
        ends += [nearest(spoken[:, 1], each) for each in truth[:, 1]]
        more += len(spoken) - len(truth)
    print(f"{way.name:45} start {span(starts)}  end {span(ends)}  {len(starts)} turns, {more:+d}")
    return max(map(abs, (*starts, *ends))) <= NEAR_S


def nearest(found: Wave, true: float) -> float:
    """Give the distance to the nearest of *found*, in seconds."""
    return float(min(found - true, key=abs, default=9.0))


def span(errors: Sequence[float]) -> str:
    """Spell the least, the middle and the largest."""
    return f"{min(errors):+.2f} {float(np.median(errors)):+.2f} {max(errors):+.2f}"


def over(talk: Dialogue, way: Way, dice: np.random.Generator) -> Wave:
    """Put something beneath what is said."""
    kinds: dict[str, Callable[[float], Wave]] = {
        "hiss": lambda seconds: white(dice, seconds),
        "rush": lambda seconds: pink(dice, seconds),
        "piano": lambda seconds: piece(dice, seconds, "piano"),
        "band": lambda seconds: piece(dice, seconds, "band"),
    }
    if not way.beneath:
        return talk.wave
    beneath = np.resize(kinds[way.beneath](len(talk.wave) / talk.rate), len(talk.wave))
    return talk.wave + at_level(beneath, -20 - way.decibels)


def written(path: Path, wave: Wave, way: Way) -> Path:
    """Write a grey film with *wave* as its sound."""
    with av.open(str(path), "w") as out:
        pictures = out.add_stream("mpeg4", rate=FPS)
        pictures.width = pictures.height = SIDE
        track = out.add_stream(way.codec, rate=way.rate, layout="mono")
        for _ in range(round((len(wave) / way.rate + way.late_s) * FPS)):
            grey = np.full((SIDE, SIDE, 3), 90, np.uint8)
            out.mux(pictures.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        out.mux(pictures.encode())
        for at in range(0, len(wave), 1024):
            packed = wave[None, at : at + 1024].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(packed, "flt", "mono")
            frame.sample_rate, frame.pts = way.rate, at + round(way.late_s * way.rate)
            out.mux(track.encode(frame))
        out.mux(track.encode())
    return path


def heard(path: Path, suffix: str, from_s: float = 0.0) -> Passage:
    """Listen as a worker does."""
    format = {"ts": "mpegts"}.get(suffix, suffix)
    with opened(path) as file, opened_film(file, format, MOST) as film:
        return listened(SoundTrack(film, None, from_s).blocks(), Follower(), from_s)


def false_alarms(films: int) -> None:
    """Print what is taken for speech of sounds in which nobody speaks."""
    follower, wrong, seconds = Follower(), [], 0.0
    for kind, (_, make) in {**tracks.UNSPOKEN, **tracks.SILENT}.items():
        for number in range(films):
            wave = make(np.random.default_rng(1000 + number), 20.0)
            thinner = wave.reshape(-1, 3).mean(axis=1).astype(np.float32)
            found = listened([Block(0.0, thinner)], follower, 0.0).spoken
            wrong += [f"{kind} {b - a:.1f} s" for a, b in found]
            seconds += 20.0
    print(f"\nnobody speaks: {seconds / 60:.0f} minutes, {len(wrong)} false alarms", *wrong)


def cost(folder: Path, hours: float) -> None:
    """Print the seconds and the memory that passages of a long film take."""
    path = long_film(folder / "long.mp4", hours)
    from_s: float | None = 0.0
    CLEAR.write_text("5")  # the peak counts from now on
    before = memory("VmRSS")
    print(f"a film of {hours:g} hours, {path.stat().st_size / 2**20:.0f} MiB")
    while from_s is not None:
        begun = time.process_time()
        passage = heard(path, "mp4", from_s)
        took = time.process_time() - begun
        until = passage.until_s
        speech_s = sum(b - a for a, b in passage.spoken)
        print(
            f"from {from_s:7.1f} to {'the end' if until is None else f'{until:.1f}'}:"
            f" {speech_s:.0f} s of speech in {len(passage.stretches)} stretches,"
            f" the longest {max((len(s) for _, s in passage.stretches), default=0) / 16_000:.1f} s;"
            f" {took:.1f} CPU seconds"
        )
        from_s = until
    grown = memory("VmHWM") - before
    print(f"memory grew by {grown:.0f} MiB; a passage is {FILM_S:.0f} s at most\n")


def memory(name: str) -> float:
    """Read a size of this process in MiB, as the kernel calls it."""
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def long_film(path: Path, hours: float) -> Path:
    """Write one minute of dialogue over and over, without coding it again."""
    dice = np.random.default_rng(5)
    talk = dialogue(dealt(dice, 6), [1.0, *dice.uniform(1, 6, 6)], 48_000)
    minute = np.resize(np.concatenate([talk.wave, np.zeros(60 * 48_000)]), 60 * 48_000)
    once = written(path.with_name("once.mp4"), minute, Way("mp4", "aac", 48_000))
    with av.open(str(path), "w") as out:
        out_tracks = None
        for turn in range(round(hours * 60)):
            with av.open(str(once)) as inside:
                out_tracks = out_tracks or [
                    out.add_stream_from_template(each) for each in inside.streams
                ]
                for packet in _packets(inside, turn):
                    packet.stream = out_tracks[packet.stream.index]
                    out.mux(packet)
    return path


def _packets(inside: av.container.InputContainer, turn: int) -> Iterator[av.Packet]:
    for packet in inside.demux():
        if packet.dts is not None and packet.size:
            shift = round(turn * 60 / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            if packet.dts >= shift:
                yield packet


if __name__ == "__main__":
    sys.exit(main())
