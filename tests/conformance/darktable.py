"""darktable as a reader: what it lists after an import, from its own databases; and as a writer."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.conformance.shown import Listed, Shown
from tests.running import until

NEEDS = ("darktable", "darktable-cli", "xvfb-run")
_ROWS = """
SELECT filename, name, NULL FROM images
LEFT JOIN tagged_images ON imgid = images.id
LEFT JOIN names.tags ON names.tags.id = tagid AND name NOT LIKE 'darktable|%'
UNION ALL SELECT filename, NULL, value FROM images JOIN meta_data USING (id) WHERE key = 3
"""  # 3 is the description


class Darktable:
    """One library of darktable's, with all its settings below *home*."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True)
        self._home = home
        self._library = home / "library.db"

    def reads(self, folder: Path) -> Listed:
        """Import a folder by exporting it, which changes no sidecar; then list it."""
        out = self._home / "out"
        small = ["--out-ext", "jpg", "--width", "16"]
        command = ["darktable-cli", folder, out, *small, "--core", *self._core()]
        # it exits with 1 where it cannot open one of the files, such as a film
        subprocess.run(command, capture_output=True, timeout=300, env=_environment())
        return self.listed()

    def rewrites(self, folder: Path, sidecars: Callable[[], bool]) -> None:
        """Import a folder with its window open, which rewrites each sidecar; *sidecars* are done.

        There is no window to close: it is ended.
        """
        command = ["xvfb-run", "-a", "darktable", *self._core(), folder]
        with (self._home / "log").open("wb") as log:
            running = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, env=_environment()
            )
            try:
                until(sidecars, 120, (self._home / "log").read_text)
            finally:
                end(running)

    def listed(self) -> Listed:
        """Read what the databases say, as its collections show it."""
        found: dict[str, tuple[set[str], str | None]] = {}
        with closing(sqlite3.connect(self._library)) as connection:
            connection.execute("ATTACH ? AS names", (str(self._home / "settings/data.db"),))
            for name, word, caption in connection.execute(_ROWS):
                words, before = found.get(name, (set(), None))
                found[name] = (words | ({word} if word else set()), caption or before)
        return {name: Shown.of(words, caption) for name, (words, caption) in found.items()}

    def _core(self) -> list[str | Path]:
        settings, cache = self._home / "settings", self._home / "cache"
        folders = ["--configdir", settings, "--cachedir", cache, "--library", self._library]
        return [*folders, "--disable-opencl", "--conf", "run_crawler_on_start=FALSE"]


def end(running: subprocess.Popen[bytes]) -> None:
    """End a program that we started and all that it started in turn."""
    os.killpg(running.pid, signal.SIGTERM)
    try:
        running.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(5)


def version() -> str:
    """Give the version, or nothing where darktable is missing."""
    if shutil.which("darktable-cli") is None:
        return ""
    told = subprocess.run(["darktable-cli", "--version"], capture_output=True, text=True)
    return told.stdout.splitlines()[0].removeprefix("this is darktable-cli ")


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8"}
