"""Where sidecars and captions of a media file are, or would be.

It goes by names, and where one could be several files' by whose content it was written for.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from metadata.change import SidecarName
from metadata.digest import READ
from metadata.document import LARGEST
from metadata.formats import SIDECAR_SUFFIX, named_format

CAPTIONS_SUFFIX = ".vtt"
_SUFFIXES = (SIDECAR_SUFFIX, SIDECAR_SUFFIX.upper())


def existing_sidecars(media: Path, content: str | None = None) -> tuple[Path, ...]:
    """Find the sidecars that are there: ``IMG.jpg.xmp``, then ``IMG.xmp``, in any case.

    ``IMG.xmp`` stays that of the *content* for which captiond wrote it when a film of the same
    stem comes later, as phones make them. Raises OSError where the folder cannot be listed.
    """
    appended = [media.with_name(media.name + suffix) for suffix in _SUFFIXES]
    replaced = [media.with_suffix(suffix) for suffix in _SUFFIXES]
    there = [path for path in replaced if os.path.lexists(path)]
    if there and _is_anothers(media) and not _is_written_for(media, there, content):
        there = []
    return tuple(_different([*appended, *there]))


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
    of_stem, raw = _of_stem(media)
    return len(of_stem) > 1 and raw != [media.name]


def _of_stem(media: Path) -> tuple[list[str], list[str]]:
    """List the media files of one stem, and those of them that are RAW."""
    names = os.listdir(media.parent)  # noqa: PTH208 (names are enough)
    beside = (Path(name) for name in names if Path(name).stem == media.stem)
    formats = {each.name: format for each in beside if (format := named_format(each))}
    return list(formats), [name for name, format in formats.items() if format.raw]


def _is_written_for(media: Path, sidecars: Iterable[Path], content: str | None) -> bool:
    """Tell whether one of *sidecars* names *content*; what stands beside a RAW file is its own."""
    if content is None or _of_stem(media)[1]:
        return False
    return any(content.encode() in _read(path) for path in sidecars)


def _read(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, READ), "rb") as file:
            return file.read(LARGEST)
    except OSError:
        return b""


def _different(paths: Iterable[Path]) -> Iterator[Path]:
    """Name each file once, also where the file system does not tell upper from lower case."""
    seen = set()
    for path in filter(os.path.lexists, paths):
        stat = path.lstat()
        if (stat.st_dev, stat.st_ino) not in seen:
            seen.add((stat.st_dev, stat.st_ino))
            yield path
