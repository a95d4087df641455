"""Call keywords otherwise across the library: only ours, without asking any model.

What is asked for is remembered, so that later descriptions follow it; the files that have the word
are written again, as jobs, which survive a crash.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from daemon.jobs import Wish
from daemon.naming import Naming
from daemon.pipeline import Pipeline
from daemon.stores import Stores
from daemon.toml_keys import ConfigError
from metadata.lexicon import HUMAN, OURS
from metadata.spelling import keyword, same


@dataclass(frozen=True, slots=True)
class Renamed:
    """The files that are written again, and how many have the word of a human, who keeps it.

    *is_back* tells that a rename was taken back.
    """

    paths: tuple[Path, ...]
    kept: int
    is_back: bool


class Tagging:
    """The keywords of all files, over the stores and the journeys under way."""

    def __init__(self, naming: Naming, stores: Stores, pipeline: Pipeline) -> None:
        self._naming = naming
        self._stores = stores
        self._pipeline = pipeline

    def rename(self, words: Iterable[str], into: str) -> Renamed:
        """Call each of *words* *into* from now on, and note the files to write again.

        Raises ConfigError when there can be no such keyword.
        """
        index = self._stores.index
        olds = tuple(index.spelling(keyword(word), OURS) for word in words)
        self._check(olds, into)
        renames = self._stores.renames
        found = self._with((*olds, *filter(None, map(renames.get, olds))), OURS)
        with self._stores.turn():
            is_back = renames.put(olds, into, self._naming.usual(into))
            self._stores.queue.enqueue(found, Wish.WRITE, True, time.time())
        renames.read()
        self._pipeline.write_again()
        return Renamed(found, len(self._with(olds, HUMAN)), is_back)

    def called_otherwise(self) -> set[Path]:
        """List the files in which keywords of ours would be called otherwise now."""
        records = self._stores.index.records()
        return {r.asset.path for r in records if self._naming.is_stale(r.description)}

    def _with(self, words: Iterable[str], kind: str) -> tuple[Path, ...]:
        index = self._stores.index
        return tuple(sorted({path for word in words for path in index.with_keyword(word, kind)}))

    def _check(self, olds: tuple[str, ...], into: str) -> None:
        if not into or keyword(into) != into:
            raise ConfigError(f"{into!r} can be no keyword: 1 to 64 bytes, and none of , | / ;")
        if not all(olds):
            raise ConfigError("an empty word is no keyword; name those that are to be renamed")
        called = self._stores.renames.get(into)
        if called and same(called) not in {same(into), *map(same, olds)}:
            raise ConfigError(
                f"{into!r} was renamed to {called!r} before: rename to that, or first "
                f"`captiond tags rename {called!r} {into!r}`"
            )
        if why := self._naming.refusal(into):
            raise ConfigError(why)
