"""What the prompts about one picture have in common, token by token; knows no model."""

from collections.abc import Sequence
from dataclasses import dataclass

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """The prompts of several assets, cut in two.

    The first prompt of each asset loses its last *dropped* tokens and is then the beginning of all
    of them; *rests* has what follows, by asset and prompt, at least one token each.
    """

    dropped: int
    rests: tuple[tuple[Tokens, ...], ...]


def grown(short: Sequence[int], full: Sequence[int], other: Sequence[int]) -> Tokens | None:
    """Put into *other* what a processor has put into *short* to make *full* of it.

    That is the picture's places, which are the same in each prompt about it. None where *other*
    differs from *short* already in what was replaced.
    """
    if tuple(short) == tuple(full):
        return tuple(other)
    start = alike(short, full)
    end = alike(short[start:][::-1], full[start:][::-1])
    gone = len(short) - end
    if tuple(other[:gone]) != tuple(short[:gone]):
        return None
    return (*full[: len(full) - end], *other[gone:])


def alike(one: Sequence[int], other: Sequence[int]) -> int:
    """Count the tokens at the beginning that both have."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return count


def cut(prompts: Sequence[Sequence[Tokens]], places: frozenset[int]) -> Shared | None:
    """Cut the *prompts* of each asset where they part, after the last of the picture's *places*.

    None where they part before that, so that there is nothing to share.
    """
    dropped = max(len(mine[0]) - _in_common(mine) for mine in prompts)
    starts = [len(mine[0]) - dropped for mine in prompts]
    if any(_seen_by(mine[0], places) > start for mine, start in zip(prompts, starts, strict=True)):
        return None
    return Shared(
        dropped,
        tuple(
            tuple(prompt[start:] for prompt in mine)
            for mine, start in zip(prompts, starts, strict=True)
        ),
    )


def _in_common(prompts: Sequence[Tokens]) -> int:
    shortest = min(len(prompt) for prompt in prompts)
    return min(shortest - 1, *(alike(prompts[0], prompt) for prompt in prompts))


def _seen_by(prompt: Tokens, places: frozenset[int]) -> int:
    """Count the tokens up to the last place of the picture; at least one."""
    last = max((at for at, token in enumerate(prompt) if token in places), default=0)
    return last + 1
