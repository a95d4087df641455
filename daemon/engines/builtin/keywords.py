"""Turn a gist into English keywords, and keywords into other languages."""

import re
from collections.abc import Iterable, Iterator

from daemon.engines.builtin import names
from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.colours import TERMS
from daemon.engines.builtin.gist import Gist, Kind

MOST = 25
"""How many tags a file gets at most."""
_LONGEST_BYTES = 64
_NOT_IN_TAGS = re.compile(r"[,|/;]+")
_NEAR = "near "
_TEXT_IN = "text in "
_MESSAGES = {
    name: f"tag-{name.lower().replace(' ', '-')}"
    for name in (
        "video", "animation", "screenshot", "document", "graphic", "black and white", "dark",
        "bright", "high contrast", "low contrast", "vivid colours", "muted colours",
        "warm colours", "cool colours", "blurry", "panorama", "square", "transparent", "text",
        "QR code", "barcode", "Data Matrix", "matrix code", "speech", "subtitles", "silent",
        "sound track", "spring", "summer", "autumn", "winter", "golden hour", "night",
    )
} | {term: f"colour-{term}.name" for term in TERMS}  # fmt: skip
_KINDS = (Kind.VIDEO, Kind.ANIMATION, Kind.SCREENSHOT, Kind.DOCUMENT, Kind.GRAPHIC)
_CODES = {
    "qr": "QR code",
    "barcode": "barcode",
    "data-matrix": "Data Matrix",
    "matrix": "matrix code",
}
_SOUNDS = {
    "none": ("silent",),
    "silent": ("silent",),
    "speech": ("speech", "sound track"),
    "no-speech": ("sound track",),
    "track": ("sound track",),
}
NAMES = tuple(_MESSAGES)


def keywords(gist: Gist) -> tuple[str, ...]:
    """List keywords, the most prominent first; where they are too many, faint colours go."""
    kind = [str(gist.kind)] if gist.kind in _KINDS else []
    mono = ["black and white"] if gist.colouring.mono else []
    rest = [*_look(gist), *_text(gist), *_origin(gist), *_hearing(gist)]
    room = MOST - len(kind) - len(mono) - len(rest)
    return (*kind, *mono, *gist.colouring.palette[:room], *rest)


def translated(tags: Iterable[str], catalog: Catalog) -> dict[str, str]:
    """Give those of *tags* that the engine itself uses in the language of *catalog*."""
    words = ((tag, _translated(tag, catalog)) for tag in tags)
    return {tag: word for tag, word in words if word}


def _look(gist: Gist) -> Iterator[str]:
    yield from (trait.replace("-", " ") for trait in gist.traits)
    if gist.aspect == "square":
        yield "square"


def _text(gist: Gist) -> Iterator[str]:
    if gist.quote:
        yield "text"
        language = names.in_english(gist.text_language) if gist.text_language else None
        if language:
            yield f"{_TEXT_IN}{language}"
    yield from (_CODES[kind] for kind, _ in gist.codes)


def _origin(gist: Gist) -> Iterator[str]:
    if gist.season:
        yield gist.season
    if gist.daylight:
        yield gist.daylight.replace("-", " ")
    near = _clean(f"{_NEAR}{gist.place}") if gist.place else None
    if near:
        yield near


def _hearing(gist: Gist) -> Iterator[str]:
    yield from _SOUNDS[gist.sound] if gist.sound else ()
    if gist.subtitles is not None:
        yield "subtitles"


def _translated(tag: str, catalog: Catalog) -> str | None:
    if tag in _MESSAGES:
        return catalog.say(_MESSAGES[tag])
    if tag.startswith(_TEXT_IN):
        code = names.code_of(tag.removeprefix(_TEXT_IN))
        language = catalog.language(code) if code else None
        return catalog.say("tag-text-in", language=language) if language else None
    place = tag.removeprefix(_NEAR)
    # The towns of the engine begin with a capital; words of others, such as “near miss”, do not.
    if place == tag or place[:1].islower():
        return None
    return _clean(catalog.say("tag-near", place=place))


def _clean(tag: str) -> str | None:
    """Leave out what cannot stand in a tag; None for one that is too long for IPTC."""
    word = " ".join(_NOT_IN_TAGS.sub(" ", tag).split())
    return word if len(word.encode()) <= _LONGEST_BYTES else None
