"""What a tool shows of a file: its words and its caption; and how the report prints them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Word = tuple[str, ...]
"""A keyword with what stands above it, from the top."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one tool shows of one file."""

    words: frozenset[Word] = frozenset()
    caption: str | None = None

    @classmethod
    def of(cls, words: Iterable[str], caption: str | None, separator: str = "|") -> "Shown":
        """Take words as a tool spells them, with *separator* between the steps of a hierarchy."""
        return cls(frozenset(tuple(word.split(separator)) for word in words), caption)

    @property
    def flat(self) -> "Shown":
        """Give the same for tools that know no hierarchy."""
        return Shown(frozenset(word[-1:] for word in self.words), self.caption)


Listed = Mapping[str, Shown]
"""What a tool shows of a folder, by name; files that it cannot open are missing."""


def rows(tool: str, place: str, listed: Listed) -> list[str]:
    """Write down what a tool shows, a line for each file."""
    return [
        f"{tool:<18} {place:<9} {name:<14} "
        f"{', '.join(sorted('|'.join(word) for word in each.words))} = {each.caption}"
        for name, each in sorted(listed.items())
    ]
