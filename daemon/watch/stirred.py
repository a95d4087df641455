"""What the watch of the hot folders tells the loop; values only."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from daemon.watch.scan import Found

Poll = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A hot folder, an absolute path, as the configuration describes it.

    *poll* is "always" where events never come, "never" where listing is too dear, and "auto" to
    let the kind of file system decide. A hot folder inside another belongs to itself alone.
    """

    path: Path
    exclude: tuple[str, ...] = ()
    poll: Poll = "auto"
    settle_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, in seconds, things are done without being asked for.

    *rescan* is the full listing of every hot folder, *poll* the same where events cannot be relied
    on, *check* whether the folder is still the same one, *recheck* the same while it is not there.
    A listing that took t seconds is not repeated by polling within *thrift* times t, which is
    half a per cent of one core.
    """

    rescan: float = 300.0
    poll: float = 5.0
    check: float = 30.0
    recheck: float = 5.0
    thrift: float = 200.0


@dataclass(frozen=True, slots=True)
class PathStirred:
    """A hint that the file *path* wants to be looked at; it may be gone by now."""

    path: Path
    fresh: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A hint that *old* is now called *new*; a folder takes all it holds with it.

    What is at *new* is told of by other messages as well.
    """

    old: Path
    new: Path
    folder: bool


@dataclass(frozen=True, slots=True)
class Vanished:
    """A hint that *path* was deleted or taken out of the hot folder; a folder with all it holds."""

    path: Path
    folder: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """Some of the files that a scan met, known ones and new ones alike.

    *fresh* is false for what was there before captiond looked for the first time. *last* marks the
    end of a listing of the whole root. *complete* is true only there, and only if every folder
    could be read and the root was not empty: then a file that was in none of the messages since
    the previous *last* is gone, provided that its device is one of *devices*. On another device it
    is offline.
    """

    root: Path
    files: tuple[Found, ...]
    fresh: bool
    last: bool = False
    complete: bool = False
    devices: frozenset[int] = frozenset()


class WatchState(StrEnum):
    """How a hot folder is watched; the names are part of the JSON contract."""

    STARTING = "starting"
    EVENTS = "events"
    POLLING = "polling"
    DEGRADED = "degraded"
    OFFLINE = "offline"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class RootState:
    """A hot folder is watched in another way than before; *detail* says why and what to do."""

    root: Path
    state: WatchState
    detail: str


Stirred = PathStirred | Moved | Vanished | Scanned | RootState


@dataclass(frozen=True, slots=True)
class RootHealth:
    """How the watch of one hot folder stands.

    *polled* says that it is listed every few seconds, with or without events; *unreadable* names
    the folders that the last listing could not read; *restarts* counts how often the reader of the
    events had died; *quiet_s* is how long its thread has given no sign of life.
    """

    root: Path
    state: WatchState
    detail: str
    polled: bool
    watches: int
    folders: int
    overflows: int
    restarts: int
    unreadable: tuple[Path, ...]
    scans: int
    last_scan_s: float
    quiet_s: float
