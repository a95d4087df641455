"""Say where, when, in which light and with what something was taken: the last sentence."""

from collections.abc import Iterator

from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.gist import Gist


def origin(gist: Gist, catalog: Catalog) -> list[str]:
    """List the parts of the sentence, place and date first."""
    parts = [_taken(gist, catalog)] if gist.taken else [*_noted(gist, catalog)]
    if gist.season:
        parts.append(catalog.say(f"season-{gist.season}"))
    if gist.daylight:
        parts.append(catalog.say(f"daylight-{gist.daylight}"))
    if gist.camera and not _names_both(gist):
        parts.append(catalog.say("camera", name=gist.camera))
    if gist.lens:
        parts.append(catalog.say("lens", name=gist.lens))
    return [part for part in parts if part]


def whereabouts(gist: Gist, catalog: Catalog) -> str:
    """Say only the place; nothing where none is known."""
    near = _near(gist, catalog)
    return near if gist.taken or not near else catalog.say("place-only", near=near)


def _taken(gist: Gist, catalog: Catalog) -> str:
    near, when = _near(gist, catalog), _when(gist, catalog)
    if not (near or when):
        return ""
    known = "both" if near and when else "near" if near else "when"
    both = catalog.say("near-when", near=near, when=when) if known == "both" else near or when
    return catalog.say("taken", how=gist.kind, known=known, circumstances=both)


def _noted(gist: Gist, catalog: Catalog) -> Iterator[str]:
    if gist.day:
        yield catalog.say("date-only", date=catalog.day(gist.day))
    yield whereabouts(gist, catalog)


def _near(gist: Gist, catalog: Catalog) -> str:
    if gist.place is None:
        return ""
    return catalog.say("near", place=catalog.place(gist.place, gist.country))


def _when(gist: Gist, catalog: Catalog) -> str:
    if gist.day is None:
        return ""
    return catalog.say("when", precision=gist.day.precision, date=catalog.day(gist.day))


def _names_both(gist: Gist) -> bool:
    """Tell whether the lens's name begins with the camera's or its model's, as in phones."""
    if not (gist.camera and gist.lens):
        return False
    whole = gist.camera.casefold()
    starts = (f"{name} " for name in (whole, whole.split(" ", 1)[-1]))
    return gist.lens.casefold().startswith(tuple(starts))
