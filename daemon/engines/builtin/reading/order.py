"""Put what was read in order: pieces into lines, lines as a person reads them. Pure geometry.

Everything is turned first so that most of the writing runs to the right, and what runs another way
comes after it. A line comes before another when it stands above it in the same column, or to the
left of it with nothing in between that spans both (T. Breuel, "High Performance Document Layout
Analysis", 2003); so columns are kept together, and a headline stays above them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.engines.builtin.reading.places import Corners

ASKEW = np.cos(np.radians(30))
DIRECTED = 2.0  # times as long as high: what is shorter has no direction that can be relied on
GAP = 1.5  # heights between words of one line
SAME_ROW = 0.5  # share of the lower one's height


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Letters in a row; *corners* begin where the reading begins.

    *score* is how sure the letters are, *seen* how sure it is that something is written there.
    """

    corners: Corners
    text: str
    score: float
    seen: float = 1.0

    @property
    def along(self) -> NDArray[np.float32]:
        """Point from the first letter to the last, in pixels."""
        return np.asarray(self.corners[1] - self.corners[0], np.float32)

    @property
    def length(self) -> float:
        """Measure along the writing, in pixels."""
        return float(np.linalg.norm(self.along))

    @property
    def height(self) -> float:
        """Measure across the writing, in pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def directed(self) -> bool:
        """Tell whether it is long enough to show which way it runs."""
        return self.length >= DIRECTED * self.height


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Pieces next to each other, and the upright box around them once all is turned."""

    pieces: tuple[Piece, ...]
    left: float
    top: float
    right: float
    bottom: float

    def __add__(self, other: "Row") -> "Row":
        return Row(
            self.pieces + other.pieces,
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip

    @property
    def height(self) -> float:
        """Measure from top to bottom."""
        return self.bottom - self.top

    @property
    def figures(self) -> bool:
        """Tell whether it is a number, a price or a date rather than words."""
        text = "".join(piece.text for piece in self.pieces)
        return 2 * sum(map(str.isdigit, text)) >= sum(map(str.isalnum, text)) > 0

    def beside(self, other: "Row") -> bool:
        """Tell whether both stand in one row."""
        common = min(self.bottom, other.bottom) - max(self.top, other.top)
        return common > SAME_ROW * min(self.height, other.height)


def lines(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Give the lines in reading order, each with its pieces from first to last."""
    left = list(pieces)
    ordered: list[tuple[Piece, ...]] = []
    while left:
        way = _way(left)
        together = [piece for piece in left if not piece.directed or _runs(piece, way)]
        together = together or left
        ordered += [row.pieces for row in _read(_joined(_boxed(together, way)))]
        left = [piece for piece in left if piece not in together]
    return ordered


def _way(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """Find the direction in which most runs, as a vector of length 1."""
    longest = max(pieces, key=lambda piece: (piece.directed, piece.length))
    way = _unit(longest.along)
    alike = [piece.along for piece in pieces if piece.directed and _runs(piece, way)]
    return _unit(np.sum(alike, 0)) if alike else np.array([1.0, 0.0])


def _runs(piece: Piece, way: NDArray[np.float64]) -> bool:
    return bool(_unit(piece.along) @ way > ASKEW)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float64]:
    length = max(float(np.linalg.norm(vector)), 1e-6)
    return np.asarray(vector, np.float64) / length


def _boxed(pieces: Sequence[Piece], way: NDArray[np.float64]) -> list[Row]:
    turn = np.array([[way[0], -way[1]], [way[1], way[0]]])
    rows = []
    for piece in pieces:
        turned = piece.corners @ turn
        (left, top), (right, bottom) = turned.min(0), turned.max(0)
        rows.append(Row((piece,), float(left), float(top), float(right), float(bottom)))
    return rows


def _joined(rows: Sequence[Row]) -> list[Row]:
    """Join the words of a line, and a figure with the line that it stands in."""
    joined: list[Row] = []
    for row in sorted(rows, key=lambda row: (row.left, row.top)):
        near = [other for other in joined if _continues(other, row)]
        if near:
            before = max(near, key=lambda other: other.right)
            joined[joined.index(before)] = before + row
        else:
            joined.append(row)
    return joined


def _continues(before: Row, row: Row) -> bool:
    if not before.beside(row):
        return False
    high = min(before.height, row.height)
    gap = row.left - before.right
    return -high < gap < GAP * high or (gap > 0 and row.figures)


def _read(rows: Sequence[Row]) -> list[Row]:
    """Sort so that every row comes after those that are read before it."""
    rows = sorted(rows, key=lambda row: (row.top, row.left))
    earlier = _earlier(rows)
    seen: set[int] = set()
    return [rows[number] for first in range(len(rows)) for number in _up_to(first, earlier, seen)]


def _up_to(number: int, earlier: NDArray[np.bool_], seen: set[int]) -> Iterator[int]:
    if number in seen:
        return
    seen.add(number)
    for other in np.flatnonzero(earlier[:, number]):
        yield from _up_to(int(other), earlier, seen)
    yield number


def _earlier(rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Tell for each pair whether the first is read before the second."""
    left, top, right, bottom = np.array([[r.left, r.top, r.right, r.bottom] for r in rows]).T
    over = (left[:, None] < right) & (left < right[:, None])
    above = over & ((top + bottom)[:, None] < top + bottom)
    beside = ~over & (right[:, None] <= left)
    highest = np.minimum(top[:, None], top)
    lowest = np.maximum(bottom[:, None], bottom)
    for number in range(len(rows)):
        spans = over[number]
        between = (bottom[number] > highest) & (top[number] < lowest)
        beside &= ~(spans[:, None] & spans & between)
    return np.asarray(above | beside)
