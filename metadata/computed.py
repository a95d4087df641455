"""Descriptions: what was computed once is kept in state.db with its cost, never computed twice."""

import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from metadata.asset import MediaKind
from metadata.database import Database
from metadata.description import Description
from metadata.stats import Stats, Tokens
from metadata.stored import from_json, to_json
from metadata.tally import MINUTE_S, LastHour, Sum, Tally, first_minute


class Descriptions:
    """The descriptions table of state.db.

    A key stands for all that a description depends on: content, capture facts, engine, model,
    tasks and languages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made = Tally()
        self._hour: LastHour | None = None

    @property
    def made(self) -> list[Sum]:
        """Sum up what was described since this was opened, by kind and model."""
        return self._made.sums

    def last_hour(self, now: float) -> list[Sum]:
        """Sum up what was described in the hour before *now* (seconds since 1970).

        It is read once and kept up: to sum up 72,000 rows takes 100 ms.
        """
        if self._hour is None:
            self._hour = LastHour(self._minutes(now))
        return self._hour.sums(now)

    def get(self, key: str) -> tuple[Description, Stats] | None:
        """Give a description and what it cost; None when it is to be computed.

        One that cannot be read, or has another version's shape, counts as not there.
        """
        row = self._database.execute(
            "SELECT description, seconds, tokens_in, tokens_out FROM descriptions WHERE key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return None
        try:
            seconds = from_json(row[1], dict[str, float])
            return from_json(row[0], Description), Stats(seconds, _tokens(row[2], row[3]))
        except msgspec.MsgspecError:
            return None

    def put(self, key: str, description: Description, stats: Stats) -> None:
        """Keep a description in place of any that *key* had."""
        made, tokens = description.provenance.get("caption"), stats.tokens
        kind = MediaKind.VIDEO if description.video else MediaKind.IMAGE
        model, now = made.model if made else "", time.time()
        self._count(Sum(kind, model, 1, stats.took_s, tokens, dict(stats.seconds)), now)
        self._database.execute(
            """INSERT OR REPLACE INTO descriptions(key, description, seconds, made_at,
                kind, model, took_s, tokens_in, tokens_out)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                key,
                to_json(description),
                to_json(stats.seconds),
                now,
                kind,
                model,
                stats.took_s,
                tokens and tokens.prompt,
                tokens and tokens.completion,
            ),
        )

    def _count(self, one: Sum, now: float) -> None:
        self._made.count(one)
        if self._hour is not None:
            self._hour.count(replace(one, stages={}), now)

    def _minutes(self, now: float) -> Iterator[tuple[int, Sum]]:
        rows = self._database.rows(
            f"""SELECT cast(made_at AS INTEGER) / {MINUTE_S} AS minute, kind, model,
                count(*), sum(took_s), sum(tokens_in), sum(tokens_out)
            FROM descriptions WHERE made_at >= ? AND kind IS NOT NULL
            GROUP BY minute, kind, model""",
            (first_minute(now) * MINUTE_S,),
        )
        for minute, kind, model, files, seconds, read, wrote in rows:
            yield minute, Sum(MediaKind(kind), model, files, seconds, _tokens(read, wrote))


def _tokens(read: int | None, wrote: int | None) -> Tokens | None:
    return None if read is None else Tokens(read, wrote or 0)
