"""Speech written down: which language it is, what of it is believed; knows no tensors."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from daemon.engines import OutOfMemory
from daemon.engines.hosted import Beat, Line, Speech, Written
from daemon.engines.transformers_engine.doubts import is_made_up, why_doubted
from daemon.engines.transformers_engine.listening import Ear, Impression, Said
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.signs import ENGLISH, Signs
from daemon.media.frames import SAMPLE_RATE, Samples

log = logging.getLogger(__name__)

SURE = 0.5
"""How likely a language must be, over all that is said, to be named."""
SHORTEST_S = 1.0
"""What is left of a stretch, or came out of it, is worth another look from here on."""
Asked = tuple[Impression, str | None]
"""A stretch that was listened to, and the language that it is to be written down in."""
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
        gone = iter(self._listened(every, beat))
        heard = [[next(gone) for _ in speech.stretches] for speech in batch]
        tongues = [self._tongue(s, mine) for s, mine in zip(batch, heard, strict=True)]
        asked = [
            (impression, tongue.spelled)
            for mine, tongue in zip(heard, tongues, strict=True)
            for impression in mine
        ]
        lines = iter(self._told(every, asked, beat))
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

    def _told(
        self, every: Sequence[Samples], asked: Sequence[Asked], beat: Beat
    ) -> list[tuple[Line, ...]]:
        """Write down all of *asked*, and what is left of stretches with more words than fit."""
        said = self._believed(asked, beat)
        lines = [
            self._lines(impression, each) for (impression, _), each in zip(asked, said, strict=True)
        ]
        left = {at: until_s for at, until_s in enumerate(map(self._until, asked, said)) if until_s}
        if not left:
            return lines
        rests = [every[at][round(until_s * SAMPLE_RATE) :] for at, until_s in left.items()]
        heard = self._listened(rests, beat)
        again = [(one, asked[at][1]) for one, at in zip(heard, left, strict=True)]
        for (at, until_s), more in zip(left.items(), self._told(rests, again, beat), strict=True):
            begun = (line for line in lines[at] if line.end_s <= until_s)
            lines[at] = (*begun, *(_later(line, until_s) for line in more))
        return lines

    def _until(self, asked: Asked, said: Said) -> float | None:
        """Give the second up to which a stretch was written down; None for all that can be."""
        until_s, length_s = self._signs.last_s(said.tokens), asked[0].length_s
        done = said.whole or min(until_s, length_s - until_s) < SHORTEST_S
        return None if done or self._why(asked[0], said) else until_s

    def _believed(self, asked: Sequence[Asked], beat: Beat) -> list[Said]:
        said = self._written(asked, beat, onward=False)
        doubted = [number for number, one in enumerate(asked) if self._why(one[0], said[number])]
        again = self._written([asked[number] for number in doubted], beat, onward=True)
        for number, other in zip(doubted, again, strict=True):
            said[number] = other
        return said

    def _listened(self, every: Sequence[Samples], beat: Beat) -> list[Impression]:
        return self._parted(every, partial(self._ear.listen, beat=beat))

    def _written(self, asked: Sequence[Asked], beat: Beat, onward: bool) -> list[Said]:
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

    def _lines(self, heard: Impression, said: Said) -> tuple[Line, ...]:
        if why := self._why(heard, said):
            log.info("a stretch of speech of %.0f s is left out: %s", heard.length_s, why)
            return ()
        lines = self._signs.lines(said.tokens, self._spelled, heard.length_s)
        doubts = said.likelihood, heard.silence
        return tuple(line for line in lines if not is_made_up(line.text, *doubts))

    def _why(self, heard: Impression, said: Said) -> str:
        text = self._spelled([token for token in said.tokens if token < self._signs.end])
        return why_doubted(text, said.likelihood, heard.silence)

    def _spelled(self, tokens: Sequence[int]) -> str:
        text = self._words.decode(list(tokens), clean_up_tokenization_spaces=False)
        return str(text).replace("\ufffd", "")


def _later(line: Line, seconds: float) -> Line:
    return Line(line.start_s + seconds, line.end_s + seconds, line.text)
