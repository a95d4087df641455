"""English texts in other languages, sentence by sentence; whether by torch, it does not know."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.engines import OutOfMemory
from daemon.engines.flores import flores
from daemon.engines.hosted import Beat, Worded, Wording
from daemon.engines.transformers_engine.sentences import Cut, cut, whole
from daemon.engines.transformers_engine.speaking import Asked, Said, Says
from daemon.engines.transformers_engine.wording import dwindles, loops, polished
from daemon.engines.transformers_engine.wordpieces import Wordpieces
from metadata.spelling import keyword
from metadata.stats import Tokens, total

log = logging.getLogger(__name__)

LONGEST = 200
"""Pieces of a sentence: NLLB was trained on sentences, and drops parts of what is longer."""
BEAMS = 4
"""Where a greedy translation has no end or loops, a search mostly finds one that has."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence in another language, empty where it has none; *tokens* it took to find it."""

    text: str
    tokens: Tokens


Sayings = dict[tuple[str, int], Saying]


class Translator:
    """A translation model that is given sentences; implements Renders.

    What it cannot say whole is left out, with a line in the log: a sentence with letters that the
    model does not know, a translation that does not end, repeats itself, is empty or far too short,
    also when it is searched for again. Then the text has no translation into that language.
    """

    def __init__(self, says: Says, wordpieces: Wordpieces) -> None:
        self._says = says
        self._wordpieces = wordpieces
        self._most: int | None = None  # rows, once memory was found to be too small for more

    def render(self, batch: Sequence[Wording], beat: Beat) -> list[Worded]:
        """Give each text in each of its languages, complete and in order.

        Raises OutOfMemory, DeviceLost, or EngineError for a language that the model does not know.
        """
        tags = dict.fromkeys(tag for wording in batch for tag in wording.languages)
        codes = {tag: self._wordpieces.language(tag) for tag in tags}
        cuts = [self._cut(wording) for wording in batch]
        said = self._said(_wanted(batch, cuts, codes, self._wordpieces.english), codes, beat)
        return [
            self._worded(wording, made, codes, said)
            for wording, made in zip(batch, cuts, strict=True)
        ]

    def _worded(self, wording: Wording, made: Cut, codes: dict[str, int], said: Sayings) -> Worded:
        texts = {tag: self._text(wording, made, tag, codes[tag], said) for tag in wording.languages}
        sentences = dict.fromkeys(map(_plain, made.sentences))
        asked = [(sentence, codes[tag]) for sentence in sentences for tag in wording.languages]
        tokens = total(said[each].tokens for each in asked if each in said)
        there = {tag: text for tag, text in texts.items() if text}
        return Worded(there, tokens or Tokens(0, 0))

    def _cut(self, wording: Wording) -> Cut:
        return whole(wording.text) if wording.keyword else cut(wording.text, self._too_long)

    def _too_long(self, sentence: str) -> bool:
        return len(self._wordpieces.encode(sentence) or ()) > LONGEST

    def _text(self, wording: Wording, made: Cut, tag: str, code: int, said: Sayings) -> str | None:
        """Put the sentences of one text together again; None where one is missing."""
        if code == self._wordpieces.english:
            return wording.text
        found = [said.get((_plain(sentence), code)) for sentence in made.sentences]
        there = [saying.text for saying in found if saying and saying.text]
        if len(there) < len(found):
            log.warning("%s: %.60r cannot be translated whole; it is left out", tag, wording.text)
            return None
        text = made.filled(there)
        return keyword(text) if wording.keyword else text

    def _said(self, wanted: dict[str, list[int]], codes: dict[str, int], beat: Beat) -> Sayings:
        names = {code: flores(tag) or "" for tag, code in codes.items()}
        asked = {
            sentence: Asked(pieces, tuple(languages))
            for sentence, languages in wanted.items()
            if languages and (pieces := self._wordpieces.encode(sentence))
        }
        said = self._spoken(list(asked.values()), beat)
        found: Sayings = {}
        for sentence, each in asked.items():
            for code in each.languages:
                saying = self._saying(each, code, said[each.source, code], beat)
                text = polished(saying.text, sentence, names[code])
                found[sentence, code] = Saying(text, saying.tokens)
        return found

    def _spoken(
        self, asked: Sequence[Asked], beat: Beat
    ) -> dict[tuple[tuple[int, ...], int], Said]:
        """Say all sentences in all their languages, greedily, in batches of like length."""
        spoken: dict[tuple[tuple[int, ...], int], Said] = {}
        left = sorted(_by_language(asked), key=lambda one: len(one.source), reverse=True)
        while left:
            most = self._rows(left[0])
            batch, left = left[:most], left[most:]
            try:
                said = self._says.say(joined(batch), 1, beat)
            except OutOfMemory:
                if len(batch) == 1:
                    raise
                self._most, left = len(batch) // 2, batch + left
                continue
            spoken |= _known(joined(batch), said)
        return spoken

    def _rows(self, longest: Asked) -> int:
        rows = self._says.rows(longest)
        return rows if self._most is None else min(rows, self._most)

    def _saying(self, asked: Asked, code: int, said: Said, beat: Beat) -> Saying:
        """Take what was *said*, or look for a better translation where that is none."""
        tries, text = [said], self._believed(asked, said)
        if text is None:
            ((searched,),) = self._says.say([Asked(asked.source, (code,))], BEAMS, beat)
            tries, text = [said, searched], self._believed(asked, searched)
        written = sum(len(each.pieces) for each in tries)
        return Saying(text or "", Tokens(len(tries) * len(asked.source), written))

    def _believed(self, asked: Asked, said: Said) -> str | None:
        """Give the text of a translation, None where it is none."""
        source, pieces = asked.source, said.pieces
        if not said.whole or loops(pieces, source) or dwindles(pieces, source):
            return None
        text = self._wordpieces.decode(pieces)
        return text if text and any(map(str.isalnum, text)) else None


def joined(rows: Iterable[Asked]) -> list[Asked]:
    """Put the languages of one sentence together, so that it is read once for all of them."""
    together: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row in rows:
        together[row.source].extend(row.languages)
    return [Asked(source, tuple(languages)) for source, languages in together.items()]


def _by_language(asked: Iterable[Asked]) -> Iterator[Asked]:
    for each in joined(asked):
        for code in dict.fromkeys(each.languages):
            yield Asked(each.source, (code,))


def _known(
    batch: Sequence[Asked], said: Sequence[Sequence[Said]]
) -> dict[tuple[tuple[int, ...], int], Said]:
    return {
        (asked.source, code): one
        for asked, each in zip(batch, said, strict=True)
        for code, one in zip(asked.languages, each, strict=True)
    }


def _wanted(
    batch: Sequence[Wording], cuts: Sequence[Cut], codes: dict[str, int], english: int
) -> dict[str, list[int]]:
    """List each sentence once, with all languages that it is to be said in."""
    wanted: dict[str, dict[int, None]] = defaultdict(dict)
    for wording, made in zip(batch, cuts, strict=True):
        languages = {codes[tag]: None for tag in wording.languages if codes[tag] != english}
        for sentence in made.sentences:
            wanted[_plain(sentence)] |= languages
    return {sentence: list(languages) for sentence, languages in wanted.items()}


def _plain(sentence: str) -> str:
    """Write a sentence in one line, as models were trained."""
    return " ".join(sentence.split())
