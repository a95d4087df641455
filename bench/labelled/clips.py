"""Short films whose truth is known: cuts, motion, sound, subtitles and texts, dealt by dice.

Every film has a plot, a sound track and a container, each dealt on its own, so that what is seen
says nothing about what is heard. Without the synthesizer nobody speaks in them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.labelled import films, plots, speech, titles, tracks
from bench.labelled.dice import dice
from bench.labelled.example import Example, Truth
from bench.labelled.films import CONTAINERS, Subtitles
from bench.labelled.plots import Plot
from bench.labelled.sounds import Dice
from bench.labelled.tracks import Track

PLOTS: dict[str, tuple[int, Callable[[Dice], Plot]]] = {
    "still": (45, plots.plain("still", 0, 0)),
    "slides": (60, plots.plain("still", 1, 4)),
    "calm": (45, plots.plain("some", 0, 0)),
    "calm-cuts": (50, plots.plain("some", 1, 3)),
    "wild": (50, plots.plain("much", 0, 0)),
    "wild-cuts": (60, plots.plain("much", 1, 3)),
    "alike": (12, plots.plain("still", 1, 3, alike=True)),
    "flash": (10, plots.flashing),
    "strobe": (5, plots.strobing),
    "lamp": (5, plots.switched),
    "fade": (12, plots.fading),
    "melt": (12, plots.melting),
    "whip": (8, plots.whipping),
    "near": (8, plots.passing),
    "cloud": (8, plots.dimming),
    "titled": (65, titles.titled),
}
"""How many of each plot, and how it is made."""
_BARE = ("calm", "alike", "near")
"""Plots in whose pictures nothing is written, of which one can be sure."""
_SHARES = {"mp4": 5, "mkv": 3, "mkv-ass": 2, "webm": 3, "avi": 2}


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound track to be made, and what is true of it."""

    kind: str
    track: Track | None
    truths: Mapping[str, Truth]


def clips() -> Iterator[Example]:
    """Give the films one by one; none is made yet."""
    plotted = [kind for kind, (count, _) in PLOTS.items() for _ in range(count)]
    sounds = list(_sounds(len(plotted)))
    dealt = dice("sounds of the clips").permutation(len(plotted))
    for number, kind in enumerate(plotted):
        yield _clip(f"clip-{number:03}-{kind}", kind, sounds[dealt[number]])


def _sounds(count: int) -> Iterator[Sound]:
    """Give *count* sounds: each kind as often as it is wanted, and films without a track."""
    spoken = tracks.SPOKEN if speech.available() else {}
    groups = ((spoken, True, False), (tracks.UNSPOKEN, False, False), (tracks.SILENT, False, True))
    wanted = [
        Sound(kind, track, tracks.heard(said, silent))
        for group, said, silent in groups
        for kind, (often, track) in group.items()
        for _ in range(often)
    ]
    yield from wanted[:count]
    yield from (Sound("soundless", None, {}) for _ in range(count - len(wanted)))


def _clip(name: str, kind: str, sound: Sound) -> Example:
    chance = dice(name)
    plot = PLOTS[kind][1](chance)
    shares = [key for key, often in _SHARES.items() for _ in range(often)]
    container = shares[chance.integers(len(shares))]
    titled, truths = titles.subtitled(chance, container, plot.reel.seconds)
    bare: dict[str, Truth] = {"text": (), "code": ()} if kind in _BARE else {}
    truths = {**plot.truths, **sound.truths, **truths, **bare}
    make = partial(_made, name, kind, sound.track, container, titled)
    return Example(name, f"{kind} {sound.kind}", make, truths, float(plot.reel.fps))


def _made(
    name: str,
    kind: str,
    track: Track | None,
    container: str,
    subtitles: tuple[Subtitles, ...],
    folder: Path,
) -> Path:
    reel = PLOTS[kind][1](dice(name)).reel
    chance = dice(f"{name} as filmed")
    sound = None if track is None else track(chance, reel.seconds)
    into = CONTAINERS[container]
    path = folder / f"{name}{into.suffix}"
    return films.write(path, into, reel.pictures(chance), reel.fps, sound, subtitles)
