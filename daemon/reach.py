"""Which media files a path of the user stands for: a file, a folder, or a sidecar."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.watch.names import Names
from daemon.watch.scan import scan
from metadata.asset import shown
from metadata.formats import is_sidecar, named_format


@dataclass(frozen=True, slots=True)
class Found:
    """The media files, and what was named that stands for none."""

    media: tuple[Path, ...]
    problems: tuple[str, ...]

    def tell(self, say: Callable[[Mapping[str, Any]], None]) -> int:
        """Say what was wrong; gives how many things were."""
        for problem in self.problems:
            say({"says": problem})
        return len(self.problems)


class Reach:
    """Paths into media files, by the rules of the configured folders."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def media(self, paths: Iterable[Path]) -> Found:
        """Find the media files that *paths* stand for, each once, in order."""
        found: dict[Path, None] = {}
        problems: list[str] = []
        for path in paths:
            media = self._below(path, problems) if path.is_dir() else self._of_file(path)
            if not media and not path.is_dir():
                problems.append(_problem(path))
            found.update(dict.fromkeys(media))
        return Found(tuple(found), tuple(problems))

    def everything(self, known: Iterable[Path]) -> tuple[Path, ...]:
        """List every media file of the hot folders, and the *known* ones elsewhere still there."""
        folders = [folder.path for folder in self._config.folders if folder.path.is_dir()]
        found = dict.fromkeys(self.media(folders).media)
        found.update(dict.fromkeys(path for path in known if path.is_file()))
        return tuple(found)

    def _below(self, folder: Path, problems: list[str]) -> list[Path]:
        inside = self._config.folder_of(folder)
        names = Names.below(folder, inside.exclude if inside else ())
        refused: list[tuple[str, OSError]] = []
        chunks = scan(str(folder), names, lambda *_: None, lambda *r: refused.append(r))
        media = [f.path for chunk in chunks for f in chunk if not is_sidecar(f.path)]
        problems += [
            f"{shown(Path(where))}: the folder cannot be read ({error.strerror}); "
            "let the user that captiond runs as read it"
            for where, error in refused
        ]
        return sorted(media)

    def _of_file(self, path: Path) -> list[Path]:
        if is_sidecar(path):
            return media_of(path)
        return [path] if path.exists() or path.is_symlink() else []


def media_of(sidecar: Path) -> list[Path]:
    """Find the media files beside *sidecar* that it belongs to, whichever way it is named."""
    appended = sidecar.with_suffix("")
    if named_format(appended):
        return [appended] if appended.is_file() else []
    try:
        with os.scandir(sidecar.parent) as entries:
            names = [e.name for e in entries if e.name.startswith(f"{sidecar.stem}.")]
    except OSError:
        return []
    beside = [sidecar.with_name(name) for name in names]
    return sorted(p for p in beside if p.stem == sidecar.stem and named_format(p))


def _problem(path: Path) -> str:
    if is_sidecar(path):
        return f"{shown(path)}: no picture or video stands beside this sidecar"
    return f"{shown(path)}: no such file or folder"
