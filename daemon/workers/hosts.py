"""The engine processes of one captiond: share requests among devices, and outlive their deaths.

The process that calls servers is one more of them. Single-threaded, like the pool of media workers.
It must know neither torch nor models nor servers.
"""

import logging
import time
from collections.abc import Hashable
from itertools import chain
from selectors import DefaultSelector
from typing import Self

from daemon.wire import Failure, Modelled
from daemon.workers.host import Host, Loss, is_of_machine
from daemon.workers.line import Line, Task
from daemon.workers.pool import FOREVER, GRACE_S, Finished
from daemon.workers.program import Program

log = logging.getLogger(__name__)

AHEAD = 48
IDLE_UNLOAD_S = 600.0
# A device where so many requests in a row end the process, and none is answered, is broken.
MOST_BLAMED = 3


class Hosts:
    """One process for each of *programs*, started as there is work; none without any.

    Each has up to *ahead* requests in hand, and ends after *idle_unload_s* seconds without, so
    that its device is free for others. What a process had in hand when it died is handed out
    again, one request at a time: the one during which another dies is to blame.
    """

    def __init__(
        self,
        programs: tuple[Program, ...] = (),
        *,
        ahead: int = AHEAD,
        idle_unload_s: float = IDLE_UNLOAD_S,
    ) -> None:
        self._selector = DefaultSelector()
        self._hosts = [Host(p, idle_unload_s, self._selector) for p in programs]
        self._each = ahead
        self._line = Line(0)
        self._suspects = Line(0)
        self._blamed = 0
        self._moved: set[Task] = set()
        self._finished: list[Finished] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all engine processes; those that do not end by themselves in time are killed."""
        self._take_waiting()
        for host in self._hosts:
            host.hang_up()
        until = time.monotonic() + GRACE_S
        while self.pids and (left := until - time.monotonic()) > 0:
            self._hear(left)
        for host in self._hosts:
            host.end()
        self._selector.close()

    @property
    def ahead(self) -> int:
        """Count the requests that all of them take at once."""
        return self._each * len(self._hosts)

    @property
    def pids(self) -> tuple[int, ...]:
        """List the processes that are there."""
        return tuple(chain.from_iterable(host.pids for host in self._hosts))

    @property
    def doing(self) -> tuple[str, ...]:
        """Tell what each process that is there is at."""
        return tuple(f"{host.place}: {host.doing}" for host in self._hosts if host.pids)

    def submit(self, request: Modelled, token: Hashable) -> None:
        """Line *request* up; supply and poll hand out what waits, the furthest first."""
        self._line.join(request, token)

    def poll(self, timeout: float) -> list[Finished]:
        """Wait for answers, at most *timeout* seconds, and give them.

        Gives an empty list earlier when a process needed attention. Those that have answered get
        their next requests before this returns.
        """
        self.supply()
        self._hear(self.wait(timeout))
        self.supply()
        finished, self._finished = self._finished, []
        return finished

    def fileno(self) -> int:
        """Give a descriptor that can be read when a process has answered or ended."""
        return self._selector.fileno()

    def next_moment(self) -> float | None:
        """Give the moment, by the monotonic clock, by which poll has to be called again."""
        wanted = self._wanted
        moment = min((host.next_moment(wanted) for host in self._hosts), default=FOREVER)
        return None if moment == FOREVER else moment

    def wait(self, timeout: float) -> float:
        """Give the seconds until poll has something to do by itself, at most *timeout*."""
        if self._finished:
            return 0.0
        moment = self.next_moment()
        left = FOREVER if moment is None else moment - time.monotonic()
        return max(min(timeout, left), 0.0)

    def supply(self) -> None:
        """Hand out what waits, and start the processes that are missing for it."""
        if not self._waiting:
            return
        for host in self._able:
            if self._wanted and host.may_start and (loss := host.start()):
                self._mourn(host, loss)
        self._hand_out(self._suspects, 1)
        if not self._suspects:
            self._hand_out(self._line, self._share)

    @property
    def _waiting(self) -> int:
        return len(self._suspects) + len(self._line)

    @property
    def _begun(self) -> int:
        return self._waiting + sum(host.busy for host in self._hosts)

    @property
    def _able(self) -> list[Host]:
        """List the devices that were not at fault lately; all of them when there is no other."""
        return [host for host in self._hosts if not host.ails] or self._hosts

    @property
    def _there(self) -> int:
        """Count the processes that work, or will in a moment."""
        return sum(host.remains for host in self._able)

    @property
    def _wanted(self) -> bool:
        """Tell whether another process is wanted: one request needs no second device."""
        return self._waiting > 0 and self._there < min(len(self._able), self._begun)

    @property
    def _share(self) -> int:
        """Count what one process may have in hand, so that something is left for those to come."""
        return min(self._each, -(-self._begun // max(self._there, 1)))

    def _hand_out(self, line: Line, most: int) -> None:
        """Give each request in *line* to the process with the fewest, and none more than *most*."""
        while len(line) and (free := [h for h in self._able if h.takes and h.busy < most]):
            task = line.take()
            assert task is not None
            if not min(free, key=lambda host: host.busy).ask(task, line is self._suspects):
                line.put_back(task)

    def _hear(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            key.data()
        now = time.monotonic()
        for host in self._hosts:
            loss = host.attend(now)
            for task, finished in host.take_finished():
                self._take_in(task, finished)
            if loss:
                self._mourn(host, loss)

    def _take_in(self, task: Task, finished: Finished) -> None:
        """Keep an answer; where not all devices are at fault, another is asked, once."""
        at_fault = is_of_machine(finished.answer)
        self._blamed = self._blamed if at_fault else 0
        if at_fault and task not in self._moved and not all(host.ails for host in self._hosts):
            self._moved.add(task)
            self._line.put_back(task)
        else:
            self._moved.discard(task)
            self._finished.append(finished)

    def _mourn(self, host: Host, loss: Loss) -> None:
        """Have what a lost process left done again, or say who is to blame."""
        why = f"the {host.name} was lost: {loss.why}"
        if not loss.started:
            why = f"the {host.name} did not start: {loss.why}"
        log.warning("%s", why)
        if loss.guilty:
            self._blame(loss, why)
        else:
            for task in loss.unanswered:
                self._suspects.put_back(task)
        if not (loss.started or any(h.remains or not h.ails for h in self._hosts)):
            self._answer(self._take_waiting(), Failure(None, why))

    def _blame(self, loss: Loss, why: str) -> None:
        """Answer for the request that alone ended a process, unless the device ends them all."""
        self._blamed += 1
        if self._blamed <= MOST_BLAMED:
            self._answer(loss.unanswered, Failure(loss.reason.name, why))
            return
        why = f"{why}; so were the last {MOST_BLAMED}, and no answer came between"
        self._answer((*loss.unanswered, *self._take_waiting()), Failure(None, why))

    def _answer(self, tasks: tuple[Task, ...], failure: Failure) -> None:
        self._moved.difference_update(tasks)
        self._finished += [Finished(t.token, t.request, failure, 0.0) for t in tasks]

    def _take_waiting(self) -> tuple[Task, ...]:
        return (*self._suspects.clear(), *self._line.clear())
