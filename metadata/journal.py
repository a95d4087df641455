"""Journal: what captiond wrote into which file, so that it can be taken back; kept in state.db."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from metadata.change import Change, Ours
from metadata.database import Database
from metadata.stored import from_json, to_json

MEBIBYTE = 2**20
_INTENDED = "intended"
_PLACED = "placed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: by which run and model, for which media file, into which file, from and to what.

    A hash of None stands for no file; *placed* is False as long as nobody saw the write happen.
    """

    id: int
    run: str
    model: str
    path: Path
    target: Path
    at: str
    before_sha256: str | None
    after_sha256: str | None
    ours: Ours
    placed: bool


@dataclass(frozen=True, slots=True)
class Restore:
    """What stood in a file before captiond came: its hash (None: no file) and zlib-packed bytes.

    Where *sha256* is what stands there now, there is nothing to restore, and no bytes are given.
    """

    sha256: str | None
    before: bytes | None


class Journal:
    """The journal and runs tables of state.db.

    An entry is durable before the file changes. One whose write was never seen to happen counts
    only where the bytes in the file prove it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def started(self, run: str, at: str, engine: str, model: str) -> None:
        """Note a run: one start of captiond with one engine."""
        self._database.execute(
            "INSERT OR IGNORE INTO runs(id, started_at, engine, model) VALUES (?, ?, ?, ?)",
            (run, at, engine, model),
        )

    def intend(self, run: str, model: str, path: Path, changes: Sequence[Change]) -> None:
        """Note what is about to be written for the media file at *path*; durable on return."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.transaction():
            for change in changes:
                self._judge(change.target, change.before_sha256)
                self._database.execute(
                    """INSERT INTO journal(run, model, path, target, at, before_sha256,
                    after_sha256, ours, state, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    (
                        *(run, model, os.fsencode(path), os.fsencode(change.target), at),
                        *(change.before_sha256, change.after_sha256, to_json(change.ours)),
                        *(_INTENDED, change.before),
                    ),
                )

    def placed(self, target: Path) -> None:
        """Note that the newest intended write into *target* was made."""
        self._database.execute(
            """UPDATE journal SET state = ? WHERE id = (
                SELECT max(id) FROM journal WHERE target = ?)""",
            (_PLACED, os.fsencode(target)),
        )

    def intended(self) -> list[Path]:
        """List the files whose write was never seen to happen."""
        rows = self._database.execute(
            "SELECT DISTINCT target FROM journal WHERE state = ?", (_INTENDED,)
        )
        return list(_paths(rows))

    def recover(self, sha256_of: Callable[[Path], str | None]) -> int:
        """Find out which intended writes happened before captiond was killed; gives how many did.

        *sha256_of* hashes the file at a path and gives None when there is none; what it cannot
        read, for any OSError, stays undecided until it can be read.
        """
        with self._database.transaction():
            return sum(self._recover(target, sha256_of) for target in self.intended())

    def base(self, path: Path, target: Path | None = None) -> Ours:
        """Say what captiond wrote last for the media file at *path*.

        That is over all its files, or into *target* alone.
        """
        alone = target and os.fsencode(target)
        rows = self._database.execute(
            """SELECT ours FROM journal WHERE id IN (
                SELECT max(id) FROM journal WHERE path = ? AND state = ?
                AND target = coalesce(?, target) GROUP BY target)
            ORDER BY id""",
            (os.fsencode(path), _PLACED, alone),
        )
        return _union([from_json(text, Ours) for (text,) in rows])

    def previous(self, target: Path, current_sha256: str | None, oldest: int = 0) -> Restore | None:
        """Go back along our own writes from what stands in *target* to what was before them.

        Not further than before the entry *oldest*. None when that is not known: someone else wrote
        in between, or the bytes were dropped.
        """
        reached, last = current_sha256, None
        for entry in reversed(self.into(target)):
            if entry.id < oldest:
                break
            if entry.after_sha256 == reached:
                reached, last = entry.before_sha256, entry
            elif entry.before_sha256 != reached:
                return None
        if last is None or reached is None or reached == current_sha256:
            return Restore(reached, None)
        before = self._before(last)
        return Restore(reached, before) if before is not None else None

    def written(self) -> dict[str, Path]:
        """Tell by the hash of what captiond wrote into which file that was: it may have moved."""
        rows = self._database.execute(
            "SELECT after_sha256, target FROM journal WHERE after_sha256 IS NOT NULL ORDER BY id"
        )
        return {sha256: Path(os.fsdecode(target)) for sha256, target in rows}

    def into(self, target: Path) -> list[Entry]:
        """List what was written into the file at *target*, oldest first."""
        return self._select(None, None, "target = ?", (os.fsencode(target),))

    def entries(
        self,
        paths: Iterable[Path] | None = None,
        run: str | None = None,
        model: str | None = None,
    ) -> list[Entry]:
        """List what was written, oldest first; *paths* are media files or folders of them."""
        if paths is None:
            return self._select(run, model, "1", ())
        found = {
            entry.id: entry for path in paths for entry in self._select(run, model, *_under(path))
        }
        return [found[id] for id in sorted(found)]

    def forget(self, target: Path, oldest: int = 0) -> None:
        """Drop what is known of our writes into *target* from *oldest* on: they were taken back."""
        self._database.execute(
            "DELETE FROM journal WHERE target = ? AND id >= ?", (os.fsencode(target), oldest)
        )

    def pass_over(self, entry: Entry) -> None:
        """Drop one write that later ones wrote over: the next then goes back to before both.

        Where somebody else wrote between the two it goes back to nothing that is kept: those bytes
        hold what was taken back.
        """
        follows = """id = (SELECT min(id) FROM journal WHERE target = ? AND id > ?)"""
        key = (os.fsencode(entry.target), entry.id)
        with self._database.transaction():
            self._database.execute(
                f"UPDATE journal SET before = NULL WHERE before_sha256 IS NOT ? AND {follows}",
                (entry.after_sha256, *key),
            )
            self._database.execute(
                f"""UPDATE journal SET before_sha256 = ?,
                before = (SELECT before FROM journal WHERE id = ?)
                WHERE before_sha256 IS ? AND {follows}""",
                (entry.before_sha256, entry.id, entry.after_sha256, *key),
            )
            self._database.execute("DELETE FROM journal WHERE id = ?", (entry.id,))

    def prune(self, max_mb: int) -> int:
        """Drop the oldest kept bytes until at most *max_mb* MiB remain; gives how many entries.

        Their writes can still be taken back, by values instead of by bytes.
        """
        found = self._database.execute(
            """UPDATE journal SET before = NULL WHERE before IS NOT NULL AND id <= (
                SELECT max(id) FROM (
                    SELECT id, sum(length(before)) OVER (ORDER BY id DESC) AS kept
                    FROM journal WHERE before IS NOT NULL)
                WHERE kept > ?)""",
            (max_mb * MEBIBYTE,),
        )
        return found.rowcount

    def _recover(self, target: Path, sha256_of: Callable[[Path], str | None]) -> int:
        try:
            return self._judge(target, sha256_of(target))
        except OSError:
            return 0

    def _judge(self, target: Path, sha256: str | None) -> int:
        """Settle the open intents for *target* by what stands there; gives how many happened.

        One whose result stands there was made; one whose start stands there was not, and goes.
        """
        key = os.fsencode(target)
        self._database.execute(
            "DELETE FROM journal WHERE target = ? AND state = ? AND before_sha256 IS ?",
            (key, _INTENDED, sha256),
        )
        made = self._database.execute(
            "UPDATE journal SET state = ? WHERE target = ? AND state = ? AND after_sha256 IS ?",
            (_PLACED, key, _INTENDED, sha256),
        )
        return made.rowcount

    def _select(
        self, run: str | None, model: str | None, where: str, values: tuple[bytes, ...]
    ) -> list[Entry]:
        rows = self._database.execute(
            f"""SELECT id, run, model, path, target, at, before_sha256, after_sha256, ours, state
            FROM journal WHERE {where} AND run = coalesce(?, run) AND model = coalesce(?, model)
            ORDER BY id""",
            (*values, run, model),
        )
        return [_entry(row) for row in rows]

    def _before(self, entry: Entry) -> bytes | None:
        row = self._database.execute("SELECT before FROM journal WHERE id = ?", (entry.id,))
        before: bytes | None = row.fetchone()[0]
        return before


def _under(path: Path) -> tuple[str, tuple[bytes, ...]]:
    key = os.fsencode(path)
    below = key.rstrip(b"/")
    # "0" is the byte after "/": between the two lies everything in the folder.
    return "(path = ? OR (path > ? AND path < ?))", (key, below + b"/", below + b"0")


def _paths(rows: Iterable[tuple[bytes]]) -> Iterator[Path]:
    return (Path(os.fsdecode(path)) for (path,) in rows)


def _entry(row: tuple[Any, ...]) -> Entry:
    id, run, model, path, target, at, before, after, ours, state = row
    return Entry(
        id,
        run,
        model,
        Path(os.fsdecode(path)),
        Path(os.fsdecode(target)),
        at,
        before,
        after,
        from_json(ours, Ours),
        state == _PLACED,
    )


def _union(parts: Sequence[Ours]) -> Ours:
    return Ours(
        tags=_merged(part.tags for part in parts),
        paths=_merged(part.paths for part in parts),
        above=_merged(part.above for part in parts),
        copied=_merged(part.copied for part in parts),
        removed=_merged(part.removed for part in parts),
        caption=next((part.caption for part in parts if part.caption is not None), None),
        copied_caption=next(
            (part.copied_caption for part in parts if part.copied_caption is not None), None
        ),
    )


def _merged(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in lists for word in words))
