"""Texts as they stand on signs, menus, posters and letters, and the language each is in."""

from importlib import resources

UNDECIDABLE = "?"
"""What stands for the language where none may be named for certain: names, numbers, one word."""


def texts() -> tuple[tuple[str, str], ...]:
    """Read all texts: language (BCP 47, or UNDECIDABLE) and words, in the order of the table."""
    table = resources.files(__package__).joinpath("languages.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple((language, text) for language, _, text in rows)
