"""What the tokens of a Whisper stand for: languages, times, words; knows no sound and no model."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.engines import EngineMissing
from daemon.engines.hosted import Line

STEP_S = 0.02
"""What one step in time stands for in every Whisper: 1,500 to half a minute."""
LONGEST_S = 30.0
MULTILINGUAL = 51_865
"""So many tokens have the vocabularies of Whispers that know more than English, or one more."""
ENGLISH = "en"
_LANGUAGE = re.compile(r"<\|([a-z]{2,3})\|>")
_BEGIN, _END, _WRITE = "<|startoftranscript|>", "<|endoftext|>", "<|transcribe|>"
_TIMELESS = "<|notimestamps|>"
_CALLED = {"nb": "no", "fil": "tl", "cmn": "zh", "iw": "he", "in": "id", "ji": "yi", "jw": "jv"}
"""Codes of languages that have another one here."""
_JAVANESE = "jw"
"""What Whisper calls jv."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The numbers of a Whisper's special tokens.

    *times* is the one for 0.00 s, the others follow; *timeless* would ask for none. *silent* is
    the one whose likelihood tells that nobody speaks. *languages* are empty where it knows English
    only. Words have numbers below *end*.
    """

    begin: int
    end: int
    write: int
    timeless: int
    languages: dict[str, int] = field(default_factory=dict)

    @property
    def times(self) -> int:
        """Give the number that stands for the beginning of a stretch."""
        return self.timeless + 1

    @property
    def silent(self) -> int:
        """Give the number of the token for no speech, by whatever name a tokenizer calls it."""
        return self.timeless - 1

    @classmethod
    def of(cls, words: Any, model: Any, name: str) -> "Signs":
        """Read them from the tokenizer *words*; raises EngineMissing where *model* has others."""
        known: dict[str, int] = words.get_vocab()
        lacking = [sign for sign in (_BEGIN, _END, _WRITE, _TIMELESS) if sign not in known]
        if lacking:
            raise _strange(name, f"its tokenizer does not know {lacking[0]}")
        begin, end, write, timeless = (known[sign] for sign in (_BEGIN, _END, _WRITE, _TIMELESS))
        last = timeless + 1 + round(LONGEST_S / STEP_S)
        if not end < begin < timeless or last >= model.config.vocab_size:
            raise _strange(name, f"its {model.config.vocab_size} tokens have no room for times")
        languages = {
            found[1].replace(_JAVANESE, "jv"): number
            for token, number in known.items()
            if begin < number < timeless and (found := _LANGUAGE.fullmatch(token))
        }
        return cls(begin, end, write, timeless, languages if _multilingual(model) else {})

    def language(self, tag: str | None) -> str | None:
        """Name the language of a BCP 47 *tag* as it is named here; None where it is not known."""
        first = (tag or "").lower().partition("-")[0]
        return next((one for one in (first, _CALLED.get(first)) if one in self.languages), None)

    def prompt(self, language: str | None) -> tuple[int, ...]:
        """Give what an answer in *language* begins with: to be written down, never translated."""
        if not self.languages or language is None:
            return (self.begin,)
        return (self.begin, self.languages[language], self.write)

    def lines(
        self, tokens: Sequence[int], spell: Callable[[Sequence[int]], str], length_s: float
    ) -> list[Line]:
        """Cut what was said at its times; what has no end lasts as long as the stretch."""
        return [
            Line(start_s, end_s, text)
            for start_s, end_s, said in self._timed(tokens, length_s)
            if start_s < end_s and (text := spell(said).strip())
        ]

    def last_s(self, tokens: Sequence[int]) -> float:
        """Give the last time that is told, 0 where there is none."""
        times = [token for token in tokens if token >= self.times]
        return (times[-1] - self.times) * STEP_S if times else 0.0

    def _timed(
        self, tokens: Sequence[int], length_s: float
    ) -> Iterator[tuple[float, float, list[int]]]:
        start_s, said = 0.0, list[int]()
        for token in tokens:
            if token < self.end:
                said.append(token)
            elif token >= self.times:
                at_s = min((token - self.times) * STEP_S, length_s)
                if said:
                    yield start_s, at_s, said
                start_s, said = at_s, []
        if said:
            yield start_s, length_s, said


def _multilingual(model: Any) -> bool:
    told = getattr(model.generation_config, "is_multilingual", None)
    return bool(model.config.vocab_size >= MULTILINGUAL if told is None else told)


def _strange(name: str, what: str) -> EngineMissing:
    return EngineMissing(
        f"{name}: {what}, so it is no Whisper that tells when something is said; "
        "take one of the profiles' speech models, such as openai/whisper-large-v3-turbo"
    )
