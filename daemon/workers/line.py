"""The line of requests that wait for a worker: who is next, and how many descriptions at once."""

import heapq
from collections.abc import Hashable
from dataclasses import dataclass, field

from daemon.wire import (
    Compare,
    Consult,
    Identify,
    Listen,
    Observe,
    Place,
    Prepare,
    Read,
    ReadText,
    Render,
    Request,
    Say,
    Strip,
    Transcribe,
)

# What is further on goes first, so that work in flight ends before new work begins.
RANKS: dict[type, int] = {
    Place: 0, Prepare: 1, Read: 1, Strip: 1, Compare: 1, Say: 2, Render: 2, ReadText: 3,
    Consult: 3, Transcribe: 3, Listen: 4, Identify: 4, Observe: 5,
}  # fmt: skip


@dataclass(order=True, frozen=True, slots=True)
class Task:
    """A request with the token that its answer goes back with."""

    rank: int
    number: int
    request: Request = field(compare=False)
    token: Hashable = field(compare=False)

    @property
    def describes(self) -> bool:
        """Tell whether this one begins a description."""
        return isinstance(self.request, Observe)


class Line:
    """Requests in the order of RANKS, then as they came.

    A description counts as held from when it is taken until it is released; no more than *most*
    are held at once, because what is held is lost when the daemon is killed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: list[Task] = []
        self._describes: list[Task] = []
        self._held: set[Hashable] = set()
        self._last = 0

    def __len__(self) -> int:
        return len(self._tasks) + len(self._describes)

    @property
    def ready(self) -> int:
        """Count the requests that could be taken now."""
        return len(self._tasks) + min(len(self._describes), self._most - len(self._held))

    def join(self, request: Request, token: Hashable) -> None:
        """Line *request* up."""
        self._last += 1
        self._push(Task(RANKS[type(request)], self._last, request, token))

    def take(self) -> Task | None:
        """Take the next request; None when there is none that may be worked on now."""
        if not self.ready:
            return None
        task = heapq.heappop(self._tasks or self._describes)
        if task.describes:
            self._held.add(task.token)
        return task

    def put_back(self, task: Task) -> None:
        """Line up again, at its old place, what nobody has worked on."""
        self.drop(task)
        self._push(task)

    def drop(self, task: Task) -> None:
        """Hold no description for *task*: there will be none."""
        if task.describes:
            self.release(task.token)

    def release(self, token: Hashable) -> None:
        """Hold the description for *token* no longer: it is stored."""
        self._held.discard(token)

    def clear(self) -> list[Task]:
        """Take all that waits, whether or not it may be worked on now."""
        waiting = sorted(self._tasks) + sorted(self._describes)
        self._tasks.clear()
        self._describes.clear()
        return waiting

    def _push(self, task: Task) -> None:
        heapq.heappush(self._describes if task.describes else self._tasks, task)
