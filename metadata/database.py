"""One SQLite file, open for its one writer or for any reader; which tables it has is schema's."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from metadata.asset import shown
from metadata.schema import Schema, migrate

BUSY_S = 5.0
# Caps what a checkpoint leaves of the write-ahead log, after a long reader had made it grow.
WAL_LIMIT = 16 * 2**20
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class StorageError(Exception):
    """A database cannot be used; the message says which, why, and what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.why}"


class NewerDatabase(StorageError):
    """A later captiond made this database; it is left untouched."""


class MissingDatabase(StorageError):
    """There is no such database yet."""


class Damaged(StorageError):
    """The bytes of a database make no sense."""


class Database:
    """A connection for one thread.

    *fresh* says that it was made just now, *aside* where a damaged or outdated one was put.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, fresh: bool, aside: Path | None = None
    ) -> None:
        self.connection = connection
        self.path = path
        self.fresh = fresh
        self.aside = aside

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the last writer to go folds the write-ahead log in."""
        self.connection.close()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement; outside a transaction it is durable when this returns."""
        return self.connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query; raises StorageError when they cannot be read."""
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise unreadable(self.path, error) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        self.connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """Do all or nothing, durably; within another transaction, become a part of that one."""
        if self.connection.in_transaction:
            yield self
            return
        # Deferred, a transaction that reads first is refused at once when another one writes.
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.connection.execute("COMMIT")
        except BaseException:
            self.connection.rollback()
            raise


def open_writable(path: Path, schema: Schema) -> Database:
    """Open *path* for its one writer, made or migrated as needed.

    What is damaged is put aside and begun anew, as is what is disposable and of another version.
    Raises NewerDatabase when a later captiond made it, StorageError when it cannot be opened.
    """
    try:
        connection = _sound(path)
    except Damaged:
        return _anew(path, schema)
    version = _version(connection)
    if schema.disposable and version not in (0, schema.version):
        connection.close()
        return _anew(path, schema)
    if version > schema.version:
        connection.close()
        raise NewerDatabase(path, _NEWER.format(version, schema.version))
    return _current(connection, path, schema, version)


def open_readonly(path: Path, schema: Schema) -> Database:
    """Open *path* to read, also where neither it nor its folder may be written.

    Raises MissingDatabase, or StorageError when it is damaged or of another version.
    """
    if not path.exists():
        raise MissingDatabase(path, "not there yet; `captiond run` makes it")
    try:
        connection = _connect(_readonly(path))
        version = _version(connection)
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    if version != schema.version:
        connection.close()
        raise StorageError(path, "another version of captiond made it; run `captiond reindex`")
    return Database(connection, path, fresh=False)


def unreadable(path: Path, error: Exception) -> StorageError:
    """Say that what stands in a database could not be read, and whether it is damaged."""
    if isinstance(error, sqlite3.OperationalError) and not is_damage(error):
        return StorageError(path, f"cannot be read ({error}); check permissions and free space")
    return Damaged(path, f"is damaged ({error}); restart captiond, then run `captiond reindex`")


_NEWER = (
    "a later version of captiond made it (schema {}, this one knows {}), so it was left alone; "
    "install that version again, or choose another state_dir"
)


def _sound(path: Path) -> sqlite3.Connection:
    try:
        connection = _connect(_uri(path))
    except sqlite3.Error as error:
        raise _explained(path, error) from error
    try:
        for pragma in _WRITER:
            connection.execute(pragma)
        faults = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        connection.close()
        raise _explained(path, error) from error
    if faults != "ok":
        connection.close()
        raise Damaged(path, faults)
    return connection


_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    f"PRAGMA journal_size_limit = {WAL_LIMIT}",
)


def _explained(path: Path, error: sqlite3.Error) -> StorageError:
    if is_damage(error):
        return Damaged(path, str(error))
    return StorageError(path, f"cannot be opened ({error}); check permissions and free space")


def is_damage(error: sqlite3.Error) -> bool:
    """Tell that the bytes of the file are to blame, not the disk, a lock or a right."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _DAMAGED


def _current(
    connection: sqlite3.Connection,
    path: Path,
    schema: Schema,
    version: int,
    aside: Path | None = None,
) -> Database:
    if 0 < version < schema.version:
        _back_up(connection, path, version)
    if version < schema.version:
        migrate(connection, schema)
    return Database(connection, path, fresh=version == 0, aside=aside)


def _anew(path: Path, schema: Schema) -> Database:
    aside = _put_aside(path, overwrite=schema.disposable)
    return _current(_sound(path), path, schema, 0, aside)


def _put_aside(path: Path, *, overwrite: bool) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists() and not overwrite:
        number += 1
    path.replace(aside)
    wal, shm = Path(f"{path}-wal"), Path(f"{path}-shm")
    if wal.exists():
        wal.replace(f"{aside}-wal")
    shm.unlink(missing_ok=True)
    return aside


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    backup = path.with_name(f"{path.name}.v{version}.bak")
    part = path.with_name(f"{backup.name}.part")
    part.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (_uri(part),))
    # VACUUM INTO does not sync what it wrote.
    _sync(part)
    part.replace(backup)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _uri(path: Path) -> str:
    return f"file:{quote(os.fsencode(path.absolute()))}"


def _readonly(path: Path) -> str:
    """Say how to open *path* without writing beside it.

    Readers of a write-ahead log share a file beside it. Who may not make one can read on, but
    only while no log is there: then the daemon does not have the database open.
    """
    frozen = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    return f"{_uri(path)}?mode=ro{'&immutable=1' if frozen else ''}"
