"""The keywords of the whole library, as index.db has them: whose, how spelled, in how many files.

What is looked up while files are written takes one query and counts nothing.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from metadata.database import Database
from metadata.fold import plain
from metadata.spelling import same

OURS, HUMAN = "ours", "human"
_PARTS = "\n"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A *word* as it is spelled, in how many files it is *ours* and *human*, and what is *above*.

    *above* are the words that it stands below in files, from the top; humans' places are not known.
    """

    word: str
    ours: int
    human: int
    above: tuple[str, ...] = ()

    @property
    def files(self) -> int:
        """Count the files that have it; in one file it is somebody's, once."""
        return self.ours + self.human


def keywords(database: Database) -> list[Keyword]:
    """List all keywords, those of most files first."""
    rows = database.rows(
        """SELECT mark, sum(kind = 'ours'), sum(kind = 'human') FROM marks
        WHERE kind IN ('ours', 'human') GROUP BY mark"""
    )
    found: dict[str, Keyword] = {}
    for mark, ours, human in rows:
        _, word, path = mark.split(_PARTS)
        known = found.get(word, Keyword(word, 0, 0))
        above = tuple(filter(None, path.split("|"))) or known.above
        found[word] = Keyword(word, known.ours + ours, known.human + human, above)
    return sorted(found.values(), key=lambda each: (-each.files, each.word))


def spellings(database: Database, words: Iterable[str]) -> dict[str, str]:
    """Tell how humans spell *words* most of the time, by common form; unknown ones are missing."""
    keys = {plain(same(word)) for word in words}
    if not keys:
        return {}
    ends = [end for key in keys for end in _ends(key)]
    # CROSS, so that each word is looked up, and not each spelling compared with all words
    rows = database.rows(
        f"""WITH wanted(first, last) AS (VALUES {", ".join(["(?, ?)"] * len(keys))})
        SELECT mark, files FROM wanted CROSS JOIN spellings ON mark > first AND mark < last""",
        ends,
    )
    best: dict[str, tuple[int, str]] = {}
    for mark, files in rows:
        key, word, _ = mark.split(_PARTS)
        best[key] = min(best.get(key, (0, word)), (-files, word))
    return {key: word for key, (_, word) in best.items()}


def with_keyword(database: Database, word: str, kind: str) -> list[Path]:
    """List the assets that have *word*, in any spelling, of *kind* OURS or HUMAN."""
    rows = database.rows(
        """SELECT DISTINCT path FROM marks JOIN assets USING (id)
        WHERE kind = ? AND mark > ? AND mark < ? ORDER BY path""",
        (kind, *_ends(plain(same(word)))),
    )
    return [Path(os.fsdecode(path)) for (path,) in rows]


def spelling(database: Database, word: str, kind: str) -> str:
    """Tell how *word* is spelled in most files of *kind*; as it is given where none has it."""
    rows = database.rows(
        """SELECT mark FROM marks WHERE kind = ? AND mark > ? AND mark < ?
        GROUP BY mark ORDER BY count(*) DESC LIMIT 1""",
        (kind, *_ends(plain(same(word)))),
    )
    return rows[0][0].split(_PARTS)[1] if rows else word


def _ends(key: str) -> tuple[str, str]:
    """Give the two ends between which all marks of one common form are."""
    return f"{key}{_PARTS}", f"{key}{chr(ord(_PARTS) + 1)}"
