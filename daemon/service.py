"""The composition root: builds every part once, turns the wheel, and ends in good order."""

import logging
import os
import secrets
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.control import Asked, ControlSocket, lock
from daemon.engines import EngineError
from daemon.engines.choice import Choice, choose
from daemon.errands import Errands
from daemon.inbox import Inbox
from daemon.intake import Intake
from daemon.journey import Journeys
from daemon.names import Names
from daemon.notify import Notifier, Pulse
from daemon.pipeline import Outcome, Pipeline
from daemon.scan import scan
from daemon.status import Status
from daemon.stirred import Scanned, WatchedFolder
from daemon.stores import Stores
from daemon.watch import Watch
from daemon.wire import Setup
from daemon.workers import Workers
from metadata.asset import shown
from metadata.database import StorageError
from metadata.description import Stamp
from metadata.reasons import State

log = logging.getLogger(__name__)

REST_AFTER_S = 60.0
# How long a stop waits for what is under way; TimeoutStopSec in the unit is longer.
STOP_S = 20.0
LONGEST_TURN_S = 3600.0

Progress = Callable[[int, int], None]


class Service:
    """One captiond: its stores, its workers and what turns between them."""

    def __init__(
        self, config: Config, choice: Choice, stores: Stores, workers: Workers, inbox: Inbox
    ) -> None:
        self._run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self._config = config
        self._stores = stores
        self._workers = workers
        self._inbox = inbox
        journeys = Journeys(config, choice, stores, self._stamp)
        self._pipeline = Pipeline(stores, workers, journeys.describe, self._is_offline)
        self.intake = Intake(config, stores, self._pipeline)
        self.status = Status(config, choice, stores, self._pipeline, self.intake, workers)
        self.errands = Errands(config, stores, self._pipeline, journeys, self.status.tell)
        self._busy_at = time.monotonic()
        self._stop_by: float | None = None
        stores.journal.started(self._run, self._stamp().at, choice.name, choice.model)

    @property
    def stopping(self) -> bool:
        """Tell whether the end was asked for."""
        return self._stop_by is not None

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to do for now: neither settling, nor under way, nor next."""
        waiting = self._pipeline.may_start_in()
        idle = not (self.intake.settling or self._pipeline.busy or self.errands.busy)
        return idle and (waiting is None or waiting > 0)

    def stop(self, *_: object) -> None:
        """Ask for the end: nothing new is begun, what is under way gets some time."""
        now = time.monotonic()
        self._stop_by = now if self.stopping else now + STOP_S
        self._inbox.ring()

    def turn(self, most_s: float = LONGEST_TURN_S) -> list[Outcome]:
        """Wait for something to happen, at most *most_s* seconds, and do what follows from it."""
        finished = self._workers.poll(self._patience(most_s), (self._inbox.bell,))
        try:
            self._take_in()
            outcomes = self._pipeline.turn(finished, claim=not self.stopping)
        except (sqlite3.Error, StorageError) as error:
            outcomes = self._endure(error)
        self.errands.ended(outcomes)
        self.status.ended(outcomes)
        self._rest()
        return outcomes

    def finish(self) -> None:
        """Let what is under way come to its end, as long as the stop allows."""
        while self._pipeline.under_way and time.monotonic() < (self._stop_by or 0):
            self.turn(1.0)

    def scan_once(self) -> None:
        """List every hot folder, without watching any."""
        for folder in self._config.folders:
            apart = [f.path for f in self._config.folders if f.path != folder.path]
            names = Names.below(folder.path, folder.exclude, apart)
            chunks = scan(str(folder.path), names, lambda *_: None, _unreadable)
            for chunk in chunks:
                self._inbox.put(Scanned(folder.path, tuple(chunk), fresh=False))
            self._inbox.put(Scanned(folder.path, (), fresh=False, last=True))

    def _stamp(self) -> Stamp:
        return Stamp(self._run, datetime.now(UTC).isoformat(timespec="seconds"))

    def _is_offline(self, path: Path) -> bool:
        return self.intake.is_offline(path)

    def _take_in(self) -> None:
        values = self._inbox.take()
        with self._stores.turn():
            for value in values:
                if not isinstance(value, Asked):
                    self.intake.take(value)
            self.intake.look()
        for value in values:
            if isinstance(value, Asked):
                self.errands.take(value.request, value.reply)

    def _endure(self, error: Exception) -> list[Outcome]:
        """Go on after the databases failed: everything under way starts over a little later."""
        log.error("%s; trying again in a while", error)
        return self._pipeline.abandon(str(error))

    def _patience(self, most_s: float) -> float:
        """Tell how long nothing needs to be done."""
        waits = [most_s, self.intake.due_in(), self._rest_in()]
        if not self.stopping:
            waits.append(self._pipeline.may_start_in())
        return max(0.0, min(wait for wait in waits if wait is not None))

    def _rest_in(self) -> float | None:
        return self._busy_at + REST_AFTER_S - time.monotonic() if self._workers.pids else None

    def _rest(self) -> None:
        if self._pipeline.busy:
            self._busy_at = time.monotonic()
        elif self._workers.pids and time.monotonic() >= self._busy_at + REST_AFTER_S:
            self._workers.rest()


@contextmanager
def opened(config: Config) -> Iterator[tuple[Service, Inbox]]:
    """Build a captiond on the configured state folder, which must not be held by another one.

    Raises Held, EngineError or StorageError.
    """
    choice = choose(config)
    _check_exiftool(config)
    with ExitStack() as parts:
        parts.enter_context(lock(config.state_dir))
        scratch = _cleared(config.scratch)
        writable = tuple(folder.path for folder in config.folders)
        setup = Setup(scratch, (scratch, *writable), config.exiftool)
        inbox = parts.enter_context(Inbox())
        stores = parts.enter_context(Stores.open(config.state_dir, choice, config.tasks))
        workers = parts.enter_context(Workers(config.worker_count, setup))
        yield Service(config, choice, stores, workers, inbox), inbox


@dataclass(frozen=True, slots=True)
class Ended:
    """How many files of a run are done, and how many are not."""

    done: int
    failed: int


def run_service(config: Config) -> int:
    """Run captiond until a signal; gives the exit code."""
    notifier = Notifier.from_environment(os.environ)
    with opened(config) as (service, inbox), ExitStack() as parts:
        _heed_signals(service)
        control = parts.enter_context(ControlSocket(config.state_dir, inbox.put))
        watch = parts.enter_context(Watch(_watched(config), inbox.put, room=inbox.has_room))
        service.status.watch = watch
        notifier.ready()
        others = {"watch": watch.alive, "control": lambda: control.alive}
        _keep_turning(service, others, Pulse(notifier, ("loop", *others)))
        notifier.stopping()
        service.finish()
    return 0


def run_once(config: Config, progress: Progress) -> Ended:
    """Do all there is in the hot folders, and tell how many files came to which end."""
    with opened(config) as (service, inbox), ControlSocket(config.state_dir, inbox.put):
        _heed_signals(service)
        service.scan_once()
        service.turn(0)
        done = failed = 0
        while not service.done and not service.stopping:
            final = [outcome for outcome in service.turn() if outcome.final]
            done += sum(outcome.state is State.DONE for outcome in final)
            failed += sum(outcome.state is not State.DONE for outcome in final)
            progress(done + failed, done + failed + service.status.to_do)
        service.finish()
    return Ended(done, failed)


def perform_here(config: Config, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Do *request* in this process, as a captiond of its own; yields the answers."""
    answers: list[dict[str, Any]] = []
    with opened(config) as (service, _):
        service.errands.take(request, _Here(answers))
        while True:
            while answers:
                answer = answers.pop(0)
                yield answer
                if answer.get("end"):
                    return
            service.turn()


