"""Requests on their way to servers: in the order of work, those that went wrong behind; pure."""

import heapq
from dataclasses import dataclass, field

from daemon.calling.routing import Place
from daemon.wire import Consult, Modelled

MOST_FAILURES = 3
"""So often a request is tried where servers fail at it; those that are not there do not count."""
BEHIND = 100
"""So many requests go before one at which servers failed twice."""


@dataclass(slots=True)
class Waiting:
    """A request since the second *since*, how often servers *failed* at it, and what is known.

    *declined* are the servers that do not want it, and *failed_at* has how much each server that
    declined it or failed at it had answered then: where it is more by now, that server is well.
    """

    number: int
    request: Modelled
    since: float
    failed: int = 0
    told: str = ""
    declined: list[Place] = field(default_factory=list)
    failed_at: dict[Place, int] = field(default_factory=dict)

    @property
    def order(self) -> tuple[bool, int]:
        """Give its place: what ends work in flight goes first, then what is older.

        A second failure puts it behind, but not behind all that is to come: it may be what makes
        servers fail.
        """
        asked = self.request
        begins = isinstance(asked, Consult) and asked.views is not None and not asked.again
        return begins, self.number + BEHIND * max(self.failed - 1, 0)

    @property
    def is_to_blame(self) -> bool:
        """Tell whether a server that failed at it has answered about others since."""
        return any(place.worked > before for place, before in self.failed_at.items())

    def suspect(self, told: str, failures: int, place: Place) -> bool:
        """Note that *place* failed at it; True when that is enough."""
        self.failed_at.setdefault(place, place.worked)
        self.failed += failures
        self.told = told
        return self.failed >= MOST_FAILURES


class Queue:
    """Requests that wait for a server."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[bool, int, int], Waiting]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def join(self, waiting: Waiting) -> None:
        """Line up."""
        heapq.heappush(self._heap, ((*waiting.order, waiting.number), waiting))

    def take(self) -> Waiting:
        """Take the next one; raises IndexError."""
        return heapq.heappop(self._heap)[1]

    def clear(self) -> list[Waiting]:
        """Take all."""
        waiting = [each for _, each in sorted(self._heap, key=lambda pair: pair[0])]
        self._heap.clear()
        return waiting
