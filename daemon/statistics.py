"""What was described lately and what it cost, for `captiond status`, with and without a daemon."""

import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from daemon.config import Config
from daemon.stores import INDEX_NAME, STATE_NAME
from metadata.computed import Descriptions
from metadata.database import MissingDatabase, StorageError, open_readonly
from metadata.schema import STATE
from metadata.search import IndexReader
from metadata.tally import Sum


def statistics(begun: datetime | None, descriptions: Descriptions | None) -> dict[str, Any]:
    """Tell what was described in the last hour, and since captiond *begun* where one runs."""
    return {
        "since": begun and begun.isoformat(timespec="seconds"),
        "since_start": list(map(_sum, descriptions.made)) if descriptions else [],
        "last_hour": list(map(_sum, descriptions.last_hour(time.time()))) if descriptions else [],
    }


def statistics_of(config: Config) -> dict[str, Any]:
    """Tell the same from state.db, when no captiond runs."""
    try:
        with open_readonly(config.state_dir / STATE_NAME, STATE) as database:
            return statistics(None, Descriptions(database))
    except MissingDatabase:
        return statistics(None, None)


def repeated_of(config: Config) -> list[dict[str, Any]] | None:
    """List the captions that a model gives again and again; None where the index is unreadable."""
    try:
        with IndexReader.open(config.state_dir / INDEX_NAME) as index:
            return list(map(asdict, index.repeated()))
    except MissingDatabase:
        return []
    except StorageError:  # of another version, or not for this user; `captiond doctor` tells
        return None


def _sum(made: Sum) -> dict[str, Any]:
    """Spell what was described of one kind by one model; seconds are those at work."""
    return {
        "kind": str(made.kind),
        "model": made.model,
        "files": made.files,
        "seconds_per_file": made.seconds / made.files,
        "seconds": dict(sorted(made.stages.items())),
        "tokens": made.tokens and asdict(made.tokens),
    }
