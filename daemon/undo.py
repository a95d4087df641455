"""Take back what captiond wrote: the bytes before it, or exactly our values."""

import hashlib
import os
import time
import zlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

from daemon.config import Config
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.wire import Identify, Place, Read, Request, Strip
from metadata.asset import Asset, AssetError, Stat, shown
from metadata.beside import captions_of, existing_sidecars
from metadata.change import Change, Ours, Placed, Prepared
from metadata.description import Record
from metadata.journal import Entry, Restore
from metadata.reasons import Reason


@dataclass(frozen=True, slots=True)
class Undo:
    """What to take back: of which media files, of one run or model only, one field only."""

    media: tuple[Path, ...]
    run: str | None
    model: str | None
    field: str | None
    dry_run: bool

    @classmethod
    def of(cls, request: Mapping[str, Any], media: tuple[Path, ...]) -> Self:
        """Read a request of the control socket."""
        run, model, field = (request.get(key) or None for key in ("run", "model", "field"))
        return cls(media, run, model, field, bool(request.get("dry_run")))

    def takes(self, entry: Entry) -> bool:
        """Tell whether a write is one of those to take back."""
        return self.run in (None, entry.run) and self.model in (None, entry.model)

    def takes_record(self, record: Record) -> bool:
        """Tell whether what stands in a file's own namespace is to be taken back."""
        made = record.description.provenance.values()
        return any(
            self.run in (None, each.run) and self.model in (None, each.model) for each in made
        )


class Undoing:
    """The journeys of one undo."""

    def __init__(
        self,
        asked: Undo,
        config: Config,
        stores: Stores,
        journeys: Journeys,
        say: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._asked = asked
        self._config = config
        self._stores = stores
        self._journeys = journeys
        self._say = say

    def paths(self) -> list[Path]:
        """List the media files that something is to be taken back from."""
        asked = self._asked
        entries = self._stores.journal.entries(asked.media or None, asked.run, asked.model)
        found = dict.fromkeys(entry.path for entry in entries)
        # what an earlier captiond wrote whose journal was lost tells of itself
        records = (
            map(self._stores.index.get, asked.media)
            if asked.media
            else self._stores.index.records()
        )
        told = (record for record in records if record and record.written)
        found.update(dict.fromkeys(r.asset.path for r in told if asked.takes_record(r)))
        return list(found)

    def journey(self, path: Path) -> Journey:
        """Take back what was written for the media file at *path*."""
        asset: Asset = yield Identify(path, self._config.max_pixels)
        entries = [e for e in self._stores.journal.entries([path]) if e.path == path]
        journalled = [e.target for e in entries if self._asked.takes(e)]
        known = {e.target for e in entries}
        beside = (*existing_sidecars(path), *filter(os.path.lexists, [captions_of(path)]))
        unjournalled = [target for target in beside if target not in known]
        for target in dict.fromkeys((*journalled, *unjournalled)):
            yield from self._take_back(asset, target, [e for e in entries if e.target == target])
        if self._asked.dry_run:
            return None
        record: Record = yield Read(asset, self._config.rules_for(path))
        if record.written:
            self._stores.index_later(record)
            return record
        self._stores.unindex_later([path])
        self._stores.queue.declare(path, Reason.UNDONE, time.time())
        return None

    def _take_back(
        self, asset: Asset, target: Path, entries: list[Entry]
    ) -> Generator[Request, Any, None]:
        newest = list(takewhile(self._asked.takes, reversed(entries)))
        oldest = newest[-1].id if newest else 0
        now = _sha256(target)
        restore = (
            self._stores.journal.previous(target, now, oldest)
            if newest and not self._asked.field
            else None
        )
        if restore is None:
            yield from self._strip(asset, target)
        elif restore.sha256 != now:
            yield from self._restore(asset, target, restore, now, oldest)

    def _restore(
        self, asset: Asset, target: Path, restore: Restore, now: str | None, oldest: int
    ) -> Generator[Request, Any, None]:
        if restore.sha256 is None:
            self._tell(f"{shown(target)}: captiond made this sidecar; it goes")
        else:
            self._tell(f"{shown(target)}: goes back to the bytes before captiond")
        if self._asked.dry_run:
            return
        staged = self._staged(restore)
        change = Change(target, _stat(target), staged, None, now, restore.sha256, Ours())
        placed: Placed = yield Place(change)
        self._stores.known.saw_sidecar(target, placed.stat, asset.path)
        self._stores.journal.forget(target, oldest)

    def _strip(self, asset: Asset, target: Path) -> Generator[Request, Any, None]:
        fields = (self._asked.field,) if self._asked.field else ()
        base = self._stores.journal.base(asset.path)
        prepared: Prepared = yield Strip(
            asset, target, base, fields, self._config.rules_for(asset.path)
        )
        if prepared.changes:
            what = self._asked.field or "every value of captiond's"
            self._tell(f"{shown(target)}: {what} is taken out, what others wrote stays")
        if self._asked.dry_run:
            for change in prepared.changes:
                if change.staged:
                    change.staged.unlink(missing_ok=True)
            return
        yield from self._journeys.place(asset, prepared.changes, "undo")
        if not fields:
            self._stores.journal.forget(target)

    def _staged(self, restore: Restore) -> Path | None:
        if restore.sha256 is None or restore.before is None:
            return None
        staged = self._config.scratch / f"before-{restore.sha256}"
        staged.write_bytes(zlib.decompress(restore.before))
        return staged

    def _tell(self, says: str) -> None:
        self._say({"says": f"would change {says}" if self._asked.dry_run else says})


def _sha256(target: Path) -> str | None:
    try:
        return hashlib.sha256(target.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AssetError(target, Reason.NO_PERMISSION, error.strerror or "") from error


def _stat(target: Path) -> Stat | None:
    return Stat.of(target.lstat()) if target.exists() else None
