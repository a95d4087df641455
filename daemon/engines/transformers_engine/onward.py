"""What keeps an answer from coming back to what it has said; looks at its own tokens only.

A prompt is left out of it: an answer has to use the words of its question, and the marks that a
form asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

PENALTY = 1.15
"""What logits of tokens that were there lose, by division (Keskar et al. 2019, CTRL: 1.2)."""
PHRASE = 6
"""So many tokens come once only: shorter phrases do come back in good English."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Makes what an answer has said, since the token *start*, less likely; and loops impossible."""

    start: int

    def __call__(self, ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Give the *scores* for the next token of each row: rows x vocabulary."""
        said = ids[:, self.start :]
        there = scores.gather(1, said)
        less = there.where(there < 0, there / PENALTY).where(there >= 0, there * PENALTY)
        scores = scores.scatter(1, said, less)
        for row, tokens in enumerate(said.tolist()):
            if loops := ending(tokens):
                scores[row, loops] = float("-inf")
        return scores


def ending(said: Sequence[int]) -> list[int]:
    """List the tokens that would end a phrase which was *said* before."""
    last = tuple(said[len(said) - PHRASE + 1 :])
    if len(said) < PHRASE:
        return []
    phrases = zip(*(said[at:] for at in range(PHRASE)), strict=False)
    return [phrase[-1] for phrase in phrases if phrase[:-1] == last]
