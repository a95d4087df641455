"""The pool of media workers: hands out requests, takes in answers, ends what hangs or crashes.

Single-threaded, and to be used from the thread that lives as long as the daemon: workers end with
the thread that started them. It must know neither pictures nor what stands in files.
"""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import Self

import msgspec

from daemon.framing import pack, unpack
from daemon.wire import Failure, Measure, Ready, Request, Setup
from daemon.workers.answers import Answered, read_answer
from daemon.workers.child import START_S, Child
from daemon.workers.line import Line, Task
from daemon.workers.patience import Pause, is_short, patience
from daemon.workers.program import media_worker
from daemon.workers.stderr import Ration
from metadata.reasons import Reason

GRACE_S = 2.0
FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Finished:
    """A request that came to its end: its answer or why there is none, and the seconds it took."""

    token: Hashable
    request: Request
    answer: Answered | Failure
    seconds: float


@dataclass(slots=True)
class _Seat:
    """A worker and what it is at: not ready yet, idle (no task), or busy; *due* to move by then.

    *ahead* lies in its pipe already, so that it goes on while the daemon waits for a disk.
    """

    child: Child
    since: float
    due: float
    ready: bool = False
    task: Task | None = None
    ahead: Task | None = None


class Workers:
    """At most *count* media workers, started as there is work.

    *deadline* gives the seconds that a request may take. At most *most_held* descriptions (else
    *count*) are begun and not yet released, so that no more can be lost at once. *measures* tells
    what keeps the workers in bounds, once one has started. Tokens come back with the answers, and
    are never looked into.
    """

    def __init__(
        self,
        count: int,
        setup: Setup,
        *,
        deadline: Callable[[Request], float] = patience,
        handlers: str = "daemon.worker.handlers",
        most_held: int | None = None,
    ) -> None:
        self.count = count
        self.measures: tuple[Measure, ...] = ()
        self._setup = setup
        self._deadline = deadline
        self._handlers = handlers
        self._selector = DefaultSelector()
        self._ration = Ration()
        self._pause = Pause()
        self._line = Line(count if most_held is None else most_held)
        self._seats: list[_Seat] = []
        self._undead: list[Child] = []
        self._finished: list[Finished] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers; those that do not end by themselves within two seconds are killed."""
        self._line.clear()
        self.renew(self._setup)
        until = time.monotonic() + GRACE_S
        while self._seats and (left := until - time.monotonic()) > 0:
            self.poll(left)
        for seat in self._seats:
            seat.child.bury()
        self._selector.close()

    @property
    def busy(self) -> int:
        """Count the requests that workers are at."""
        return sum(seat.task is not None for seat in self._seats)

    @property
    def queued(self) -> int:
        """Count the requests that wait for a worker."""
        return len(self._line)

    @property
    def idle(self) -> int:
        """Count the workers, started or not, that have nothing to do and nothing coming."""
        return max(self.count - self.busy - self.queued, 0)

    @property
    def pids(self) -> tuple[int, ...]:
        """List the processes that are there."""
        return tuple(seat.child.pid for seat in self._seats)

    def submit(self, request: Request, token: Hashable) -> None:
        """Line *request* up; supply and poll hand out what waits, the furthest first."""
        self._line.join(request, token)

    def release(self, token: Hashable) -> None:
        """Tell that the description begun for *token* is stored, so another may be begun."""
        self._line.release(token)

    def poll(self, timeout: float, wake: Sequence[int] = ()) -> list[Finished]:
        """Wait for answers, at most *timeout* seconds, and give them.

        Gives an empty list earlier when a descriptor in *wake* can be read or a worker needed
        attention. A worker that has answered gets its next request before this returns.
        """
        self.supply()
        with self._watching(wake):
            for key, _ in self._selector.select(self.wait(timeout)):
                key.data()
        now = time.monotonic()
        for seat in list(self._seats):
            self._attend(seat, now)
        self.supply()
        finished, self._finished = self._finished, []
        return finished

    def fileno(self) -> int:
        """Give a descriptor that can be read when a worker has answered or ended."""
        return self._selector.fileno()

    def next_moment(self) -> float | None:
        """Give the moment, by the monotonic clock, by which poll has to be called again."""
        moment = min((seat.due for seat in self._seats), default=FOREVER)
        if self._missing():
            moment = min(moment, self._pause.until)
        return None if moment == FOREVER else moment

    def rest(self) -> None:
        """Let the workers end that have nothing to do; others are started at need."""
        for seat in self._seats:
            if seat.ready and not seat.task:
                self._let_go(seat)

    def renew(self, setup: Setup) -> None:
        """Let all workers end after what they are at, and go on with others set up differently.

        To be called when a folder appeared, or was mounted, after the workers had started: they
        cannot write there.
        """
        self._setup = setup
        for seat in self._seats:
            self._let_go(seat)

    def _let_go(self, seat: _Seat) -> None:
        self._take_back(seat)
        seat.child.hang_up()
        if not seat.task:
            seat.due = min(seat.due, time.monotonic() + GRACE_S)

    def _take_back(self, seat: _Seat) -> None:
        """Have what lies ready for a worker done by another; its own answer would find nobody."""
        if seat.ahead:
            self._line.put_back(seat.ahead)
            seat.ahead = None

    def wait(self, timeout: float) -> float:
        """Give the seconds until poll has something to do by itself, at most *timeout*."""
        if self._finished:
            return 0.0
        moment = self.next_moment()
        left = FOREVER if moment is None else moment - time.monotonic()
        return max(min(timeout, left), 0.0)

    @contextmanager
    def _watching(self, wake: Sequence[int]) -> Iterator[None]:
        for number in wake:
            self._selector.register(number, EVENT_READ, lambda: None)
        try:
            yield
        finally:
            for number in wake:
                self._selector.unregister(number)

    def supply(self) -> None:
        """Hand out what waits, and start the workers that are missing for it."""
        at_hand = [seat for seat in self._seats if seat.ready and not seat.child.leaving]
        for seat in at_hand:
            if not seat.task and (task := self._handed(seat)):
                self._begin(seat, task)
        for seat in at_hand if len(at_hand) == self.count else ():
            if seat.task and not seat.ahead and is_short(seat.task.request):
                seat.ahead = self._handed(seat)
        while self._missing() and self._pause.over:
            self._start()

    def _missing(self) -> int:
        mine = [seat for seat in self._seats if seat.task or not seat.child.leaving]
        coming = sum(not seat.task for seat in mine)
        return max(min(self._line.ready - coming, self.count - len(mine)), 0)

    def _start(self) -> None:
        self._undead = [child for child in self._undead if not child.reaped()]
        now = time.monotonic()
        try:
            program = media_worker(self._setup, self._handlers)
            child = Child(program, self._selector, self._ration)
        except OSError as error:
            self._pause.lost(started=False)
            self._give_up(f"no media worker could be started: {error}")
        else:
            self._seats.append(_Seat(child, now, now + START_S))

    def _handed(self, seat: _Seat) -> Task | None:
        task = self._line.take()
        if task is None or seat.child.send(pack(task.request)):
            return task
        self._line.put_back(task)
        self._let_go(seat)
        return None

    def _begin(self, seat: _Seat, task: Task) -> None:
        seat.task, seat.since = task, time.monotonic()
        seat.due = seat.since + self._deadline(task.request)

    def _attend(self, seat: _Seat, now: float) -> None:
        try:
            for frame in seat.child.frames():
                self._take_in(seat, frame)
        except (ValueError, msgspec.DecodeError) as error:
            self._lose(seat, Reason.CRASHED, f"the worker sent what is no answer: {error}")
            return
        if seat.child.closed:
            self._lose(seat, Reason.CRASHED, "the worker closed its pipe")
        elif now >= seat.due:
            self._lose(seat, Reason.TIMED_OUT, f"no answer within {now - seat.since:.1f} s")

    def _take_in(self, seat: _Seat, frame: bytes) -> None:
        if not seat.ready:
            self.measures = unpack(frame, Ready).measures
            seat.ready, seat.due = True, _until_gone(seat)
        elif seat.task:
            self._finish(seat, seat.task, read_answer(seat.task.request, frame))
            self._pause.answered()
        else:
            raise ValueError("nobody had asked")

    def _finish(self, seat: _Seat, task: Task, answer: Answered | Failure) -> None:
        now = time.monotonic()
        self._finished.append(Finished(task.token, task.request, answer, now - seat.since))
        seat.task, seat.due = None, _until_gone(seat)
        if isinstance(answer, Failure):
            self._line.drop(task)
            if answer.reason == Reason.OUT_OF_MEMORY.name:
                self._let_go(seat)
        if seat.ahead:
            self._begin(seat, seat.ahead)
            seat.ahead = None

    def _lose(self, seat: _Seat, reason: Reason, why: str) -> None:
        """Bury a worker and blame what it was at, and nothing else."""
        self._seats.remove(seat)
        self._take_back(seat)
        ended = seat.child.bury()
        if not seat.child.reaped():
            self._undead.append(seat.child)
        if ended and reason is Reason.CRASHED:
            reason = Reason.OUT_OF_MEMORY if ended.for_memory else reason
            why = f"the worker {ended.told}"
        if seat.task:
            self._finish(seat, seat.task, Failure(reason.name, why))
        elif seat.child.leaving:
            return
        self._pause.lost(seat.ready)
        if not seat.ready:
            self._give_up(f"a media worker did not start: {why}: {seat.child.last_words}")

    def _give_up(self, why: str) -> None:
        """Answer all that waits: when there is no worker at all, the machine is at fault."""
        if not self._seats:
            failure = Failure(None, why)
            tasks = self._line.clear()
            self._finished += [Finished(t.token, t.request, failure, 0.0) for t in tasks]


def _until_gone(seat: _Seat) -> float:
    return time.monotonic() + GRACE_S if seat.child.leaving else FOREVER
