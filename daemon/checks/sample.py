"""Some files of a hot folder, by their names and owners alone, as the doctor looks at them."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from daemon.config import Folder
from daemon.watch.names import Names
from metadata.change import Rules, SidecarName
from metadata.formats import Format, is_sidecar, named_format
from metadata.targets import closed

MOST_FILES = 1000
"""Files that are looked at in one hot folder."""
MOST_NAMES = 20_000
"""Names that are read of it; on a slow share that takes a second or two."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is special about some media files of a folder: their paths, by what it is.

    *shared* have the stem of others, so that ``IMG.xmp`` would be read for those too; *beside*
    have sidecars under another name than new ones would get; *closed* may not be written, with
    the reason.
    """

    of: int
    shared: tuple[Path, ...]
    beside: tuple[Path, ...]
    closed: tuple[tuple[str, Path], ...]


def sample(folder: Folder, rules: Rules, apart: Iterable[Path] = ()) -> Seen:
    """Look at some files of *folder*, whose values go where *rules* say, but not in *apart*."""
    shared: list[Path] = []
    beside: list[Path] = []
    shut: list[tuple[str, Path]] = []
    of = 0
    for place, names in _places(Names.below(folder.path, folder.exclude, apart)):
        known = _Place(place, names)
        for name in islice(known.media, MOST_FILES - of):
            of += 1
            path, embeds = place / name, rules.embeds_in(known.format(name).name)
            others = known.under_other_names(name, rules)
            beside += [place / other for other in others]
            if not embeds and not others and known.shares(name, rules):
                shared.append(path)
            if embeds and (why := _closed(path)):
                shut.append((why, path))
        if of == MOST_FILES:
            break
    return Seen(of, tuple(shared), tuple(beside), tuple(shut))


class _Place:
    """The names in one folder."""

    def __init__(self, place: Path, names: Iterable[str]) -> None:
        self.place = place
        self._names = frozenset(names)
        self.media = sorted(n for n in self._names if not is_sidecar(Path(n)))
        self._stems: dict[str, list[str]] = defaultdict(list)
        for name in self.media:
            self._stems[Path(name).stem].append(name)

    def format(self, name: str) -> Format:
        """Tell the format that *name* claims."""
        format = named_format(Path(name))
        assert format is not None, name
        return format

    def shares(self, name: str, rules: Rules) -> bool:
        """Tell whether ``IMG.xmp`` is asked for, and would not be this file's alone."""
        if rules.sidecar_name is not SidecarName.REPLACE:
            return False
        stem = self._stems[Path(name).stem]
        return len(stem) > 1 and [n for n in stem if self.format(n).raw] != [name]

    def under_other_names(self, name: str, rules: Rules) -> list[str]:
        """List the sidecars that are there, but would not be made: they are brought up to date."""
        appended, replaced = f"{name}.xmp", f"{Path(name).stem}.xmp"
        alone = not self.shares(name, Rules(sidecar_name=SidecarName.REPLACE))
        there = [n for n in (appended, *([replaced] if alone else [])) if n in self._names]
        if rules.embeds_in(self.format(name).name):
            return there
        if rules.sidecar_name is SidecarName.EXISTING:
            return []
        usual = replaced if rules.sidecar_name is SidecarName.REPLACE and alone else appended
        return [n for n in there if n != usual]


def _places(names: Names) -> Iterator[tuple[Path, list[str]]]:
    """Go through folders and their names that count, no more of them than MOST_NAMES."""
    left = MOST_NAMES
    for where, folders, files in os.walk(names.root):
        folders[:] = sorted(name for name in folders if names.folder(where, name))
        found = [name for name in files[:left] if names.file(where, name)]
        left -= len(files) + len(folders)
        yield Path(where), found
        if left <= 0:
            return


def _closed(path: Path) -> str | None:
    try:
        return closed(path)
    except OSError:  # it has gone meanwhile
        return None
