"""What captiond remembers: state.db and index.db, opened once and kept in step.

Order of durability: what is on disk first, then the index, then that a job is done. The loop notes
whatever it likes; at a commit the index becomes durable before the state that relies on it.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from daemon.engines.choice import Choice, description_key
from daemon.engines.profiles import PROMPTED
from daemon.hearing import may_speak
from daemon.jobs import Job, JobQueue
from daemon.known import Known
from metadata.asset import Asset, Stat
from metadata.change import Placed
from metadata.computed import Descriptions
from metadata.database import Database, open_writable
from metadata.description import Description, Record
from metadata.digest import sha256_if_there
from metadata.index import Index
from metadata.journal import Journal
from metadata.place import sweep
from metadata.reasons import Reason, State
from metadata.renames import Renames
from metadata.schema import STATE
from metadata.shape import shaped
from metadata.stats import Stats
from metadata.translations import Translations

STATE_NAME = "state.db"
INDEX_NAME = "index.db"
# How long what nothing waits for may stay undurable: files that end together share a commit.
COMMIT_S = 0.2
# Described, kept and searchable, although it could not be brought into the files.
UNWRITTEN = (Reason.READ_ONLY, Reason.NO_PERMISSION, Reason.SIDECAR_INVALID)


class Stores:
    """The two databases and the rooms on them; only one captiond has them open to write."""

    def __init__(
        self, state: Database, index: Index, choice: Choice, tasks: tuple[str, ...]
    ) -> None:
        self._state = state
        self._choice = choice
        self._tasks = tasks
        self._to_index: dict[Path, Record] = {}
        self._to_unindex: set[Path] = set()
        self._noted_at: float | None = None
        self.index = index
        self.queue = JobQueue(state.connection)
        self.known = Known(state.connection)
        self.journal = Journal(state)
        self.descriptions = Descriptions(state)
        self.translations = Translations(state)
        self.renames = Renames(state)

    @classmethod
    @contextmanager
    def open(cls, state_dir: Path, choice: Choice, tasks: tuple[str, ...]) -> Iterator[Self]:
        """Open both databases in *state_dir*, made or migrated as needed; raises StorageError."""
        for name in (STATE_NAME, INDEX_NAME):
            # whatever the umask: the group may read, others may not; SQLite's side files follow
            os.close(os.open(state_dir / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
        with ExitStack() as opened:
            state = opened.enter_context(open_writable(state_dir / STATE_NAME, STATE))
            index = opened.enter_context(Index.open(state_dir / INDEX_NAME))
            stores = cls(state, index, choice, tasks)
            stores._recover()
            yield stores

    def _recover(self) -> None:
        """Take up what a killed captiond left in the middle."""
        for folder in {target.parent for target in self.journal.intended()}:
            with suppress(OSError):
                sweep(folder)
        with self.turn():
            self.queue.recover()
            self.journal.recover(sha256_if_there)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what the next commit makes durable; an error undoes all since the last one."""
        with self._undone_by_errors():
            if self._noted_at is None:
                self._state.execute("BEGIN IMMEDIATE")
                self._noted_at = time.monotonic()
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Make what is noted inside durable, with all that was noted before."""
        with self.noting():
            yield
        self.commit()

    def commit(self) -> None:
        """Make what was noted durable: the index first, then the state that relies on it."""
        if self._noted_at is None:
            return
        with self._undone_by_errors():
            self._flush_index()
            self._state.execute("COMMIT")
        self._forget_notes()

    @contextmanager
    def _undone_by_errors(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._state.connection.rollback()
            self._forget_notes()
            raise

    def due_in(self) -> float | None:
        """Tell in how many seconds a commit is due; None when nothing was noted."""
        return None if self._noted_at is None else self._noted_at + COMMIT_S - time.monotonic()

    def _forget_notes(self) -> None:
        self._noted_at = None
        self._to_index.clear()
        self._to_unindex.clear()

    def saw(self, asset: Asset) -> None:
        """Remember what was identified."""
        self.known.saw(asset.path, asset.stat, asset, time.time())

    def placed(self, placed: Placed, asset: Asset) -> None:
        """Remember a change that was made for *asset*, in it or beside it."""
        if placed.target == asset.path:
            self.saw(asset)
        else:
            self.known.saw_sidecar(placed.target, placed.stat, asset.path)
        self.journal.placed(placed.target)

    def read(self, record: Record) -> None:
        """Take in what files were read to hold; without a value of ours it is nobody's to find."""
        if record.written:
            self.index_later(record)
        else:
            self.unindex_later([record.asset.path])

    def index_later(self, record: Record) -> None:
        """Put *record* into the index with the next commit."""
        self._to_unindex.discard(record.asset.path)
        self._to_index[record.asset.path] = record

    def unindex_later(self, paths: Iterable[Path]) -> None:
        """Take assets out of the index with the next commit."""
        self._to_unindex.update(paths)

    def forget(self, paths: Iterable[Path]) -> None:
        """Drop files that are gone; their descriptions stay, for when they turn up elsewhere."""
        gone = list(paths)
        self.queue.forget(gone)
        self.known.forget(gone)
        self.unindex_later(gone)

    def is_current(self, path: Path) -> bool:
        """Tell whether the file at *path* is done and has not changed since."""
        job, then = self.queue.get(path), self.known.stat(path)
        if job is None or then is None or job.state is not State.DONE:
            return False
        return is_same(then, path)

    def may_be_indexed(self, path: Path) -> bool:
        """Tell whether there may be a description of *path*: it is done, or we do not know it."""
        job = self.queue.get(path)
        return job is None or job.state is State.DONE or job.reason in UNWRITTEN

    def adopt(self, path: Path) -> None:
        """Count a file that holds our values as done, when state.db knows nothing of it."""
        if self.queue.get(path) is None:
            self.queue.declare(path, None, time.time())

    def tidy(self, journal_max_mb: int) -> None:
        """Drop the oldest bytes that undo keeps, beyond *journal_max_mb* megabytes."""
        with self.turn():
            self.journal.prune(journal_max_mb)

    def stale(self) -> list[Path]:
        """List the files that would be described otherwise now; see is_stale."""
        records = filter(None, map(self.index.get, self.index.paths()))
        return [record.asset.path for record in records if is_stale(record, self._choice)]

    def shape(self, path: Path) -> dict[str, Any]:
        """Tell everything known of *path* in the one JSON shape."""
        record = self.index.get(path)
        asset = record.asset if record else self.known.asset(path)
        key = asset and description_key(asset, self._choice, self._tasks)
        stored = self.descriptions.get(key) if key else None
        return shaped_with(record, path, asset, self.queue.get(path), stored[1] if stored else None)

    def _flush_index(self) -> None:
        if self._to_unindex:
            self.index.remove(self._to_unindex)
        if self._to_index:
            self.index.write(list(self._to_index.values()))


