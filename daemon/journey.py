"""One asset's way, step by step: each journey yields requests for a worker and gets its answers.

A journey never waits, decodes or writes a file: the pipeline carries its requests to the workers,
and makes what it noted durable before the next request is sent. An AssetError raised at a yield
is the worker's answer that this file cannot be worked on.
"""

import logging
import os
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.describing import Describing
from daemon.engines.choice import Choice, description_key
from daemon.jobs import Job, Wish
from daemon.naming import Naming, as_described
from daemon.stores import UNWRITTEN, Stores
from daemon.wire import Described, Identify, Place, Prepare, Read, Request
from metadata.asset import Asset, AssetError, Stat, shown
from metadata.beside import existing_sidecars
from metadata.change import Change, Placed, Prepared, Rules, Write
from metadata.description import Description, Record, Stamp
from metadata.fields import writable
from metadata.reasons import Reason
from metadata.stats import Stats

Journey = Generator[Request, Any, Record | None]

log = logging.getLogger(__name__)

MOST_COLLISIONS = 3


class Journeys:
    """The ways that an asset can go, over the stores of this captiond."""

    def __init__(
        self, config: Config, choice: Choice, stores: Stores, stamp: Callable[[], Stamp]
    ) -> None:
        self._config = config
        self._choice = choice
        self._stores = stores
        self._stamp = stamp
        self._describing = Describing(config, choice, stores.translations)
        self.naming = Naming(config, stores.index, stores.renames)
        self._being_described: set[str] = set()

    def describe(self, job: Job) -> Journey:
        """Bring about what *job* wishes: describe and write, or only take in others' changes."""
        before = self._stores.known.asset(job.path)
        asset: Asset = yield Identify(job.path, self._config.max_pixels)
        if job.wish is Wish.WRITE:
            return (yield from self._write_again(asset))
        self._stores.saw(asset)
        same = before is not None and before.content == asset.content
        if job.wish is Wish.REFRESH and same and self._rules(asset).write is not Write.NONE:
            return (yield from self._read(asset))
        description = yield from self._description(asset, again=job.wish is Wish.REDO)
        return (yield from self._write(asset, description))

    def only_describe(self, path: Path, take: Callable[[Asset, Described], None]) -> Journey:
        """Describe the file at *path* for *take* alone: nothing is looked up, kept or written."""
        asset: Asset = yield Identify(path, self._config.max_pixels)
        take(asset, (yield from self._describing.steps(asset, self._stamp())))
        return None

    def reread(self, path: Path) -> Journey:
        """Fill the index from the files alone."""
        asset: Asset = yield Identify(path, self._config.max_pixels)
        self._stores.saw(asset)
        record: Record = yield Read(asset, self._rules(asset))
        if record.written:
            self._stores.adopt(path)
        elif self._is_unwritten(asset) and (
            kept := self._stores.descriptions.get(self._key(asset))
        ):
            # described, but nothing was or could be written: state.db is all there is
            self._stores.index_later(Record(asset, self.naming.named(kept[0])))
            return record
        self._stores.read(record)
        return record

    def _is_unwritten(self, asset: Asset) -> bool:
        job = self._stores.queue.get(asset.path)
        return self._rules(asset).write is Write.NONE or bool(job and job.reason in UNWRITTEN)

    def _write_again(self, asset: Asset) -> Journey:
        """Write what was said of *asset* before, with its keywords as they are called now.

        Without anything said of this content nothing is done: it is new, and yet to be described.
        """
        record: Record = yield Read(asset, self._rules(asset))
        if said := self._said_before(record):
            self._stores.saw(asset)
            return (yield from self._write(asset, said))
        return None

    def _said_before(self, record: Record) -> Description | None:
        """Give a description as it was computed, else what the file says that it was.

        Where nothing could be written the index says it.
        """
        asset, known = record.asset, record.description
        if record.described != asset.content:
            indexed = self._stores.index.get(asset.path) if self._is_unwritten(asset) else None
            if indexed is None or indexed.asset.content != asset.content:
                return None
            known = indexed.description
        said = as_described(writable(known))
        kept = self._stores.descriptions.get(self._key(asset))
        return kept[0] if kept and kept[0].provenance == said.provenance else said

    def _read(self, asset: Asset) -> Journey:
        record: Record = yield Read(asset, self._rules(asset))
        self._stores.read(record)
        return record

    def _description(self, asset: Asset, again: bool) -> Generator[Request, Any, Description]:
        key = self._key(asset)
        stored = None if again else self._stores.descriptions.get(key)
        if stored:
            return stored[0]
        if not again and (found := (yield from self._found(asset))):
            return found
        if key in self._being_described:
            raise AssetError(asset.path, Reason.TWIN)
        self._being_described.add(key)
        try:
            described = yield from self._describing.steps(asset, self._stamp())
        finally:
            self._being_described.discard(key)
        stats = Stats(described.seconds, described.tokens)
        self._stores.descriptions.put(key, described.description, stats)
        return described.description

    def _found(self, asset: Asset) -> Generator[Request, Any, Description | None]:
        """Look for a description that an earlier captiond left beside the file or in it.

        So a lost state.db, or a folder from another machine, costs no description.
        """
        rules = self._rules(asset)
        if not (rules.embeds_in(asset.format) or existing_sidecars(asset.path, asset.content)):
            return None
        record: Record = yield Read(asset, rules)
        said = as_described(writable(record.description))
        made = said.provenance.get("caption")
        is_current = made is not None and made.model in self._choice.labels(asset.kind)
        is_read = "text" in said.provenance or not self._choice.reads
        speaks = set(self._choice.languages) <= set(said.caption)
        same = record.described == asset.content
        return said if same and is_current and is_read and speaks else None

    def _write(self, asset: Asset, description: Description) -> Journey:
        named = self.naming.named(description)
        try:
            return (yield from self._merge(asset, named))
        except AssetError as error:
            if error.reason in UNWRITTEN:
                self._stores.index_later(Record(asset, named))
            raise

    def _merge(self, asset: Asset, description: Description) -> Journey:
        base = self._stores.journal.base(asset.path)
        within = self._stores.journal.base(asset.path, asset.path)
        made = description.provenance.get("caption")
        model = made.model if made else self._choice.model_for(asset.kind)
        for _ in range(MOST_COLLISIONS):
            rules = self._rules(asset)
            prepared: Prepared = yield Prepare(asset, description, rules, base, within)
            try:
                asset = yield from self.place(asset, prepared.changes, model)
            except AssetError as error:
                if error.reason is not Reason.BUSY:
                    raise
                continue
            for note in prepared.notes:
                log.warning("%s: %s", shown(asset.path), note)
            record = replace(prepared.record, asset=asset)
            self._stores.index_later(record)
            return record
        raise AssetError(asset.path, Reason.BUSY)

    def place(
        self, asset: Asset, changes: tuple[Change, ...], model: str
    ) -> Generator[Request, Any, Asset]:
        """Make *changes* one by one, journalled first, as long as the media file is what it was.

        Gives the asset as it is then: values that are embedded make another file of it.
        """
        self._stores.journal.intend(self._stamp().run, model, asset.path, changes)
        for change in changes:
            _check_still_there(asset)
            placed: Placed = yield Place(change)
            if change.embedded and placed.stat:
                asset = replace(asset, stat=placed.stat)
            self._stores.placed(placed, asset)
        return asset

    def _key(self, asset: Asset) -> str:
        return description_key(asset, self._choice, self._config.tasks)

    def _rules(self, asset: Asset) -> Rules:
        return self._config.rules_for(asset.path)


def _check_still_there(asset: Asset) -> None:
    """Refuse to write beside a file that was moved, deleted or replaced meanwhile."""
    try:
        now = Stat.of(os.lstat(asset.path))
    except OSError as error:
        raise AssetError(asset.path, Reason.VANISHED, error.strerror or "") from error
    then = asset.stat
    if (now.ino, now.size, now.mtime_ns) != (then.ino, then.size, then.mtime_ns):
        raise AssetError(asset.path, Reason.CHANGED)
