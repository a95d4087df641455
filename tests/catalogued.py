"""Make records to index and search, without any media file."""

from pathlib import Path
from typing import Any

from metadata.asset import Asset, MediaKind, Stat
from metadata.description import Description, Record, Tag

ARRIVED_NS = 1_720_000_000 * 10**9  # 2024-07-03


def asset(name: str | Path, **known: Any) -> Asset:
    """Give an asset in /hot, with whatever else is *known*."""
    facts: dict[str, Any] = {
        "kind": MediaKind.IMAGE,
        "format": "jpeg",
        "content": "sha256:00",
        "stat": Stat(1, 2, 3, ARRIVED_NS, ARRIVED_NS),
        "width": 30,
        "height": 20,
    }
    return Asset(path=Path("/hot") / name, **{**facts, **known})


def record(name: str | Path, *tags: str | Tag, **said: Any) -> Record:
    """Give a record of an asset in /hot with *tags* and whatever else is *said* of it."""
    words = tuple(tag if isinstance(tag, Tag) else Tag(tag, "builtin") for tag in tags)
    about = said.pop("asset", {})
    return Record(asset(name, **about), Description(tags=words, **said))
