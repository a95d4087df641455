"""Where sidecars and captions of a media file are, or would be; looks at names only."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from metadata.change import SidecarName
from metadata.formats import SIDECAR_SUFFIX, named_format

CAPTIONS_SUFFIX = ".vtt"
_SUFFIXES = (SIDECAR_SUFFIX, SIDECAR_SUFFIX.upper())


def existing_sidecars(media: Path) -> tuple[Path, ...]:
    """Find the sidecars that are there: ``IMG.jpg.xmp``, then ``IMG.xmp``, in any case."""
    appended = [media.with_name(media.name + suffix) for suffix in _SUFFIXES]
    replaced = [media.with_suffix(suffix) for suffix in _SUFFIXES]
    alone = any(map(os.path.lexists, replaced)) and not _is_anothers(media)
    return tuple(_different([*appended, *(replaced if alone else ())]))


def new_sidecar(media: Path, name: SidecarName) -> Path:
    """Say how a sidecar is to be called where there is none.

    ``IMG.xmp`` would be read for every media file of that stem, so it is used for one alone.
    """
    if name is SidecarName.REPLACE and not _is_anothers(media):
        return media.with_suffix(SIDECAR_SUFFIX)
    return media.with_name(media.name + SIDECAR_SUFFIX)


def captions_of(media: Path) -> Path:
    """Say how the file is called in which what is said in a video is written down."""
    return media.with_name(media.name + CAPTIONS_SUFFIX)


def _is_anothers(media: Path) -> bool:
    """Tell whether ``IMG.xmp`` is not this file's: of several it belongs to the only RAW file."""
    beside = (Path(name) for name in os.listdir(media.parent))  # noqa: PTH208 (names are enough)
    stem = [each for each in beside if each.stem == media.stem and named_format(each)]
    raw = [each.name for each in stem if (format := named_format(each)) and format.raw]
    return len(stem) > 1 and raw != [media.name]


def _different(paths: Iterable[Path]) -> Iterator[Path]:
    """Name each file once, also where the file system does not tell upper from lower case."""
    seen = set()
    for path in filter(os.path.lexists, paths):
        stat = path.lstat()
        if (stat.st_dev, stat.st_ino) not in seen:
            seen.add((stat.st_dev, stat.st_ino))
            yield path
