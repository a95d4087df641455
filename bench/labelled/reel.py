"""A film as a plan: shots of a backdrop, how the camera moves, what happens to the light."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from PIL import Image

from bench.labelled.scenes import Canvas, Dice, Thing

View: TypeAlias = tuple[float, float, float]
"""The left and upper edge of what the camera sees, 0 to 1 of the room it has; the zoom, from 1."""
Camera: TypeAlias = Callable[[float], View]
Ground: TypeAlias = Callable[[], Canvas]
"""Draws a backdrop, the same every time."""
Light: TypeAlias = Callable[[float], float]
"""How bright everything is at a second; 1 is as painted."""
_GRAIN_SIDE = 640


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot: it lasts *seconds*; *stuck* is painted over it, as a title is, with its place."""

    seconds: float
    backdrop: Ground
    camera: Camera
    things: tuple[Thing, ...] = ()
    stuck: tuple[tuple[Canvas, int, int], ...] = ()

    def picture(self, ground: Canvas, at_s: float, size: tuple[int, int]) -> Canvas:
        """Paint what is seen of *ground* and before it *at_s* seconds into the shot."""
        seen = _seen(ground, self.camera(at_s), size)
        for thing in self.things:
            thing.onto(seen, at_s)
        for label, left, top in self.stuck:
            seen[top : top + label.shape[0], left : left + label.shape[1]] = label
        return seen


@dataclass(frozen=True, slots=True)
class Reel:
    """Shots one after the other; *melt_s* is how long one melts into the next, 0 for cuts."""

    shots: tuple[Shot, ...]
    size: tuple[int, int]
    fps: int
    grain: float = 0.0
    melt_s: float = 0.0
    light: Light = field(default=lambda at_s: 1.0)

    @property
    def seconds(self) -> float:
        """Give the length."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def spans_s(self) -> tuple[tuple[float, float], ...]:
        """Give the first second of each shot and of what comes after it, on whole pictures."""
        ends = np.cumsum([0.0, *(shot.seconds for shot in self.shots)])
        edges = [float(np.ceil(max(0.0, end * self.fps - 1e-6))) / self.fps for end in ends]
        return tuple(pairwise(edges))

    @property
    def cuts_s(self) -> tuple[float, ...]:
        """Give the second of the first picture of each shot but the first; none if they melt."""
        return () if self.melt_s else tuple(start for start, _ in self.spans_s[1:])

    def pictures(self, dice: Dice) -> Iterator[Canvas]:
        """Paint every picture."""
        specks = dice.normal(0, max(self.grain, 1e-6), (_GRAIN_SIDE, _GRAIN_SIDE, 3))
        specks, grounds, spans = specks.astype(np.int16), _Grounds(self.shots), self.spans_s
        for number in range(round(self.seconds * self.fps)):
            at_s = number / self.fps
            picture = self._lit(self._melted(grounds, spans, at_s), at_s)
            if self.grain:
                down, right = dice.integers(0, _GRAIN_SIDE - max(self.size), 2)
                fallen = specks[down : down + self.size[1], right : right + self.size[0]]
                picture = np.clip(picture + fallen, 0, 255).astype(np.uint8)
            yield picture

    def _lit(self, picture: Canvas, at_s: float) -> Canvas:
        light = self.light(at_s)
        return picture if light == 1 else np.clip(picture * light, 0, 255).astype(np.uint8)

    def _melted(
        self, grounds: "_Grounds", spans: tuple[tuple[float, float], ...], at_s: float
    ) -> Canvas:
        number = max(place for place, (start, _) in enumerate(spans) if start <= at_s + 1e-6)
        start, end = spans[number]
        picture = self.shots[number].picture(grounds[number], at_s - start, self.size)
        left = end - at_s
        if left >= self.melt_s or number + 1 == len(self.shots):
            return picture
        following = self.shots[number + 1].picture(grounds[number + 1], 0, self.size)
        share = 1 - left / self.melt_s
        return (picture * (1 - share) + following * share).astype(np.uint8)


class _Grounds(dict[int, Canvas]):
    """The backdrops by the number of their shots, each drawn when it is first seen."""

    def __init__(self, shots: tuple[Shot, ...]) -> None:
        super().__init__()
        self._shots = shots

    def __missing__(self, number: int) -> Canvas:
        self[number] = self._shots[number].backdrop()
        return self[number]


def _seen(ground: Canvas, view: View, size: tuple[int, int]) -> Canvas:
    x, y, zoom = view
    wide, tall = size[0] / zoom, size[1] / zoom
    left, top = x * (ground.shape[1] - wide), y * (ground.shape[0] - tall)
    if zoom == 1:
        column, row = round(left), round(top)
        return ground[row : row + size[1], column : column + size[0]].copy()
    box = (left, top, left + wide, top + tall)
    return np.array(Image.fromarray(ground).resize(size, Image.Resampling.BILINEAR, box))
