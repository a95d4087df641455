"""Put a gist into one to three sentences, and into one for those who cannot see the picture."""

from collections.abc import Iterator
from functools import reduce

from daemon.engines import Texts
from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.gist import Gist
from daemon.engines.builtin.lead import colourless, kind, lead
from daemon.engines.builtin.origin import origin, whereabouts

# As Iptc4xmpCore:AltTextAccessibility asks.
LONGEST_ALT = 250
_MOST_NAMED_LANGUAGES = 3


def say(gist: Gist, catalog: Catalog) -> Texts:
    """Write caption and alternative text in the language of *catalog*."""
    first = lead(gist, catalog)
    made = [*_made(gist, catalog)]
    chains = (first, catalog.chain(made), catalog.chain(origin(gist, catalog)))
    sentences = [catalog.say("sentence", text=text) for text in chains if text]
    caption = reduce(lambda a, b: catalog.say("sentences", before=a, after=b), sentences)
    alts = _alts(gist, first, made, catalog)
    return Texts(caption, next(alt for alt in alts if len(alt) <= LONGEST_ALT))


def _alts(gist: Gist, first: str, made: list[str], catalog: Catalog) -> Iterator[str]:
    """Word the alternative text ever shorter: the place goes last, then colours, then text."""
    where = [place for place in [whereabouts(gist, catalog)] if place]
    for count in range(len(made), -1, -1):
        parts = [*made[:count], *where]
        yield _aside(first, parts, catalog)
    for shorter in (first, colourless(gist, catalog), kind(gist, catalog)):
        yield _aside(shorter, [], catalog)


def _aside(first: str, parts: list[str], catalog: Catalog) -> str:
    chain = catalog.chain(parts)
    whole = catalog.say("aside", before=first, after=chain) if chain else first
    return catalog.say("sentence", text=whole)


def _made(gist: Gist, catalog: Catalog) -> Iterator[str]:
    """Say how long a video is, how it is cut and how it sounds, then what stands out."""
    if gist.duration_s:
        yield catalog.length(gist.duration_s)
    if gist.shots is not None:
        yield catalog.say("shots", n=gist.shots)
    if gist.motion:
        yield catalog.say(f"motion-{gist.motion}")
    if gist.sound:
        yield catalog.say(f"sound-{gist.sound}")
    if gist.subtitles is not None:
        yield _subtitles(gist.subtitles, catalog)
    yield from (catalog.say(f"trait-{trait}") for trait in gist.told)


def _subtitles(codes: tuple[str, ...], catalog: Catalog) -> str:
    names = [name for name in map(catalog.language, codes) if name]
    if not names:
        return catalog.say("subtitles")
    if len(names) > _MOST_NAMED_LANGUAGES:
        return catalog.say("subtitles-many", n=len(names))
    return catalog.say("subtitles-in", languages=catalog.enumerate(names))
