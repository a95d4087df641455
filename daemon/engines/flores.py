"""Which code NLLB has for a language tag; a table, so that the daemon knows it without a model."""

from collections.abc import Iterator
from functools import cache
from importlib import resources

NONE = "-"
_SPELLED = {"kore": "hang"}  # Korean as it is usually written, and the letters of it that count
_EXTENDED = 3


def flores(tag: str) -> str | None:
    """Give the FLORES-200 code for a BCP 47 *tag* (``zho_Hant`` for ``zh-TW``), None without one.

    A region or variant without a code of its own has that of its language (``pt-BR`` that of
    ``pt``), unless its readers write another script: ``sr-Latn`` and ``pa-PK`` have none.
    """
    language, script, region = _parts(tag)
    table = _table()
    wanted = f"{language}-{script or region}"
    code = table.get(wanted) or table.get(language, NONE)
    readable = code != NONE and (not script or wanted in table or code.lower().endswith(script))
    return code if readable else None


def codes() -> frozenset[str]:
    """List every code that NLLB-200 knows."""
    return frozenset(_table().values()) - {NONE}


def _parts(tag: str) -> tuple[str, str, str]:
    """Give language, script and region of *tag* in small letters, each empty where it has none."""
    language, *rest = tag.replace("_", "-").lower().split("-")
    if rest and len(rest[0]) == _EXTENDED and rest[0].isalpha():
        language, *rest = rest  # ``zh-yue``: the second subtag is the language proper
    plain = list(_until_extension(rest))
    script = next((part for part in plain if len(part) == 4 and part.isalpha()), "")
    region = next((part for part in plain if len(part) in (2, 3)), "")
    return language, _SPELLED.get(script, script), region


def _until_extension(parts: list[str]) -> Iterator[str]:
    for part in parts:
        if len(part) == 1:
            return
        yield part


@cache
def _table() -> dict[str, str]:
    """Give the code for each tag, in small letters; of several scripts the plain tag has one."""
    lines = resources.files(__package__).joinpath("flores.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    named = {tag.lower(): code for code, tags in rows for tag in tags.split(" ")}
    known = [code for code in named.values() if code != NONE]
    whole = {code.lower().replace("_", "-"): code for code in known}
    plain = {code.split("_")[0]: code for tag, code in named.items() if "-" not in tag}
    return {**plain, **whole, **named}
