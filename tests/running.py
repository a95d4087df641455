"""captiond as a user runs it, in a folder of its own: commands, and a daemon in the background."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daemon.control import ask

REPOSITORY = Path(__file__).resolve().parent.parent
WITHOUT_TEXT = ("caption", "alt", "tags", "sentiment", "translate")
CONFIG = """
state_dir = "state"
languages = {languages}
tasks = {tasks}
workers = 2
{more}
[[folders]]
path = "in"
settle_s = 0.3
{folder}
"""


class Captiond:
    """One configuration, with a hot folder `in` and a state folder `state` below *root*.

    Modules in *path* are found before others. Texts are not looked for unless *tasks* says so:
    that takes half a second for each picture.
    """

    def __init__(
        self,
        root: Path,
        more: str = "",
        folder: str = "",
        tasks: tuple[str, ...] = WITHOUT_TEXT,
        languages: tuple[str, ...] = ("es", "de"),
        path: tuple[Path, ...] = (),
    ) -> None:
        self.root = root
        self.path = path
        self.inbox = root / "in"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.config = root / "captiond.toml"
        self.config.write_text(
            CONFIG.format(more=more, folder=folder, tasks=list(tasks), languages=list(languages)),
            encoding="utf-8",
        )

    @property
    def command(self) -> list[str]:
        """Give the beginning of every command line."""
        return [sys.executable, "-m", "daemon.cli", "--config", str(self.config)]

    def __call__(
        self, *words: str | bytes | Path, code: int | None = 0, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; its exit code must be *code* (None: any)."""
        done = subprocess.run(
            [*self.command, *words],
            env=environment(self.path),
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=timeout,
            check=False,
        )
        if code is not None:
            assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words: str | bytes | Path, code: int | None = 0) -> Any:
        """Run a command with --json and give its one document."""
        return json.loads(self(words[0], "--json", *words[1:], code=code).stdout)

    def lines(self, *words: str | bytes | Path, code: int | None = 0) -> list[Any]:
        """Run a command with --json and give its lines."""
        told = self(words[0], "--json", *words[1:], code=code).stdout
        # nothing else parts lines in JSON Lines: other line ends may stand in values
        return [json.loads(line) for line in told.split("\n") if line]

    def states(self) -> dict[str, str]:
        """Give the state of each file, by name."""
        return {Path(job["path"]).name: job["state"] for job in self.lines("jobs")}

    def daemon(self) -> "Daemon":
        """Start `captiond run` in the background; use it as a context manager."""
        return Daemon(self)


class Daemon:
    """A running `captiond run`; what it says is kept in *log*."""

    def __init__(self, captiond: Captiond) -> None:
        self.captiond = captiond
        self.log = captiond.root / "daemon.log"

    def __enter__(self) -> "Daemon":
        self._out = self.log.open("ab")
        self.process = subprocess.Popen(
            [*self.captiond.command, "run"], env=environment(self.captiond.path), stderr=self._out
        )
        socket = self.captiond.root / "state/control.sock"
        until(lambda: socket.exists() or self.process.poll() is not None, 20, self.said)
        assert self.process.poll() is None, self.said()
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)
        self._out.close()

    def end(self, number: signal.Signals) -> int:
        """Send it a signal and wait for its end; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)

    def said(self) -> str:
        """Give the log so far."""
        return self.log.read_text(errors="replace")

    def status(self) -> Any:
        """Ask over its socket: the command does the same, and takes half a second of a core."""
        answer = next(ask(self.captiond.root / "state", {"do": "status"}))
        return answer["status"]

    def settles(self, done: int, timeout: float = 60) -> None:
        """Wait until *done* files are done and nothing is left to do."""

        def is_so() -> bool:
            queue = self.status()["queue"]
            left = queue["pending"] + queue["running"] + queue["settling"]
            return bool(queue["done"] == done and not left)

        until(is_so, timeout, self.said)


def environment(path: tuple[Path, ...] = ()) -> dict[str, str]:
    """Give an environment without the configuration of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAPTIOND_", "XDG_"))}
    packages = os.pathsep.join(map(str, (*path, REPOSITORY)))
    return {**kept, "PYTHONPATH": packages, "HOME": "/nonexistent", "COLUMNS": "200"}


def until(is_so: Callable[[], bool], timeout: float, said: Callable[[], str] = str) -> None:
    """Wait for something, at most *timeout* seconds."""
    end = time.monotonic() + timeout
    while not is_so():
        assert time.monotonic() < end, f"not within {timeout} s; {said()}"
        time.sleep(0.05)
