"""Known: what was last seen at each path, so that nothing is looked at twice for no reason."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from daemon.watch.scan import Found
from metadata.asset import Asset, Stat
from metadata.stored import from_json, stat_of, stat_row, to_json


class Known:
    """The assets and sidecars tables of state.db; the caller holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def saw(self, path: Path, stat: Stat, asset: Asset | None, now: float) -> None:
        """Remember what stands at *path*, and what it is when that could be told."""
        self._db.execute(
            "insert or replace into assets "
            "(path, dev, ino, size, mtime_ns, ctime_ns, asset, content, seen_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                os.fsencode(path),
                *stat_row(stat),
                to_json(asset) if asset else None,
                asset.content if asset else None,
                now,
            ),
        )

    def asset(self, path: Path) -> Asset | None:
        """Give the asset last identified at *path*."""
        row = self._db.execute(
            "select asset from assets where path = ?", (os.fsencode(path),)
        ).fetchone()
        return from_json(row[0], Asset) if row and row[0] else None

    def stat(self, path: Path) -> Stat | None:
        """Give the stat of the media file last seen at *path*."""
        row = self._db.execute(
            "select dev, ino, size, mtime_ns, ctime_ns from assets where path = ?",
            (os.fsencode(path),),
        ).fetchone()
        return stat_of(row) if row else None

    def unchanged(self, found: Mapping[bytes, Found]) -> set[bytes]:
        """Tell which files of a scan, by path, are as they were when last worked on."""
        marks = ", ".join("?" * len(found))
        same: set[bytes] = set()
        for table, key in (("assets", "path"), ("sidecars", "target")):
            known = self._db.execute(
                f"select {key}, ino, size, mtime_ns from {table} where {key} in ({marks})",
                tuple(found),
            )
            same.update(row[0] for row in known if _is_as(found[row[0]], row))
        return same

    def forget(self, paths: Iterable[Path]) -> None:
        """Drop files that are gone, with what we know of their sidecars."""
        rows = [(os.fsencode(path),) for path in paths]
        self._db.executemany("delete from assets where path = ?", rows)
        self._db.executemany("delete from sidecars where path = ?", rows)

    def under(self, root: Path) -> Iterator[Path]:
        """List the media files seen below *root*."""
        rows = self._db.execute("select path from assets where path >= ? and path < ?", _in(root))
        return (Path(os.fsdecode(path)) for (path,) in rows)

    def sidecars_under(self, root: Path) -> Iterator[Path]:
        """List the sidecars seen below *root*."""
        rows = self._db.execute(
            "select target from sidecars where target >= ? and target < ?", _in(root)
        )
        return (Path(os.fsdecode(path)) for (path,) in rows)

    def all(self) -> list[Path]:
        """List every media file seen."""
        return [Path(os.fsdecode(row[0])) for row in self._db.execute("select path from assets")]

    def saw_sidecar(self, target: Path, stat: Stat | None, media: Path) -> None:
        """Remember what stands at a sidecar's place (None: nothing)."""
        key = os.fsencode(target)
        if stat is None:
            self._db.execute("delete from sidecars where target = ?", (key,))
            return
        self._db.execute(
            "insert or replace into sidecars "
            "(target, path, dev, ino, size, mtime_ns, ctime_ns) values (?, ?, ?, ?, ?, ?, ?)",
            (key, os.fsencode(media), *stat_row(stat)),
        )

    def sidecar(self, target: Path) -> Stat | None:
        """Give the stat of the sidecar that we last saw or wrote at *target*."""
        row = self._db.execute(
            "select dev, ino, size, mtime_ns, ctime_ns from sidecars where target = ?",
            (os.fsencode(target),),
        ).fetchone()
        return stat_of(row) if row else None


def _is_as(found: Found, row: tuple[bytes, int, int, int]) -> bool:
    _, ino, size, mtime_ns, _ = stat_row(found.stat)
    return (ino, size, mtime_ns) == row[1:]


def _in(root: Path) -> tuple[bytes, bytes]:
    """Give the two ends between which all paths below *root* are; "0" is the byte after "/"."""
    below = os.fsencode(root).rstrip(b"/")
    return below + b"/", below + b"0"
