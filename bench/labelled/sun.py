"""How high the sun stands: by the spherical triangle, with the series of J. W. Spencer (1971).

*Fourier series representation of the position of the sun*, Search 2(5), p. 172: declination to
0.0006 rad, equation of time to 0.0025 rad, in all under a quarter of a degree; no refraction.
"""

from datetime import UTC, datetime
from math import asin, cos, degrees, pi, radians, sin


def sun_height(moment: datetime, latitude: float, longitude: float) -> float:
    """Give the height of the sun's centre above the horizon in degrees."""
    utc = moment.astimezone(UTC)
    hours = utc.hour + utc.minute / 60 + utc.second / 3600
    day = 2 * pi / 365 * (utc.timetuple().tm_yday - 1 + hours / 24)
    declination = (
        0.006918
        - 0.399912 * cos(day)
        + 0.070257 * sin(day)
        - 0.006758 * cos(2 * day)
        + 0.000907 * sin(2 * day)
        - 0.002697 * cos(3 * day)
        + 0.00148 * sin(3 * day)
    )
    ahead = (
        0.000075
        + 0.001868 * cos(day)
        - 0.032077 * sin(day)
        - 0.014615 * cos(2 * day)
        - 0.040849 * sin(2 * day)
    )
    angle = (hours - 12) * pi / 12 + radians(longitude) + ahead
    north = radians(latitude)
    return degrees(asin(sin(north) * sin(declination) + cos(north) * cos(declination) * cos(angle)))
