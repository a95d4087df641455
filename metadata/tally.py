"""Sums of what was described, by kind and model; where they come from and go to is not known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from metadata.asset import MediaKind
from metadata.stats import Tokens, total

MINUTE_S = 60
MINUTES = 60


@dataclass(frozen=True, slots=True)
class Sum:
    """What *model* described of one kind: how many, and what they took together.

    *stages* are the seconds by stage, where they were added up as well.
    """

    kind: MediaKind
    model: str
    files: int
    seconds: float
    tokens: Tokens | None
    stages: dict[str, float] = field(default_factory=dict)

    def plus(self, other: Self) -> "Sum":
        """Add what the same model described of the same kind."""
        stages = dict(self.stages)
        for stage, took in other.stages.items():
            stages[stage] = stages.get(stage, 0.0) + took
        return Sum(
            self.kind,
            self.model,
            self.files + other.files,
            self.seconds + other.seconds,
            total((self.tokens, other.tokens)),
            stages,
        )


class Tally:
    """Sums that grow."""

    def __init__(self, sums: Iterable[Sum] = ()) -> None:
        self._sums: dict[tuple[MediaKind, str], Sum] = {}
        for each in sums:
            self.count(each)

    @property
    def sums(self) -> list[Sum]:
        """Give the sums by kind and model."""
        return [self._sums[key] for key in sorted(self._sums)]

    def count(self, more: Sum) -> None:
        """Add *more*."""
        key = (more.kind, more.model)
        self._sums[key] = self._sums[key].plus(more) if key in self._sums else more


class LastHour:
    """Sums minute by minute, so that what is an hour old drops out; times are since 1970."""

    def __init__(self, minutes: Iterable[tuple[int, Sum]]) -> None:
        self._minutes: dict[int, Tally] = {}
        for minute, each in minutes:
            self._minutes.setdefault(minute, Tally()).count(each)

    def count(self, more: Sum, now: float) -> None:
        """Add what was described *now*."""
        minute = int(now // MINUTE_S)
        if minute not in self._minutes:
            self._drop(first_minute(now))
        self._minutes.setdefault(minute, Tally()).count(more)

    def sums(self, now: float) -> list[Sum]:
        """Give the sums of the hour before *now*, and of the minute that has begun."""
        self._drop(first_minute(now))
        return Tally(each for minute in self._minutes.values() for each in minute.sums).sums

    def _drop(self, before: int) -> None:
        self._minutes = {at: tally for at, tally in self._minutes.items() if at >= before}


def first_minute(now: float) -> int:
    """Give the number of the first minute of the hour before *now*."""
    return int(now // MINUTE_S) - MINUTES
