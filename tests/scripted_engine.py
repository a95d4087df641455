"""An engine that does what it is told: what a question or text says is what happens to its process.

``python -m daemon.host --engine scripted_engine`` with ``tests`` on the path. A question, a text
to translate, or the name of a model (while it is loaded) may hold any of these words:

``crash`` SIGSEGV · ``abort`` · ``kill`` SIGKILL · ``exit:N`` · ``hang`` silent for ever ·
``loop`` busy for ever, with beats · ``cuda`` DeviceLost · ``oom`` OutOfMemory, ``oom:N`` for
batches above N · ``engine`` EngineError · ``missing`` EngineMissing · ``raise`` RuntimeError ·
``value`` ValueError while answering · ``refuse`` ValueError in prepare · ``slow:S`` seconds in
answer (or load), with beats · ``prepare:S`` seconds in prepare · ``silent:S`` seconds without a
beat, after telling that it takes that long · ``bucket:NAME`` · ``most:N`` batch size (8) ·
``print`` to stdout · ``sandbox`` the reply tells what this process may do · ``once:KEY`` the rest
of the words count only the first time that KEY is seen, also in another process of the same *kept*
folder. Every reply holds the question's text, the pictures' sizes and first red value, and the pid.
A sound has no words: what happens is what its language says, and of each stretch it writes four
lines, two of which lie outside of it. All that happens is noted in ``kept/log``, one JSON object a
line, with the monotonic time.
"""

import ctypes
import errno
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

from daemon.engines import DeviceLost, EngineError, EngineMissing, OutOfMemory
from daemon.engines.hosted import Answered, Beat, Line, Shown, Speech, Worded, Wording, Written
from daemon.engines.profiles import Installed, Model, Models
from daemon.wire import HostSetup, Reply
from metadata.stats import Tokens


def installed(name: str) -> Installed:
    """Give a model whose *name* is what happens while it is loaded."""
    return Installed(Model(name=name), Path("/nowhere") / name, f"{name}@1")


def models(
    image: str = "image", video: str = "video", translation: str = "nllb", speech: str = "whisper"
) -> Models:
    """Give models by name; an empty name stands for none."""
    names = (image, video, translation, speech)
    return Models(*(installed(name) if name else None for name in names))


def events(kept: Path, name: str = "") -> list[dict[str, Any]]:
    """Read what happened, in order; only events called *name* where it is given."""
    log = kept / "log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [event for line in lines if (event := json.loads(line))["event"] == name or not name]


class Script:
    """The words of a text, and what each makes happen."""

    def __init__(self, text: str, kept: Path) -> None:
        words = [word.partition(":") for word in text.split()]
        self._words = {name: value for name, _, value in words}
        if "once" in self._words and not first_time(kept / f"once-{self._words['once']}"):
            self._words = {}

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def value(self, word: str, otherwise: str) -> str:
        return self._words.get(word) or otherwise

    def run(self, count: int, beat: Beat) -> None:
        """Let happen what the words say, in a batch of *count*."""
        self._end()
        self._wait(beat)
        self._fail(count)
        if "print" in self:
            print("printed to stdout")
            os.write(1, b"written to 1\n")

    def _end(self) -> None:
        if "crash" in self:
            ctypes.string_at(0)
        if "abort" in self:
            os.abort()
        if "kill" in self:
            os.kill(os.getpid(), signal.SIGKILL)
        if "exit" in self:
            os._exit(int(self.value("exit", "3")))

    def _wait(self, beat: Beat) -> None:
        if "hang" in self:
            time.sleep(3600)
        if "silent" in self:
            seconds = float(self.value("silent", "1"))
            beat("being silent", seconds + 5)
            time.sleep(seconds)
        until = time.monotonic() + float(self.value("slow", "0"))
        while "loop" in self or time.monotonic() < until:
            beat("being slow")
            time.sleep(min(0.02, max(until - time.monotonic(), 0.001)))

    def _fail(self, count: int) -> None:
        if "oom" in self and count > int(self.value("oom", "0")):
            raise OutOfMemory("1.0 of 24.0 GB are free")
        for word, (error, told) in FAULTS.items():
            if word in self:
                raise error(told)


