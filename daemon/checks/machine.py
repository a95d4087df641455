"""Check what captiond stands on: its state folder, SQLite, the sandbox, clock and locale."""

import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from daemon.checks import Check
from daemon.config import Config
from daemon.control import owner
from daemon.wire import Setup
from daemon.workers.child import measures
from metadata.asset import shown

# Until then two connections that checkpoint at once could corrupt a database (sqlite.org/wal.html).
SAFE_SQLITE = (3, 51, 3)
LITTLE_SPACE = 2**30
# No clock that is right shows a time before this was written.
EARLIEST = datetime(2025, 1, 1).astimezone()


def state(config: Config) -> Check:
    """See whether the state folder can be written and has room."""
    there = next(p for p in (config.state_dir, *config.state_dir.parents) if os.access(p, os.F_OK))
    where = shown(config.state_dir)
    if not there.is_dir():
        return Check("state", False, f"{shown(there)} is not a folder", "choose another state_dir")
    if not os.access(there, os.W_OK | os.X_OK):
        return _not_ours(where, readable=os.access(there, os.R_OK | os.X_OK))
    free = shutil.disk_usage(there).free
    if free < LITTLE_SPACE:
        return Check("state", None, f"{where}: {free // 2**20} MB are free", "free some space")
    return Check("state", True, f"{where}: writable, {free // 2**30} GB free")


def running(config: Config) -> Check:
    """Tell whether a captiond holds the state folder."""
    try:
        pid = owner(config.state_dir)
    except OSError as error:
        return Check("daemon", None, f"cannot be told: {error}", "join the group captiond")
    if pid is None:
        return Check("daemon", True, "none runs on this state folder")
    return Check("daemon", True, f"captiond runs{f' (pid {pid})' if pid else ''}")


def sqlite() -> Check:
    """Look at SQLite's version and for its full-text search."""
    version = sqlite3.sqlite_version
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(
                "create virtual table t using fts5("
                "x, tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\")"
            )
        except sqlite3.OperationalError as error:
            return Check(
                "sqlite", False, f"SQLite {version}: {error}", "use a Python whose SQLite has FTS5"
            )
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return Check("sqlite", True, f"SQLite {version} with FTS5")
    return Check(
        "sqlite",
        None,
        f"SQLite {version} with FTS5; before {'.'.join(map(str, SAFE_SQLITE))} two writers at once "
        "could damage a database, so never open captiond's for writing with another program",
        "nothing, or a Python with a newer SQLite",
    )


def sandbox(config: Config) -> Check:
    """Start a media worker, and see which measures keep it in bounds here."""
    with tempfile.TemporaryDirectory(prefix="captiond-") as scratch:
        try:
            taken = measures(Setup(Path(scratch), (), config.exiftool))
        except OSError as error:
            return Check("sandbox", False, str(error), "install captiond again")
    missing = [f"{m.name} ({m.detail})" for m in taken if not m.holds]
    partly = [f"{m.name}: {m.detail}" for m in taken if m.holds and m.detail]
    if missing:
        return Check(
            "sandbox",
            None,
            f"media are decoded without: {', '.join(missing)}",
            "use Linux 5.13 or newer with Landlock and seccomp; "
            "as a system service systemd closes captiond in as well",
        )
    return Check("sandbox", True, "; ".join([", ".join(m.name for m in taken), *partly]))


def clock() -> Check:
    """See that the time is possible at all: dates of descriptions come from it."""
    now = datetime.now().astimezone()
    if now < EARLIEST:
        return Check("clock", None, f"it is set to {now:%Y-%m-%d}", "set the clock")
    return Check("clock", True, f"{now:%Y-%m-%d %H:%M %Z}")


def locale() -> Check:
    """See that file names are UTF-8."""
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8":
        return Check("locale", True, "file names are UTF-8")
    return Check("locale", False, f"file names are taken for {encoding}", "set LC_ALL=C.UTF-8")


def _not_ours(where: str, readable: bool) -> Check:
    if readable:
        return Check(
            "state",
            None,
            f"{where}: you may search it, but not write",
            "start the service that owns it, or choose another state_dir",
        )
    return Check(
        "state",
        False,
        f"{where}: you may not read it",
        "join the group captiond (sudo usermod -aG captiond $USER), or choose another state_dir",
    )
