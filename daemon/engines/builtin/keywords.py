"""Turn a gist into English keywords, and keywords into other languages."""

from collections.abc import Iterable

from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.colours import TERMS
from daemon.engines.builtin.gist import Gist, Kind

_MESSAGES = {
    name: f"tag-{name.replace(' ', '-')}"
    for name in (
        "video", "animation", "black and white", "dark", "bright", "high contrast", "low contrast",
        "vivid colours", "muted colours", "warm colours", "cool colours", "panorama", "square",
        "transparent", "sound track", "spring", "summer", "autumn", "winter",
    )
} | {term: f"colour-{term}.name" for term in TERMS}  # fmt: skip
_KINDS = {Kind.VIDEO: "video", Kind.ANIMATION: "animation"}
NAMES = tuple(_MESSAGES)


def keywords(gist: Gist) -> tuple[str, ...]:
    """List keywords, the most prominent first: kind, colours, light, shape, sound, season."""
    names = [
        _KINDS.get(gist.kind),
        "black and white" if gist.mono else None,
        *gist.palette,
        *(trait.replace("-", " ") for trait in gist.traits),
        "square" if gist.aspect == "square" else None,
        "sound track" if gist.sound else None,
        gist.season,
    ]
    return tuple(name for name in names if name)


def translated(names: Iterable[str], catalog: Catalog) -> dict[str, str]:
    """Give those of *names* that the engine itself uses in the language of *catalog*."""
    return {name: catalog.say(_MESSAGES[name]) for name in names if name in _MESSAGES}
