"""One worker process as its parent sees it: frames in and out without ever waiting, and its end."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from typing import IO

from daemon.framing import cut, framed, unpack
from daemon.wire import Measure, Ready, Setup
from daemon.workers.program import Program, media_worker
from daemon.workers.stderr import LONGEST_LINE, Murmur, Ration

START_S = 60.0
REAP_S = 1.0
AT_ONCE = 2**20
PATIENCE_S = 0.2
MEMORY_WORDS = ("bad_alloc", "out of memory", "cannot allocate memory")


def measures(setup: Setup, handlers: str = "daemon.worker.handlers") -> tuple[Measure, ...]:
    """Start a worker only to learn which measures hold here; raises OSError when it cannot be."""
    program = media_worker(setup, handlers)
    try:
        ran = subprocess.run(
            program.words,
            input=framed(program.first),
            capture_output=True,
            env=program.environment,
            timeout=START_S,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"a media worker did not start within {START_S:.0f} s") from error
    frame = cut(bytearray(ran.stdout))
    if frame is None:
        said = ran.stderr.decode(errors="backslashreplace").strip()
        raise OSError(f"a media worker did not start: {said[-LONGEST_LINE:]}")
    return unpack(frame, Ready).measures


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker ended by itself: its exit status, or minus the signal, and its last words."""

    status: int
    last_words: str

    @property
    def told(self) -> str:
        """Say what the worker did."""
        if self.status < 0:
            return f"was ended by {signal.Signals(-self.status).name}"
        return f"ended with status {self.status}"

    @property
    def for_memory(self) -> bool:
        """Tell whether it was for want of memory: else nobody sends SIGKILL but we ourselves."""
        said = self.last_words.lower()
        return self.status == -signal.SIGKILL or any(words in said for words in MEMORY_WORDS)


class Child:
    """A worker and its three pipes; *closed* is True once nothing more comes from it.

    It leads a process group of its own. Raises OSError when it cannot be started.
    """

    def __init__(self, program: Program, selector: BaseSelector, ration: Ration) -> None:
        self._process = subprocess.Popen(
            program.words,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=program.environment,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._stderr = self._process.stderr
        self._murmur = Murmur(self._stderr.fileno(), ration)
        self._selector = selector
        self._program = program
        self._to_send = bytearray()
        self._received = bytearray()
        self.closed = False
        self.leaving = False
        for pipe in (self._requests, self._answers):
            os.set_blocking(pipe.fileno(), False)
        selector.register(self._answers, EVENT_READ, self._receive)
        selector.register(self._stderr, EVENT_READ, self._hear)
        self.send(program.first)

    @property
    def pid(self) -> int:
        """Give the process id, which is that of its process group too."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """Give the last lines of its stderr."""
        return " / ".join(self._murmur.tail)

    def send(self, data: bytes) -> bool:
        """Send one frame, as far as the pipe takes it now; False when nobody is there to read."""
        self._to_send += framed(data)
        return self._flush()

    def frames(self) -> Iterator[bytes]:
        """Take the frames that have come in, one by one; raises ValueError at what is none."""
        return iter(lambda: cut(self._received), None)

    def hang_up(self) -> None:
        """Let it end by itself, after what it is working on."""
        if not self.leaving:
            self.leaving = True
            self._close_if_sent()

    def bury(self, patience: float = REAP_S) -> Ending | None:
        """End the whole process group, clear away its ExifTool's folder, tell how the worker ended.

        None when it had not ended by itself. The group is killed before the worker is waited for,
        at most *patience* seconds: until then nobody can take its number.
        """
        ended = self._has_ended()
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._murmur.close()
        for pipe in (self._requests, self._answers, self._stderr):
            self._unwatch(pipe)
            pipe.close()
        self.reaped(patience)
        for folder in self._program.scratch.glob(f"exiftool-{self.pid}-*"):
            shutil.rmtree(folder, ignore_errors=True)
        return Ending(self._process.returncode or 0, self.last_words) if ended else None

    def reaped(self, patience: float = 0.0) -> bool:
        """Tell whether the kernel has let go of it; a dead network share can hold it for long."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        return self._process.returncode is not None

    def _has_ended(self) -> bool:
        """Tell whether it ended by itself; one whose pipe is closed gets a moment to do so."""
        until = time.monotonic() + (PATIENCE_S if self.closed else 0)
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, self.pid, flags) is None:
            if time.monotonic() >= until:
                return False
            time.sleep(0.002)
        return True

    def _receive(self) -> None:
        with suppress(BlockingIOError):
            came = os.read(self._answers.fileno(), AT_ONCE)
            self._received += came
            if not came:
                self.closed = True
                self._unwatch(self._answers)

    def _hear(self) -> None:
        if not self._murmur.hear():
            self._unwatch(self._stderr)

    def _flush(self) -> bool:
        self._unwatch(self._requests)
        try:
            self._write()
        except BrokenPipeError:
            self._to_send.clear()
            return False
        if self._to_send:
            self._selector.register(self._requests, EVENT_WRITE, self._flush)
        self._close_if_sent()
        return True

    def _write(self) -> None:
        with suppress(BlockingIOError):
            while self._to_send:
                del self._to_send[: os.write(self._requests.fileno(), self._to_send)]

    def _close_if_sent(self) -> None:
        if self.leaving and not self._to_send:
            self._unwatch(self._requests)
            self._requests.close()

    def _unwatch(self, pipe: IO[bytes]) -> None:
        if not pipe.closed:
            with suppress(KeyError):
                self._selector.unregister(pipe)
