"""What an NLLB tokenizer makes of a sentence, without the state it keeps; knows no model."""

from collections.abc import Sequence
from typing import Any

from daemon.engines import EngineError
from daemon.engines.flores import flores

ENGLISH = "eng_Latn"


class Wordpieces:
    """The tokenizer of the model *name*; which languages it speaks, and how they are numbered.

    The tokenizer's own source language is a state that threads would share, so the code is put
    before each sentence here: ``<code> <pieces> </s>``, as NLLB was trained.
    """

    def __init__(self, words: Any, name: str) -> None:
        """Take the tokenizer; raises EngineError where it does not know English."""
        self._words = words
        self._name = name
        self.end = int(words.eos_token_id)
        self._unknown = int(words.unk_token_id)
        self._special = frozenset(words.all_special_ids)
        self.english = self._code(ENGLISH, "en")

    def language(self, tag: str) -> int:
        """Give the number of the code for a BCP 47 *tag*; raises EngineError where there is none.

        An unknown code would be taken for an unknown word, and the text come out in any language.
        """
        code = flores(tag)
        if code is None:
            raise EngineError(
                f"{self._name} has no code for the language {tag!r}; "
                "take it out of languages, or choose another translation model"
            )
        return self._code(code, tag)

    def encode(self, sentence: str) -> tuple[int, ...] | None:
        """Give the numbers for an English *sentence*; None when the model cannot read it all.

        Symbols that it does not know, such as pictograms, are left out. Nothing in a sentence is
        ever taken for a code or another special piece.
        """
        pieces = self._pieces(sentence)
        if self._unknown in pieces:
            strange = {mark for mark in set(sentence) if self._unknown in self._pieces(mark)}
            pieces = self._pieces("".join(mark for mark in sentence if mark not in strange))
            if self._unknown in pieces or not strange or any(map(str.isalnum, strange)):
                return None
        return (self.english, *pieces, self.end)

    def decode(self, numbers: Sequence[int]) -> str | None:
        """Give the text of *numbers*; None where one stands for no text."""
        if self._special.intersection(numbers):
            return None
        said = self._words.decode(list(numbers), clean_up_tokenization_spaces=False)
        return " ".join(str(said).split())

    def pieces(self, numbers: Sequence[int]) -> list[str]:
        """Spell *numbers* as the pieces that they stand for."""
        return list(self._words.convert_ids_to_tokens(list(numbers)))

    def numbers(self, pieces: Sequence[str]) -> list[int]:
        """Give the numbers of *pieces*."""
        return list(self._words.convert_tokens_to_ids(list(pieces)))

    def _pieces(self, text: str) -> list[int]:
        told = {"add_special_tokens": False, "split_special_tokens": True}
        return list(self._words(text, **told)["input_ids"])

    def _code(self, code: str, tag: str) -> int:
        number = self._words.convert_tokens_to_ids(code)
        if number is None or number == self._unknown:
            raise EngineError(
                f"the tokenizer of {self._name} does not know {code}, which stands for the "
                f"language {tag!r}; choose another translation model, or take the language out"
            )
        return int(number)
