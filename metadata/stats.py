"""What a description cost: the seconds of each stage, and the tokens that models took."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that a model read (*prompt*, pictures among them) and wrote (*completion*)."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What one description cost; *tokens* is None where no model took part."""

    seconds: dict[str, float] = field(default_factory=dict)
    tokens: Tokens | None = None

    @property
    def took_s(self) -> float:
        """Give the seconds of all stages together."""
        return sum(self.seconds.values())


def total(each: Iterable[Tokens | None]) -> Tokens | None:
    """Add tokens up; None where nobody counted any."""
    counted = [tokens for tokens in each if tokens is not None]
    if not counted:
        return None
    return Tokens(sum(t.prompt for t in counted), sum(t.completion for t in counted))
