"""Read one picture: find places, spell them whichever way up they are, and put them in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from daemon.engines.builtin.reading.letters import Speller
from daemon.engines.builtin.reading.order import Piece, lines
from daemon.engines.builtin.reading.places import Finder, Place
from daemon.engines.builtin.reading.sieve import SURE, line_of, sifted
from daemon.media.frames import Picture

AT_A_GLANCE, CLOSELY = 736, 1280
"""The longer side in pixels: at the first all print of 16 pixels on a sheet of 1600 is found."""
SMALL = 11.0
"""The height of print, as seen at a glance, from which on more is found by looking closely."""
CLEAR = 0.95
"""What is spelled as surely as this need not be turned over to see whether it gets clearer."""
FAINT = 8
PATCH = 8


@dataclass(frozen=True, slots=True)
class Page:
    """What was read in one picture: its lines in order, and the places that could not be read."""

    lines: tuple[str, ...] = ()
    unread: int = 0


class PageReader:
    """Reads single pictures."""

    def __init__(self, finder: Finder, speller: Speller) -> None:
        self._finder = finder
        self._speller = speller

    def read(self, picture: Picture, most: float) -> Page:
        """Give the lines that stand in *picture*, of *most* times their height in length."""
        if _blank(picture):
            return Page()
        places = _affordable(self._places(picture), most)
        sure, unread = sifted(list(self._pieces(picture, places)))
        return Page(tuple(filter(None, map(line_of, lines(sure)))), unread)

    def _places(self, picture: Picture) -> list[Place]:
        """Look once, and once more where there seems to be small print."""
        places = self._finder.places(picture, AT_A_GLANCE)
        shrunk = AT_A_GLANCE / max(picture.shape)
        heights = [place.height * shrunk for place in places]
        if shrunk >= 1 or not heights or np.median(heights) >= SMALL:
            return places
        return self._finder.places(picture, CLOSELY)

    def _pieces(self, picture: Picture, places: Iterable[Place]) -> Iterator[Piece]:
        """Spell every place first the way up in which the last one like it made sense."""
        turned = {True: False, False: False}
        for place in places:
            over = turned[place.stands]
            piece = self._spelled(picture, place, over)
            if piece.score < CLEAR:
                other = self._spelled(picture, place, not over)
                if other.score > piece.score:
                    piece, over = other, not over
            if piece.score >= SURE:
                turned[place.stands] = over
            yield piece

    def _spelled(self, picture: Picture, place: Place, over: bool) -> Piece:
        corners = np.roll(place.corners, 2, 0) if over else place.corners
        spelled = self._speller.spell(picture, corners)
        return Piece(corners, spelled.text, spelled.score, place.score)


def _blank(picture: Picture) -> bool:
    """Tell whether nowhere two pixels near each other differ enough to be letters and paper."""
    few = picture[::2, ::2]
    rows, columns = (np.arange(0, length, PATCH) for length in few.shape[:2])
    high = np.maximum.reduceat(np.maximum.reduceat(few, rows, 0), columns, 1)
    low = np.minimum.reduceat(np.minimum.reduceat(few, rows, 0), columns, 1)
    return int((high - low).max()) < FAINT


def _affordable(places: Sequence[Place], most: float) -> Iterator[Place]:
    """Take the longest places, together *most* times their height in length."""
    for place in places:
        most -= place.length / max(place.height, 1.0)
        if most < 0:
            return
        yield place
