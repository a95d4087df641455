"""Gists with everything that changes the grammar of a caption, for the tests of the catalogs."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.colouring import Colouring
from daemon.engines.builtin.colours import TERMS
from daemon.engines.builtin.gist import Gist, Kind
from daemon.engines.builtin.quote import Quote
from daemon.engines.builtin.when import Day

TRAITS = (
    "blurry", "transparent", "panorama", "dark", "bright", "high-contrast", "low-contrast",
    "vivid-colours", "muted-colours", "warm-colours", "cool-colours",
)  # fmt: skip
SEASONS = ("spring", "summer", "autumn", "winter")
CODES = ("qr", "data-matrix", "matrix", "barcode")
SOUNDS = ("none", "silent", "speech", "no-speech", "track")
DAYLIGHTS = ("golden-hour", "night")
MOTIONS = ("still", "much")
NOTE = Quote("BYE BYE CREDIT CARD DEBT", 4, whole=True)


class Listening(Catalog):
    """A catalog that notes which messages were asked for, with which variables."""

    heard: dict[str, set[str]]

    @classmethod
    def to(cls, catalog: Catalog) -> "Listening":
        listening = cls(catalog.bundle, catalog.locale)
        object.__setattr__(listening, "heard", {})
        return listening

    def say(self, name: str, /, **values: str | int | float) -> str:
        self.heard.setdefault(name.split(".")[0], set()).update(values)
        return super().say(name, **values)


def gists() -> Iterator[Gist]:
    yield from _leads()
    yield from _contents()
    yield from _videos()
    yield from _looks()
    yield from _origins()


def fullest() -> Gist:
    """Everything at once, as long as it gets."""
    return Gist(
        kind=Kind.VIDEO,
        colouring=Colouring(main=("orange", "purple", "yellow"), palette=TERMS),
        traits=TRAITS,
        quote=Quote("W" * 39 + " " + "W" * 39 + " " + "W" * 40, 6, whole=True),
        text_language="pt",
        codes=tuple((kind, 20) for kind in CODES),
        duration_s=35999.0,
        shots=12345,
        motion="still",
        sound="no-speech",
        subtitles=("en", "pt", "de"),
        day=Day(2023, 12, 31),
        season="autumn",
        daylight="golden-hour",
        place="W" * 60,
        country="BA",
        camera="W" * 60,
        lens="M" * 60,
    )


def _leads() -> Iterator[Gist]:
    mains = ((), ("orange",), ("brown", "yellow"), ("black", "green", "teal"))
    touches = ((), ("orange",), ("blue", "brown"))
    for kind, main, touch in itertools.product(Kind, mains, touches):
        told = Colouring(main=main, touches=touch)
        yield Gist(kind=kind, colouring=told)
        yield Gist(kind=kind, colouring=replace(told, many=True))
    for kind in Kind:
        yield Gist(kind=kind, colouring=Colouring(mono=True, main=("grey",)))
        yield Gist(kind=kind, colouring=Colouring(plain=True, main=("red",)))
    for term in TERMS:
        yield Gist(kind=Kind.PICTURE, colouring=Colouring(plain=True, main=(term,)))
        yield Gist(kind=Kind.PICTURE, colouring=Colouring(main=(term,), touches=(term,)))


def _contents() -> Iterator[Gist]:
    codes = ((), *(((kind, n),) for kind in CODES for n in (1, 2, 21)), (("qr", 1), ("barcode", 2)))
    quotes = (
        None,
        NOTE,
        Quote("STOP", 1, whole=True),
        Quote("Invoice", 1, whole=False),
        Quote("A B", 28, whole=False),
    )
    for kind, code, quote in itertools.product((Kind.PHOTO, Kind.VIDEO), codes, quotes):
        colours = Colouring(main=("red", "brown"), touches=("blue",))
        yield Gist(kind=kind, colouring=colours, codes=code, quote=quote, unread=quote is None)


def _videos() -> Iterator[Gist]:
    for length in (0.0, 0.4, 1.0, 9.96, 60.0, 95.0, 3599.6, 7322.0, 36000.0):
        yield Gist(kind=Kind.VIDEO, duration_s=length)
    for shots, sound in itertools.product((None, 1, 2, 1234), (None, *SOUNDS)):
        yield Gist(kind=Kind.VIDEO, shots=shots, sound=sound, duration_s=75.0)
    subtitles = (None, (), ("en",), ("es", "fr", "ja"), ("und", "pt"), ("en", "es", "fr", "de"))
    for motion, languages in itertools.product((None, *MOTIONS), subtitles):
        yield Gist(
            kind=Kind.VIDEO, motion=motion, sound="speech", subtitles=languages, traits=TRAITS[3:7]
        )


def _looks() -> Iterator[Gist]:
    for trait, season in itertools.product(TRAITS, SEASONS):
        yield Gist(kind=Kind.PHOTO, traits=(trait,), day=Day(2024, 8), season=season)


def _origins() -> Iterator[Gist]:
    kinds = (Kind.PHOTO, Kind.VIDEO, Kind.SCREENSHOT)
    days = (None, Day(2024), Day(2024, 8), Day(2024, 4, 1), Day(2023, 12, 31))
    places = ((None, None), ("Agra", "IN"), ("Le Havre", "FR"), ("Nowhere", "QQ"), ("X", None))
    tools = ((None, None), ("Easel One", None), ("Easel One", "Zoom 1-2mm"))
    lights = itertools.cycle((None, *DAYLIGHTS, None))
    for kind, day, (place, country), (camera, lens) in itertools.product(
        kinds, days, places, tools
    ):
        yield Gist(
            kind=kind,
            day=day,
            place=place,
            country=country,
            camera=camera,
            lens=lens,
            daylight=next(lights),
            season="autumn" if day else None,
        )
