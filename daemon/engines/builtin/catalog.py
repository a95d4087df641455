"""The sentences of one language: a Fluent catalog, with dates and names from CLDR."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from fluent.runtime import FluentBundle, FluentResource

from daemon.engines.builtin import names
from daemon.engines.builtin.when import Day
from daemon.engines.languages import catalog_for

LANGUAGES = ("en", "es", "fr", "hi", "de", "it", "pt", "ja", "zh")
# English words are spelled the British way here, so dates and lists are British too.
_LOCALES = {"en": "en_GB"}
# What catalogs can do beyond Fluent; fluent.runtime calls the type of a text FluentType.
_FUNCTIONS: dict[str, Any] = {"CAPITAL": lambda text: text[:1].upper() + text[1:]}
# Babel does not know, as CLDR does, that “y” is “e” before the sound of an i.
_SPANISH_I = re.compile(r"h?i(?!e)", re.IGNORECASE)
_MINUTE_S = 60
_HOUR_S = 3600


def language_of(tag: str) -> str | None:
    """Find the catalog for a BCP 47 *tag*: ``es-MX`` has that of ``es``; None if there is none."""
    return catalog_for(tag, LANGUAGES)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language, ready to say things."""

    bundle: FluentBundle
    locale: Locale

    @classmethod
    def load(cls, language: str) -> "Catalog":
        """Read the catalog of *language*, one of LANGUAGES."""
        locale = Locale.parse(_LOCALES.get(language, language))
        source = resources.files(__package__).joinpath("catalogs", f"{language}.ftl")
        # Isolation marks (U+2068, U+2069) would end up in the files and break searches.
        bundle = FluentBundle(
            [str(locale).replace("_", "-")], functions=_FUNCTIONS, use_isolating=False
        )
        bundle.add_resource(FluentResource(source.read_text("utf-8")))
        return cls(bundle, locale)

    def say(self, name: str, /, **values: str | int | float) -> str:
        """Fill in the message *name*, or its form ``name.form``; LookupError names what lacks."""
        message, _, form = name.partition(".")
        entry = self.bundle.get_message(message)
        pattern = entry.attributes[form] if form else entry.value
        if pattern is None:
            raise LookupError(f"catalog {self.locale}: message {name} is empty")
        text, errors = self.bundle.format_pattern(pattern, values)
        if errors:
            raise LookupError(f"catalog {self.locale}, message {name}: {errors[0]}")
        return str(text)

    def enumerate(self, items: Sequence[str]) -> str:
        """Join *items* as a sentence does: ``red, green and blue``."""
        listed = format_list(items, locale=self.locale)
        last = items[-1]
        if len(items) > 1 and self.locale.language == "es" and _SPANISH_I.match(last):
            return f"{listed.removesuffix(f'y {last}')}e {last}"
        return listed

    def chain(self, parts: Sequence[str]) -> str:
        """Put the parts of a sentence one behind the other; nothing makes an empty sentence."""
        return reduce(lambda a, b: self.say("also", before=a, after=b), parts) if parts else ""

    def day(self, day: Day) -> str:
        """Spell a date as far as it is known."""
        first = date(day.year, day.month or 1, 1)
        month = format_skeleton("yMMMM" if day.month else "y", first, locale=self.locale)
        return month if day.day is None else self.say("date", day=day.day, month=month)

    def length(self, seconds: float) -> str:
        """Spell a duration with its two largest units: hours, minutes, seconds."""
        larger, *smaller = [self.say(unit, n=count) for count, unit in _units(seconds)]
        return self.say("length", larger=larger, smaller=smaller[0]) if smaller else larger

    def place(self, name: str, country: str | None) -> str:
        """Name a town with its *country*, an ISO 3166 code, where CLDR knows it."""
        known = names.country(country, self.locale) if country else None
        return self.say("place", name=name, country=known) if known else name

    def language(self, code: str) -> str | None:
        """Name a language by its BCP 47 or ISO 639 *code*; None where CLDR does not know it."""
        return names.language(code, self.locale)


def _units(seconds: float) -> list[tuple[float, str]]:
    """Split a duration; below ten seconds a tenth counts."""
    if seconds < 10:
        tenths = round(seconds, 1)
        return [(int(tenths) if tenths.is_integer() else tenths, "seconds")]
    return list(_whole_units(seconds))


def _whole_units(seconds: float) -> Iterator[tuple[int, str]]:
    whole = round(seconds)
    if whole >= _HOUR_S:
        minutes = round(seconds / _MINUTE_S)
        pair = [(minutes // 60, "hours"), (minutes % 60, "minutes")]
    else:
        pair = [(whole // _MINUTE_S, "minutes"), (whole % _MINUTE_S, "seconds")]
    yield from ((count, unit) for count, unit in pair if count)
