"""Choose what is worth saying of the facts, once, for every language."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from daemon.engines.builtin.colouring import Colouring, colouring
from daemon.engines.builtin.quote import Quote, language, plain, quote
from daemon.engines.builtin.when import Day, day_of
from metadata.asset import Asset, MediaKind
from metadata.description import Code, Description, FactValue

_LONGEST_NAME = 60
_MOST_TRAITS = 3
_MOST_TRAITS_OF_A_VIDEO = 2
# What a fact says, the most telling first, as the names that tags and catalogs share.
_TRAITS = {
    ("blurry", True): "blurry",
    ("aspect", "panorama"): "panorama",
    ("light", "dark"): "dark",
    ("light", "bright"): "bright",
    ("contrast", "high"): "high-contrast",
    ("contrast", "low"): "low-contrast",
    ("colourfulness", "vivid"): "vivid-colours",
    ("colourfulness", "muted"): "muted-colours",
    ("warmth", "warm"): "warm-colours",
    ("warmth", "cool"): "cool-colours",
}
_OF_ONE_COLOUR = ("dark", "bright", "panorama")
_WORDED_DAYLIGHT = ("golden-hour", "night")
_WORDED_MOTION = ("still", "much")
# Square codes, by how the name of their type begins; all others are stripes.
_SQUARES = {
    "qr": "qr", "micro qr": "qr", "rmqr": "qr", "data": "data-matrix", "aztec": "matrix",
    "maxicode": "matrix", "dotcode": "matrix", "han xin": "matrix",
}  # fmt: skip


class Kind(StrEnum):
    """What the caption calls the thing; a photo is what names a camera."""

    PHOTO = "photo"
    SCREENSHOT = "screenshot"
    DOCUMENT = "document"
    GRAPHIC = "graphic"
    PICTURE = "picture"
    ANIMATION = "animation"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What will be said.

    *codes* counts them by kind (qr, data-matrix, matrix, barcode); *sound* is none, silent,
    speech, no-speech or track; *subtitles* lists the languages known, None without subtitles.
    """

    kind: Kind
    colouring: Colouring = field(default_factory=Colouring)
    traits: tuple[str, ...] = ()
    aspect: str = "landscape"
    quote: Quote | None = None
    text_language: str | None = None
    unread: bool = False
    codes: tuple[tuple[str, int], ...] = ()
    duration_s: float | None = None
    shots: int | None = None
    motion: str | None = None
    sound: str | None = None
    subtitles: tuple[str, ...] | None = None
    day: Day | None = None
    season: str | None = None
    daylight: str | None = None
    place: str | None = None
    country: str | None = None
    camera: str | None = None
    lens: str | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """Choose the traits that a caption has room for."""
        video = self.kind is Kind.VIDEO
        return self.traits[: _MOST_TRAITS_OF_A_VIDEO if video else _MOST_TRAITS]

    @property
    def taken(self) -> bool:
        """Tell whether date and place are those of taking it, not of a scan or a drawing."""
        return self.camera is not None and self.kind in (Kind.PHOTO, Kind.VIDEO)


def gist(asset: Asset, said: Description) -> Gist:
    """Sum up what was measured and read in *said* and what *asset* knows from its headers."""
    known = {fact.name: fact.value for fact in said.look.facts}
    video = asset.kind is MediaKind.VIDEO
    told = colouring(said.look.colours, known)
    read = quote(said.text, once=video)
    return Gist(
        kind=_kind(asset, known),
        colouring=told,
        traits=_traits(known, told.plain),
        aspect=str(known.get("aspect", "landscape")),
        quote=read,
        text_language=language(said.text),
        unread=bool(known.get("unread_text")) and read is None,
        codes=_codes(said.codes),
        duration_s=asset.duration_s if video else None,
        shots=said.video.shots if said.video else None,
        motion=_one_of(_WORDED_MOTION, known.get("motion")),
        sound=_sound(said.video.sound, known) if said.video else None,
        subtitles=_subtitles(known.get("subtitles")),
        day=day_of(asset.taken_at),
        season=_name(known.get("season")),
        daylight=_one_of(_WORDED_DAYLIGHT, known.get("daylight")),
        place=_name(known.get("place")),
        country=_name(known.get("country")),
        camera=_name(asset.camera),
        lens=_name(known.get("lens")),
    )


def _kind(asset: Asset, known: Mapping[str, FactValue]) -> Kind:
    if asset.kind is MediaKind.VIDEO:
        return Kind.VIDEO
    evidence = {
        Kind.ANIMATION: known.get("animated"),
        Kind.SCREENSHOT: known.get("screenshot"),
        Kind.DOCUMENT: known.get("document"),
        Kind.PHOTO: _name(asset.camera),
        Kind.GRAPHIC: known.get("graphic"),
    }
    return next((kind for kind, given in evidence.items() if given), Kind.PICTURE)


def _traits(known: Mapping[str, FactValue], of_one_colour: bool) -> tuple[str, ...]:
    """List what stands out; a single colour has its light, but no contrast or strength."""
    traits = [trait for (name, value), trait in _TRAITS.items() if known.get(name) == value]
    told = [trait for trait in traits if not of_one_colour or trait in _OF_ONE_COLOUR]
    return ("transparent", *told) if "transparent" in known else tuple(told)


def _codes(codes: Iterable[Code]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(_kind_of(code.type.casefold()) for code in codes).items())


def _kind_of(name: str) -> str:
    return next((kind for start, kind in _SQUARES.items() if name.startswith(start)), "barcode")


def _sound(track: bool, known: Mapping[str, FactValue]) -> str:
    if not track:
        return "none"
    if known.get("silent"):
        return "silent"
    words = {True: "speech", False: "no-speech", None: "track"}
    return words[_truth(known.get("speech"))]


def _truth(value: FactValue | None) -> bool | None:
    return None if value is None else bool(value)


def _subtitles(value: FactValue | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    codes = [code.strip() for code in str(value).split(",")]
    return tuple(dict.fromkeys(code for code in codes if code and code != "und"))


def _one_of(words: Collection[str], value: FactValue | None) -> str | None:
    return str(value) if value in words else None


def _name(value: FactValue | None) -> str | None:
    """Take a name without anything that could not be printed in a sentence."""
    return plain(str(value))[:_LONGEST_NAME].strip() or None if value is not None else None
