"""The loop: waits for workers, files and commands at once, and does what follows, turn by turn."""

import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from daemon.config import Config
from daemon.control import Asked
from daemon.engines.choice import Choice
from daemon.errands import Errands, Unheard
from daemon.inbox import Inbox
from daemon.intake import Intake
from daemon.journey import Journeys
from daemon.pipeline import Outcome, Pipeline
from daemon.status import Status
from daemon.stores import Stores
from daemon.watch.stirred import RootState, WatchState
from daemon.wire import Described, Setup
from daemon.workers import Crew
from metadata.asset import Asset
from metadata.database import StorageError
from metadata.description import Stamp
from metadata.reasons import Reason, State

log = logging.getLogger(__name__)

REST_AFTER_S = 60.0
# How long a stop waits for what is under way; TimeoutStopSec in the unit is longer.
STOP_S = 20.0
LONGEST_TURN_S = 3600.0


class Wheel:
    """The loop of one captiond, which owns everything but the threads that fill the inbox."""

    def __init__(
        self,
        config: Config,
        choice: Choice,
        stores: Stores,
        workers: Crew,
        setup: Setup,
        inbox: Inbox,
    ) -> None:
        self._run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self._config = config
        self._stores = stores
        self._workers = workers
        self._setup = setup
        self._inbox = inbox
        self._journeys = journeys = Journeys(config, choice, stores, self._stamp)
        self._pipeline = Pipeline(stores, workers, journeys.describe, self._is_offline)
        self.intake = Intake(config, stores, self._pipeline)
        self.status = Status(config, choice, stores, self._pipeline, self.intake, workers)
        self.errands = Errands(
            config, choice, stores, self._pipeline, journeys, self.status.tell, self._allow
        )
        self._absent: set[Path] = set()
        self._busy_at = time.monotonic()
        self._resting = False
        self._stop_by: float | None = None
        stores.journal.started(self._run, self._stamp().at, choice.name, choice.model)

    @property
    def stopping(self) -> bool:
        """Tell whether the end was asked for."""
        return self._stop_by is not None

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to do for now: neither settling, nor under way, nor next.

        What waits for a disk or another program is left; what waits for its twin is not.
        """
        if self.intake.settling or self._pipeline.busy or self.errands.busy:
            return False
        waiting = self._pipeline.may_start_in()
        soon = waiting is not None and waiting <= 0
        return not soon and not self._stores.queue.any_waits_for(Reason.TWIN)

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
            self._rest()
        except (sqlite3.Error, StorageError) as error:
            outcomes = self._endure(error)
        self.errands.ended(outcomes)
        self.status.ended(outcomes)
        return outcomes

    def describe_for(self, take: Callable[[Asset, Described], None], path: Path) -> None:
        """Have the file at *path* described for *take*, without any job: nothing is kept."""
        self._pipeline.send(path, self._journeys.only_describe(path, take))

    def mend_index(self) -> None:
        """Fill an index that was lost, or was damaged and put aside, from the files again."""
        index = self._stores.index
        if index.aside:
            log.warning("the search index was damaged or outdated; it is kept as %s", index.aside)
        if index.fresh and self._stores.queue.counts()[State.DONE]:
            log.info("the search index is filled from the files")
            self.errands.take({"do": "reindex"}, Unheard())

    def finish(self) -> None:
        """Let what is under way come to its end, as long as the stop allows."""
        while self._pipeline.under_way and time.monotonic() < (self._stop_by or 0):
            self.turn(1.0)
        try:
            self._pipeline.leave()
        except (sqlite3.Error, StorageError) as error:
            log.error("%s; what was under way starts over, and has spent an attempt", error)

    def _stamp(self) -> Stamp:
        return Stamp(self._run, datetime.now(UTC).isoformat(timespec="seconds"))

    def _is_offline(self, path: Path) -> bool:
        return self.intake.is_offline(path)

    def _take_in(self) -> None:
        values = self._inbox.take()
        with self._stores.noting():
            for value in values:
                if isinstance(value, RootState):
                    self._root(value)
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
        waits = [most_s, self.intake.due_in(), self._stores.due_in(), self._rest_in()]
        waits.append(self.errands.due_in)
        if not self.stopping:
            waits.append(self._pipeline.may_start_in())
        return max(0.0, min(wait for wait in waits if wait is not None))

    def _rest_in(self) -> float | None:
        if self._resting or not self._workers.pids:
            return None
        return self._busy_at + REST_AFTER_S - time.monotonic()

    def _rest(self) -> None:
        now = time.monotonic()
        if self._pipeline.busy:
            self._busy_at, self._resting = now, False
        elif not self._resting and now >= self._busy_at + REST_AFTER_S:
            self._workers.rest()
            self._stores.tidy(self._config.journal_max_mb)
            self._resting = True

    def _allow(self, media: Iterable[Path]) -> None:
        """Let workers write beside *media* outside the hot folders, since somebody asks for it."""
        allowed = self._setup.writable
        new = {p.parent for p in media if not any(p.is_relative_to(f) for f in allowed)}
        if new:
            self._setup = msgspec.structs.replace(self._setup, writable=(*allowed, *sorted(new)))
            self._workers.renew(self._setup)

    def _root(self, told: RootState) -> None:
        """Start workers anew when a folder came back: those that run may not write there."""
        if told.state in (WatchState.OFFLINE, WatchState.UNREADABLE):
            self._absent.add(told.root)
        elif told.root in self._absent:
            self._absent.discard(told.root)
            self._workers.renew(self._setup)
