"""Hold what was said of a clip against its truths; see ``bench.labelled.example``."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.labelled.example import Example, Shown
from metadata.description import Description, TextLine

_SLACK_S = 0.12
"""How far the times of a subtitle may lie from those it was written with."""
_FACTS = ("motion", "speech", "silent")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How often *claim* was made in one clip, how often rightly, and how often there was reason."""

    claim: str
    claimed: int
    right: int
    there: int


def verdicts(example: Example, said: Description) -> Iterator[Verdict]:
    """Judge each claim that *example* has a truth for."""
    facts = {fact.name: fact.value for fact in said.look.facts}
    for claim, truth in example.truths.items():
        name, _, value = claim.partition(":")
        if name in _FACTS:
            made = str(facts.get(name)).lower() == value
            yield Verdict(claim, made, made and truth is True, truth is True)
    yield from _cuts(example, said)
    yield from _subtitles(example, said, facts.get("subtitles"))
    if "text" in example.truths:
        yield _texts(_shown(example, "text"), said.text)


def _cuts(example: Example, said: Description) -> Iterator[Verdict]:
    if said.video is None or example.fps is None:
        return
    true = [cut for cut in _tuple(example, "cuts") if isinstance(cut, float)]
    near = 1 / example.fps + 1e-3
    right = sum(any(abs(cut - at) <= near for at in true) for cut in said.video.cuts_s)
    yield Verdict("cuts", len(said.video.cuts_s), right, len(true))
    if "shots" in example.truths:
        known = said.video.shots is not None
        yield Verdict("shots", known, said.video.shots == example.truths["shots"], 1)


def _subtitles(example: Example, said: Description, named: object) -> Iterator[Verdict]:
    truth = example.truths.get("subtitles")
    yield Verdict(
        "subtitles", named is not None, named is not None and named == truth, truth is not None
    )
    true = _shown(example, "transcript")
    right = sum(
        any(
            line.text.strip() == shown.text
            and abs(line.start_s - shown.from_s) + abs(line.end_s - shown.to_s) <= 2 * _SLACK_S
            for shown in true
        )
        for line in said.transcript
    )
    yield Verdict("transcript", len(said.transcript), right, len(true))


def _texts(true: list[Shown], read: tuple[TextLine, ...]) -> Verdict:
    """Judge lines by what stood there at their second; a line read in two shots counts twice."""
    right = sum(
        line.at_s is not None
        and any(
            _folded(shown.text) == _folded(line.text) and shown.from_s <= line.at_s < shown.to_s
            for shown in true
        )
        for line in read
    )
    return Verdict("text in clips", len(read), right, len(true))


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _shown(example: Example, claim: str) -> list[Shown]:
    return [shown for shown in _tuple(example, claim) if isinstance(shown, Shown)]


def _tuple(example: Example, claim: str) -> tuple[object, ...]:
    truth = example.truths.get(claim)
    return truth if isinstance(truth, tuple) else ()
