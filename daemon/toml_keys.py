"""The keys of a TOML configuration: which are right, where they stand, what overrides them."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

ENVIRONMENT_PREFIX = "CAPTIOND_"
_INTERNAL = {"source"}
_HEADER = re.compile(r"^\s*\[\[?\s*([\w.\-]+)\s*\]\]?")
_HINTS = {
    "api_key": "; a key is never in this file: name its variable as api_key_env or its file as "
    "api_key_file",
}
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")


class ConfigError(Exception):
    """The user's to mend: one line that says where and what."""


def check_keys(raw: Mapping[str, Any], shape: type, text: str, where: str, path: str = "") -> None:
    """Refuse keys of *raw* that the dataclass *shape* does not have, naming the nearest."""
    known = _keys_of(shape)
    for key, value in raw.items():
        dotted = f"{path}{key}"
        if key not in known:
            raise ConfigError(
                f"{where}, line {line_of(text, dotted)}: unknown key {dotted}{_nearest(key, known)}"
            )
        inner = _table_shape(known[key])
        for table in _tables(value) if inner else ():
            check_keys(table, inner, text, where, f"{dotted}.")  # type: ignore[arg-type]


def overlay(raw: Mapping[str, Any], environment: Mapping[str, str], shape: type) -> dict[str, Any]:
    """Lay ``CAPTIOND_KEY`` and ``CAPTIOND_TABLE__KEY`` over the keys of the file."""
    result = dict(raw)
    for name, value in environment.items():
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
        *tables, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        target, inner = result, shape
        for table in tables:
            inner = _table_shape(_known(inner, table, name)) or dict
            target[table] = dict(target.get(table, {}))
            target = target[table]
        target[key] = _value(value, _known(inner, key, name))
    return result


def line_of(text: str, dotted: str) -> int:
    """Find the line of a key such as ``engine.use`` or ``folders[1].path``; 0 when not there."""
    wanted = re.sub(r"\[[^\]]*\]", "", dotted)
    table = ""
    loose = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = f"{header[1]}."
            if header[1] == wanted:
                return number
        elif (key := _KEY.match(line)) and f"{table}{key[1]}" == wanted:
            return number
        elif key and key[1] == wanted:
            loose = loose or number
    return loose


def _known(shape: type, key: str, name: str) -> Any:
    known = _keys_of(shape) if is_dataclass(shape) else {}
    if key not in known:
        raise ConfigError(f"environment {name}: unknown key {key}{_nearest(key, known)}")
    return known[key]


def _keys_of(shape: type) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {f.name: hints[f.name] for f in fields(shape) if f.name not in _INTERNAL}


def _table_shape(hint: Any) -> type | None:
    """Give the dataclass that a key holds, alone or in a tuple."""
    for shape in (hint, *get_args(hint)):
        if isinstance(shape, type) and is_dataclass(shape):
            return shape
    return None


def _tables(value: Any) -> list[Mapping[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _nearest(key: str, known: Mapping[str, Any]) -> str:
    if key in _HINTS:
        return _HINTS[key]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(known))}"


def _value(text: str, hint: Any) -> Any:
    if hint is not str:
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text
