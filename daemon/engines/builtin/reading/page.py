"""Read one picture: find places, spell them whichever way up they are, and put them in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from daemon.engines.builtin.reading.letters import Spelled, Speller
from daemon.engines.builtin.reading.order import Piece, lines
from daemon.engines.builtin.reading.places import Finder, Place
from daemon.engines.builtin.reading.sieve import SURE, line_of
from daemon.media.frames import Picture

AT_A_GLANCE = 736
CLOSELY = 1280
SMALL = 11.0


@dataclass(frozen=True, slots=True)
class Page:
    """What was read in one picture: its lines in order, and the places that could not be read."""

    lines: tuple[str, ...] = ()
    unread: int = 0


@dataclass(slots=True)
class Turned:
    """Which way up writing was read last, lying and standing: the next is likely the same."""

    over: dict[bool, bool] = field(default_factory=lambda: {False: False, True: False})


class PageReader:
    """Reads single pictures."""

    def __init__(self, finder: Finder, speller: Speller) -> None:
        self._finder = finder
        self._speller = speller

    def read(self, picture: Picture) -> Page:
        """Give the lines that stand in *picture*."""
        pieces = list(self._pieces(picture, self._places(picture)))
        return Page(tuple(filter(None, map(line_of, lines(pieces)))))

    def _places(self, picture: Picture) -> list[Place]:
        """Look once, and once more where there seems to be small print."""
        places = self._finder.places(picture, AT_A_GLANCE)
        shrunk = AT_A_GLANCE / max(picture.shape)
        heights = [place.height * shrunk for place in places]
        if shrunk >= 1 or not heights or np.median(heights) >= SMALL:
            return places
        return self._finder.places(picture, CLOSELY)

    def _pieces(self, picture: Picture, places: list[Place]) -> Iterator[Piece]:
        turned = Turned()
        for place in places:
            yield self._piece(picture, place, turned)

    def _piece(self, picture: Picture, place: Place, turned: Turned) -> Piece:
        along = place.corners[1] - place.corners[0]
        stands = bool(abs(along[1]) > abs(along[0]))
        best, over = Spelled(), False
        for over_first in (turned.over[stands], not turned.over[stands]):
            corners = np.roll(place.corners, 2, 0) if over_first else place.corners
            spelled = self._speller.spell(picture, corners)
            if spelled.score > best.score:
                best, over = spelled, over_first
            if best.score >= 0.95:
                break
        if best.score >= SURE:
            turned.over[stands] = over
        corners = np.roll(place.corners, 2, 0) if over else place.corners
        return Piece(corners, best.text, best.score)
