"""Which claims the builtin engine makes, and how sure it is: by measurement, not by feeling.

The figures come from ``bench/builtin_quality.py``, which judges every claim on pictures and clips
whose truth is known. A claim that is right too seldom there is not made.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources

from metadata.description import Description, Fact, Look, Sentiment, TextLine, Video

ENOUGH = 0.95
"""The lower bound (one-sided, 95 %) of a claim's precision from which on it is made."""
METADATA = "metadata"
TONE = "text_tone"


def measured() -> dict[str, float]:
    """Read the lower bound of the precision of each claim, 0 to 1, by the name of the claim."""
    table = resources.files(__package__).joinpath("claims.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {name: float(bound) for name, bound, *_ in rows}


def claim_of(fact: Fact) -> str:
    """Name the claim that *fact* makes: ``blurry:true``, ``light:dark``; of a number its name."""
    if isinstance(fact.value, bool):
        return f"{fact.name}:{str(fact.value).lower()}"
    return f"{fact.name}:{fact.value}" if isinstance(fact.value, str) else fact.name


class Claims:
    """The measured claims, and those that the user wants although they are not sure enough."""

    def __init__(self, bounds: Mapping[str, float], tentative: Collection[str] = ()) -> None:
        self._bounds = bounds
        self._tentative = frozenset(tentative)

    def makes(self, claim: str) -> bool:
        """Tell whether *claim* is made; one that was not measured claims nothing doubtful."""
        return self._bounds.get(claim, 1.0) >= ENOUGH or claim in self._tentative

    def believed(self, said: Description) -> Description:
        """Leave out of *said* what is not sure enough, and note with the facts how sure they are.

        What was looked for and is left out counts as looked for.
        """
        facts = tuple(self._scored(said.look.facts))
        toned = any(fact.name == TONE for fact in facts)
        colours = tuple(c for c in said.look.colours if self.makes(f"colour:{c.name}"))
        return replace(
            said,
            look=Look(colours, facts),
            sentiment=said.sentiment if toned else Sentiment(),
            text=tuple(self._lines(said.text)),
            codes=said.codes if self.makes("code") else (),
            transcript=said.transcript if self.makes("transcript") else (),
            video=self._cut(said.video),
        )

    def _scored(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        for fact in facts:
            claim = claim_of(fact) if claim_of(fact) in self._bounds else fact.name
            if self.makes(claim):
                bound = 1.0 if fact.basis == METADATA else self._bounds.get(claim)
                yield replace(fact, score=bound if fact.score is None else fact.score)

    def _lines(self, lines: Iterable[TextLine]) -> Iterator[TextLine]:
        named = self.makes("text_language")
        if self.makes("text"):
            yield from (line if named else replace(line, lang=None) for line in lines)

    def _cut(self, video: Video | None) -> Video | None:
        if video is None:
            return None
        cuts = video.cuts_s if self.makes("cuts") else ()
        return replace(video, cuts_s=cuts, shots=video.shots if self.makes("shots") else None)
