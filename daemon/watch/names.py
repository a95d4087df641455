"""Which names in a hot folder count: media and sidecars, not what programs leave in passing."""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from metadata.formats import FORMATS, SIDECAR_SUFFIX

_SUFFIXES = frozenset(s for f in FORMATS.values() for s in f.suffixes) | {SIDECAR_SUFFIX}

# Hidden names cover rsync, Syncthing, vim, GIO (GIMP, Nautilus), Android and AppleDouble;
# a tilde stands before the lock and spool files of Windows programs and of old Syncthing.
_PASSING = (".", "~")
# Half-made files that carry a media suffix, such as yt-dlp's film.temp.mp4. The other temporary
# names (.part .crdownload .filepart _exiftool_tmp _original ...) have no media suffix at all.
_HALF_MADE = (".temp", ".tmp", ".part", ".partial")

# Thumbnails, recycle bins and snapshots of Synology, QNAP, Windows, macOS and ext4, in lower case.
_FOLDERS = frozenset(
    {
        "@eadir",
        "@tmp",
        "@sharesnap",
        "#recycle",
        "#snapshot",
        "@recycle",
        "@recently-snapshot",
        "$recycle.bin",
        "recycler",
        "system volume information",
        "network trash folder",
        "temporary items",
        "__macosx",
        "lost+found",
    }
)
# Previews of Nextcloud (appdata_oc...), and packages that only their own program may change.
_FOLDER_STARTS = (".", "~", "appdata_oc")
_FOLDER_ENDS = (".lrdata", ".lrcat-data", ".photoslibrary", ".aplibrary", ".cocatalog", ".download")


def counts(name: str) -> bool:
    """Tell whether *name*, without its folder, is that of a finished media file or a sidecar."""
    dot = name.rfind(".")
    if name[dot:].lower() not in _SUFFIXES or name.startswith(_PASSING):
        return False
    return not name[:dot].lower().endswith(_HALF_MADE)


def counts_as_folder(name: str) -> bool:
    """Tell whether a folder called *name* may hold somebody's own files."""
    lower = name.lower()
    return not (
        lower in _FOLDERS or lower.startswith(_FOLDER_STARTS) or lower.endswith(_FOLDER_ENDS)
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The names that count in one hot folder.

    *apart* holds folders inside it that are hot folders themselves; their files are not ours.
    Places are absolute paths as text, as the kernel spells them.
    """

    root: str
    apart: frozenset[str] = frozenset()
    _excluded_name: re.Pattern[str] | None = None
    _excluded_place: re.Pattern[str] | None = None

    @classmethod
    def below(cls, root: Path, exclude: Iterable[str] = (), apart: Iterable[Path] = ()) -> Self:
        """Take the globs of *exclude* on top of the names that never count.

        A glob without a slash is matched with the name of every file and folder, one with a slash
        with the place below *root*. ``*`` also matches slashes. A folder that matches is left out
        with all it holds.
        """
        globs = list(exclude)
        return cls(
            str(root),
            frozenset(map(str, apart)),
            _any_of(g.rstrip("/") for g in globs if "/" not in g.rstrip("/")),
            _any_of(g.strip("/") for g in globs if "/" in g.rstrip("/")),
        )

    def file(self, folder: str, name: str) -> bool:
        """Tell whether the file *name* in *folder*, which is one that counts, counts too."""
        return counts(name) and not self._excluded(folder, name)

    def folder(self, parent: str, name: str) -> bool:
        """Tell whether the folder *name* in *parent*, which is one that counts, counts too."""
        if not counts_as_folder(name) or self._excluded(parent, name):
            return False
        return not self.apart or joined(parent, name) not in self.apart

    def holds(self, path: Path) -> bool:
        """Tell whether the file at *path* counts, with every folder from the root down to it."""
        if not path.is_relative_to(self.root):
            return False
        *folders, name = path.relative_to(self.root).parts or ("",)
        parent = self.root
        for folder in folders:
            if not self.folder(parent, folder):
                return False
            parent = joined(parent, folder)
        return self.file(parent, name)

    def _excluded(self, folder: str, name: str) -> bool:
        if self._excluded_name and self._excluded_name.match(name):
            return True
        if not self._excluded_place:
            return False
        place = joined(folder, name)[len(self.root) :].lstrip("/")
        return self._excluded_place.match(place) is not None


def joined(folder: str, name: str) -> str:
    """Name the place of *name* in *folder*."""
    return f"{folder}/{name}" if folder != "/" else f"/{name}"


def _any_of(globs: Iterable[str]) -> re.Pattern[str] | None:
    patterns = [fnmatch.translate(glob) for glob in globs if glob]
    return re.compile("|".join(patterns)) if patterns else None
