"""Which town is near a point on the earth: the largest and nearest one, never "in" it.

The table holds the places of GeoNames with 5000 inhabitants or more, and the seats of
administrations below that; a smaller village is not known. It is made by ``scripts/make_places``.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_EARTH_KM = 6371.0
_FURTHEST_KM = 20.0
# Added to every distance, so that a suburb under one's feet does not outweigh its city.
_WITHIN_KM = 3.0
_UNITS_PER_DEGREE = 10_000
# Coordinates rounded to a tenth of a degree, or more, are off by up to 8 km: for privacy, or
# because somebody only noted the region.
_COARSE_PER_DEGREE = 10
_EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Place:
    """A town, the ISO 3166 code of the country it is in, and how many kilometres off."""

    name: str
    country: str
    km: float


@dataclass(frozen=True, slots=True)
class _Table:
    """One row per town, from south to north: 1/10000 degrees, inhabitants, country, name."""

    latitude: NDArray[np.int32]
    longitude: NDArray[np.int32]
    people: NDArray[np.int32]
    country: NDArray[np.bytes_]
    names: bytes
    ends: NDArray[np.int64]

    def name(self, row: int) -> str:
        """Spell the name of the town in *row*."""
        start = int(self.ends[row - 1]) + 1 if row else 0
        return self.names[start : int(self.ends[row])].decode("utf-8")


class Places:
    """The towns of the world; the table is loaded (20 ms, 4 MB) when first asked."""

    def near(self, latitude: float, longitude: float) -> Place | None:
        """Name the town that draws most to a point in degrees; None where none is within 20 km.

        Towns draw by inhabitants / (km + 3)^2. Nothing is near to coordinates that cannot be,
        that hold an exact zero, or that are rounded to a tenth of a degree.
        """
        if not _is_exact(latitude, longitude):
            return None
        table = self._table
        reach = _FURTHEST_KM / _EARTH_KM * 180 / math.pi
        low, high = np.searchsorted(
            table.latitude,
            [(latitude - reach) * _UNITS_PER_DEGREE, (latitude + reach) * _UNITS_PER_DEGREE],
        )
        rows = slice(int(low), int(high))
        km = distances_km(latitude, longitude, table.latitude[rows], table.longitude[rows])
        draw = np.maximum(table.people[rows], 1) / (km + _WITHIN_KM) ** 2 * (km <= _FURTHEST_KM)
        if not draw.any():
            return None
        best = int(draw.argmax())
        row = rows.start + best
        return Place(table.name(row), table.country[row].decode("ascii"), round(float(km[best]), 1))

    @cached_property
    def _table(self) -> _Table:
        with (
            resources.files(__package__).joinpath("places.npz").open("rb") as stream,
            np.load(stream, allow_pickle=False) as columns,
        ):
            names = columns["names"]
            ends = np.append(np.flatnonzero(names == ord("\n")), len(names))
            return _Table(
                columns["latitude"],
                columns["longitude"],
                columns["people"],
                columns["country"],
                names.tobytes(),
                ends,
            )


def _is_exact(latitude: float, longitude: float) -> bool:
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return False  # also what is no number
    if latitude == 0 or longitude == 0:
        return False
    coarse = (degrees * _COARSE_PER_DEGREE for degrees in (latitude, longitude))
    return any(abs(steps - round(steps)) > _EXACT * _COARSE_PER_DEGREE for steps in coarse)


def distances_km(
    latitude: float, longitude: float, south: NDArray[np.int32], east: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Give great-circle distances from a point in degrees to others in 1/10000 (haversine)."""
    norths = np.radians(south / _UNITS_PER_DEGREE)
    turns = np.radians(east / _UNITS_PER_DEGREE - longitude)
    north = math.radians(latitude)
    half = np.sin((norths - north) / 2) ** 2
    half += math.cos(north) * np.cos(norths) * np.sin(turns / 2) ** 2
    nearest: NDArray[np.float64] = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return nearest
