"""The sentences of one language: a Fluent catalog, with dates and units from CLDR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.units import format_unit
from fluent.runtime import FluentBundle, FluentResource

from daemon.engines.builtin.when import Day

LANGUAGES = ("en", "es", "fr", "hi", "de")
# English words are spelled the British way here, so dates and lists are British too.
_LOCALES = {"en": "en_GB"}
_MINUTE_S = 60
_HOUR_S = 3600


def language_of(tag: str) -> str | None:
    """Find the catalog for a BCP 47 *tag*: ``es-MX`` has that of ``es``; None if there is none."""
    base = tag.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else None


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
        bundle = FluentBundle([str(locale).replace("_", "-")], use_isolating=False)
        bundle.add_resource(FluentResource(source.read_text("utf-8")))
        return cls(bundle, locale)

    def say(self, name: str, /, **values: str | int) -> str:
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
        return format_list(items, locale=self.locale)

    def day(self, day: Day) -> str:
        """Spell a date as far as it is known."""
        if day.month is None:
            return str(day.year)
        first = date(day.year, day.month, 1)
        month = format_skeleton("yMMMM", first, locale=self.locale)
        return month if day.day is None else self.say("date", day=day.day, month=month)

    def length(self, seconds: float) -> str:
        """Spell a duration with its two largest units: hours, minutes, seconds."""
        return format_list(
            [
                format_unit(count, f"duration-{unit}", "long", locale=self.locale)
                for count, unit in _units(seconds)
            ],
            style="unit-narrow",
            locale=self.locale,
        )


def _units(seconds: float) -> list[tuple[float, str]]:
    """Split a duration; below ten seconds a tenth counts."""
    if seconds < 10:
        tenths = round(seconds, 1)
        return [(int(tenths) if tenths.is_integer() else tenths, "second")]
    whole = round(seconds)
    if whole >= _HOUR_S:
        minutes = round(seconds / _MINUTE_S)
        pair = [(minutes // 60, "hour"), (minutes % 60, "minute")]
    else:
        pair = [(whole // _MINUTE_S, "minute"), (whole % _MINUTE_S, "second")]
    return [(count, unit) for count, unit in pair if count]
