"""digiKam as a reader: what its database lists after a scan, with a library that is all its own."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.conformance.darktable import end
from tests.conformance.shown import Listed, Shown, Word
from tests.running import until

NEEDS = ("digikam", "xvfb-run", "dbus-run-session")
# Without the version it shows a welcome; an empty database keeps it from asking for one.
_SETTINGS = """\
[General Settings]
Version=7.9.0
[Album Settings]
Scan At Start=true
[Database Settings]
Database Type=QSQLITE
Database Name={db}/
Database Name Face={db}/
Database Name Similarity={db}/
Database Name Thumbnails={db}/
Internal Database Server=false
[Metadata Settings]
Use XMP Sidecar For Reading=true
Rescan File If Modified={rescans}
Save Tags=false
"""
_IMAGES = """
SELECT Images.id, AlbumRoots.label, Images.name FROM Images
JOIN Albums ON Albums.id = Images.album JOIN AlbumRoots ON AlbumRoots.id = Albums.albumRoot
WHERE Images.status = 1
"""
_CAPTIONS = "SELECT imageid, language, author, comment FROM ImageComments WHERE type = 1"
_INTERNAL = "_Digikam_Internal_Tags_"
_DONE = b"Complete scan took"
_Row = tuple[Any, ...]


class DigiKam:
    """A library of digiKam's below *home*, with an album for each of *folders*, by their names."""

    def __init__(self, home: Path, folders: Mapping[str, Path], rescans: bool = True) -> None:
        self._home = home
        self._folders = folders
        self._rescans = str(rescans).lower()
        self._database = home / "db/digikam4.db"

    def reads(self) -> Mapping[str, Listed]:
        """Have it make its library and scan all folders; gives what it shows, by folder."""
        self._settle_in()
        self.scans()
        return self.listed()

    def scans(self) -> None:
        """Have it look at every file."""
        self._runs(lambda log: _DONE in log)

    def _runs(self, is_done: Callable[[bytes], bool]) -> None:
        """Start it, wait for what its log and its database tell, and end it."""
        log = self._home / "log"
        with log.open("wb") as output:
            running = subprocess.Popen(
                ["dbus-run-session", "--", "xvfb-run", "-a", "digikam"],
                stdout=output,
                stderr=output,
                env=self._environment(),
                start_new_session=True,
            )
            try:
                until(lambda: is_done(log.read_bytes()), 180, log.read_text)
            finally:
                end(running)

    def listed(self) -> Mapping[str, Listed]:
        """Read what its database says, in the language that it shows by itself."""
        names = {
            tag: (above, name) for tag, above, name in self._ask("SELECT id, pid, name FROM Tags")
        }
        tags: dict[int, set[Word]] = {}
        for image, tag in self._ask("SELECT imageid, tagid FROM ImageTags"):
            path = _path(tag, names)
            if _INTERNAL not in path:
                tags.setdefault(image, set()).add(path)
        captions = {image: text for image, lang, _, text in self.captions() if lang == "x-default"}
        found: dict[str, dict[str, Shown]] = {name: {} for name in self._folders}
        for image, folder, name in self._ask(_IMAGES):
            found[folder][name] = Shown(frozenset(tags.get(image, ())), captions.get(image))
        return found

    def captions(self) -> list[_Row]:
        """List the captions of all files: of which, language, author, text."""
        return self._ask(_CAPTIONS)

    def _settle_in(self) -> None:
        """Let it make its database, and put the albums there."""
        settings = self._home / "home/.config/digikamrc"
        for folder in (settings.parent, self._database.parent):
            folder.mkdir(parents=True)
        (self._home / "run").mkdir(mode=0o700)
        settings.write_text(_SETTINGS.format(db=self._database.parent, rescans=self._rescans))
        self._database.touch()
        self._runs(lambda _: self._is_made())
        with closing(sqlite3.connect(self._database)) as connection, connection:
            connection.executemany(
                "INSERT INTO AlbumRoots (label, status, type, identifier, specificPath)"
                " VALUES (?, 0, 1, ?, '/')",
                [(name, f"volumeid:?path={path}") for name, path in self._folders.items()],
            )

    def _is_made(self) -> bool:
        with suppress(sqlite3.OperationalError):  # it is at work there
            return bool(self._ask("SELECT 1 FROM Settings WHERE keyword = 'DBVersion'"))
        return False

    def _ask(self, query: str) -> list[_Row]:
        with closing(sqlite3.connect(self._database)) as connection:
            return connection.execute(query).fetchall()

    def _environment(self) -> dict[str, str]:
        home = self._home / "home"
        own = {
            "HOME": home,
            "XDG_CONFIG_HOME": home / ".config",
            "XDG_RUNTIME_DIR": self._home / "run",
        }
        kept = {name: each for name, each in os.environ.items() if not name.startswith("XDG_")}
        plain = {name: str(each) for name, each in own.items()}
        return {
            **kept,
            **plain,
            "LC_ALL": "C.UTF-8",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",
            "QT_LOGGING_RULES": "digikam.database=true",
        }


def _path(tag: int, names: Mapping[int, tuple[int, str]]) -> Word:
    """Spell a tag with all above it."""
    if tag not in names:
        return ()
    above, name = names[tag]
    return (*_path(above, names), name)


def version() -> str:
    """Give the version of the package: digiKam itself tells it only with a screen."""
    asked = ["dpkg-query", "--show", "--showformat", "${Version}", "digikam"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return told.stdout.partition("-")[0].rpartition(":")[2]
