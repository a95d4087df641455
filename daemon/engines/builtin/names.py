"""Names of countries and languages, from CLDR; not which catalog speaks one."""

from functools import cache

from babel import Locale
from babel.core import get_global

# Codes that name no language: undetermined, several, none, and those without a code.
_NO_LANGUAGE = ("und", "mul", "zxx", "mis")


def country(code: str, locale: Locale) -> str | None:
    """Name the country with the ISO 3166 *code* in the language of *locale*."""
    name = locale.territories.get(code.upper())
    return str(name) if name else None


def language(code: str, locale: Locale) -> str | None:
    """Name a language by its BCP 47 or ISO 639 *code*, ``ger`` and ``de-AT`` like ``de``."""
    base = code.replace("_", "-").split("-")[0].lower()
    if base in _NO_LANGUAGE:
        return None
    name = locale.languages.get(get_global("language_aliases").get(base, base))
    return str(name) if name else None


def in_english(code: str) -> str | None:
    """Name a language as English tags do."""
    return language(code, Locale("en"))


def code_of(name: str) -> str | None:
    """Find the code of the language that English tags call *name*."""
    return _codes().get(name)


@cache
def _codes() -> dict[str, str]:
    return {str(name): code for code, name in Locale("en").languages.items() if "_" not in code}
