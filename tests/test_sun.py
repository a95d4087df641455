"""The height of the sun against published positions, and when nothing is said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from daemon.engines.builtin.sun import daylight, height, moment

RISEN = -0.833  # the centre of the sun at sunrise and sunset, by every almanac's definition


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_position_agrees_with_a_worked_example() -> None:
    # J. Meeus, Astronomical Algorithms, examples 25.a and 28.a, for 13 October 1992, 0h:
    # declination -7.78507 degrees, equation of time +13 min 42.6 s.
    below = (12 - (13 * 60 + 42.6) / 3600) * 15
    assert height(-7.78507, below, at("1992-10-13T00:00+00:00")) == pytest.approx(90, abs=0.02)
    assert height(7.78507, below - 180, at("1992-10-13T00:00+00:00")) == pytest.approx(
        -90, abs=0.02
    )


@pytest.mark.parametrize(
    ("latitude", "day", "declination"),
    [
        (51.4779, "2024-06-20", 23.436), (51.4779, "2024-12-21", -23.436),
        (66.56, "2024-12-21", -23.436), (-33.87, "2024-12-21", -23.436),
        (-33.87, "2024-06-20", 23.436), (23.436, "2024-06-20", 23.436), (0.0, "2024-06-20", 23.436),
    ],
)  # fmt: skip
def test_at_noon_of_a_solstice_the_height_is_geometry(
    latitude: float, day: str, declination: float
) -> None:
    minutes = (at(f"{day}T00:00+00:00") + timedelta(minutes=n) for n in range(24 * 60))
    highest = max(height(latitude, 0, minute) for minute in minutes)
    within = 0.15 if latitude == declination else 0.02  # the zenith is passed within a minute
    assert highest == pytest.approx(90 - abs(latitude - declination), abs=within)


def test_at_the_poles_the_height_is_the_declination_all_day() -> None:
    for hour in range(24):
        june = datetime(2024, 6, 20, hour, tzinfo=UTC)
        assert height(90, 0, june) == pytest.approx(23.436, abs=0.02)
        assert height(-90, 77, june) == pytest.approx(-23.436, abs=0.02)


@pytest.mark.parametrize(
    ("latitude", "longitude", "moment", "within"),
    [
        # London, to the second: "Summer solstice London", Diamond Geezer's blog, 20 June 2025.
        (51.5, -0.125, "2025-06-21T04:42:38+01:00", 0.07),
        (51.5, -0.125, "2025-06-21T21:22:06+01:00", 0.07),
        (51.5, -0.125, "2025-06-15T04:42:13+01:00", 0.07),
        (51.5, -0.125, "2025-06-15T21:20:07+01:00", 0.07),
        # Printed almanacs, to the minute: London, New York, Sydney, Tokyo, Reykjavik.
        (51.5074, -0.1278, "2024-12-21T08:04+00:00", 0.15),
        (51.5074, -0.1278, "2024-12-21T15:53+00:00", 0.15),
        (40.7128, -74.006, "2024-06-20T05:25-04:00", 0.2),
        (40.7128, -74.006, "2024-06-20T20:30-04:00", 0.2),
        (40.7128, -74.006, "2024-12-21T07:17-05:00", 0.2),
        (40.7128, -74.006, "2024-12-21T16:32-05:00", 0.2),
        (-33.8688, 151.2093, "2024-12-21T05:41+11:00", 0.2),
        (-33.8688, 151.2093, "2024-06-21T16:54+10:00", 0.2),
        (35.6762, 139.6503, "2024-06-21T04:26+09:00", 0.2),
        (35.6762, 139.6503, "2024-06-21T19:00+09:00", 0.2),
        (64.1466, -21.9426, "2024-06-21T02:55+00:00", 0.1),
        (64.1466, -21.9426, "2024-06-22T00:04+00:00", 0.1),
    ],
)
def test_the_sun_rises_and_sets_when_almanacs_say(
    latitude: float, longitude: float, moment: str, within: float
) -> None:
    assert height(latitude, longitude, at(moment)) == pytest.approx(RISEN, abs=within)


@pytest.mark.parametrize(
    ("degrees", "name"),
    [(-90.0, "night"), (-12.1, "night"), (-12.0, "twilight"), (-4.1, "twilight"),
     (-4.0, "golden-hour"), (0.0, "golden-hour"), (6.0, "golden-hour"), (6.1, "day"),
     (90.0, "day")],
)  # fmt: skip
def test_the_light_has_a_name_at_every_height(degrees: float, name: str) -> None:
    assert daylight(degrees) == name


@pytest.mark.parametrize(
    ("taken_at", "longitude"),
    [
        (None, 10.2),
        ("", 10.2),
        ("2024-07-03", 10.2),
        ("2024-07-03T18:20:11", 10.2),  # no offset
        ("2024-07-03T18:20:11+00:00", 10.2),  # a film's, mostly the local time in disguise
        ("2024-01-03T18:20:11+00:00", -0.12),
        ("2024-07-03T18:20:11-00:00", -0.12),
        ("2024-07-03T18:20:11Z", -0.12),
        ("2024-07-03T18:20:11+99:00", 10.2),
        ("0000-00-00T00:00:00+02:00", 10.2),
        ("2099-07-03T18:20:11+02:00", 10.2),
        ("1804-07-03T18:20:11+02:00", 10.2),
        ("1970-01-01T00:00:00+02:00", 10.2),
        ("2024-07-03T18:20:11+02:00", 139.7),  # a camera that was left at home's zone
        ("2024-07-03T18:20:11+02:00", float("nan")),
    ],
)
def test_without_a_certain_moment_there_is_none(taken_at: str | None, longitude: float) -> None:
    assert moment(taken_at, longitude) is None


@pytest.mark.parametrize(
    ("taken_at", "longitude"),
    [
        ("2024-07-03T18:20:11+02:00", 10.2),
        ("2024-07-03T18:20:11+02:00", -9.2),  # Galicia in summer
        ("2024-07-03T18:20:11+08:00", 74.0),  # Kashgar
        ("2024-07-03T18:20:11+14:00", -157.4),  # Kiritimati, across the date line
        ("2024-07-03T18:20:11-08:00", -168.0),  # western Alaska
        ("2024-07-03T18:20:11+05:45", 85.3),
        ("2024-01-01T00:30:00+13:00", 174.8),
    ],
)
def test_every_zone_on_earth_is_believed(taken_at: str, longitude: float) -> None:
    assert moment(taken_at, longitude) == at(taken_at)
