"""How high the sun stood when something was taken, and what light that is.

Formula: the low-precision coordinates of the Sun of the Astronomical Almanac (section C), as given
by the US Naval Observatory ("Computing Approximate Solar Coordinates"), with its expression for
mean sidereal time: right to 0.02 degrees from 1800 to 2200, refraction left out.
"""

import math
from datetime import UTC, datetime, timedelta

from daemon.engines.builtin.when import day_of

# Photographers' golden hour; below the nautical twilight it is night to every eye.
_GOLDEN_FROM, _GOLDEN_TO = -4.0, 6.0
_NIGHT = -12.0
_NOON_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_A_DAY = timedelta(days=1)
# No zone on earth is further from the time of the sun: western China 3.1 h, Alaska in summer 3.4.
_FURTHEST_ZONE_H = 4.0


def moment(taken_at: str | None, longitude: float) -> datetime | None:
    """Read the moment that *taken_at* means at *longitude*; None where that is not certain.

    An offset of zero is what many films and cameras say that only know the local time, and one
    that no zone at *longitude* has can be that of a camera whose clock alone was set on the way.
    """
    if day_of(taken_at) is None:
        return None
    try:
        at = datetime.fromisoformat(str(taken_at))
    except ValueError:
        return None
    offset = at.utcoffset()
    if not offset:
        return None
    apart = (offset.total_seconds() / 3600 - longitude / 15 + 12) % 24 - 12
    return at.astimezone(UTC) if abs(apart) <= _FURTHEST_ZONE_H else None


def height(latitude: float, longitude: float, at: datetime) -> float:
    """Give the height of the sun's centre above the horizon in degrees, negative below it."""
    days = (at - _NOON_2000) / _A_DAY
    anomaly = math.radians(357.529 + 0.98560028 * days)
    mean = 280.459 + 0.98564736 * days
    ecliptic = math.radians(mean + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439 - 0.00000036 * days)
    ascension = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(tilt) * math.sin(ecliptic))
    sidereal_h = 18.697374558 + 24.06570982441908 * days
    hour_angle = math.radians(sidereal_h * 15 + longitude) - ascension
    north = math.radians(latitude)
    sine = math.sin(north) * math.sin(declination)
    sine += math.cos(north) * math.cos(declination) * math.cos(hour_angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def daylight(degrees: float) -> str:
    """Name the light at that height of the sun: night, twilight, golden-hour or day."""
    if degrees < _NIGHT:
        return "night"
    if degrees < _GOLDEN_FROM:
        return "twilight"
    return "golden-hour" if degrees <= _GOLDEN_TO else "day"
