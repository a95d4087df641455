"""Pictures as arrays with a known truth, for the tests of the builtin engine."""

from pathlib import Path
from typing import Any

import numpy as np

from daemon.engines import Seen, Work
from daemon.engines.builtin import Builtin
from daemon.media.frames import Frames, Picture
from metadata.asset import Asset, MediaKind, Stat
from metadata.description import Description, FactValue

Rgb = tuple[int, int, int]


def plain(colour: Rgb, width: int = 320, height: int = 240) -> Picture:
    return np.full((height, width, 3), colour, np.uint8)


def ramp(top: Rgb, bottom: Rgb, width: int = 320, height: int = 240) -> Picture:
    part = np.linspace(0, 1, height)[:, None, None]
    rows = np.array(top) * (1 - part) + np.array(bottom) * part
    return np.repeat(rows.round().astype(np.uint8), width, axis=1)


def paint(picture: Picture, colour: Rgb, left: int, top: int, width: int, height: int) -> Picture:
    picture[top : top + height, left : left + width] = colour
    return picture


def house(note: Rgb | None = None, side: int = 60) -> Picture:
    """A cream house with a brown roof under a blue sky; perhaps with a square note before it."""
    picture = ramp((140, 185, 225), (175, 205, 230))
    paint(picture, (95, 140, 75), 0, 180, 320, 60)
    paint(picture, (120, 85, 70), 50, 50, 160, 40)
    paint(picture, (235, 222, 195), 60, 90, 140, 100)
    return paint(picture, note, 200, 110, side, side) if note else picture


def noisy(picture: Picture, sigma: float) -> Picture:
    grain = np.random.default_rng(7).normal(0, sigma, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def greyed(picture: Picture) -> Picture:
    return np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)


def work(*pictures: Picture, seen: Frames | None = None, **known: Any) -> Work:
    """Put *pictures* of one asset on their way; *known* are fields of Asset."""
    frames = seen or Frames(pictures)
    height, width = frames.pictures[0].shape[:2] if frames.pictures else (1, 1)
    fields = {
        "path": Path("a.jpg"),
        "kind": MediaKind.IMAGE,
        "format": "jpeg",
        "content": "sha256:0",
        "stat": Stat(0, 0, 0, 0, 0),
        "width": width,
        "height": height,
    }
    return Work(Asset(**{**fields, **known}), frames, Description())


def looked(engine: Builtin, item: Work) -> Work:
    """Take along what looking gave."""
    (seen,) = engine.look([item])
    return item.with_description(Description(look=seen.look, video=seen.video))


def facts(seen: Seen) -> dict[str, FactValue]:
    return {fact.name: fact.value for fact in seen.look.facts}
