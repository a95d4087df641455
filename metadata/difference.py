"""What would be different in a file, value by value, in lines for people. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from metadata.asset import spelled
from metadata.fields import OURS, TOOLKIT, Properties, Value

LONGEST = 160
"""Characters of a value that are shown."""
MOST = 40
"""Values of one property that are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The values that would go from a file and come into it, one line for each."""

    lines: tuple[str, ...]


def difference(before: Properties, after: Properties) -> Difference:
    """List what goes, as ``- XMP-dc:Subject: dog``, and what comes (``+``), by property.

    A list differs word by word, and not by its order. What is too long, or too much, is cut, and
    the line says how much of it.
    """
    names = {**before, **after}.keys() - {TOOLKIT}
    return Difference(
        tuple(
            line
            for name in sorted(names, key=_order)
            for line in _of_property(name, _values(before.get(name)), _values(after.get(name)))
        )
    )


def _order(name: str) -> tuple[bool, str]:
    """Put what other programs show before what captiond keeps for itself."""
    return name.startswith(OURS), name


def _of_property(name: str, before: list[str], after: list[str]) -> Iterator[str]:
    yield from _lines("-", name, _without(before, after))
    yield from _lines("+", name, _without(after, before))


def _without(these: Iterable[str], those: Iterable[str]) -> list[str]:
    """Leave out of *these* what is also among *those*, each as often as it is there."""
    left, kept = Counter(those), []
    for value in these:
        if left[value]:
            left[value] -= 1
        else:
            kept.append(value)
    return kept


def _lines(sign: str, name: str, values: list[str]) -> Iterator[str]:
    yield from (f"{sign} {name}: {_short(value)}" for value in values[:MOST])
    if len(values) > MOST:
        yield f"{sign} {name}: … and {len(values) - MOST} more"


def _short(value: str) -> str:
    """Spell a value on one line, without a sign that a terminal would obey."""
    more = len(value) - LONGEST
    shown = spelled(value[:LONGEST].encode("utf-8", "surrogatepass"))
    return f"{shown} … ({more} more characters)" if more > 0 else shown


def _values(value: Value | None) -> list[str]:
    if value is None:
        return []
    return [_text(each) for each in (value if isinstance(value, list) else [value])]


def _text(value: Value) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return value
