"""How things stand, for `captiond status` and `captiond jobs`, with and without a daemon."""

import contextlib
import importlib.metadata
import os
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from daemon.chosen import chosen_before
from daemon.config import Config
from daemon.control import NobodyHome, ask
from daemon.engines import EngineError
from daemon.engines.choice import Choice
from daemon.intake import Intake
from daemon.jobs import Job, JobQueue
from daemon.pipeline import Outcome, Pipeline
from daemon.statistics import repeated_of, statistics, statistics_of
from daemon.stores import STATE_NAME, Stores
from daemon.watch.stirred import RootHealth
from daemon.workers import Crew
from metadata.asset import shown
from metadata.database import MissingDatabase, open_readonly
from metadata.reasons import State
from metadata.schema import STATE

RATE_S = 60.0


class Healthy(Protocol):
    """What can say how the hot folders are watched."""

    def health(self) -> Iterable[RootHealth]:
        """Give the health of each hot folder."""


class Status:
    """What the running captiond says of itself."""

    def __init__(
        self,
        config: Config,
        choice: Choice,
        stores: Stores,
        pipeline: Pipeline,
        intake: Intake,
        workers: Crew,
    ) -> None:
        self.watch: Healthy | None = None
        self._config = config
        self.choice = choice
        self._stores = stores
        self._pipeline = pipeline
        self._intake = intake
        self._workers = workers
        self._done: deque[float] = deque(maxlen=100_000)
        self._begun = datetime.now(UTC)

    @property
    def to_do(self) -> int:
        """Count the files that are not described yet."""
        counts = self._stores.queue.counts()
        return self._intake.settling + counts[State.PENDING] + counts[State.RUNNING]

    def ended(self, outcomes: Iterable[Outcome]) -> None:
        """Count what was done, for the rate."""
        now = time.monotonic()
        self._done.extend(now for outcome in outcomes if outcome.state is State.DONE)

    def tell(self) -> dict[str, Any]:
        """Give the status as JSON shows it."""
        counts = {str(state): number for state, number in self._stores.queue.counts().items()}
        counts["settling"] = self._intake.settling
        now = time.monotonic()
        return {
            **_status(self._config, _engine(self.choice, self._workers.doing), counts),
            "running": True,
            "pid": os.getpid(),
            "folders": [_folder(health) for health in self.watch.health()] if self.watch else [],
            "workers": {"count": self._workers.count, "pids": list(self._workers.pids)},
            "rate": {"files_per_minute": sum(now - t <= RATE_S for t in self._done)},
            "statistics": statistics(self._begun, self._stores.descriptions),
            "repeated": list(map(asdict, self._stores.index.repeated())),
            "paused": self._pipeline.paused,
        }


def status_of(config: Config) -> dict[str, Any]:
    """Ask the running captiond how it is, or tell from state.db when none runs."""
    with contextlib.suppress(NobodyHome):
        for answer in ask(config.state_dir, {"do": "status"}):
            if "status" in answer:
                told: dict[str, Any] = answer["status"]
                return told
    counts: dict[str, int] = {str(state): 0 for state in State}
    for job in _jobs(config, None):
        counts[job.state] += 1
    try:
        engine = _engine(chosen_before(config))
    except EngineError as error:
        nothing: dict[str, Any] = {"name": None, "model": None, "languages": [], "unspoken": []}
        engine = {**nothing, "why": str(error), "temperature": None, "doing": []}
    folders = [
        {"path": shown(f.path), "state": "not watched", "mode": None, "overflows": 0, "detail": ""}
        for f in config.folders
    ]
    return {
        **_status(config, engine, counts),
        "folders": folders,
        "statistics": statistics_of(config),
        "repeated": repeated_of(config),
    }


def jobs_of(config: Config, state: State | None) -> list[dict[str, Any]]:
    """List the jobs as JSON shows them, last changed first."""
    return [
        {
            "path": shown(job.path),
            "state": str(job.state),
            "wish": str(job.wish),
            "attempts": job.attempts,
            "changed_at": job.changed_at,
            "error": job.error,
        }
        for job in _jobs(config, state)
    ]


def _status(config: Config, engine: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    return {
        "version": importlib.metadata.version("captiond"),
        "running": False,
        "pid": None,
        "state_dir": shown(config.state_dir),
        "engine": engine,
        "queue": counts,
        "folders": [],
        "workers": {"count": config.worker_count, "pids": []},
        "rate": {"files_per_minute": None},
        "statistics": statistics(None, None),
        "repeated": [],
        "paused": None,
    }


def _engine(choice: Choice, doing: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "name": choice.name,
        "model": choice.model,
        "languages": list(choice.languages),
        "unspoken": list(choice.unspoken),
        "why": choice.why,
        "temperature": choice.manner[0] if choice.devices or choice.servers else None,
        "doing": list(doing),
    }


def _folder(health: RootHealth) -> dict[str, Any]:
    return {
        "path": shown(health.root),
        "state": str(health.state),
        "mode": "polling" if health.polled else "events",
        "watches": health.watches,
        "folders": health.folders,
        "overflows": health.overflows,
        "unreadable": [shown(path) for path in health.unreadable],
        "detail": health.detail,
    }


def _jobs(config: Config, state: State | None) -> list[Job]:
    try:
        with open_readonly(Path(config.state_dir / STATE_NAME), STATE) as database:
            return list(JobQueue(database.connection).all(state))
    except MissingDatabase:
        return []
