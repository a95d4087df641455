"""Two files that are one shot: RAW+JPEG, HEIC+MOV; told by stem, folder and what they are."""

import os
from pathlib import Path

from metadata.formats import FORMATS, Format

_RAW = tuple(suffix for format in FORMATS.values() if format.raw for suffix in format.suffixes)
_JPEG, _HEIC = FORMATS["jpeg"].suffixes, FORMATS["heic"].suffixes
_PARTNERS = {"jpeg": _RAW, "heic": (".mov", *_RAW), "mov": _HEIC}


def companion(path: Path, format: Format) -> str | None:
    """Give the name of the other half that lies beside *path*, None where there is none.

    A RAW goes with a JPEG or a HEIC, a HEIC with the MOV of a live photo.
    """
    suffixes = (*_JPEG, *_HEIC) if format.raw else _PARTNERS.get(format.name, ())
    stem = os.fspath(path)[: len(os.fspath(path)) - len(path.suffix)]
    for suffix in suffixes:
        for other in (stem + suffix, stem + suffix.upper()):
            if os.path.isfile(other):  # noqa: PTH113 - many times as fast, and there are twenty
                return Path(other).name
    return None
