"""Say what a thing is, its colours, and the text and codes in it: the first sentence."""

from collections.abc import Iterator

from daemon.engines.builtin.catalog import Catalog
from daemon.engines.builtin.gist import Gist


def lead(gist: Gist, catalog: Catalog) -> str:
    """Say it with colours; touches of colour give way to text and codes."""
    content = _content(gist, catalog)
    coloured = _coloured(gist, catalog)
    if not content and gist.colouring.touches:
        return _touched(coloured, gist, catalog)
    return _with_content(coloured, content, catalog)


def colourless(gist: Gist, catalog: Catalog) -> str:
    """Say it without colours: what it is, and the text and codes in it."""
    return _with_content(kind(gist, catalog), _content(gist, catalog), catalog)


def kind(gist: Gist, catalog: Catalog) -> str:
    """Say only what it is."""
    return catalog.say("kind-mono" if gist.colouring.mono else "kind", kind=gist.kind)


def _coloured(gist: Gist, catalog: Catalog) -> str:
    main, what = gist.colouring.main, kind(gist, catalog)
    if not main:
        return what
    names = [catalog.say(f"colour-{name}.name") for name in main]
    if gist.colouring.plain:
        return catalog.say("lead-plain", what=what, kind=gist.kind, colour=names[0])
    colours = [catalog.say(f"colour-{name}", n=len(main)) for name in main]
    return catalog.say(
        "lead-many" if gist.colouring.many else "lead",
        kind=gist.kind,
        what=what,
        n=len(main),
        colours=catalog.enumerate(colours),
        names=catalog.enumerate(names),
    )


def _touched(lead: str, gist: Gist, catalog: Catalog) -> str:
    touches = [catalog.say(f"colour-{name}.touch") for name in gist.colouring.touches]
    return catalog.say(
        "lead-touches", lead=lead, n=len(touches), colours=catalog.enumerate(touches)
    )


def _with_content(lead: str, content: list[str], catalog: Catalog) -> str:
    if not content:
        return lead
    return catalog.say("lead-content", lead=lead, content=catalog.enumerate(content))


def _content(gist: Gist, catalog: Catalog) -> list[str]:
    return [*_text(gist, catalog), *(catalog.say(f"code-{k}", n=n) for k, n in gist.codes)]


def _text(gist: Gist, catalog: Catalog) -> Iterator[str]:
    if gist.quote is None:
        if gist.unread:
            yield catalog.say("unread")
    elif gist.quote.whole:
        yield catalog.say("words", text=gist.quote.text, n=gist.quote.words)
    else:
        yield catalog.say("lines", text=gist.quote.text, n=gist.quote.lines)
