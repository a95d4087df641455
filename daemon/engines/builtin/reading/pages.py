"""What was read on the pages of one asset, as texts: each with its language and its time."""

from collections.abc import Iterator, Sequence

from daemon.engines import Legible
from daemon.engines.builtin.language import language_of_text, likeliest
from daemon.engines.builtin.reading.page import Page
from metadata.description import Fact, TextLine


def legible(pages: Sequence[Page], times_s: Sequence[float]) -> Legible:
    """Put the pages of one asset together; *times_s* is empty for stills."""
    unread = max((page.unread for page in pages), default=0)
    facts = (Fact("unread_text", unread, "ocr"),) if unread else ()
    return Legible(tuple(_texts(pages, times_s)), facts)


def _texts(pages: Sequence[Page], times_s: Sequence[float]) -> Iterator[TextLine]:
    """Give every line, but not again while it stays on screen."""
    before: set[str] = set()
    for number, page in enumerate(pages):
        at_s = times_s[number] if times_s else None
        together = language_of_text("\n".join(page.lines))
        for line in page.lines:
            if _letters(line) not in before:
                yield TextLine(line, _language(line, together), at_s)
        before = set(map(_letters, page.lines))


def _language(line: str, together: str | None) -> str | None:
    """Name the language of *line*; for a short one, that of all lines where both agree."""
    alone = language_of_text(line)
    if alone is None and together is not None and likeliest(line)[0] == together:
        return together
    return alone


def _letters(line: str) -> str:
    """Leave out what a reader easily sees differently in the next picture."""
    return "".join(filter(str.isalnum, line.casefold()))
