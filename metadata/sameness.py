"""The same caption for many different pictures: what a model that is stuck says. It is reported.

Only models are looked at: what the builtin engine measures may be alike in many pictures.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import msgspec

from metadata.database import Database, unreadable
from metadata.description import HUMAN, Record
from metadata.fold import fold, tokens
from metadata.stored import from_json

BUILTIN = "builtin"
LATEST = 500
"""So many captions are compared: what was said long ago is not what is said now."""
LEAST = 5
SHARE = 20
"""Reported is what was said of LEAST scenes, and of one in SHARE: models that write one short
sentence come to say “a close-up of a flower” now and then, and one that is stuck says nothing else.
"""
_MINUTE = len("2024-07-03T18:20")
_EXAMPLES = 3
_QUOTED = 80
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Saying:
    """What a model said of one asset: when (UTC), who, the digest of its caption, and of what.

    A *scene* is what was taken within one minute, so that a burst counts once; else the content.
    """

    at: str
    model: str
    caption: str
    scene: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A *caption* that *model* gave *scenes* different pictures *of* its latest, some by name."""

    model: str
    caption: str
    scenes: int
    of: int
    examples: tuple[str, ...]


def saying(record: Record) -> Saying | None:
    """Take out of *record* what is compared; None where no model wrote its English caption."""
    made = record.description.provenance.get("caption")
    words = tokens(fold(record.description.caption.get(_ENGLISH, "")))
    if made is None or made.engine in (BUILTIN, HUMAN) or not words:
        return None
    taken = record.asset.taken_at
    scene = taken[:_MINUTE] if taken and len(taken) >= _MINUTE else record.asset.content
    return Saying(made.at, made.model, caption_digest(words), scene)


def caption_digest(words: list[str]) -> str:
    """Name a caption by its folded *words*, so that equal ones have one name."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32]


def repeated(database: Database) -> list[Repeated]:
    """List the captions in an index that are given again and again, the most frequent first."""
    rows = database.rows(
        "SELECT id, model, caption, scene FROM sayings ORDER BY at DESC LIMIT ?", (LATEST,)
    )
    scenes: dict[str, set[str]] = defaultdict(set)
    alike: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for id, model, caption, scene in rows:
        scenes[model].add(scene)
        alike[model, caption].setdefault(scene, id)
    found = [
        _told(database, model, list(ids.values()), len(scenes[model]))
        for (model, _), ids in alike.items()
        if is_many(len(ids), len(scenes[model]))
    ]
    return sorted(found, key=lambda each: -each.scenes)


def is_many(alike: int, of: int) -> bool:
    """Tell whether one caption for *alike* scenes *of* so many is worth a word."""
    return alike >= LEAST and alike * SHARE >= of


def _told(database: Database, model: str, ids: list[int], of: int) -> Repeated:
    shown = ids[:_EXAMPLES]
    names = [database.rows("SELECT name FROM assets WHERE id = ?", (id,)) for id in shown]
    ((text,),) = database.rows("SELECT record FROM records WHERE id = ?", (ids[0],))
    caption = _record(database, text).description.caption[_ENGLISH]
    quoted = caption if len(caption) <= _QUOTED else f"{caption[:_QUOTED].rstrip()}…"
    return Repeated(model, quoted, len(ids), of, tuple(name for ((name,),) in names))


def _record(database: Database, text: str) -> Record:
    try:
        return from_json(text, Record)
    except msgspec.MsgspecError as error:
        raise unreadable(database.path, error) from error
