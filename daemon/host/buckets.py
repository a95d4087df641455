"""What is put to which model next; pure: no thread, no clock but an argument, and no model."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from daemon.engines.profiles import Installed
from daemon.wire import Modelled

LONGEST_WAIT_S = 60.0
"""Nobody waits longer than this for another model to be used, though it takes seconds to load."""
SHORT_WAIT_S = 15.0
"""The same where both are loaded: only for the same model is the next batch prepared ahead."""
MANY = 24
"""So many translations are worth loading their model for; a daemon asks for 48 things at once."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A model, and what it *does*: it is asked about pictures, renders texts, or hears speech."""

    installed: Installed
    does: Literal["asks", "renders", "hears"] = "asks"


@dataclass(frozen=True, slots=True)
class Used:
    """Which model is in use, and since what second: before that nobody has waited for another."""

    duty: Duty | None = None
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that has waited since the second *since* for *duty*, and fills *weight* places.

    *bucket* is None until its model has named it; equal names can share a batch.
    """

    number: int
    request: Modelled
    duty: Duty
    since: float
    weight: int = 1
    bucket: Hashable = None


class Buckets:
    """Requests that wait, the oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, *waiting: Waiting) -> None:
        """Line up, each at the place of its age."""
        self._waiting = sorted((*self._waiting, *waiting), key=lambda each: each.since)

    def unnamed(self, duty: Duty) -> tuple[Waiting, ...]:
        """List those for *duty* whose buckets have no names yet."""
        return tuple(each for each in self.all_for(duty) if each.bucket is None)

    def name(self, waiting: Waiting, bucket: Hashable) -> None:
        """Put one into *bucket*."""
        self._waiting[self._waiting.index(waiting)] = replace(waiting, bucket=bucket)

    def leave(self, batch: Iterable[Waiting]) -> None:
        """Take those of *batch* out."""
        gone = {each.number for each in batch}
        self._waiting = [each for each in self._waiting if each.number not in gone]

    def turn(self, used: Used, dear: bool, now: float) -> Duty | None:
        """Say whose turn it is; None when nobody waits.

        Where it is *dear* to change models, the one *used* goes on until nothing is left for it,
        or another has been waited for too long, or by many translations. Else translations go
        first: they end work in flight, so that their files are written.
        """
        in_use = used.duty
        oldest = self._oldest()
        others = [each for each in oldest if each.duty != in_use]
        rendering = next((each.duty for each in oldest if each.duty.does == "renders"), None)
        if rendering and (not dear or rendering == in_use or len(self.all_for(rendering)) >= MANY):
            return rendering
        stays = len(others) < len(oldest)
        patience = LONGEST_WAIT_S if dear else SHORT_WAIT_S
        if stays and not any(now - max(each.since, used.since) >= patience for each in others):
            return in_use
        return others[0].duty if others else None

    def first(self, duty: Duty) -> Waiting | None:
        """Give the one that has waited longest for *duty*."""
        return next(iter(self.all_for(duty)), None)

    def batch(self, duty: Duty, fits: Callable[[Hashable], int]) -> tuple[Waiting, ...]:
        """Give the oldest bucket's oldest for *duty*, as many as fit into it; at least one."""
        first = self.first(duty)
        if first is None:
            return ()
        return tuple(filled(self.bucket(first.bucket), fits(first.bucket)))

    def all_for(self, duty: Duty) -> tuple[Waiting, ...]:
        """List all that wait for *duty*."""
        return tuple(each for each in self._waiting if each.duty == duty)

    def kinds(self, duty: Duty) -> dict[Hashable, Waiting]:
        """Give the oldest of each bucket for *duty*."""
        named = [each for each in self.all_for(duty) if each.bucket is not None]
        return {each.bucket: each for each in reversed(named)}

    def bucket(self, bucket: Hashable) -> tuple[Waiting, ...]:
        """List all in *bucket*."""
        return tuple(each for each in self._waiting if each.bucket == bucket)

    def latest(self) -> float:
        """Give the second in which the last one came."""
        return max((each.since for each in self._waiting), default=float("-inf"))

    def _oldest(self) -> list[Waiting]:
        """List the oldest of each duty."""
        seen: dict[Duty, Waiting] = {}
        for each in self._waiting:
            seen.setdefault(each.duty, each)
        return list(seen.values())


def filled(waiting: Iterable[Waiting], places: int) -> Iterator[Waiting]:
    """Give those that fit into *places* one after the other; the first one in any case."""
    taken = 0
    for each in waiting:
        if taken and taken + each.weight > places:
            return
        taken += each.weight
        yield each
