"""Read the date of a picture, and the season where date and place allow it."""

import re
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T|$)")
_FIRST_PHOTOGRAPH = 1826
# Menus of cameras let a clock be set as far ahead as 2099. Nobody asks what year it is now: the
# same file must get the same words in every year.
_LAST_YEAR = 2050
# What a clock or a container says that was never set, or whose counter ran over.
_NEVER_SET = (
    "1904-01-01", "1970-01-01", "1980-01-01T00:00:00", "2000-01-01T00:00:00",
    "2036-02-07T06:28", "2038-01-19T03:14", "2040-02-06T06:28",
)  # fmt: skip
# The tropic; between the tropics the year has no four seasons.
_TROPIC = 23.44
_SEASONS = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is known: *month* and *day* can be None."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> str:
        """Name the smallest part that is known."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"


def day_of(taken_at: str | None) -> Day | None:
    """Read an ISO 8601 date or date and time; None for none and for one that cannot be true."""
    found = _DATE.match(taken_at or "")
    if not found or str(taken_at).startswith(_NEVER_SET):
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not _FIRST_PHOTOGRAPH <= year <= _LAST_YEAR:
        return None
    return Day(year, month, day) if _exists(year, month, day) else None


def season(when: Day | None, latitude: float | None) -> str | None:
    """Name the meteorological season (three whole months) at *latitude*, in degrees north."""
    if when is None or when.month is None or latitude is None:
        return None
    if not _TROPIC < abs(latitude) <= 90:
        return None
    half_year = 0 if latitude > 0 else 2
    return _SEASONS[(when.month % 12 // 3 + half_year) % 4]


def _exists(year: int, month: int | None, day: int | None) -> bool:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return month != 0 and day != 0
