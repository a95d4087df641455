"""Query: what to find in index.db, and how; only reads, and knows nothing of the daemon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from metadata.asset import MediaKind
from metadata.database import Database, open_readonly
from metadata.description import Record
from metadata.fold import fold, fold_tag, phrases, plain
from metadata.index import read_record, record_at
from metadata.schema import INDEX

# Ranking costs 1-2 us a hit, and a common word has a hit in every tenth file: so the newest hits
# are taken first, and ranked among themselves.
RANKED = 2000
# Shorter beginnings match too much to be of use.
SHORTEST_BEGINNING = 3
# FTS5 refuses deeper expressions than 256; nobody types this many.
MOST_PHRASES = 64
# How much a hit counts in tags, captions, read or heard texts, name and camera, and grams.
_WEIGHTS = "4.0, 3.0, 1.0, 2.0, 2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to find; everything given must hold, and nothing given finds everything.

    Each of *words* must be in the record, or begin a word of it from three letters on; *tag* are
    whole keywords in any language, *lang* a language it has a caption in; *since* is compared to
    the day it was taken, else the day the file arrived. *limit* None gives all.
    """

    words: str = ""
    tag: tuple[str, ...] = ()
    kind: MediaKind | None = None
    sentiment: str | None = None
    mood: str | None = None
    lang: str | None = None
    since: date | None = None
    limit: int | None = 50


class IndexReader:
    """An index.db open to read, by anyone who may read the file, with or without a daemon."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open index.db; raises MissingDatabase when there is none, StorageError when unusable."""
        return cls(open_readonly(path, INDEX))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def get(self, path: Path) -> Record | None:
        """Give what is known of one asset."""
        return record_at(self._database, path)

    def count(self) -> int:
        """Count the assets."""
        number: int = self._database.rows("SELECT count(*) FROM assets")[0][0]
        return number

    def tag_counts(self) -> dict[str, int]:
        """Count the assets of each keyword as spelled, most frequent first."""
        rows = self._database.rows(
            """SELECT mark, count(*) FROM marks WHERE kind = 'keyword'
            GROUP BY mark ORDER BY count(*) DESC, mark"""
        )
        return dict(rows)

    def find(self, query: Query) -> list[Record]:
        """Give what *query* asks for: best first where words are given, else newest first."""
        return list(self.each(query))

    def each(self, query: Query) -> Iterator[Record]:
        """Give the same one by one, for results too many to hold."""
        for id in self._ids(query):
            for (text,) in self._database.rows("SELECT record FROM records WHERE id = ?", (id,)):
                yield read_record(self._database, text)

    def _ids(self, query: Query) -> list[int]:
        limit = -1 if query.limit is None else max(query.limit, 0)
        if not query.words.strip():
            return self._run(*_newest(query, limit))
        match = match_expression(query.words)
        return self._run(*_ranked(query, match, limit)) if match else []

    def _run(self, sql: str, values: list[str | int]) -> list[int]:
        return [id for (id,) in self._database.rows(sql, values)]


def match_expression(words: str) -> str:
    """Spell what a person typed for FTS5, whose operators they cannot have meant.

    Every word is quoted, so that no sign in it is an operator; one without a letter or digit is
    left out. A whole word counts more than the beginning of a longer one.
    """
    found = dict.fromkeys(
        _spelled(phrase, from_run)
        for word in fold(plain(words)).split()
        for phrase, from_run in phrases(word)
    )
    return " AND ".join(list(found)[:MOST_PHRASES])


def _spelled(phrase: str, from_run: bool) -> str:
    if from_run:
        return f'runs : "{phrase}"'
    if len(phrase.split()[-1]) < SHORTEST_BEGINNING:
        return f'"{phrase}"'
    return f'("{phrase}" OR "{phrase}" *)'


def _ranked(query: Query, match: str, limit: int) -> tuple[str, list[str | int]]:
    wanted, values = _conditions(_marks(query), query.since, "words.rowid")
    hits = max(limit, RANKED) if limit >= 0 else -1
    sql = f"""
        SELECT id FROM (
            SELECT words.rowid AS id, bm25(words, {_WEIGHTS}) AS score FROM words
            WHERE words MATCH ? {wanted} ORDER BY words.rowid DESC LIMIT ?)
        ORDER BY score, id DESC LIMIT ?"""
    return sql, [match, *values, hits, limit]


def _newest(query: Query, limit: int) -> tuple[str, list[str | int]]:
    marks = _marks(query)
    if not marks:
        wanted, values = _conditions([], query.since, "assets.id")
        sql = f"SELECT id FROM assets WHERE 1 {wanted} ORDER BY id DESC LIMIT ?"
        return sql, [*values, limit]
    wanted, values = _conditions(marks[1:], query.since, "first.id")
    sql = f"""
        SELECT first.id FROM marks AS first WHERE first.kind = ? AND first.mark = ? {wanted}
        ORDER BY first.id DESC LIMIT ?"""
    return sql, [*marks[0], *values, limit]


def _marks(query: Query) -> list[tuple[str, str]]:
    """List the marks a hit must have, the rarest kinds first: the first one leads the search."""
    marks = [("tag", fold_tag(tag)) for tag in query.tag]
    single = {
        "mood": query.mood,
        "sentiment": query.sentiment,
        "lang": query.lang,
        "kind": query.kind,
    }
    return marks + [(kind, fold_tag(mark)) for kind, mark in single.items() if mark is not None]


def _conditions(
    marks: list[tuple[str, str]], since: date | None, id: str
) -> tuple[str, list[str | int]]:
    wanted = [
        f"AND EXISTS (SELECT 1 FROM marks AS m WHERE m.kind = ? AND m.mark = ? AND m.id = {id})"
    ] * len(marks)
    values: list[str | int] = [text for mark in marks for text in mark]
    if since is not None:
        wanted.append(f"AND (SELECT a.day FROM assets AS a WHERE a.id = {id}) >= ?")
        values.append(since.isoformat())
    return " ".join(wanted), values
