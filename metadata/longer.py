"""Long lists of structures, in a form that darktable can write again. Pure.

darktable puts the parts of a structure in the order of their names, ``Tag[10]`` before ``Tag[2]``,
which the library beneath it (exiv2) refuses: a sidecar with ten structures in a list was never
written again, and what people did in darktable stood in no sidecar (darktable 4.2.1 with exiv2
0.27.6). So a list has nine structures, and goes on as a list of texts in JSON: of these there may
be any number.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

MOST = 9
_MORE = "More"


def parted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Part the lists of structures among *values*; the rest of ``Tag`` is in ``MoreTag``."""
    return dict(_parts(values))


def more(texts: list[str]) -> Iterator[dict[str, Any]]:
    """Read the structures that stand as texts, and leave out what is none."""
    for text in texts:
        try:
            struct = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(struct, dict):
            yield struct


def rest_of(name: str) -> str:
    """Name the property in which a list goes on."""
    return _MORE + name


def _parts(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if not isinstance(value, list) or not any(isinstance(each, dict) for each in value):
            yield name, value
            continue
        yield name, value[:MOST]
        rest = [json.dumps(each, ensure_ascii=False) for each in value[MOST:]]
        if rest:
            yield rest_of(name), rest
