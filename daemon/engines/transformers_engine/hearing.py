"""Speech written down: which language it is, what of it is believed; knows no tensors."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from daemon.engines import OutOfMemory
from daemon.engines.hosted import Beat, Line, Speech, Written
from daemon.engines.transformers_engine.doubts import is_made_up, why_doubted
from daemon.engines.transformers_engine.listening import Ear, Impression, Said
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.signs import ENGLISH, Signs

log = logging.getLogger(__name__)

SURE = 0.5
"""How likely a language must be, over all that is said, to be named."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language that speech is written down in, and as what it is named; None for unknown."""

    spelled: str | None
    named: str | None


class Listener:
    """A loaded Whisper; implements Hears.

    What it cannot write down believably is written once more so that it leaves a loop, and left
    out when that is no better.
    """

    def __init__(self, loaded: Loaded) -> None:
        """Take the model; raises EngineMissing where it is none that hears."""
        self._words = loaded.processor.tokenizer
        self._signs = Signs.of(self._words, loaded.model, loaded.name)
        self._ear = Ear(loaded, self._signs)
        self._most: int | None = None  # stretches, once memory was found to be too small for more

    def hear(self, batch: Sequence[Speech], beat: Beat) -> list[Written]:
        """Write down the speech of each asset, in order, as if it had been alone."""
        every = [samples for speech in batch for samples in speech.stretches]
        gone = iter(self._parted(every, partial(self._ear.listen, beat=beat)))
        heard = [[next(gone) for _ in speech.stretches] for speech in batch]
        tongues = [self._tongue(s, mine) for s, mine in zip(batch, heard, strict=True)]
        asked = [
            (impression, tongue.spelled)
            for mine, tongue in zip(heard, tongues, strict=True)
            for impression in mine
        ]
        lines = iter(self._believed(asked, beat))
        return [
            Written(tuple(next(lines) for _ in mine), tongue.named)
            for mine, tongue in zip(heard, tongues, strict=True)
        ]

    def _tongue(self, speech: Speech, heard: Sequence[Impression]) -> Tongue:
        """Say which language is spoken: the one that is given, or the likeliest in all stretches.

        One in which nobody may be speaking has less to say in that.
        """
        if not self._signs.languages:
            return Tongue(None, ENGLISH)
        if given := self._signs.language(speech.language):
            return Tongue(given, speech.language)
        votes: dict[str, float] = defaultdict(float)
        for impression in heard:
            for language, likely in impression.languages.items():
                votes[language] += likely * (1 - impression.silence)
        if not votes:
            return Tongue(None, None)
        best = max(votes, key=votes.__getitem__)
        return Tongue(best, best if votes[best] >= SURE * sum(votes.values()) else None)

    def _believed(
        self, asked: Sequence[tuple[Impression, str | None]], beat: Beat
    ) -> list[tuple[Line, ...]]:
        said = self._written(asked, beat, onward=False)
        doubted = [number for number, one in enumerate(asked) if self._why(one[0], said[number])]
        again = self._written([asked[number] for number in doubted], beat, onward=True)
        for number, other in zip(doubted, again, strict=True):
            said[number] = other
        return [tuple(self._lines(one[0], said[at])) for at, one in enumerate(asked)]

    def _written(
        self, asked: Sequence[tuple[Impression, str | None]], beat: Beat, onward: bool
    ) -> list[Said]:
        """Write down all of *asked*, those of like length together."""
        order = sorted(range(len(asked)), key=lambda number: asked[number][0].length_s)
        write = partial(self._ear.write, beat=beat, onward=onward)
        said = self._parted([asked[number] for number in order], write)
        found = dict(zip(order, said, strict=True))
        return [found[number] for number in range(len(asked))]

    def _parted(self, items: Sequence[T], do: Callable[[Sequence[T]], list[R]]) -> list[R]:
        """Do to *items* what fits into memory at once, one part after the other."""
        done: list[R] = []
        while len(done) < len(items):
            rows = self._ear.rows()
            most = rows if self._most is None else min(rows, self._most)
            part = items[len(done) : len(done) + most]
            try:
                done += do(part)
            except OutOfMemory:
                if len(part) == 1:
                    raise
                self._most = len(part) // 2
        return done

    def _lines(self, heard: Impression, said: Said) -> Iterator[Line]:
        if why := self._why(heard, said):
            log.info("a stretch of speech of %.0f s is left out: %s", heard.length_s, why)
            return
        for line in self._signs.lines(said.tokens, self._spelled, heard.length_s):
            if not is_made_up(line.text, said.likelihood, heard.silence):
                yield line

    def _why(self, heard: Impression, said: Said) -> str:
        text = self._spelled([token for token in said.tokens if token < self._signs.end])
        return why_doubted(text, said.likelihood, heard.silence)

    def _spelled(self, tokens: Sequence[int]) -> str:
        text = self._words.decode(list(tokens), clean_up_tokenization_spaces=False)
        return str(text).replace("\ufffd", "")
