"""The translation memory: what a model made of a keyword once is not asked again."""

from collections.abc import Mapping, Sequence

from metadata.database import Database


class Translations:
    """The translations table of state.db; languages are BCP 47."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(
        self, model: str, words: Sequence[str], languages: Sequence[str]
    ) -> dict[str, dict[str, str]]:
        """Give each of *words* that *model* has translated, by language."""
        found: dict[str, dict[str, str]] = {}
        for word in words:
            rows = self._database.execute(
                "SELECT lang, translation FROM translations WHERE model = ? AND word = ?"
                f" AND lang IN ({', '.join('?' * len(languages))})",
                (model, word, *languages),
            )
            if told := dict(rows.fetchall()):
                found[word] = told
        return found

    def learn(self, model: str, words: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what *model* made of *words*, by language."""
        rows = [(model, lang, word, told) for word in words for lang, told in words[word].items()]
        for row in rows:
            self._database.execute(
                "INSERT OR REPLACE INTO translations(model, lang, word, translation)"
                " VALUES (?, ?, ?, ?)",
                row,
            )
