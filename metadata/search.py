"""Query: what to find in index.db, and how; only reads, and knows nothing of the daemon."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from metadata.asset import MediaKind
from metadata.database import Database, open_readonly
from metadata.description import Record
from metadata.fold import fold, fold_tag, phrases, plain
from metadata.index import read_record, record_at
from metadata.lexicon import Keyword, keywords
from metadata.sameness import Repeated, repeated
from metadata.schema import INDEX

# Ranking costs 1-2 us a hit, and a common word has a hit in every tenth file: so the newest hits
# are taken first, and ranked among themselves.
RANKED = 2000
# Shorter beginnings match too much to be of use.
SHORTEST_BEGINNING = 3
# FTS5 refuses deeper expressions than 256; nobody types this many.
MOST_PHRASES = 64
# Up to so many marked assets it is quicker to list them first than to look up each hit's mark.
FEW = 5000
# How much a hit counts in tags, captions, read or heard texts, name and camera, and grams.
_WEIGHTS = "4.0, 3.0, 1.0, 2.0, 2.0"
_Values = list[str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to find; everything given must hold, and nothing given finds everything.

    Each of *words* must be in the record, or from three letters on begin a word of it; records
    with the whole words come first, the best of them foremost. *tag* are whole keywords in any
    language, *lang* is a language it has a caption in; *since* is compared to the day it was taken,
    else the day the file arrived. *limit* None gives all.
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

    def keywords(self) -> list[Keyword]:
        """Count the assets of each keyword as spelled, most frequent first."""
        return keywords(self._database)

    def repeated(self) -> list[Repeated]:
        """List the captions that a model gives again and again."""
        return repeated(self._database)

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
        marks = self._marks(query)
        if not query.words.strip():
            return self._run(*_newest(marks, query.since, limit))
        whole = self._matching(_best, query, marks, limit)
        most = min([limit] * (limit >= 0) + [mark.size for mark in marks], default=None)
        if most is not None and len(whole) >= most:
            return whole
        # Not ranked: to gather all that begins with a common word takes long enough.
        begun = self._matching(_begun, query, marks, limit)
        return list(dict.fromkeys(whole + begun))[: limit if limit >= 0 else None]

    def _matching(self, plan: "_Plan", query: Query, marks: "list[_Mark]", limit: int) -> list[int]:
        match = match_expression(query.words, beginnings=plan is _begun)
        return self._run(*plan(match, marks, query.since, limit)) if match else []

    def _marks(self, query: Query) -> "list[_Mark]":
        """Give the marks that a hit must have, the rarest first."""
        single = {
            "mood": query.mood,
            "sentiment": query.sentiment,
            "lang": query.lang,
            "kind": query.kind,
        }
        wanted = [("tag", tag) for tag in query.tag]
        wanted += [(kind, mark) for kind, mark in single.items() if mark is not None]
        marks = [self._mark(kind, fold_tag(mark)) for kind, mark in wanted]
        return sorted(marks, key=lambda mark: mark.size)

    def _mark(self, kind: str, mark: str) -> "_Mark":
        sql = "SELECT count(*) FROM (SELECT 1 FROM marks WHERE kind = ? AND mark = ? LIMIT ?)"
        return _Mark(kind, mark, self._run(sql, [kind, mark, FEW + 1])[0])

    def _run(self, sql: str, values: _Values) -> list[int]:
        return [id for (id,) in self._database.rows(sql, values)]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a hit must be marked with; *size* counts the assets that are, to a little over FEW."""

    kind: str
    mark: str
    size: int


def match_expression(words: str, *, beginnings: bool) -> str:
    """Spell what a person typed for FTS5, whose operators they cannot have meant.

    Every word is quoted, so that no sign in it is an operator; one without a letter or digit is
    left out. With *beginnings*, longer words that begin like it are meant too.
    """
    found = dict.fromkeys(
        _spelled(phrase, from_run, beginnings)
        for word in fold(plain(words)).split()
        for phrase, from_run in phrases(word)
    )
    return " AND ".join(list(found)[:MOST_PHRASES])


def _spelled(phrase: str, from_run: bool, beginnings: bool) -> str:
    if from_run:
        return f'runs : "{phrase}"'
    long = len(phrase.split()[-1]) >= SHORTEST_BEGINNING
    return f'"{phrase}" *' if beginnings and long else f'"{phrase}"'


def _best(
    match: str, marks: Sequence[_Mark], since: date | None, limit: int
) -> tuple[str, _Values]:
    wanted, values = _conditions(marks, since, "words.rowid")
    hits = max(limit, RANKED) if limit >= 0 else -1
    sql = f"""
        SELECT id FROM (
            SELECT words.rowid AS id, bm25(words, {_WEIGHTS}) AS score FROM words
            WHERE words MATCH ? {wanted} ORDER BY words.rowid DESC LIMIT ?)
        ORDER BY score, id DESC LIMIT ?"""
    return sql, [match, *values, hits, limit]


def _begun(
    match: str, marks: Sequence[_Mark], since: date | None, limit: int
) -> tuple[str, _Values]:
    wanted, values = _conditions(marks, since, "words.rowid")
    sql = f"SELECT rowid FROM words WHERE words MATCH ? {wanted} ORDER BY rowid DESC LIMIT ?"
    return sql, [match, *values, limit]


_Plan = Callable[[str, Sequence[_Mark], date | None, int], tuple[str, _Values]]


def _newest(marks: Sequence[_Mark], since: date | None, limit: int) -> tuple[str, _Values]:
    if not marks:
        wanted, values = _conditions((), since, "assets.id")
        sql = f"SELECT id FROM assets WHERE 1 {wanted} ORDER BY id DESC LIMIT ?"
        return sql, [*values, limit]
    wanted, values = _conditions(marks[1:], since, "first.id")
    sql = f"""
        SELECT first.id FROM marks AS first WHERE first.kind = ? AND first.mark = ? {wanted}
        ORDER BY first.id DESC LIMIT ?"""
    return sql, [marks[0].kind, marks[0].mark, *values, limit]


def _conditions(marks: Sequence[_Mark], since: date | None, id: str) -> tuple[str, _Values]:
    """Spell what else must hold for *id*: few marked ones are listed once, many are looked up."""
    marked = "FROM marks AS m WHERE m.kind = ? AND m.mark = ?"
    wanted = [
        f"AND +{id} IN (SELECT m.id {marked})"
        if mark.size <= FEW
        else f"AND EXISTS (SELECT 1 {marked} AND m.id = {id})"
        for mark in marks
    ]
    values: _Values = [text for mark in marks for text in (mark.kind, mark.mark)]
    if since is not None:
        wanted.append(f"AND (SELECT a.day FROM assets AS a WHERE a.id = {id}) >= ?")
        values.append(since.isoformat())
    return " ".join(wanted), values
