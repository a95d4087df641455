"""Descriptions: what was computed once is kept in state.db, and never computed twice."""

import time

import msgspec

from metadata.database import Database
from metadata.description import Description
from metadata.stored import from_json, to_json


class Descriptions:
    """The descriptions table of state.db.

    A key stands for all that a description depends on: content, capture facts, engine, model,
    tasks and languages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> tuple[Description, dict[str, float]] | None:
        """Give a description and the seconds its stages took; None when it is to be computed.

        One that cannot be read, or has another version's shape, counts as not there.
        """
        row = self._database.execute(
            "SELECT description, seconds FROM descriptions WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        try:
            return from_json(row[0], Description), from_json(row[1], dict[str, float])
        except msgspec.MsgspecError:
            return None

    def put(self, key: str, description: Description, seconds: dict[str, float]) -> None:
        """Keep a description in place of any that *key* had."""
        self._database.execute(
            """INSERT OR REPLACE INTO descriptions(key, description, seconds, made_at)
            VALUES (?, ?, ?, ?)""",
            (key, to_json(description), to_json(seconds), time.time()),
        )
