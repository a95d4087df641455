"""When has a file stopped changing? Pure: no thread, no clock, no disk; only the standard library.

The caller tells what stirred, looks at the files that are due, and tells what it saw. Seconds are
those of any clock that never goes back. What was seen of a file is compared for equality only, so
that a file with a date in the past or the future settles like any other.
"""

import heapq
from dataclasses import dataclass
from pathlib import Path

LONGEST_WAIT_S = 30.0
"""Seconds between two looks at a file that a program keeps open."""
_NOT_DUE = float("inf")


@dataclass(frozen=True, slots=True)
class Settled:
    """A file that has stopped changing, and what was *seen* of it last."""

    path: Path
    seen: object
    fresh: bool


@dataclass(slots=True)
class _Waiting:
    settle_s: float
    fresh: bool
    seen: object
    quiet_since: float
    look_at: float
    wait_s: float


class Settler:
    """The files that have not settled yet, and when to look at each of them again.

    A file has settled when for *settle_s* seconds nothing stirred it, every look at it saw the
    same, and at the last look no program held it open for writing.
    """

    def __init__(self) -> None:
        self._waiting: dict[Path, _Waiting] = {}
        self._looks: list[tuple[float, int, Path]] = []
        self._turn = 0  # so that the heap never has to compare paths

    def __len__(self) -> int:
        """Count the files that have not settled yet."""
        return len(self._waiting)

    def __contains__(self, path: Path) -> bool:
        return path in self._waiting

    def saw(
        self,
        path: Path,
        now: float,
        settle_s: float,
        *,
        fresh: bool = True,
        seen: object | None = None,
    ) -> None:
        """Note that *path* stirred, so that it has to be quiet again from *now* on.

        *seen* is what a scan saw of it just now. A scan that comes upon a file that is waiting
        already tells nothing new and changes nothing.
        """
        known = self._waiting.get(path)
        if known is None:
            known = _Waiting(settle_s, fresh, seen, now, _NOT_DUE, settle_s)
            self._waiting[path] = known
            self._look(path, known, now if seen is None else now + settle_s)
            return
        known.fresh = known.fresh or fresh
        if seen is None:
            known.settle_s = known.wait_s = settle_s
            known.seen = None
            self._look(path, known, min(now, known.look_at))

    def due(self, now: float, at_most: int = 1000) -> list[Path]:
        """Give the files to look at now; each has to be followed by `looked`."""
        paths: list[Path] = []
        while self._looks and self._looks[0][0] <= now and len(paths) < at_most:
            at, _, path = heapq.heappop(self._looks)
            if self._stands(at, path):
                self._waiting[path].look_at = _NOT_DUE
                paths.append(path)
        return paths

    def looked(
        self, path: Path, seen: object | None, now: float, *, held: bool = False
    ) -> Settled | None:
        """Note what was *seen* of *path*, None when it is gone; give it once it has settled.

        *held* says that a program has it open for writing.
        """
        known = self._waiting.get(path)
        if known is None or seen is None:
            self._waiting.pop(path, None)
            return None
        if seen != known.seen:
            known.seen, known.quiet_since, known.wait_s = seen, now, known.settle_s
            self._look(path, known, now + known.settle_s)
        elif now < known.quiet_since + known.settle_s:
            self._look(path, known, known.quiet_since + known.settle_s)
        elif held:
            # The event of its being closed comes sooner; this is for where there is none.
            known.wait_s = min(max(known.wait_s * 2, 0.1), LONGEST_WAIT_S)
            self._look(path, known, now + known.wait_s)
        else:
            del self._waiting[path]
            return Settled(path, seen, known.fresh)
        return None

    def forget(self, path: Path) -> None:
        """Stop waiting for *path*."""
        self._waiting.pop(path, None)

    def next_due(self) -> float | None:
        """Tell when the next look is due; None while nothing waits."""
        while self._looks and not self._stands(self._looks[0][0], self._looks[0][2]):
            heapq.heappop(self._looks)
        return self._looks[0][0] if self._looks else None

    def _stands(self, at: float, path: Path) -> bool:
        known = self._waiting.get(path)
        return known is not None and known.look_at == at

    def _look(self, path: Path, known: _Waiting, at: float) -> None:
        if known.look_at == at:
            return
        known.look_at = at
        self._turn += 1
        heapq.heappush(self._looks, (at, self._turn, path))
        if len(self._looks) > 2 * len(self._waiting) + 64:
            self._sweep()

    def _sweep(self) -> None:
        # Looks that were overtaken by an event stay in the heap until their time; keep them few.
        self._looks = [look for look in self._looks if self._stands(look[0], look[2])]
        heapq.heapify(self._looks)
