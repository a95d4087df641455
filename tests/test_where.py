"""Place, season and light of day in what the engine says: only where the headers allow it."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.engines.builtin import Builtin, capture
from daemon.engines.builtin.places import Places, distances_km
from daemon.engines.builtin.when import day_of
from daemon.media.identify import identify
from daemon.media.told import told_by, told_by_film
from metadata.asset import MediaKind
from metadata.description import FactValue
from tests import drawn
from tests.paintings import plain, work

GPS_DATE = "2024-07-03T20:45:11+01:00"


@pytest.fixture(scope="module")
def places() -> Places:
    return Places()


def said(places: Places, **known: Any) -> dict[str, FactValue]:
    item = work(plain((9, 9, 9)), **known)
    return {fact.name: fact.value for fact in capture.facts(item.asset, places)}


@pytest.mark.parametrize(
    ("latitude", "longitude", "name", "country"),
    [
        (48.85837, 2.29448, "Paris", "FR"),  # the Eiffel tower, not the hamlet Vanves
        (40.4168, -3.7038, "Madrid", "ES"),
        (38.6979, -9.4215, "Cascais", "PT"),
        (27.1751, 78.0421, "Agra", "IN"),
        (46.2044, 6.1432, "Geneva", "CH"),
        (43.7384, 7.4246, "Monaco", "MC"),
        (47.5576, 10.7498, "Füssen", "DE"),
        (-33.8568, 151.2153, "Sydney", "AU"),
        (-54.8019, -68.303, "Ushuaia", "AR"),
        (78.2232, 15.6267, "Longyearbyen", "SJ"),
        (-16.4332, 179.3645, "Labasa", "FJ"),
        (-14.2933, -178.1583, "Leava", "WF"),
        (48.80124, 2.13029, "Versailles", "FR"),
    ],
)
def test_the_town_that_people_would_name_is_near(
    places: Places, latitude: float, longitude: float, name: str, country: str
) -> None:
    near = places.near(latitude, longitude)
    assert near is not None
    assert (near.name, near.country) == (name, country)
    assert 0 <= near.km <= 20


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(-13.1631, -72.545), (30.12345, -40.45678), (89.99991, 12.34567), (-89.99991, 0.00123),
     (65.80001, -179.99991), (-16.78312, 179.99991), (25.12345, 12.34567)],
)  # fmt: skip
def test_where_no_town_is_near_none_is_named(
    places: Places, latitude: float, longitude: float
) -> None:
    assert places.near(latitude, longitude) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (0.0, 0.0), (48.85837, 0.0), (0.0, 2.29448), (90.0, 180.0), (91.3, 2.29448),
        (48.85837, 181.3), (-90.00001, 2.3), (float("nan"), 2.29448), (48.85837, float("nan")),
        (float("inf"), 2.29448), (48.85837, float("-inf")), (1e300, 2.29448),
        (49.0, 2.0), (48.9, 2.3), (48.5, 2.5),
    ],
)  # fmt: skip
def test_coordinates_that_cannot_be_or_are_coarse_have_no_place(
    places: Places, latitude: float, longitude: float
) -> None:
    assert places.near(latitude, longitude) is None
    assert "place" not in said(places, latitude=latitude, longitude=longitude)


@pytest.mark.parametrize("latitude", [float("nan"), float("inf"), 91.5, -1e9])
def test_of_impossible_coordinates_nothing_at_all_is_said(places: Places, latitude: float) -> None:
    for where in ((latitude, 2.29448), (48.85837, latitude * 1e3)):
        told = said(places, latitude=where[0], longitude=where[1], taken_at=GPS_DATE)
        assert not told.keys() & {"place", "sun_height", "daylight", "country", "place_km"}


def test_distances_are_right_also_across_the_date_line_and_the_pole() -> None:
    def km(latitude: float, longitude: float, south: float, east: float) -> float:
        rows = (np.array([round(degrees * 10_000)], np.int32) for degrees in (south, east))
        return float(distances_km(latitude, longitude, *rows)[0])

    degree = 6371 * np.pi / 180
    assert km(0.0, 179.5, 0.0, -179.5) == pytest.approx(degree, rel=1e-6)
    assert km(89.5, 0.0, 89.5, 180.0) == pytest.approx(degree, rel=1e-4)
    assert km(48.8566, 2.3522, 51.5074, -0.1278) == pytest.approx(343.6, abs=0.5)
    assert km(10.0, 20.0, -10.0, -160.0) == pytest.approx(180 * degree, rel=1e-6)
    assert km(10.0, 20.0, 10.0, 20.0) == 0


def test_the_table_is_loaded_once_and_asked_quickly() -> None:
    begun = time.process_time()
    places = Places()
    places.near(48.85837, 2.29448)
    assert time.process_time() - begun < 0.15
    begun = time.process_time()
    for step in range(200):
        places.near(35.68123 + step / 1e5, 139.69123)
    assert (time.process_time() - begun) / 200 < 0.001


def test_what_is_known_is_said_in_one_order(places: Places) -> None:
    told = said(places, latitude=38.6979, longitude=-9.4215, taken_at=GPS_DATE, lens="35mm F2",
                origin="document")  # fmt: skip
    assert list(told) == [
        "document", "lens", "season", "sun_height", "daylight", "place", "country", "place_km",
    ]  # fmt: skip
    assert told["season"] == "summer"
    assert told["daylight"] == "golden-hour"
    assert (told["place"], told["country"], told["place_km"]) == ("Cascais", "PT", 0.1)


def test_of_a_bare_file_nothing_is_said(places: Places) -> None:
    assert said(places) == {}
    assert said(places, taken_at=GPS_DATE) == {}
    assert said(places, latitude=48.85837) == said(places, longitude=2.29448) == {}


@pytest.mark.parametrize(
    "taken_at", ["0000:00:00 00:00:00", "0000-00-00T00:00:00+02:00", "2099-12-31T12:00:00+02:00",
                 "1825-07-03T12:00:00+02:00", "2024-02-30T12:00:00+02:00", "2051-01-01T12:00+02:00",
                 "2036-02-07T06:28:15+02:00", "2040-02-06T06:28:15+02:00", "yesterday"],
)  # fmt: skip
def test_of_an_impossible_date_neither_season_nor_light_is_said(
    places: Places, taken_at: str
) -> None:
    assert day_of(taken_at) is None
    told = said(places, taken_at=taken_at, latitude=38.6979, longitude=-9.4215)
    assert not told.keys() & {"season", "sun_height", "daylight"}
    assert told["place"] == "Cascais"


def test_the_time_of_a_film_in_utc_claims_no_light(places: Places) -> None:
    film = {"kind": MediaKind.VIDEO, "latitude": 38.6979, "longitude": -9.4215}
    assert "daylight" not in said(places, taken_at="2024-07-03T19:20:11+00:00", **film)
    assert "daylight" in said(places, taken_at=GPS_DATE, **film)


def test_bad_places_never_get_past_the_headers() -> None:
    nan, zero = float("nan"), (0.0, 0.0, 0.0)
    for north, east in ((zero, zero), ((nan, 0.0, 0.0), (2.0, 0.0, 0.0)), ((95.0, 0.0, 0.0), zero),
                        ((1.0, 0.0), zero), (("a", "b", "c"), zero)):  # fmt: skip
        told = told_by({}, {}, {1: "N", 2: north, 3: "E", 4: east})
        assert (told.latitude, told.longitude) == (None, None)
    for place in ("+00.0000+000.0000/", "+nan+nan/", "+95.0+010.0/", "here", ""):
        told = told_by_film({"com.apple.quicktime.location.ISO6709": place})
        assert (told.latitude, told.longitude) == (None, None)


def test_the_engine_says_it_with_its_basis() -> None:
    item = work(plain((9, 9, 9)), latitude=38.6979, longitude=-9.4215, taken_at=GPS_DATE,
                lens="35mm F2", origin="screenshot")  # fmt: skip
    (seen,) = Builtin().look([item])
    basis = {fact.name: fact.basis for fact in seen.look.facts}
    assert basis["screenshot"] == basis["lens"] == "metadata"
    assert {basis[name] for name in ("season", "daylight", "place", "country")} == {"rule"}


@pytest.mark.parametrize(
    ("gps", "taken", "claims"),
    [
        ((38.6979, -9.4215), GPS_DATE, {"season", "daylight", "place", "country"}),
        ((38.6979, -9.4215), "2024-07-03T20:45:11", {"season", "place", "country"}),
        ((38.6979, -9.4215), "0000:00:00 00:00:00", {"place", "country"}),
        ((38.6979, -9.4215), "2099:07:03 12:00:00", {"place", "country"}),
        ((0.0, 0.0), GPS_DATE, set()),
        (None, GPS_DATE, set()),
    ],
)
def test_from_the_file_to_the_claim(
    tmp_path: Path,
    places: Places,
    gps: tuple[float, float] | None,
    taken: str,
    claims: set[str],
) -> None:
    path = drawn.jpeg(tmp_path / "a.jpg", gps=gps, taken=taken)
    asset = identify(path, 10**8, lambda path: None)
    told = {fact.name: fact.value for fact in capture.facts(asset, places)}
    assert told.keys() - {"sun_height", "place_km"} == claims
    assert told.get("place") in (None, "Cascais")
