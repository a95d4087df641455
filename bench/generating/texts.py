"""English texts as a model would write them about a picture, to be said in other languages."""

from bench.labelled.dice import dice

WHO = ("A dog", "A woman in a red coat", "An old man", "A white horse", "Two children", "A cyclist")
DOES = ("waits", "rests", "turns around", "looks back", "stands still", "walks slowly")
WHERE = (
    "on the wet stones of a market square", "beside a long wooden fence", "at the edge of a lake",
    "under the trees of a park", "before a yellow house with green shutters", "on a narrow bridge",
)  # fmt: skip
WHEN = ("in the evening light", "on a grey morning", "after the rain", "in the snow", "at noon")
WHAT = (
    "The soft light", "The heavy sky", "The empty bench", "A strong shadow", "The open gesture",
    "The small red lamp", "The closed door", "The blue of the water", "The long road",
)  # fmt: skip
SPEAKS = (
    "speaks for a mood that is", "makes the place seem", "could be read as", "leaves something",
    "gives the whole picture something", "promises a moment that is",
)  # fmt: skip
MOODS = ("calm", "lonely", "friendly", "solemn", "cheerful", "tired", "inviting", "sad", "tense")
BUT = (
    "although the details do not insist", "as nothing else moves", "since nobody is in a hurry",
    "which the bright windows behind take back", "and the colours around it agree",
)  # fmt: skip
EVERY = (*WHO, *DOES, *WHERE, *WHEN, *WHAT, *SPEAKS, *MOODS, *BUT, ".", ",")


def caption(number: int) -> str:
    """Write one sentence about asset *number*."""
    return f"{_chosen(f'caption {number}', WHO, DOES, WHERE, WHEN)}."


def analysis(number: int) -> str:
    """Write two paragraphs of two sentences about asset *number*, which no other one has."""
    said = [
        f"{_chosen(f'analysis {number} {n}', WHAT, SPEAKS, MOODS)}, "
        f"{_chosen(f'but {number} {n}', BUT)}, {_chosen(f'at {number} {n}', WHERE, WHEN)}."
        for n in range(4)
    ]
    return f"{said[0]} {said[1]}\n\n{said[2]} {said[3]}"


def _chosen(name: str, *parts: tuple[str, ...]) -> str:
    chance = dice(name)
    return " ".join(part[chance.integers(len(part))] for part in parts)
