"""What happens in a film, and what is therefore true of its cuts and its motion.

``still``: nothing moves. ``some``: the camera turns slowly, or a few things cross the picture.
``much``: all that is seen moves fast. What lies between is no truth here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bench.labelled.example import Truth
from bench.labelled.reel import Camera, Reel, Shot
from bench.labelled.scenes import Dice, Palette, Thing, another, backdrop, palette

SIZES = ((256, 144), (320, 180), (240, 180), (144, 256))
PACES = (12, 15, 24, 25, 30)
_ROOM = 3
"""How many times wider than a picture a backdrop is."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A film without its sound, and the claims that can be judged on it."""

    reel: Reel
    truths: dict[str, Truth]


def moving(kind: str | None) -> dict[str, Truth]:
    """Give the truths of the motion *kind*; none where it is doubtful."""
    known = ("still", "some", "much") if kind else ()
    return {f"motion:{one}": one == kind for one in known}


def locked(chance: Dice) -> Camera:
    """Stand still."""
    x, y = chance.random(2)
    return lambda at_s: (x, y, 1.0)


def panning(chance: Dice, speed: float) -> Camera:
    """Turn by *speed* picture widths a second, to and fro where the backdrop ends."""
    begin, y, way = chance.random(), chance.random(), chance.choice([-1, 1])

    def seen(at_s: float) -> tuple[float, float, float]:
        along = (begin + way * speed * at_s / (_ROOM - 1)) % 2
        return min(along, 2 - along), y, 1.0

    return seen


def zooming(chance: Dice, speed: float) -> Camera:
    """Come nearer by *speed* of the picture's width a second, or go back."""
    x, y, near = chance.random(), chance.random(), chance.random() < 0.5
    return lambda at_s: (x, y, 1 + speed * (at_s if near else max(0.0, 8 - at_s)))


def shaking(chance: Dice, reach: float) -> Camera:
    """Tremble by *reach* of the picture's width as a running hand does: 3 to 7 times a second."""
    x, y = chance.uniform(0.3, 0.7, 2)
    paces, begins = chance.uniform(3, 7, (2, 3)), chance.uniform(0, 2 * np.pi, (2, 3))

    def seen(at_s: float) -> tuple[float, float, float]:
        along, down = np.sin(2 * np.pi * paces * at_s + begins).sum(axis=1) * reach / 2
        return x + along / (_ROOM - 1), float(np.clip(y + down, 0, 1)), 1.0

    return seen


def thing(chance: Dice, of: Palette, side: float, speed: float) -> Thing:
    """Make one shape that moves by *speed* picture widths a second."""
    start = (chance.random(), chance.uniform(0.2, 0.8))
    paint = another(chance, of).paints(chance, 3)[0]
    return Thing(paint, side, start, (chance.choice([-1, 1]) * speed, 0.0), chance.random() < 0.5)


def shot(chance: Dice, seconds: float, size: tuple[int, int], of: Palette, kind: str) -> Shot:
    """Take one shot in which the motion is of *kind*."""
    seed, room = int(chance.integers(1 << 30)), (_ROOM * size[0], round(1.5 * size[1]))
    ground = lambda: backdrop(np.random.default_rng(seed), room, of)  # noqa: E731
    if kind == "still":
        return Shot(seconds, ground, locked(chance))
    return Shot(seconds, ground, *(_calm if kind == "some" else _wild)(chance, of))


def film(chance: Dice, kind: str, cuts: int, alike: bool = False) -> Reel:
    """Film shots with *cuts* between them; *alike* in the same colours, else clearly others."""
    size = SIZES[chance.integers(len(SIZES))]
    shots, of = [], palette(chance)
    for _ in range(cuts + 1):
        seconds = chance.uniform(1.2, 2.6) if cuts else chance.uniform(4, 6)
        shots.append(shot(chance, seconds, size, of, kind))
        of = of if alike else another(chance, of)
    if cuts == 1:
        shots = [replace(one, seconds=one.seconds + 1) for one in shots]
    grain = float(chance.choice([0, 2, 4, 7]))
    return Reel(tuple(shots), size, int(chance.choice(PACES)), grain)


def plain(kind: str, fewest: int, most: int, alike: bool = False) -> Callable[[Dice], Plot]:
    """Plot films of one kind of motion with *fewest* to *most* cuts."""

    def plot(chance: Dice) -> Plot:
        reel = film(chance, kind, int(chance.integers(fewest, most + 1)), alike)
        return Plot(reel, {**counted(reel), **moving(kind)})

    return plot