FAULTS: dict[str, tuple[type[Exception], str]] = {
    "cuda": (DeviceLost, "CUDA error: an illegal memory access was encountered"),
    "engine": (EngineError, "the logits are not finite"),
    "missing": (EngineMissing, "model.safetensors is not there; pull the model again"),
    "raise": (RuntimeError, "size mismatch"),
    "value": (ValueError, "no sense in it"),
}


class Scripted:
    """A device on which models are scripted; *fit* says how many are loaded at once."""

    def __init__(self, setup: HostSetup, fit: int = 3) -> None:
        self._setup = setup
        self._fit = fit
        self._loaded: dict[str, Loaded] = {}
        note(setup, "open", device=setup.device)

    def asker(self, installed: Installed, beat: Beat) -> "Loaded":
        return self._given(installed, beat)

    def translator(self, installed: Installed, beat: Beat) -> "Loaded":
        return self._given(installed, beat)

    def listener(self, installed: Installed, beat: Beat) -> "Loaded":
        return self._given(installed, beat)

    def make_room(self) -> None:
        note(self._setup, "make_room")
        self._drop(1)

    def _given(self, installed: Installed, beat: Beat) -> "Loaded":
        name = installed.model.name
        if name not in self._loaded:
            self._drop(self._fit - 1)
            note(self._setup, "load", model=name)
            Script(name, self._setup.kept).run(1, beat)
            self._loaded[name] = Loaded(self._setup, name)
        self._loaded[name] = self._loaded.pop(name)
        return self._loaded[name]

    def _drop(self, keep: int) -> None:
        for name in list(self._loaded)[: max(len(self._loaded) - keep, 0)]:
            note(self._setup, "drop", model=name)
            del self._loaded[name]


class Loaded:
    """A scripted model: it is shown pictures, translates, and writes down what is said."""

    def __init__(self, setup: HostSetup, name: str) -> None:
        self._setup = setup
        self._name = name

    def bucket(self, shown: Shown) -> Hashable:
        words = self._script(shown)
        return (shown.kind, len(shown.pictures), shown.again, words.value("bucket", ""))

    def most(self, bucket: Hashable, shown: Shown) -> int:
        note(self._setup, "most", model=self._name, bucket=str(bucket))
        return int(self._script(shown).value("most", "8"))

    def prepare(self, batch: Sequence[Shown]) -> Any:
        asked = [" ".join(q.text for q in shown.questions) for shown in batch]
        note(self._setup, "prepare", model=self._name, asked=asked)
        for shown in batch:
            script = self._script(shown)
            time.sleep(float(script.value("prepare", "0")))
            if "refuse" in script:
                raise ValueError("a picture of 20:1 cannot be shown")
        note(self._setup, "prepared", model=self._name, asked=asked)
        return Prepared(batch)

    def answer(self, prepared: Any, beat: Beat) -> list[Answered]:
        assert isinstance(prepared, Prepared)
        asked = [" ".join(q.text for q in shown.questions) for shown in prepared.batch]
        alive = Prepared.alive
        note(self._setup, "answer", model=self._name, asked=asked, alive=alive)
        for text in asked:
            Script(text, self._setup.kept).run(len(asked), beat)
        note(self._setup, "answered", model=self._name, asked=asked)
        return [Answered(self._replies(shown), 100) for shown in prepared.batch]

    def render(self, batch: Sequence[Wording], beat: Beat) -> list[Worded]:
        texts = [wording.text for wording in batch]
        note(self._setup, "render", model=self._name, asked=texts)
        for text in texts:
            Script(text, self._setup.kept).run(len(texts), beat)
        note(self._setup, "rendered", model=self._name, asked=texts)
        return [
            Worded({lang: f"{lang}<{wording.text}>" for lang in wording.languages}, Tokens(5, 2))
            for wording in batch
        ]

    def hear(self, batch: Sequence[Speech], beat: Beat) -> list[Written]:
        told = [speech.language or "" for speech in batch]
        count = sum(len(speech.stretches) for speech in batch)
        note(self._setup, "hear", model=self._name, asked=told, stretches=count)
        for language in told:
            Script(language, self._setup.kept).run(count, beat)
        note(self._setup, "heard", model=self._name, asked=told)
        return [
            Written(tuple(map(lines_of, speech.stretches)), language.partition(" ")[0] or "en")
            for speech, language in zip(batch, told, strict=True)
        ]

    def _script(self, shown: Shown) -> Script:
        text = " ".join(question.text for question in shown.questions)
        return Script(" ".join(w for w in text.split() if not w.startswith("once:")), Path())

    def _replies(self, shown: Shown) -> tuple[Reply, ...]:
        seen = ",".join(f"{p.shape[1]}x{p.shape[0]}:{p[0, 0, 0]}" for p in shown.pictures)
        told = "; ".join(sandbox(self._setup)) if "sandbox" in self._script(shown) else ""
        return tuple(
            Reply(q.task, f"{q.text} | {seen} | pid {os.getpid()} | {told}", 3, True)
            for q in shown.questions
        )


