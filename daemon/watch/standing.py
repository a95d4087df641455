"""How a hot folder is watched, concluded from the facts; pure."""

import os
from dataclasses import dataclass

from daemon.watch.stirred import WatchState


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a hot folder and its watch.

    *identity* is (device, inode), None while the folder is not there, with *missing* saying why;
    *bare* that it is empty and on another device than its files were; *sealed* that it cannot be
    read itself, *unreadable* which folders cannot. *events* says that events were asked for,
    *no_reader* why there are none, *unwatched* how many folders got no watch; *polled* that the
    file system calls for listing it every few seconds.
    """

    identity: tuple[int, int] | None = None
    missing: str = ""
    bare: bool = False
    sealed: bool = False
    unreadable: tuple[str, ...] = ()
    events: bool = True
    no_reader: str = ""
    polled: bool = False
    folders: int = 0
    unwatched: int = 0

    @property
    def relies_on_events(self) -> bool:
        """Tell whether the next full listing can wait."""
        return not (self.polled or self.no_reader or self.unwatched)


def standing(facts: Facts) -> tuple[WatchState, str]:
    """Give the state, and a sentence for a person: what is wrong and what to do about it."""
    if facts.identity is None:
        return WatchState.OFFLINE, f"{facts.missing}: {_MOUNT}"
    if facts.bare:
        return WatchState.OFFLINE, f"empty, and on another disk than before: {_MOUNT}"
    if facts.sealed:
        return WatchState.UNREADABLE, (
            "permission denied: let the user that captiond runs as read the folder"
        )
    if facts.no_reader or facts.unwatched:
        return WatchState.DEGRADED, _shortfall(facts)
    if facts.polled:
        return WatchState.POLLING, "listed every few seconds, without relying on events"
    return WatchState.EVENTS, ""


def identity_of(folder: os.stat_result) -> tuple[int, int]:
    """Tell one folder from another that stands at the same path."""
    return folder.st_dev, folder.st_ino


_MOUNT = "mount it or connect the disk; nothing is deleted meanwhile"


def _shortfall(facts: Facts) -> str:
    if facts.no_reader:
        return (
            f"the kernel grants no events ({facts.no_reader}): raise "
            "fs.inotify.max_user_instances; until then the folder is listed every few seconds"
        )
    return (
        f"the kernel grants no watch for {facts.unwatched} of {facts.folders} folders: raise "
        "fs.inotify.max_user_watches; until then everything is listed every few seconds"
    )
