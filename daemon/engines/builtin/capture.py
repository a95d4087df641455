"""State what the headers and the name of a file tell: origin, lens, season, light of day, place."""

from collections.abc import Iterator

from daemon.engines.builtin.places import Places
from daemon.engines.builtin.sun import daylight, height, moment
from daemon.engines.builtin.when import day_of, season
from metadata.asset import Asset
from metadata.description import Fact

METADATA, RULE = "metadata", "rule"


def facts(asset: Asset, places: Places) -> Iterator[Fact]:
    """State the facts that hold for *asset*; those that are not certain are left out."""
    if asset.origin is not None:
        yield Fact(asset.origin, True, METADATA)
    if asset.lens is not None:
        yield Fact("lens", asset.lens, METADATA)
    found = season(day_of(asset.taken_at), asset.latitude)
    if found:
        yield Fact("season", found, RULE)
    if asset.latitude is None or asset.longitude is None:
        return
    if abs(asset.latitude) <= 90 and abs(asset.longitude) <= 180:
        yield from _sun(asset.taken_at, asset.latitude, asset.longitude)
        yield from _place(asset.latitude, asset.longitude, places)


def _sun(taken_at: str | None, latitude: float, longitude: float) -> Iterator[Fact]:
    at = moment(taken_at, longitude)
    if at is not None:
        degrees = round(height(latitude, longitude, at), 1) + 0.0  # no minus zero
        yield Fact("sun_height", degrees, RULE)
        yield Fact("daylight", daylight(degrees), RULE)


def _place(latitude: float, longitude: float, places: Places) -> Iterator[Fact]:
    near = places.near(latitude, longitude)
    if near is not None:
        yield Fact("place", near.name, RULE)
        yield Fact("country", near.country, RULE)
        yield Fact("place_km", near.km, RULE)
