"""The closed lists that answers choose from, as ``choices.toml`` has them."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "choices.toml"


def choices(name: str) -> tuple[str, ...]:
    """Give the words of the list *name*, in its order; raises KeyError for one that is not there.

    There are ``sentiment`` (labels), ``moods``, ``moderation`` and ``quality``.
    """
    return lists()[name]


@cache
def lists() -> dict[str, tuple[str, ...]]:
    """Read all lists, by name."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in read.items()}
