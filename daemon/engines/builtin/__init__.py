"""The builtin engine: how a picture looks and what its headers say, with nothing to download.

It measures light and colour and reads what other parts found in the file. It never says what a
picture shows: no objects, no people, no scenes, no feelings.
"""

import importlib.metadata
from collections.abc import Iterator, Sequence
from functools import cached_property

from daemon.engines import Judged, Seen, Texts, Work
from daemon.engines.builtin import capture, detail, footage, frame, light, loudness
from daemon.engines.builtin.catalog import Catalog, language_of
from daemon.engines.builtin.codes import codes
from daemon.engines.builtin.colours import ColourNames
from daemon.engines.builtin.gist import Gist, gist
from daemon.engines.builtin.keywords import keywords, translated
from daemon.engines.builtin.oklab import oklab
from daemon.engines.builtin.places import Places
from daemon.engines.builtin.sample import pixels, points
from daemon.engines.builtin.say import say
from daemon.engines.builtin.tone import ToneWords, judged
from daemon.engines.builtin.voice import Voice
from metadata.description import Colour, Fact, Look

ENGLISH = "en"


class Builtin:
    """An engine that looks, captions, tags and translates; same input, same output."""

    name = "builtin"

    def __init__(self) -> None:
        self.model = f"{self.name}@{importlib.metadata.version('captiond')}"
        self._catalogs: dict[str, Catalog] = {}
        self._places = Places()
        self._voice = Voice()
        self._tones = ToneWords()

    def look(self, batch: Sequence[Work]) -> list[Seen]:
        """Measure colours and light and state shape, season and pairing; at most 15 ms each."""
        return [self._seen(work) for work in batch]

    def judge(self, batch: Sequence[Work]) -> list[Judged]:
        """Judge the tone of English texts; never a picture, and never an emotion."""
        return [judged(work.description, self._tones) for work in batch]

    def caption(self, batch: Sequence[Work]) -> list[Texts]:
        """Say in English what was measured."""
        return self.translate(batch, ENGLISH)

    def tags(self, batch: Sequence[Work]) -> list[tuple[str, ...]]:
        """List what was measured as keywords."""
        return [keywords(_gist(work)) for work in batch]

    def speaks(self, language: str) -> bool:
        """Tell whether there is a catalog for *language* or the language it is a variant of."""
        return language_of(language) is not None

    def translate(self, batch: Sequence[Work], language: str) -> list[Texts]:
        """Say what was measured in *language*, from the facts and not from the English text."""
        catalog = self._catalog(language)
        return [say(_gist(work), catalog) for work in batch]

    def translate_tags(self, names: Sequence[str], language: str) -> dict[str, str]:
        """Give those keywords that this engine uses in *language*."""
        return translated(names, self._catalog(language))

    @cached_property
    def _names(self) -> ColourNames:
        return ColourNames()

    def _catalog(self, language: str) -> Catalog:
        base = language_of(language)
        if base is None:
            raise LookupError(f"the builtin engine has no catalog for {language!r}")
        if base not in self._catalogs:
            self._catalogs[base] = Catalog.load(base)
        return self._catalogs[base]

    def _seen(self, work: Work) -> Seen:
        frames = work.frames
        film = footage.video(work.asset, frames)
        found = codes(frames) if frames.sheets else None
        return Seen(self._look(work), film, found, frames.subtitles)

    def _look(self, work: Work) -> Look:
        colours, measured = self._measured(work)
        placed = capture.facts(work.asset, self._places)
        spoken = self._voice.facts(work.frames.heard)
        return Look(colours, (*measured, *_facts(work), *spoken, *placed))

    def _measured(self, work: Work) -> tuple[tuple[Colour, ...], tuple[Fact, ...]]:
        rgb = pixels(work.frames)
        single = points(work.frames)
        if not (len(rgb) and len(single)):
            return (), ()
        lab = oklab(rgb)
        measured = light.measure(lab, oklab(single))
        return self._names.palette(rgb, lab), tuple(light.facts(measured))


def _facts(work: Work) -> Iterator[Fact]:
    """State what is known without measuring colours, one room after the other."""
    yield from frame.facts(work.asset, work.frames)
    yield from detail.facts(work.asset, work.frames)
    yield from footage.facts(work.frames)
    yield from loudness.facts(work.frames.heard)


def _gist(work: Work) -> Gist:
    return gist(work.asset, work.description)
