"""Descriptions: what was computed once is kept in state.db with its cost, never computed twice."""

import time
from dataclasses import dataclass

import msgspec

from metadata.asset import MediaKind
from metadata.database import Database
from metadata.description import Description
from metadata.stats import Stats, Tokens
from metadata.stored import from_json, to_json

_COUNTED = "count(*), sum(took_s), sum(tokens_in), sum(tokens_out)"


@dataclass(frozen=True, slots=True)
class Sum:
    """What *model* described of one kind: how many, and what they took together."""

    kind: MediaKind
    model: str
    files: int
    seconds: float
    tokens: Tokens | None


class Descriptions:
    """The descriptions table of state.db.

    A key stands for all that a description depends on: content, capture facts, engine, model,
    tasks and languages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

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
        made = description.provenance.get("caption")
        tokens = stats.tokens
        self._database.execute(
            """INSERT OR REPLACE INTO descriptions(key, description, seconds, made_at,
                kind, model, took_s, tokens_in, tokens_out)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                key,
                to_json(description),
                to_json(stats.seconds),
                time.time(),
                MediaKind.VIDEO if description.video else MediaKind.IMAGE,
                made.model if made else "",
                stats.took_s,
                tokens and tokens.prompt,
                tokens and tokens.completion,
            ),
        )

    def since(self, begun: float) -> list[Sum]:
        """Sum up what was described since *begun* (seconds since 1970), by kind and model."""
        rows = self._database.rows(
            f"""SELECT kind, model, {_COUNTED} FROM descriptions
            WHERE made_at >= ? AND kind IS NOT NULL GROUP BY kind, model ORDER BY kind, model""",
            (begun,),
        )
        return [
            Sum(MediaKind(kind), model, files, seconds, _tokens(read, wrote))
            for kind, model, files, seconds, read, wrote in rows
        ]


def _tokens(read: int | None, wrote: int | None) -> Tokens | None:
    return None if read is None else Tokens(read, wrote or 0)
