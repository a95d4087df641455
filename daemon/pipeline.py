"""Drive the journeys: claim jobs, carry requests to the workers, and stop every error here.

One turn handles what the workers have answered. What the journeys noted becomes durable together,
before any request is sent that relies on it.
"""

import logging
import os
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from daemon.engines import EngineError, EngineMissing
from daemon.jobs import Job, JobQueue, Wish
from daemon.journey import Journey
from daemon.stores import Stores
from daemon.wire import (
    Consult,
    Failure,
    Identify,
    Listen,
    Observe,
    Place,
    Read,
    ReadText,
    Render,
    Request,
    Say,
    Transcribe,
)
from daemon.workers import Crew, Finished
from metadata.asset import AssetError, Stat, shown
from metadata.description import Record
from metadata.reasons import Reason, State

log = logging.getLogger(__name__)

# Journeys under way beyond one per worker: while one waits for the disk another has work.
SPARE_JOURNEYS = 2
PAUSE_S = {
    Reason.DISK_FULL: 10.0,
    Reason.ENGINE_DOWN: 10.0,
    Reason.BUSY: 2.0,
    Reason.CHANGED: 2.0,
    Reason.TWIN: 0.5,
}
_ONLY_DURABLE = (Identify, Place)
_DESCRIBING = (Observe, ReadText, Listen, Transcribe, Read, Consult, Render, Say)
"""What a journey asks for before its description is stored."""
_PASSING = (Reason.BUSY, Reason.CHANGED, Reason.TWIN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one journey ended; *final* is False when it is tried again at once or very soon."""

    path: Path
    state: State
    reason: Reason | None
    detail: str
    record: Record | None
    final: bool = True

    @property
    def why(self) -> str:
        """Say why it is not done, as people read it; nothing when it is."""
        message = self.reason.message if self.reason else ""
        return f"{message} ({self.detail})" if self.detail else message


@dataclass(slots=True)
class _Under_way:
    path: Path
    journey: Journey
    job: Job | None
    stat: Stat | None
    describing: bool = False
    quiet: bool = False


class Pipeline:
    """The journeys under way, over the stores and the workers."""

    def __init__(
        self,
        stores: Stores,
        workers: Crew,
        way: Callable[[Job], Journey],
        is_offline: Callable[[Path], bool],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._stores = stores
        self._workers = workers
        self._way = way
        self._is_offline = is_offline
        self._now = now
        self._paused_for: Reason | None = None
        self._abandoned = False
        self._ailing = False
        self._under_way: dict[int, _Under_way] = {}
        self._errands: list[_Under_way] = []
        self._again: dict[Path, Wish] = {}
        self._outbox: list[tuple[Request, int]] = []
        self._described: list[Hashable] = []
        self._ended: list[Outcome] = []
        self._numbers = count()
        self._paused_until = 0.0

    @property
    def queue(self) -> JobQueue:
        """Give the queue that jobs are claimed from."""
        return self._stores.queue

    @property
    def busy(self) -> bool:
        """Tell whether any journey is under way or waits to start."""
        return bool(self._under_way or self._errands)

    @property
    def paused(self) -> str | None:
        """Tell why nothing is begun just now."""
        waits = self._now() < self._paused_until and self._paused_for
        return self._paused_for.message if waits and self._paused_for else None

    @property
    def under_way(self) -> int:
        """Count the journeys under way."""
        return len(self._under_way)

    def send(self, path: Path, journey: Journey, quiet: bool = False) -> None:
        """Take up a journey that no job stands for, such as one that undoes.

        Of the end of a *quiet* one nobody is told: it does nothing to its file.
        """
        self._errands.append(_Under_way(path, journey, None, None, quiet=quiet))

    def look_again(self, path: Path) -> bool:
        """Look at *path* once more when its job ends; False when it has none under way."""
        running = any(u.job and u.path == path for u in self._under_way.values())
        if running:
            self._again.setdefault(path, Wish.REFRESH)
        return running

    def write_again(self) -> None:
        """Write the files of all jobs under way once more: keywords are called otherwise now."""
        for under_way in self._under_way.values():
            if under_way.job and self._again.get(under_way.path) is not Wish.REDO:
                self._again[under_way.path] = Wish.WRITE

    def redo_again(self, paths: Iterable[Path]) -> None:
        """Describe those of *paths* anew whose files are only read or written under way."""
        wanted = set(paths)
        for under_way in self._under_way.values():
            job = under_way.job
            if job and job.path in wanted and job.wish in (Wish.REFRESH, Wish.WRITE):
                self._again[job.path] = Wish.REDO

    def turn(self, finished: Sequence[Finished], claim: bool = True) -> list[Outcome]:
        """Handle what workers answered and start what may start; tells which journeys ended.

        Workers get what may be done at once before the commit, which waits for the disk, and
        after it what must not be done before: to begin an attempt, and to change a file.
        """
        with self._stores.noting():
            for item in finished:
                self._answer(item)
            self._start(claim)
        self._send(lambda request: not isinstance(request, _ONLY_DURABLE))
        if not self._must_commit():
            return []
        self._stores.commit()
        while self._described:
            self._workers.release(self._described.pop())
        self._send(lambda _: True)
        ended, self._ended = self._ended, []
        return ended

    def _must_commit(self) -> bool:
        due_in = self._stores.due_in()
        overdue = due_in is not None and due_in <= 0
        return bool(self._outbox or self._described or overdue or not self._under_way)

    def _send(self, may_go: Callable[[Request], bool]) -> None:
        waiting = []
        for request, number in self._outbox:
            if may_go(request):
                self._workers.submit(request, number)
            else:
                waiting.append((request, number))
        self._outbox = waiting
        self._workers.supply()

    def abandon(self, why: str) -> list[Outcome]:
        """Drop every journey: what they noted could not be kept. Their jobs start over later."""
        lost = list(self._under_way.values())
        for number in self._under_way:
            self._workers.release(number)
        for left in (self._under_way, self._outbox, self._described, self._ended):
            left.clear()
        self._abandoned = True
        self._pause(Reason.DISK_FULL)
        told = [u for u in lost if not u.quiet]
        return [Outcome(u.path, State.PENDING, Reason.DISK_FULL, why, None) for u in told]

    def leave(self) -> None:
        """Put back the jobs under way, as nobody waits for their ends; that spends no attempt."""
        with self._stores.turn():
            for under_way in self._under_way.values():
                if under_way.job:
                    self.queue.put_back(under_way.path, None, "", 0.0)

    def may_start_in(self) -> float | None:
        """Tell in how many seconds something that waits may start; None when nothing does."""
        if len(self._under_way) >= self._most():
            return None
        if self._errands:
            return 0.0
        until = self.queue.waiting_until()
        return None if until is None else max(until, self._paused_until) - self._now()

    def _most(self) -> int:
        """Count the journeys that there may be; one to try where the engine was down just now."""
        if self._ailing:
            return 1
        return 2 * self._workers.count + self._workers.ahead + SPARE_JOURNEYS

    def _start(self, claim: bool) -> None:
        while self._errands and len(self._under_way) < self._most():
            self._begin(self._errands.pop(0))
        if not claim or self._now() < self._paused_until:
            return
        if self._abandoned:
            self.queue.recover()
            self._abandoned = False
        while len(self._under_way) < self._most() and (job := self.queue.claim(self._now())):
            self._begin(_Under_way(job.path, self._way(job), job, _stat(job.path)))

    def _begin(self, under_way: _Under_way) -> None:
        number = next(self._numbers)
        self._under_way[number] = under_way
        if under_way.job and under_way.stat is None:
            offline = self._is_offline(under_way.path)
            reason = Reason.FOLDER_OFFLINE if offline else Reason.VANISHED
            error = AssetError(under_way.path, reason)
            self._fail(self._under_way.pop(number), error)
            return
        self._step(number, lambda: under_way.journey.send(None))

    def _answer(self, item: Finished) -> None:
        number: Any = item.token
        under_way = self._under_way.get(number)
        if under_way is None:  # abandoned meanwhile
            return
        journey = under_way.journey
        if isinstance(item.answer, Failure):
            error = _error(item.answer, under_way.path)
            self._step(number, lambda: journey.throw(error))
        else:
            self._step(number, lambda: journey.send(item.answer))

    def _step(self, number: int, go: Callable[[], Request]) -> None:
        under_way = self._under_way[number]
        try:
            request = go()
            self._outbox.append((request, number))
            self._note(under_way, number, request)
            return
        except StopIteration as end:
            self._end(under_way, end.value)
        except AssetError as error:
            self._fail(under_way, error)
        except EngineError as error:
            down = AssetError(under_way.path, Reason.ENGINE_DOWN, str(error))
            self._fail(under_way, down)
        del self._under_way[number]
        if number not in self._described:
            self._workers.release(number)

    def _note(self, under_way: _Under_way, number: int, request: Request) -> None:
        """Keep in mind that a description has begun, and when it is stored."""
        if isinstance(request, Observe):
            under_way.describing = True
        elif under_way.describing and not isinstance(request, _DESCRIBING):
            under_way.describing = self._ailing = False
            self._described.append(number)

    def _end(self, done: _Under_way, record: Record | None) -> None:
        final = True
        if done.job:
            self.queue.finish(done.path, self._now())
            if again := self._again.pop(done.path, None):
                self.queue.enqueue([done.path], again, True, self._now())
                final = again is Wish.REFRESH
        self._tell(done, Outcome(done.path, State.DONE, None, "", record, final))

    def _fail(self, failed: _Under_way, error: AssetError) -> None:
        reason, state, final = error.reason, error.reason.state, True
        if reason is Reason.VANISHED and failed.job:
            self._stores.forget([failed.path])
        elif failed.job:
            state, final = self._fail_job(failed, failed.job, error)
        self._again.pop(failed.path, None)
        if final:
            log.warning("%s", error)
        else:
            log.info("%s: %s; trying again", shown(failed.path), error.detail or error.reason.code)
        self._tell(failed, Outcome(failed.path, state, reason, error.detail, None, final))

    def _tell(self, under_way: _Under_way, outcome: Outcome) -> None:
        if not under_way.quiet:
            self._ended.append(outcome)

    def _pause(self, reason: Reason) -> None:
        self._ailing = reason is Reason.ENGINE_DOWN
        self._paused_for, self._paused_until = reason, self._now() + PAUSE_S[reason]

    def _fail_job(self, failed: _Under_way, job: Job, error: AssetError) -> tuple[State, bool]:
        """Note why, and tell the job's state and whether this is the last word for now."""
        now = self._now()
        if failed.stat and self._stores.known.stat(failed.path) != failed.stat:
            self._stores.known.saw(failed.path, failed.stat, None, now)
        if error.reason.state is not State.PENDING:
            state = self.queue.fail(job, error.reason, error.detail, now)
            return state, state is not State.PENDING
        self.queue.put_back(job.path, error.reason, error.detail, now + PAUSE_S[error.reason])
        if error.reason in (Reason.DISK_FULL, Reason.ENGINE_DOWN):
            self._pause(error.reason)
        return State.PENDING, error.reason not in _PASSING


def _error(failure: Failure, path: Path) -> Exception:
    if failure.reason is None:
        kind = EngineMissing if failure.lasting else EngineError
        return kind(f"{shown(path)}: {failure.detail}")
    return AssetError(path, Reason[failure.reason], failure.detail)


def _stat(path: Path) -> Stat | None:
    try:
        return Stat.of(os.lstat(path))
    except OSError:
        return None
