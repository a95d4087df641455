"""Towns that everyone finds on a map, and places far from any."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

_CITIES = Path(__file__).with_name("cities.tsv")
# Seas, ice and deserts as boxes of latitude and longitude without a village for many kilometres.
_WILDS: tuple[tuple[float, float, float, float], ...] = (
    (30, 45, -170, -140),  # North Pacific
    (-50, -32, -125, -95),  # South Pacific
    (30, 44, -50, -36),  # North Atlantic
    (-33, -20, -28, -16),  # South Atlantic
    (-45, -22, 82, 100),  # Indian Ocean
    (-64, -56, 20, 160),  # Southern Ocean
    (-88, -79, -180, 180),  # Antarctica
    (71, 78, -45, -34),  # Greenland's ice
    (84, 89.5, -180, 180),  # the Arctic Ocean
    (25.2, 26.2, 25.6, 26.6),  # the Libyan Desert
    (19, 20.5, 50, 53),  # the Empty Quarter
    (-26, -23.5, 124.5, 127),  # the Gibson Desert
    (38.3, 38.9, 82, 83.2),  # the Taklamakan
    (68, 70, 94, 98),  # the Putorana mountains
    (65, 67, -106, -100),  # the Barren Grounds
)


@dataclass(frozen=True, slots=True)
class Town:
    """A town by the names it goes by, its country (ISO 3166), and its centre in degrees."""

    names: tuple[str, ...]
    country: str
    latitude: float
    longitude: float


def towns() -> tuple[Town, ...]:
    """Read the list."""
    rows = [row.split("\t") for row in _CITIES.read_text("utf-8").splitlines() if row[0] != "#"]
    return tuple(Town(tuple(n.split("|")), c, float(y), float(x)) for n, c, y, x in rows)


def wild(chance: np.random.Generator) -> tuple[float, float]:
    """Choose a latitude and longitude far from every settlement."""
    south, north, west, east = _WILDS[int(chance.integers(len(_WILDS)))]
    return float(chance.uniform(south, north)), float(chance.uniform(west, east))
