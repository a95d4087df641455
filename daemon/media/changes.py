"""How a film's pictures change: from one to the next, and in parts of a second."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from daemon.media.glance import Glance, difference, relit, repainted, stirred

_WORTH_A_LOOK = 12.0
_FLASH_S = 0.35
STRIDE_S, QUICK_S = 0.5, 0.075
_FAINT, _CLEAR = 4.0, 12.0
"""How much (of 255) a place must change to have moved at all, and to have moved clearly."""
_MOST_KEPT = 64
_ROUNDING_S = 1e-3


@dataclass(slots=True)
class Change:
    """How much the picture at *at_s* differs from the one before it (0 to 255).

    *repainted* is the share of it in new colours, 0 where little has changed. *lasting* is the
    least of the change that any picture of a third of a second before or after leaves of it: next
    to nothing where a flash has come and gone; *relit* tells that such a picture shows the same in
    another light. Where one of the two changes before was as large, *lasting* is 0.
    """

    at_s: float
    amount: float
    lasting: float = inf
    repainted: float = 0.0
    relit: bool = False

    def hold(self, one: Glance, other: Glance) -> None:
        """Hold a picture after the change against one before it."""
        self.lasting = min(self.lasting, difference(one, other))
        self.relit = self.relit or relit(one, other)


@dataclass(frozen=True, slots=True)
class Stride:
    """Two seconds STRIDE_S apart, and the share of the picture (0 to 1) that then is another.

    *quick* is the share that clearly is another already after a twelfth of a second.
    """

    start_s: float
    end_s: float
    share: float
    quick: float


class Eye:
    """Looks at one picture after the other and remembers the last third of a second."""

    def __init__(self) -> None:
        self.strides: list[Stride] = []
        self._changes: list[Change] = []
        self._recent: deque[Glance] = deque(maxlen=_MOST_KEPT)
        self._waiting: deque[tuple[Change, Glance]] = deque(maxlen=_MOST_KEPT)
        self._start: Glance | None = None
        self._quick: float | None = None

    def see(self, now: Glance) -> None:
        """Look at the next picture."""
        if self._recent:
            self._note(now)
        self._recent.append(now)
        while now.at_s - self._recent[0].at_s > _FLASH_S:
            self._recent.popleft()
        self._step(now)

    def changes(self) -> Sequence[Change]:
        """Give the changes from each picture to the next."""
        return self._changes

    def _note(self, now: Glance) -> None:
        while self._waiting and now.at_s - self._waiting[0][0].at_s > _FLASH_S:
            self._waiting.popleft()
        for earlier, what_was in self._waiting:
            earlier.hold(now, what_was)
        change = Change(now.at_s, difference(now, self._recent[-1]))
        if change.amount > _WORTH_A_LOOK:
            self._consider(change, now)
        self._changes.append(change)

    def _consider(self, change: Change, now: Glance) -> None:
        """Look back from what may be a cut, and forward from now on."""
        *past, before = self._recent
        change.repainted = repainted(now, before)
        if change.amount <= max((last.amount for last in self._changes[-2:]), default=0.0):
            change.lasting = 0.0
            return
        change.relit = relit(now, before)
        for seen in past:
            change.hold(now, seen)
        self._waiting.append((change, before))

    def _step(self, now: Glance) -> None:
        since = now.at_s - self._start.at_s + _ROUNDING_S if self._start else inf
        if self._start and self._quick is None and since >= QUICK_S:
            self._quick = stirred(self._start, now, _CLEAR)
        if since < STRIDE_S:
            return
        if self._start:
            share = stirred(self._start, now, _FAINT)
            self.strides.append(Stride(self._start.at_s, now.at_s, share, self._quick or 0.0))
        self._start, self._quick = now, None
