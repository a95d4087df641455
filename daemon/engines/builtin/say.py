"""Put a gist into one to three sentences, and into one for those who cannot see the picture."""

from functools import reduce

from daemon.engines import Texts
from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.gist import Gist, Kind

# As Iptc4xmpCore:AltTextAccessibility asks.
LONGEST_ALT = 250


def say(gist: Gist, catalog: Catalog) -> Texts:
    """Write caption and alternative text in the language of *catalog*."""
    lead = _lead(gist, catalog)
    made = _chain(_made(gist, catalog), catalog)
    origin = _chain(_origin(gist, catalog), catalog)
    sentences = [
        catalog.say("sentence", text=_capital(part)) for part in (lead, made, origin) if part
    ]
    return Texts(" ".join(sentences), _alt(lead, made, catalog))


def _alt(lead: str, made: str, catalog: Catalog) -> str:
    whole = catalog.say("aside", before=lead, after=made) if made else lead
    text = catalog.say("sentence", text=_capital(whole))
    return text if len(text) <= LONGEST_ALT else catalog.say("sentence", text=_capital(lead))


def _lead(gist: Gist, catalog: Catalog) -> str:
    kind = catalog.say("kind-mono" if gist.mono else "kind", kind=gist.kind)
    if not gist.main:
        return kind
    if gist.plain:
        return catalog.say(
            "lead-plain", what=kind, colour=catalog.say(f"colour-{gist.main[0]}.name")
        )
    lead = catalog.say(
        "lead-many" if gist.many else "lead",
        kind=gist.kind,
        what=kind,
        n=len(gist.main),
        colours=catalog.enumerate(_main(gist, catalog)),
        names=catalog.enumerate([catalog.say(f"colour-{name}.name") for name in gist.main]),
    )
    return _touched(lead, gist, catalog) if gist.touches else lead


def _main(gist: Gist, catalog: Catalog) -> list[str]:
    return [catalog.say(f"colour-{name}", n=len(gist.main)) for name in gist.main]


def _touched(lead: str, gist: Gist, catalog: Catalog) -> str:
    touches = [catalog.say(f"colour-{name}.touch") for name in gist.touches]
    return catalog.say(
        "lead-touches", lead=lead, n=len(touches), colours=catalog.enumerate(touches)
    )


def _made(gist: Gist, catalog: Catalog) -> list[str]:
    """Say how long a video is and how it is cut, then what stands out."""
    parts = [catalog.length(gist.duration_s)] if gist.duration_s else []
    if gist.shots is not None:
        parts.append(catalog.say("shots", n=gist.shots))
    if gist.sound is not None:
        parts.append(catalog.say("sound" if gist.sound else "no-sound"))
    return parts + [catalog.say(f"trait-{trait}") for trait in gist.traits]


def _origin(gist: Gist, catalog: Catalog) -> list[str]:
    """Say when, in which season and with what it was taken."""
    parts = [_taken(gist, catalog)] if gist.day else []
    if gist.season:
        parts.append(catalog.say(f"season-{gist.season}"))
    if gist.camera:
        parts.append(catalog.say("camera", name=gist.camera))
    return parts


def _taken(gist: Gist, catalog: Catalog) -> str:
    assert gist.day is not None
    # Without a camera the date may be that of a scan, an export or a drawing.
    how = "other" if gist.camera is None or gist.kind is Kind.ANIMATION else gist.kind
    return catalog.say("taken", how=how, precision=gist.day.precision, date=catalog.day(gist.day))


def _chain(parts: list[str], catalog: Catalog) -> str:
    return reduce(lambda a, b: catalog.say("also", before=a, after=b), parts) if parts else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
