"""Whether the same is said again: then nothing is written for the sake of another date. Pure."""

from collections.abc import Mapping

from metadata.fields import OURS, Value

_RUN = f"{OURS}Run"
_DATES = ("run", "when")


def retold(new: Mapping[str, Value], current: Mapping[str, Value]) -> Mapping[str, Value]:
    """Give our own account as it stands in *current* where only dates are *new*."""
    stands = {name: value for name, value in current.items() if name.startswith(OURS)}
    return stands if _undated(stands) == _undated(new) else new


def _undated(account: Mapping[str, Value]) -> Mapping[str, Value]:
    """Leave out when and in which run something was said."""
    return {**account, _RUN: [_without_dates(each) for each in _listed(account.get(_RUN))]}


def _listed(value: Value | None) -> list[Value]:
    return value if isinstance(value, list) else [value] if value else []


def _without_dates(made: Value) -> Value:
    if not isinstance(made, dict):
        return made
    return {name: value for name, value in made.items() if name not in _DATES}
