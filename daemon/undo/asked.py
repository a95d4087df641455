"""What is to be taken back: of which files, runs, models and fields; values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

from metadata.description import HUMAN, Provenance, Record
from metadata.journal import Entry
from metadata.without import FIELDS

UNDO = "undo"
"""Stands for the model in the journal where only something was taken out."""


@dataclass(frozen=True, slots=True)
class Target:
    """One file of *media* (itself when *embedded*), and our writes into it, oldest first.

    *once* is where it stood then, if it has moved since.
    """

    media: Path
    path: Path
    entries: tuple[Entry, ...] = ()
    once: Path | None = None

    @property
    def embedded(self) -> bool:
        """Tell whether this is the media file itself."""
        return self.path == self.media


@dataclass(frozen=True, slots=True)
class Undo:
    """What to take back: of which media files, of one run or model only, one field only.

    *within* are those files, and the folders that were named; where nothing is named it is
    everything that captiond ever wrote.
    """

    media: tuple[Path, ...]
    within: tuple[Path, ...] | None
    run: str | None
    model: str | None
    field: str | None
    dry_run: bool

    @classmethod
    def of(cls, request: Mapping[str, Any], media: tuple[Path, ...]) -> Self:
        """Read a request of the control socket, whose paths stand for *media*."""
        run, model, field = (request.get(key) or None for key in ("run", "model", "field"))
        named = (Path(each) for each in request.get("paths", ()) if isinstance(each, str))
        within = tuple(dict.fromkeys((*media, *named))) or None
        return cls(media, within, run, model, field, bool(request.get("dry_run")))

    @property
    def fault(self) -> str | None:
        """Say what cannot be asked for."""
        if self.field in (None, *FIELDS):
            return None
        return f"captiond writes no field {self.field!r}; there are {', '.join(FIELDS)}"

    @property
    def whole(self) -> bool:
        """Tell whether all is to be taken back, whoever made it."""
        return self.run is None and self.model is None

    def takes(self, entry: Entry) -> bool:
        """Tell whether a write is one of those to take back."""
        return self.run in (None, entry.run) and self.model in (None, entry.model)

    def takes_record(self, record: Record) -> bool:
        """Tell whether any of what a file tells of itself is to be taken back."""
        return bool(record.written) and self._of(record) is not None

    def newest(self, entries: Iterable[Entry]) -> list[Entry]:
        """List, newest first, the writes to take back that nothing else was written over."""
        found = list(takewhile(lambda e: self.takes(e) or e.model == UNDO, reversed(list(entries))))
        while found and not self.takes(found[-1]):
            found.pop()
        return found

    def fields(self, record: Record | None, target: Target) -> tuple[str, ...] | None:
        """Name the fields whose values go: none of them means all, None that there is nothing.

        What one run or model wrote is told by the writes into the file, where they are all its
        own, else by what the file's *record* says of each value.
        """
        told = self._of(record)
        if self.field:
            goes = told is not None and self.field in (told or FIELDS)
            # with the last field goes all that captiond keeps for itself
            return (() if _ours(record) == {self.field} else (self.field,)) if goes else None
        if target.entries and len(self.newest(target.entries)) == len(target.entries):
            return ()
        return told

    def _of(self, record: Record | None) -> tuple[str, ...] | None:
        if self.whole:
            return ()
        said = record.description.provenance if record else {}
        told = tuple(field for field in said if field in _ours(record) and self._made(said[field]))
        if not told:
            return None
        return () if len(told) == len(_ours(record)) else told

    def _made(self, made: Provenance) -> bool:
        return self.run in (None, made.run) and self.model in (None, made.model)


def _ours(record: Record | None) -> set[str]:
    """Name the fields that captiond has a word on."""
    said = record.description.provenance if record else {}
    return {field for field, made in said.items() if made.engine != HUMAN}
