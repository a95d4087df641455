"""Choose what is worth saying of the facts, once, for every language."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.engines.builtin.colours import NEUTRAL, prominence
from daemon.engines.builtin.when import Day, day_of
from metadata.asset import Asset, MediaKind
from metadata.description import Colour, Description, FactValue

_MOSTLY = 0.12
_HALF = 0.5
_MOST_MAIN = 3
_MOST_TOUCHES = 2
# From here on a colour stands out in black and white, and alone is the whole picture.
_DOMINANT = 0.6
_WHOLE = 1.0
_LONGEST_CAMERA = 60
# What a fact says, in the order it is told, as the names that tags and catalogs share.
_TRAITS = {
    ("light", "dark"): "dark",
    ("light", "bright"): "bright",
    ("contrast", "high"): "high-contrast",
    ("contrast", "low"): "low-contrast",
    ("colourfulness", "vivid"): "vivid-colours",
    ("colourfulness", "muted"): "muted-colours",
    ("warmth", "warm"): "warm-colours",
    ("warmth", "cool"): "cool-colours",
    ("aspect", "panorama"): "panorama",
}
_OF_ONE_COLOUR = ("dark", "bright", "panorama")


class Kind(StrEnum):
    """What the caption calls the thing; a photo is what names a camera."""

    PHOTO = "photo"
    PICTURE = "picture"
    ANIMATION = "animation"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What will be said; *palette* has every named colour, *main* and *touches* the told ones.

    *mono* is black-and-white, *plain* one single colour, *many* so mixed that none prevails.
    """

    kind: Kind
    mono: bool = False
    plain: bool = False
    many: bool = False
    palette: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    aspect: str = "landscape"
    duration_s: float | None = None
    shots: int | None = None
    sound: bool | None = None
    day: Day | None = None
    season: str | None = None
    camera: str | None = None


def gist(asset: Asset, said: Description) -> Gist:
    """Sum up what was measured in *said* and what *asset* knows from its headers."""
    known = {fact.name: fact.value for fact in said.look.facts}
    mono = bool(known.get("black_and_white"))
    # The faint hue of old paper or of JPEG is no colour of a black-and-white picture.
    colours = tuple(c for c in said.look.colours if not mono or c.name in NEUTRAL)
    plain = known.get("contrast") == "low" and any(c.share >= _WHOLE for c in colours)
    many = _many(colours) and not mono
    main = colours[:_MOST_MAIN] if many else _main(colours, mono)
    return Gist(
        kind=_kind(asset, known),
        mono=mono,
        plain=plain,
        many=many,
        palette=tuple(colour.name for colour in colours),
        main=tuple(colour.name for colour in main),
        touches=() if mono or many else _touches(colours, main),
        traits=_traits(known, plain),
        aspect=str(known.get("aspect", "landscape")),
        duration_s=asset.duration_s if asset.kind is MediaKind.VIDEO else None,
        shots=said.video.shots if said.video else None,
        sound=said.video.sound if said.video else None,
        day=day_of(asset.taken_at),
        season=str(known["season"]) if "season" in known else None,
        camera=_camera(asset),
    )


def _kind(asset: Asset, known: dict[str, FactValue]) -> Kind:
    if asset.kind is MediaKind.VIDEO:
        return Kind.VIDEO
    if known.get("animated"):
        return Kind.ANIMATION
    return Kind.PHOTO if _camera(asset) else Kind.PICTURE


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


def _traits(known: dict[str, FactValue], plain: bool) -> tuple[str, ...]:
    """List what stands out; a single colour has its light, but no contrast or strength."""
    traits = [trait for (name, value), trait in _TRAITS.items() if known.get(name) == value]
    told = [trait for trait in traits if not plain or trait in _OF_ONE_COLOUR]
    return (*told, "transparent") if "transparent" in known else tuple(told)


def _camera(asset: Asset) -> str | None:
    """Take the camera's name without anything that could not be printed in a sentence."""
    words = "".join(c if c.isprintable() else " " for c in asset.camera or "").split()
    return " ".join(words)[:_LONGEST_CAMERA].strip() or None