def lines_of(samples: Any) -> tuple[Line, ...]:
    """Write down how loud the first and the last second of a stretch are, and what is not in it."""
    length_s = len(samples) / 16_000
    first, last = (abs(part).max() for part in (samples[:16_000], samples[-16_000:]))
    return (
        Line(length_s - 1, length_s + 4, f"last\n {last:.3f}\x1b "),
        Line(0.0, 1.0, f"first {first:.3f}"),
        Line(-3.0, 0.0, "before"),
        Line(length_s + 1, length_s + 2, "after"),
    )


class Prepared:
    """A batch made ready; counts how many there are."""

    alive = 0

    def __init__(self, batch: Sequence[Shown]) -> None:
        self.batch = batch
        Prepared.alive += 1

    def __del__(self) -> None:
        Prepared.alive -= 1


def open_engine(setup: HostSetup) -> Scripted:
    """Open the device; ``missing`` and ``gone`` name devices that are not there."""
    if setup.device == "missing":
        raise EngineMissing("there is no such device; install a driver")
    if setup.device == "gone":
        raise EngineError("the device is busy")
    return Scripted(setup, 1 if setup.device == "small" else 3)


def note(setup: HostSetup, event: str, **more: object) -> None:
    line = json.dumps({"event": event, "at": time.monotonic(), "pid": os.getpid(), **more})
    with (setup.kept / "log").open("a") as log:
        log.write(line + "\n")


def first_time(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def sandbox(setup: HostSetup) -> list[str]:
    """Try what this process may do, and tell."""
    told = []
    for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
        told.append(f"{family.name}={_tried(lambda f=family: socket.socket(f).close())}")
    told.append(f"pair={_tried(socket.socketpair)}")
    for place in (setup.scratch, setup.kept, setup.scratch.parent):
        told.append(f"write {place.name}={_tried(lambda p=place: (p / 'x').write_text('x'))}")
    told.append(f"null={_tried(lambda: Path(os.devnull).write_text('x'))}")
    for name in ("AS", "CORE"):
        told.append(f"{name}={resource.getrlimit(getattr(resource, f'RLIMIT_{name}'))[0]}")
    told.append(f"nice={os.nice(0)}")
    told.append(f"offline={os.environ.get('HF_HUB_OFFLINE')}")
    told.append(f"torch={'torch' in sys.modules}")
    return told


def _tried(way: Any) -> str:
    try:
        way()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "could"
