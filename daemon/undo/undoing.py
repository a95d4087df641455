"""The journeys of one undo: which files, target by target, and what is known of them afterwards."""

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.undo.asked import Target, Undo
from daemon.undo.steps import TakingBack, sha256
from daemon.wire import Identify, Read, Request
from metadata.asset import Asset, AssetError, shown
from metadata.beside import captions_of, existing_sidecars
from metadata.description import Record
from metadata.journal import Entry
from metadata.reasons import Reason


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
        self._reply = say
        self._silent = True
        self._taking = TakingBack(asked, config, stores, journeys, self._say)

    def paths(self) -> list[Path]:
        """List the media files that something may be to be taken back from."""
        asked, index = self._asked, self._stores.index
        entries = self._stores.journal.entries(asked.within, asked.run, asked.model)
        found = dict.fromkeys(entry.path for entry in entries)
        # what an earlier captiond wrote whose journal was lost tells of itself
        records = map(index.get, asked.media) if asked.within else index.records()
        told = (record for record in records if record and asked.takes_record(record))
        found.update(dict.fromkeys(record.asset.path for record in told))
        found.update(dict.fromkeys(filter(self._is_unheard_of, asked.media)))
        return list(found)

    def ended(self) -> None:
        """Tell when there was nothing to tell."""
        if self._silent:
            self._say({"says": "nothing to undo"})

    def journey(self, path: Path) -> Journey:
        """Take back what was written for the media file at *path*."""
        try:
            return (yield from self._journey(path))
        except AssetError:
            self._silent = False
            raise

    def _journey(self, path: Path) -> Journey:
        entries = [e for e in self._stores.journal.entries([path]) if e.path == path]
        try:
            asset: Asset = yield Identify(path, self._config.max_pixels)
        except AssetError:
            if not (yield from self._without_media(path, entries)):
                raise
            return None
        record = yield from self._record(asset)
        if not entries and not (record and record.written):
            return None
        asset, failure = yield from self._each(asset, entries, record)
        if not self._asked.dry_run:
            record = yield from self._afterwards(asset)
        if failure:
            raise failure
        return record

    def _each(
        self, asset: Asset, entries: list[Entry], record: Record | None
    ) -> Generator[Request, Any, tuple[Asset, AssetError | None]]:
        """Take back from each file; one that refuses keeps none of the others from it."""
        failure: AssetError | None = None
        for target in self._targets(asset.path, entries, record):
            try:
                asset = yield from self._taking.take_back(asset, target, record)
            except AssetError as error:
                failure = failure or error
        return asset, failure

    def _targets(self, path: Path, entries: list[Entry], record: Record | None) -> Iterator[Target]:
        """Name the files that the journal knows, and those that tell of themselves."""
        for written in dict.fromkeys(entry.target for entry in entries):
            yield Target(path, written, tuple(e for e in entries if e.target == written))
        known = {entry.target for entry in entries}
        told = {written.path for written in record.written} if record else set()
        content = record.asset.content if record else None
        beside = (path, *existing_sidecars(path, content))
        captions = filter(os.path.lexists, [captions_of(path)])
        for other in (*(each for each in beside if shown(each) in told), *captions):
            if other not in known:
                yield self._unjournalled(path, other)

    def _unjournalled(self, path: Path, target: Path) -> Target:
        """Look whether what stands in a sidecar was written by us under another name."""
        sha = None if target == path else sha256(target)
        once = self._written.get(sha) if sha else None
        entries = tuple(self._stores.journal.into(once)) if once else ()
        return Target(path, target, entries, once)

    @cached_property
    def _written(self) -> dict[str, Path]:
        return self._stores.journal.written()

    def _record(self, asset: Asset) -> Generator[Request, Any, Record | None]:
        """Read what the files tell of themselves; None where one of them cannot be read."""
        try:
            record: Record = yield Read(asset, self._config.rules_for(asset.path))
        except AssetError as error:
            if error.reason is not Reason.SIDECAR_INVALID:
                raise
            return None
        return record

    def _afterwards(self, asset: Asset) -> Generator[Request, Any, Record | None]:
        """Bring index and queue in step with what the files say now."""
        record: Record = yield Read(asset, self._config.rules_for(asset.path))
        if record.written:
            self._stores.index_later(record)
            return record
        self._stores.unindex_later([asset.path])
        self._stores.queue.declare(asset.path, Reason.UNDONE, time.time())
        return None

    def _without_media(self, path: Path, entries: list[Entry]) -> Generator[Request, Any, bool]:
        """Bring back the bytes of sidecars whose media file is gone, or cannot be read any more.

        Tells whether that was all there is.
        """
        targets = list(self._targets(path, entries, None))
        done = []
        for target in targets:
            done.append((yield from self._taking.restore(target)))
        return bool(targets) and all(done)

    def _is_unheard_of(self, path: Path) -> bool:
        """Tell whether nothing is known of *path*, so that only a look can tell."""
        return self._stores.queue.get(path) is None and self._stores.index.get(path) is None

    def _say(self, says: Mapping[str, Any]) -> None:
        self._silent = False
        self._reply(says)
