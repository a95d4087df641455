"""Index: what is known of every asset, in index.db for searching; rebuilt from the files."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Self

import msgspec

from metadata.asset import shown
from metadata.database import Database, is_damage, open_writable, unreadable
from metadata.description import Record
from metadata.findable import findable
from metadata.lexicon import spelling, spellings, with_keyword
from metadata.sameness import Repeated, repeated, saying
from metadata.schema import INDEX
from metadata.stored import from_json, to_json


class Index:
    """The one writer of index.db; ids grow with time, and an asset keeps its id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rewritten: set[int] | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make index.db; what is damaged or of another version is put aside."""
        return cls(open_writable(path, INDEX))

    @property
    def fresh(self) -> bool:
        """Tell that the index was begun anew, and is to be filled from the files."""
        return self._database.fresh

    @property
    def aside(self) -> Path | None:
        """Tell where an unusable predecessor was put."""
        return self._database.aside

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def write(self, records: Sequence[Record]) -> None:
        """Hold *records*, each in place of what was known of its path; all or none, durably."""
        if not records:
            return
        with self._database.transaction():
            for record in records:
                self._write(record)

    def remove(self, paths: Iterable[Path]) -> None:
        """Forget the assets at *paths*; unknown ones are no error."""
        with self._database.transaction():
            for path in paths:
                self._remove(self._id(path))

    def rename(self, old: Path, new: Path) -> None:
        """Keep the asset at *old* under its *new* path, with its id; an unknown one is no error."""
        record = self.get(old)
        if record is None or old == new:
            return
        with self._database.transaction():
            self._remove(self._id(new))
            self._database.execute(
                "UPDATE assets SET path = ? WHERE path = ?", (os.fsencode(new), os.fsencode(old))
            )
            self._write(replace(record, asset=replace(record.asset, path=new)))

    def get(self, path: Path) -> Record | None:
        """Give what is known of one asset."""
        return record_at(self._database, path)

    def count(self) -> int:
        """Count the assets."""
        number: int = self._database.execute("SELECT count(*) FROM assets").fetchone()[0]
        return number

    def records(self) -> Iterator[Record]:
        """Give all that is known, one asset after the other."""
        rows = self._database.execute("SELECT record FROM records ORDER BY id")
        return (read_record(self._database, text) for (text,) in rows)

    def paths(self) -> Iterator[Path]:
        """List the assets' paths."""
        rows = self._database.execute("SELECT path FROM assets ORDER BY path")
        return (Path(os.fsdecode(path)) for (path,) in rows)

    def repeated(self) -> list[Repeated]:
        """List the captions that a model gives again and again."""
        return repeated(self._database)

    def spellings(self, words: Iterable[str]) -> dict[str, str]:
        """Tell how humans spell *words* in this library, most of the time; see lexicon."""
        return spellings(self._database, words)

    def with_keyword(self, word: str, kind: str) -> list[Path]:
        """List the assets that have *word*, in any spelling, of *kind* ours or human."""
        return with_keyword(self._database, word, kind)

    def spelling(self, word: str, kind: str) -> str:
        """Tell how *word* is spelled in most files of *kind*; see lexicon."""
        return spelling(self._database, word, kind)

    def clear(self) -> None:
        """Forget everything."""
        with self._database.transaction():
            for table in ("assets", "records", "marks", "words", "sayings"):
                self._database.execute(f"DELETE FROM {table}")

    def begin_rebuild(self) -> None:
        """Write everything afresh from now on; searches go on finding what was there.

        Word lists that contradict themselves, which no check at start can see, are made anew.
        """
        try:
            self._database.execute("INSERT INTO words(words) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._database.execute("INSERT INTO words(words) VALUES ('rebuild')")
        self._rewritten = set()

    def end_rebuild(self) -> None:
        """Forget what was not written again since begin_rebuild."""
        if self._rewritten is None:
            return
        with self._database.transaction():
            rows = self._database.execute("SELECT id FROM assets").fetchall()
            for (id,) in rows:
                if id not in self._rewritten:
                    self._remove(id)
        self._rewritten = None

    def _write(self, record: Record) -> None:
        text = to_json(record)
        id = self._id(record.asset.path)
        if id is not None and self._rewritten is None and self._text(id) == text:
            return
        if id is not None:
            self._empty(id)
        found = findable(record)
        path = record.asset.path
        id = self._database.execute(
            """INSERT INTO assets(id, path, name, day) VALUES (?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET name = excluded.name, day = excluded.day
            RETURNING id""",
            (id, os.fsencode(path), shown(path), found.day),
        ).fetchall()[0][0]
        self._database.execute("INSERT INTO records(id, record) VALUES (?, ?)", (id, text))
        self._database.execute(
            "INSERT INTO words(rowid, tags, caption, texts, about, runs) VALUES (?, ?, ?, ?, ?, ?)",
            (id, *found.columns),
        )
        self._database.executemany(
            "INSERT INTO marks(kind, mark, id) VALUES (?, ?, ?)",
            ((kind, mark, id) for kind, mark in sorted(found.marks)),
        )
        if said := saying(record):
            self._database.execute(
                "INSERT INTO sayings(id, at, model, caption, scene) VALUES (?, ?, ?, ?, ?)",
                (id, *astuple(said)),
            )
        if self._rewritten is not None:
            self._rewritten.add(id)

    def _empty(self, id: int) -> None:
        self._database.execute("DELETE FROM records WHERE id = ?", (id,))
        self._database.execute("DELETE FROM words WHERE rowid = ?", (id,))
        self._database.execute("DELETE FROM marks WHERE id = ?", (id,))
        self._database.execute("DELETE FROM sayings WHERE id = ?", (id,))

    def _remove(self, id: int | None) -> None:
        if id is not None:
            self._empty(id)
            self._database.execute("DELETE FROM assets WHERE id = ?", (id,))

    def _id(self, path: Path) -> int | None:
        row = self._database.execute(
            "SELECT id FROM assets WHERE path = ?", (os.fsencode(path),)
        ).fetchone()
        return row[0] if row else None

    def _text(self, id: int) -> str | None:
        row = self._database.execute("SELECT record FROM records WHERE id = ?", (id,)).fetchone()
        return row[0] if row else None


def record_at(database: Database, path: Path) -> Record | None:
    """Give what an index knows of one asset; raises Damaged when that makes no sense."""
    rows = database.rows(
        "SELECT record FROM records JOIN assets USING (id) WHERE path = ?", (os.fsencode(path),)
    )
    return read_record(database, rows[0][0]) if rows else None


def read_record(database: Database, text: str) -> Record:
    """Read a stored record back; raises Damaged when it makes no sense."""
    try:
        return from_json(text, Record)
    except msgspec.MsgspecError as error:
        raise unreadable(database.path, error) from error
