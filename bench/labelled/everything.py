"""All examples, kind after kind."""

from collections.abc import Iterator
from importlib import resources
from itertools import islice

from bench.labelled.clips import clips
from bench.labelled.codes import codes
from bench.labelled.colours import colours
from bench.labelled.example import Example, Passage
from bench.labelled.flat import flat
from bench.labelled.focus import focus
from bench.labelled.frames import frames
from bench.labelled.headers import headers
from bench.labelled.languages import UNDECIDABLE, texts
from bench.labelled.lights import lights
from bench.labelled.names import names
from bench.labelled.pages import pages
from bench.labelled.prints import prints
from bench.labelled.scripts import scripts
from bench.labelled.twins import twins

OTHERS = (focus, flat, frames, names, headers, codes, prints, scripts, twins)


def stills(first: int = 0, every: int = 1) -> Iterator[Example]:
    """Give the pictures that do not move, or of each kind each *every*-th from *first* on.

    None is drawn yet.
    """
    yield from colours(first, every)
    yield from lights(first, every)
    for kind in OTHERS:
        yield from islice(kind(), first, None, every)
    yield from islice(pages(passages()), first, None, every)


def examples(first: int = 0, every: int = 1) -> Iterator[Example]:
    """Give everything, or of each kind each *every*-th from *first* on."""
    yield from stills(first, every)
    yield from islice(clips(), first, None, every)


def passages() -> Iterator[Passage]:
    """Give the texts whose language, or whose tone, is known or cannot be told."""
    for number, (language, text) in enumerate(texts()):
        known = None if language == UNDECIDABLE else language
        yield Passage(f"language-{number:03}", text, known)
    table = resources.files(__package__).joinpath("texts_tone.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    for number, (tone, text) in enumerate(rows):
        if tone != "neutral" or number % 2:  # of these there are more than need be read
            yield Passage(f"tone-{number:03}", text, "en", tone)
