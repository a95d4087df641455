"""Choose which colours are worth telling, and how; not how they were measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.engines.builtin.colours import NEUTRAL, prominence
from metadata.description import Colour, FactValue

_MOSTLY = 0.12
_HALF = 0.5
_MOST_MAIN = 3
_MOST_TOUCHES = 2
# From here on a colour stands out in black and white, and alone is the whole picture.
_DOMINANT = 0.6
_WHOLE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colouring:
    """What is told of colours; *palette* has every named one, *main* and *touches* the told ones.

    *mono* is black-and-white, *plain* one single colour, *many* so mixed that none prevails.
    """

    mono: bool = False
    plain: bool = False
    many: bool = False
    palette: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()


def colouring(measured: tuple[Colour, ...], known: Mapping[str, FactValue]) -> Colouring:
    """Sum up the *measured* colours, the largest first, and the facts about them."""
    mono = bool(known.get("black_and_white"))
    # The faint hue of old paper or of JPEG is no colour of a black-and-white picture.
    colours = tuple(c for c in measured if not mono or c.name in NEUTRAL)
    many = _many(colours) and not mono
    main = colours[:_MOST_MAIN] if many else _main(colours, mono)
    return Colouring(
        mono=mono,
        plain=known.get("contrast") == "low" and any(c.share >= _WHOLE for c in colours),
        many=many,
        palette=tuple(colour.name for colour in colours),
        main=tuple(colour.name for colour in main),
        touches=() if mono or many else _touches(colours, main),
    )


def _many(colours: tuple[Colour, ...]) -> bool:
    return 0 < sum(sorted(colour.share for colour in colours)[-_MOST_MAIN:]) < _HALF


def _main(colours: tuple[Colour, ...], mono: bool) -> tuple[Colour, ...]:
    if mono:
        return tuple(colour for colour in colours if colour.share >= _DOMINANT)
    mostly = [colour for colour in colours if colour.share >= _MOSTLY][:_MOST_MAIN]
    return tuple(mostly) or colours[:1]


def _touches(colours: tuple[Colour, ...], main: tuple[Colour, ...]) -> tuple[str, ...]:
    rest = [c for c in colours if c not in main and c.share < _MOSTLY and c.name not in NEUTRAL]
    rest.sort(key=prominence, reverse=True)
    return tuple(colour.name for colour in rest[:_MOST_TOUCHES])
