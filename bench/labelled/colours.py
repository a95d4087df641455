"""Pictures of large areas in colours whose word is beyond doubt, under uneven light, with grain."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.labelled.canvas import (
    SMALL,
    Pixels,
    Size,
    coloured,
    grained,
    lit,
    patches,
    rough,
    shaded,
)
from bench.labelled.dice import dice
from bench.labelled.example import Example, Truth
from bench.labelled.saved import pixels_saved
from bench.labelled.sight import seen
from bench.labelled.words_for import WORDS, core, painted

KIND = "colours"
COUNT = 640
_SIZES: tuple[Size, ...] = ((480, 360), (640, 480), (400, 300))


def colours(first: int = 0, every: int = 1) -> Iterator[Example]:
    """Draw two to five colours a picture, all words about equally often."""
    for number in range(first, COUNT, every):
        name = f"{KIND}-{number:03}"
        words = _words(number)
        picture = _scene(name, words, SMALL)
        truths: dict[str, Truth] = dict(seen(picture))
        if (words_there := painted(picture)) is not None:
            truths["colour"] = words_there
        yield Example(name, KIND, partial(_make, name, words), truths)


def _words(number: int) -> tuple[str, ...]:
    chance = dice(f"{KIND}-words-{number // 3}")
    order = chance.permutation(WORDS).tolist()
    parts = ((0, 4), (4, 8), (8, 13))
    low, high = parts[number % 3]
    return tuple(order[low:high])


def _scene(name: str, words: tuple[str, ...], size: Size) -> Pixels:
    chance = dice(name)
    areas = patches(chance, size, len(words))
    picture = coloured(areas, [core(word, chance) for word in words])
    picture = shaded(picture, rough(chance, size, (4, 9)), chance.uniform(0, 0.1))
    balance = (chance.uniform(0.98, 1.02), chance.uniform(0.98, 1.02))
    return lit(picture, chance.uniform(-0.15, 0.1), balance)


def _make(name: str, words: tuple[str, ...], folder: Path) -> Path:
    chance = dice(f"{name}-file")
    size = _SIZES[int(chance.integers(len(_SIZES)))]
    picture = grained(_scene(name, words, size), chance, chance.choice([0, 2, 4, 7]))
    return pixels_saved(picture, folder, name, chance)
