"""Which catalog a language tag asks for, found out without loading one."""

from collections.abc import Container

# The script each catalog is written in, where it is not the Latin one (ISO 15924).
_SCRIPTS = {"hi": "deva", "ja": "jpan", "zh": "hans"}
# Where Chinese is written in traditional characters unless the tag says otherwise.
_TRADITIONAL = {"tw", "hk", "mo"}


def catalog_for(tag: str, catalogs: Container[str]) -> str | None:
    """Find the one of *catalogs* that says what a BCP 47 *tag* asks for, or None.

    A variant has that of its language (``es-MX`` that of ``es``), unless it is written in another
    script: ``zh-TW`` and ``hi-Latn`` have none, because those readers could not read it.
    """
    base, *rest = tag.replace("_", "-").lower().split("-")
    ours = _SCRIPTS.get(base, "latn")
    return base if base in catalogs and _script(base, rest, ours) == ours else None


def _script(base: str, rest: list[str], ours: str) -> str:
    named = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    return named or ("hant" if base == "zh" and _TRADITIONAL.intersection(rest) else ours)
