"""Renames: how the user wants keywords of ours to be called, kept in state.db."""

from collections.abc import Iterable

from metadata.database import Database
from metadata.spelling import same


class Renames:
    """The renames table of state.db; a word is found in whatever case it is written.

    What is put counts once it is read again, that is, after a commit.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names: dict[str, tuple[str, str]] = {}
        self.read()

    def read(self) -> None:
        """Take in what is stored."""
        rows = self._database.rows("SELECT key, old, new FROM renames")
        self._names = {key: (old, new) for key, old, new in rows}

    def get(self, word: str) -> str | None:
        """Tell what *word* is called now; None where it has kept its name."""
        if not self._names:
            return None
        name, key, seen = None, same(word), set[str]()
        while key in self._names and key not in seen:
            seen.add(key)
            name = self._names[key][1]
            key = same(name)
        return name

    def put(self, words: Iterable[str], new: str, usual: str) -> bool:
        """Call *words*, and all that is called like them by now, *new*.

        Where one of them is what *new* was renamed to before, that is taken back instead, and told:
        a file that was described with the other name keeps it. *usual* is how *new* would be
        spelled without a word of the user's.
        """
        chosen, home = {same(word): word for word in words}, same(new)
        called = same(self.get(new) or new)
        if called in chosen:
            old = self._names[home][0] if home in self._names else chosen[home]
            self._set(home, old, new, old == new == usual)
        for key, old in chosen.items():
            if key not in (called, home):
                self._set(key, old, new, False)
        return called in chosen and called != home

    def _set(self, key: str, old: str, new: str, is_back: bool) -> None:
        self._database.execute("DELETE FROM renames WHERE key = ?", (key,))
        if not is_back:
            self._database.execute(
                "INSERT INTO renames(key, old, new) VALUES (?, ?, ?)", (key, old, new)
            )