def counted(reel: Reel) -> dict[str, Truth]:
    """Give the truths of cuts and shots."""
    return {"cuts": reel.cuts_s, "shots": float(len(reel.shots))}


def flashing(chance: Dice) -> Plot:
    """Fire a photographer's flash: one or two pictures are much brighter. No cut."""
    reel = film(chance, "still", 0)
    flashes = chance.uniform(0.8, reel.seconds - 0.8, int(chance.integers(1, 4)))
    long = chance.integers(1, 3) / reel.fps
    light = lambda at_s: 2.5 if any(start <= at_s < start + long for start in flashes) else 1.0  # noqa: E731
    return Plot(replace(reel, light=light), counted(reel))


def strobing(chance: Dice) -> Plot:
    """Light a dance floor: on and off several times a second. No cut."""
    reel = film(chance, "some", 0)
    pace = chance.uniform(3, 6)
    return Plot(
        replace(reel, light=lambda at_s: 1.0 if at_s * pace % 1 < 0.5 else 0.35), counted(reel)
    )


def switched(chance: Dice) -> Plot:
    """Switch a lamp on or off at once, by a third. No cut."""
    reel = film(chance, "still", 0)
    at, ratio = chance.uniform(1, reel.seconds - 1), chance.choice([0.68, 1.35])
    return Plot(replace(reel, light=lambda at_s: 1.0 if at_s < at else ratio), counted(reel))


def fading(chance: Dice) -> Plot:
    """Fade in from black and out into it, each in about a second. No cut."""
    reel = film(chance, str(chance.choice(["still", "some"])), 0)
    rise = chance.uniform(0.6, 1.2)
    light = lambda at_s: float(np.clip(min(at_s, reel.seconds - at_s) / rise, 0, 1))  # noqa: E731
    return Plot(replace(reel, light=light), counted(reel))


def melting(chance: Dice) -> Plot:
    """Dissolve one shot into the next. No cut, and how many shots that makes is doubtful."""
    reel = film(chance, str(chance.choice(["still", "some"])), int(chance.integers(1, 3)))
    slow = tuple(replace(one, seconds=one.seconds + 1) for one in reel.shots)
    return Plot(replace(reel, shots=slow, melt_s=chance.uniform(0.7, 1.3)), {"cuts": ()})


def whipping(chance: Dice) -> Plot:
    """Turn the camera round in a third of a second, blurring nothing. No cut."""
    reel = film(chance, "still", 0)
    first = reel.shots[0]
    begin, length, y = (
        chance.uniform(1, reel.seconds - 1.5),
        chance.uniform(0.3, 0.5),
        chance.random(),
    )
    camera: Camera = lambda at_s: (float(np.clip((at_s - begin) / length, 0, 1)), y, 1.0)  # noqa: E731
    return Plot(replace(reel, shots=(replace(first, camera=camera),)), counted(reel))


def passing(chance: Dice) -> Plot:
    """Let something large pass close to the camera in half a second. No cut."""
    reel = film(chance, "still", 0)
    near = thing(chance, palette(chance), chance.uniform(0.8, 1.1), chance.uniform(1.2, 2.2))
    return Plot(replace(reel, shots=(replace(reel.shots[0], things=(near,)),)), counted(reel))


def dimming(chance: Dice) -> Plot:
    """Let a cloud pass: it slowly gets darker and lighter again. No cut."""
    reel = film(chance, "some", 0)
    pace = chance.uniform(0.15, 0.4)
    light = lambda at_s: 0.75 + 0.25 * float(np.cos(2 * np.pi * pace * at_s))  # noqa: E731
    return Plot(replace(reel, light=light), counted(reel))


def _calm(chance: Dice, of: Palette) -> tuple[Camera, tuple[Thing, ...]]:
    way = chance.integers(3)
    if way == 0:
        return panning(chance, chance.uniform(0.1, 0.2)), ()
    if way == 1:
        return zooming(chance, chance.uniform(0.05, 0.1)), ()
    moved = [
        thing(chance, of, chance.uniform(0.25, 0.4), chance.uniform(0.2, 0.4)) for _ in range(2)
    ]
    return locked(chance), tuple(moved)


def _wild(chance: Dice, of: Palette) -> tuple[Camera, tuple[Thing, ...]]:
    way = chance.integers(3)
    if way == 0:
        return shaking(chance, 0.12), ()
    if way == 1:
        return panning(chance, chance.uniform(0.9, 1.6)), ()
    moved = [
        thing(chance, of, chance.uniform(0.3, 0.6), chance.uniform(0.9, 1.6)) for _ in range(8)
    ]
    return locked(chance), tuple(moved)
