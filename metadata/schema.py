"""The tables of state.db and index.db, and the steps to them; only this room knows sqlite-utils."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Step = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True)
class Schema:
    """The steps that make a database, oldest first; a step once released never changes.

    What is *disposable* is not migrated but made anew: it can be rebuilt from the files.
    """

    name: str
    steps: tuple[Step, ...]
    disposable: bool = False
    first_version: int = 1

    @property
    def version(self) -> int:
        """Number the schema as ``PRAGMA user_version`` shows it."""
        return self.first_version + len(self.steps) - 1


def migrate(connection: sqlite3.Connection, schema: Schema) -> None:
    """Apply the steps that *connection* lacks, each in a transaction of its own."""
    # sqlite-utils takes 0.3 s and, where numpy is installed, 20 MB: loaded only when needed.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    migrations = Migrations(f"captiond.{schema.name}")
    for number, step in enumerate(schema.steps, schema.first_version):
        migrations(name=step.__name__)(_numbered(step, number))
    migrations.apply(Database(connection))
    # A header that lost its number, in a database that has all steps, is put right.
    connection.execute(f"PRAGMA user_version = {schema.version}")


def _numbered(step: Step, number: int) -> Callable[..., None]:
    def numbered(database: Any) -> None:
        step(database.conn)
        database.conn.execute(f"PRAGMA user_version = {number}")

    numbered.__name__ = step.__name__
    return numbered


def m001_state(connection: sqlite3.Connection) -> None:
    """Make the tables of jobs, computed descriptions and the journal."""
    for statement in _STATE:
        connection.execute(statement)


def m002_translations(connection: sqlite3.Connection) -> None:
    """Make the translation memory: keywords come again and again."""
    connection.execute(
        """CREATE TABLE translations(
            model TEXT NOT NULL, lang TEXT NOT NULL, word TEXT NOT NULL,
            translation TEXT NOT NULL,
            PRIMARY KEY (model, lang, word)) WITHOUT ROWID"""
    )


def m003_stats(connection: sqlite3.Connection) -> None:
    """Keep what descriptions cost: tokens, and what the sums over an hour are made of."""
    columns = "kind TEXT", "model TEXT", "took_s REAL", "tokens_in INTEGER", "tokens_out INTEGER"
    for column in columns:
        connection.execute(f"ALTER TABLE descriptions ADD COLUMN {column}")
    # has all that is summed up, so that the descriptions themselves need not be read for it
    connection.execute(
        """CREATE INDEX descriptions_made ON descriptions(
            made_at, kind, model, took_s, tokens_in, tokens_out)"""
    )


def m004_renames(connection: sqlite3.Connection) -> None:
    """Remember which keywords of ours the user wants to be called otherwise."""
    connection.execute(
        """CREATE TABLE renames(
            key TEXT PRIMARY KEY, old TEXT NOT NULL, new TEXT NOT NULL) WITHOUT ROWID"""
    )


def m001_index(connection: sqlite3.Connection) -> None:
    """Make the search index."""
    for statement in _INDEX:
        connection.execute(statement)


# Times are seconds since 1970; those called *at* in text are ISO 8601 (UTC). Paths are the bytes
# that the file system knows.
_STATE = (
    """CREATE TABLE assets(
        path BLOB PRIMARY KEY,
        dev INTEGER NOT NULL, ino INTEGER NOT NULL, size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
        asset TEXT,
        content TEXT,
        seen_at REAL NOT NULL)""",
    "CREATE INDEX assets_content ON assets(content)",
    """CREATE TABLE jobs(
        path BLOB PRIMARY KEY,
        state TEXT NOT NULL,
        fresh INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        detail TEXT NOT NULL DEFAULT '',
        wish TEXT NOT NULL DEFAULT 'describe',
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL,
        not_before REAL NOT NULL DEFAULT 0)""",
    "CREATE INDEX jobs_next ON jobs(fresh DESC, created_at) WHERE state = 'pending'",
    "CREATE INDEX jobs_oldest ON jobs(created_at) WHERE state = 'pending'",
    "CREATE INDEX jobs_state ON jobs(state)",
    """CREATE TABLE descriptions(
        key TEXT PRIMARY KEY,
        description TEXT NOT NULL,
        seconds TEXT NOT NULL,
        made_at REAL NOT NULL)""",
    """CREATE TABLE journal(
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        model TEXT NOT NULL,
        path BLOB NOT NULL,
        target BLOB NOT NULL,
        at TEXT NOT NULL,
        before_sha256 TEXT,
        after_sha256 TEXT,
        ours TEXT NOT NULL,
        state TEXT NOT NULL,
        before BLOB)""",
    "CREATE INDEX journal_path ON journal(path)",
    "CREATE INDEX journal_target ON journal(target)",
    "CREATE INDEX journal_run ON journal(run)",
    "CREATE INDEX journal_model ON journal(model)",
    "CREATE INDEX journal_intended ON journal(id) WHERE state = 'intended'",
    """CREATE TABLE sidecars(
        target BLOB PRIMARY KEY,
        path BLOB NOT NULL,
        dev INTEGER NOT NULL, ino INTEGER NOT NULL, size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL)""",
    "CREATE INDEX sidecars_path ON sidecars(path)",
    """CREATE TABLE runs(
        id TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        engine TEXT NOT NULL,
        model TEXT NOT NULL)""",
)

# Ids grow with time, so that the newest hits come first without sorting. *marks* holds what is
# looked up whole: tag (folded, translations too), ours and human (keywords: common form, spelling
# and place, a line each), mood, lang, kind and sentiment. *spellings* counts how humans spell their
# keywords, kept by triggers so that nobody has to count. *sayings* has the captions of models by
# digest, to see when one is stuck. Without Mn and Mc in its categories the tokenizer tears Hindi
# words apart.
_INDEX = (
    """CREATE TABLE assets(
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        day TEXT NOT NULL)""",
    "CREATE INDEX assets_day ON assets(day)",
    "CREATE TABLE records(id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
    """CREATE TABLE marks(
        kind TEXT NOT NULL, mark TEXT NOT NULL, id INTEGER NOT NULL,
        PRIMARY KEY (kind, mark, id)) WITHOUT ROWID""",
    "CREATE INDEX marks_id ON marks(id)",
    """CREATE TABLE spellings(
        mark TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TRIGGER spelled AFTER INSERT ON marks WHEN new.kind = 'human' BEGIN
        INSERT INTO spellings(mark, files) VALUES (new.mark, 1)
        ON CONFLICT (mark) DO UPDATE SET files = files + 1;
    END""",
    """CREATE TRIGGER unspelled AFTER DELETE ON marks WHEN old.kind = 'human' BEGIN
        UPDATE spellings SET files = files - 1 WHERE mark = old.mark;
        DELETE FROM spellings WHERE mark = old.mark AND files < 1;
    END""",
    """CREATE TABLE sayings(
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL, model TEXT NOT NULL, caption TEXT NOT NULL, scene TEXT NOT NULL)""",
    "CREATE INDEX sayings_latest ON sayings(at, model, caption, scene)",
    """CREATE VIRTUAL TABLE words USING fts5(
        tags, caption, texts, about, runs,
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'",
        prefix = '3')""",
)

STATE = Schema("state", (m001_state, m002_translations, m003_stats, m004_renames))
# An index is never migrated: when its tables or what goes into them change, raise first_version.
INDEX = Schema("index", (m001_index,), disposable=True, first_version=3)