def shaped_with(
    record: Record | None,
    path: Path,
    asset: Asset | None,
    job: Job | None,
    stats: Stats | None,
) -> dict[str, Any]:
    """Put what the index and the queue know of one file into the one JSON shape."""
    # what the index holds without a job was described by a captiond whose state.db was lost
    state = job.state if job else State.DONE if record else None
    error = job.error if job else None
    return shaped(record, path, state, asset=asset, error=error, stats=stats)


def is_same(then: Stat, path: Path) -> bool:
    """Tell whether the bytes at *path* are those of *then*; who may read them does not count."""
    try:
        now = Stat.of(os.lstat(path))
    except OSError:
        return False
    return (now.ino, now.size, now.mtime_ns) == (then.ino, then.size, then.mtime_ns)


def is_stale(record: Record, choice: Choice) -> bool:
    """Tell whether *choice* would describe otherwise: model, prompt, language, text or speech."""
    said = record.description
    if not said.provenance:
        return True
    worded = next((said.provenance[task] for task in PROMPTED if task in said.provenance), None)
    if worded and worded.model not in choice.labels(record.asset.kind):
        return True
    unread = choice.reads and "text" not in said.provenance
    unspoken = bool(said.caption) and bool(set(choice.languages) - set(said.caption))
    return _is_reworded(said, choice) or unread or unspoken or _is_unheard(record, choice)


def _is_reworded(said: Description, choice: Choice) -> bool:
    """Tell whether any task's question is another one now."""
    now = dict(choice.prompts)
    asked = {task: made.prompt for task, made in said.provenance.items() if made.prompt}
    return any(now.get(task, prompt) != prompt for task, prompt in asked.items())


def _is_unheard(record: Record, choice: Choice) -> bool:
    """Tell whether speech would be looked for now, and was not before."""
    said = record.description
    hears = choice.models.speech is not None and "speech" not in said.provenance
    return hears and may_speak(record.asset, said)
