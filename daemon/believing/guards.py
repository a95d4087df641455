"""What no answer may be: endless, or going round in circles; the error that says so."""

import re
from collections import Counter
from collections.abc import Iterator

LONGEST_ANSWER = 200_000
"""Characters; beyond, an answer is not even looked at, trains of thought included."""
_LOOP = 4
"""So many times the same words in a row are a loop; single words may come a little more often."""
_LOOP_OF_ONE = 8
_LONGEST_LOOP = 60
_SAME_SENTENCE = 3
_MANY_WORDS = 80
_LEAST_VARIETY = 0.5
"""Of the rows of three words in a long text so many are different; in prose it is over 0.9."""
_STUCK = re.compile(r"(\S)\1{24,}|(\S{2,12}?)\2{9,}")
_CLAUSE = re.compile(r"[.!?…\n]+")
_NUMBER = re.compile(r"\d+")


class Unusable(ValueError):
    """An answer of which nothing can be written.

    It says why, in words that can be shown to the user and told to the model.
    """


def refuse_endless(task: str, text: str, most: int) -> None:
    """Raise Unusable when *text* has more than *most* characters."""
    if len(text) > most:
        raise Unusable(
            f"the answer to {task!r} runs on for {len(text)} characters; {most} are the most"
        )


def refuse_circles(task: str, text: str) -> None:
    """Raise Unusable when *text* says the same again and again."""
    if loops(text):
        raise Unusable(f"the answer to {task!r} goes round in circles")


def loops(text: str) -> bool:
    """Tell whether the same letters, words or sentences come again and again in *text*."""
    words = _NUMBER.sub("0", text.casefold()).split()
    return (
        _STUCK.search(text) is not None
        or _repeats(words)
        or _says_again(text)
        or _is_monotonous(words)
    )


def _repeats(words: list[str]) -> bool:
    """Tell whether up to _LONGEST_LOOP words come several times in a row, anywhere.

    In a loop of n words each three in a row stood n words before, from the second time on.
    """
    last: dict[tuple[str, ...], int] = {}
    row = longest = 0
    for place, three in enumerate(_threes(words)):
        back = place - last.get(three, -_LONGEST_LOOP - 1)
        last[three] = place
        row, longest = (row + 1, max(longest, back)) if back <= _LONGEST_LOOP else (0, 0)
        times = _LOOP_OF_ONE if longest == 1 else _LOOP
        if row and row >= longest * (times - 1) - 2:
            return True
    return False


def _threes(words: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(words, words[1:], words[2:], strict=False)


def _says_again(text: str) -> bool:
    said = (" ".join(part.split()) for part in _CLAUSE.split(text.casefold()))
    times = Counter(each for each in said if each.count(" ") >= 2)
    return any(often >= _SAME_SENTENCE for often in times.values())


def _is_monotonous(words: list[str]) -> bool:
    different = len(set(_threes(words)))
    return len(words) >= _MANY_WORDS and different < _LEAST_VARIETY * len(words)
