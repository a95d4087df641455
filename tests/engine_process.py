"""A real engine process with a scripted engine, spoken to over its pipes, for the tests of host."""

import os
import select
import subprocess
import time
from pathlib import Path

import numpy as np
import scripted_engine
from planted import asset_at

from daemon.framing import cut, framed, pack, unpack
from daemon.media.frames import SAMPLE_RATE
from daemon.media.stretches import hand_over, pcm
from daemon.wire import (
    Answer,
    Consult,
    Consulted,
    Failure,
    HostSetup,
    Modelled,
    Numbered,
    Question,
    Ready,
    Render,
    Rendered,
    Sheets,
    Told,
    Transcribe,
    Transcribed,
)
from daemon.workers.program import command, engine_environment


class EngineProcess:
    """An engine process in *folder*; collects what it tells: answers by number, and beats."""

    def __init__(self, folder: Path, *, engine: str = "scripted_engine", **setup: object) -> None:
        self.scratch, self.kept = folder / "scratch", folder / "kept"
        self.scratch.mkdir(exist_ok=True)
        self.kept.mkdir(exist_ok=True)
        told = {"device": "cpu", "models": scripted_engine.models(), **setup}
        self.setup = HostSetup(self.scratch, self.kept, **told)  # type: ignore[arg-type]
        self.process = subprocess.Popen(
            command("daemon.host", "--engine", engine),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=engine_environment(self.setup),
            start_new_session=True,
        )
        self.answers: dict[int, Answer] = {}
        self.beats: list[tuple[float, Told]] = []
        self.order: list[int] = []
        self._came = bytearray()
        self._last = self._pictures = 0
        self.send(self.setup)
        frame = self._frame(20)
        assert frame, self.words()
        self.ready = unpack(frame, Ready)

    def send(self, message: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(framed(pack(message)))

    def ask(self, *requests: Modelled) -> list[int]:
        """Ask for all of *requests* at once, and give their numbers."""
        assert self.process.stdin
        numbers = range(self._last + 1, self._last + 1 + len(requests))
        self._last += len(requests)
        pairs = zip(numbers, requests, strict=True)
        self.process.stdin.write(b"".join(framed(pack(Numbered(n, r))) for n, r in pairs))
        return list(numbers)

    def consult(self, *texts: str, frames: int = 0) -> list[int]:
        """Ask what each of *texts* says, about a picture of its own; of a video with *frames*."""
        return self.ask(*(self.about(text, frames) for text in texts))

    def about(self, text: str, frames: int = 0) -> Consult:
        self._pictures += 1
        path = self.scratch / f"sheets-{self._pictures}"
        sizes = ((4, 3),) * max(frames, 1)
        picture = np.full((max(frames, 1), 3, 4, 3), self._pictures % 256, np.uint8)
        path.write_bytes(picture.tobytes())
        views = Sheets(path, sizes, tuple(float(n) for n in range(frames)))
        asset = asset_at(Path(f"/hot/{self._pictures}.jpg"))
        return Consult(asset, views, (Question("caption", text, 9), Question("tags", "tags?", 9)))

    def render(self, *texts: str, languages: tuple[str, ...] = ("es", "fr")) -> list[int]:
        """Have each of *texts* said for an asset of its own."""
        assets = (asset_at(Path(f"/hot/t{number}.jpg")) for number in range(len(texts)))
        pairs = zip(assets, texts, strict=True)
        return self.ask(*(Render(a, (t,), {"red": languages}, languages) for a, t in pairs))

    def transcribe(
        self, *scripts: str, starts_s: tuple[float, ...] = (0.0,), length_s: float = 2.0
    ) -> list[int]:
        """Have sounds written down that are ever louder; what happens is in each language."""
        return self.ask(*(self.spoken(script, starts_s, length_s) for script in scripts))

    def spoken(
        self, script: str = "", starts_s: tuple[float, ...] = (0.0,), length_s: float = 2.0
    ) -> Transcribe:
        self._pictures += 1
        samples = np.full(int(length_s * SAMPLE_RATE), self._pictures / 1000, np.float32)
        sound = hand_over([(start_s, pcm(samples)) for start_s in starts_s], self.scratch)
        asset = asset_at(Path(f"/hot/{self._pictures}.mp4"))
        return Transcribe(asset, sound, script or None)

    def transcribed(self, numbers: list[int]) -> list[Transcribed]:
        return [unpack(good(answer), Transcribed) for answer in self.wait(numbers)]

    def wait(self, numbers: list[int], seconds: float = 20.0) -> list[Answer]:
        """Wait until all *numbers* are answered, and give the answers."""
        until = time.monotonic() + seconds
        while missing := set(numbers) - set(self.answers):
            left = until - time.monotonic()
            assert left > 0 and self.hear(left), f"no answer to {missing}: {self.words()}"
        return [self.answers[number] for number in numbers]

    def consulted(self, numbers: list[int]) -> list[Consulted]:
        return [unpack(good(answer), Consulted) for answer in self.wait(numbers)]

    def rendered(self, numbers: list[int]) -> list[Rendered]:
        return [unpack(good(answer), Rendered) for answer in self.wait(numbers)]

    def failures(self, numbers: list[int]) -> list[Failure]:
        failures = [answer.failure for answer in self.wait(numbers)]
        assert all(failures)
        return [failure for failure in failures if failure]

    def hear(self, seconds: float) -> bool:
        """Take in one message; False when none comes in time, or at the end."""
        frame = self._frame(seconds)
        if frame is None:
            return False
        told = unpack(frame, Told)
        if told.number is None:
            self.beats.append((time.monotonic(), told))
        else:
            assert told.answer is not None
            assert told.number not in self.answers, "answered twice"
            self.answers[told.number] = told.answer
            self.order.append(told.number)
        return True

    def events(self, name: str = "") -> list[dict]:  # type: ignore[type-arg]
        return scripted_engine.events(self.kept, name)

    def batches(self, event: str = "answer") -> list[list[str]]:
        """List what was asked together, without the questions that all have."""
        return [
            [text.removesuffix(" tags?") for text in each["asked"]] for each in self.events(event)
        ]

    def forget(self) -> None:
        """Forget what happened so far."""
        (self.kept / "log").unlink(missing_ok=True)
        self.beats.clear()
        self.order.clear()

    def until(self, event: str, count: int = 1, seconds: float = 10.0) -> None:
        """Wait until *event* has happened *count* times."""
        end = time.monotonic() + seconds
        while len(self.events(event)) < count:
            assert time.monotonic() < end, f"no {event}: {self.events()}"
            time.sleep(0.005)

    def ended(self, seconds: float = 10.0) -> int:
        """Wait for its end and give the status."""
        return self.process.wait(seconds)

    def words(self) -> str:
        """Kill it and give what it said on stderr."""
        self.process.kill()
        assert self.process.stderr
        return self.process.stderr.read().decode()

    def close(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()
        self.process.wait()

    def _frame(self, seconds: float) -> bytes | None:
        assert self.process.stdout
        until = time.monotonic() + seconds
        while (frame := cut(self._came)) is None:
            left = max(until - time.monotonic(), 0)
            if not select.select([self.process.stdout], [], [], left)[0]:
                return None
            came = os.read(self.process.stdout.fileno(), 2**20)
            if not came:
                return None
            self._came += came
        return frame


def good(answer: Answer):  # type: ignore[no-untyped-def]
    assert answer.failure is None, answer.failure
    return answer.value