class _Here:
    """A reply inside the same process."""

    gone = False

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self._answers = answers

    def send(self, answer: Mapping[str, Any]) -> None:
        self._answers.append(dict(answer))

    def end(self, exit_code: int) -> None:
        self._answers.append({"end": True, "exit": exit_code})


def _keep_turning(service: Service, others: Mapping[str, Callable[[], bool]], pulse: Pulse) -> None:
    while not service.stopping:
        service.turn(pulse.every_s or LONGEST_TURN_S)
        pulse.beat("loop")
        for name, alive in others.items():
            if alive():
                pulse.beat(name)
        pulse.ping()


def _heed_signals(service: Service) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, service.stop)


def _unreadable(where: str, error: OSError) -> None:
    log.warning("%s: the folder cannot be read: %s", shown(Path(where)), error.strerror)


def _watched(config: Config) -> list[WatchedFolder]:
    return [WatchedFolder(f.path, f.exclude, f.poll, f.settle_s) for f in config.folders]


def _cleared(scratch: Path) -> Path:
    """Make the private folder for files on their way, without what a killed captiond left."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    return scratch


def _check_exiftool(config: Config) -> None:
    if shutil.which(config.exiftool) is None:
        raise EngineError(
            f"ExifTool was not found as {config.exiftool!r}: install it with "
            "`apt-get install libimage-exiftool-perl`, or set exiftool in the configuration"
        )
