"""A watch with an inbox that waits for things to be true, for the tests of seeing files."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.watch import (
    PathStirred,
    Rhythm,
    RootHealth,
    RootState,
    Scanned,
    Stirred,
    Watch,
    WatchedFolder,
    WatchState,
)

# Nothing but events: what is asked for at intervals would come too late for any test.
EVENTS_ONLY = Rhythm(rescan=600, poll=600, check=600, recheck=600)
QUICK = Rhythm(rescan=0.2, poll=0.1, check=0.1, recheck=0.1)


class Inbox:
    """Keeps what it is told, and waits for things to be true."""

    def __init__(self) -> None:
        self.messages: list[Stirred] = []

    def put(self, message: Stirred) -> None:
        self.messages.append(message)

    def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> bool:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def files(self) -> set[str]:
        """Give every place that was told of, by events or listings."""
        places: set[str] = set()
        for message in list(self.messages):
            if isinstance(message, PathStirred):
                places.add(str(message.path))
            elif isinstance(message, Scanned):
                places.update(found.where for found in message.files)
        return places

    def has(self, *paths: Path) -> bool:
        return {str(path) for path in paths} <= self.files()

    def states(self) -> list[WatchState]:
        return [m.state for m in list(self.messages) if isinstance(m, RootState)]

    def ends(self) -> list[Scanned]:
        """Give the messages that ended a listing of the whole root."""
        return [m for m in list(self.messages) if isinstance(m, Scanned) and m.last]


@contextmanager
def watching(
    *folders: Path | WatchedFolder,
    rhythm: Rhythm = EVENTS_ONLY,
    inbox: Inbox | None = None,
    room: Callable[[], bool] = lambda: True,
) -> Iterator[tuple[Watch, Inbox]]:
    inbox = inbox or Inbox()
    hot = [f if isinstance(f, WatchedFolder) else WatchedFolder(f) for f in folders]
    with Watch(hot, inbox.put, room=room, rhythm=rhythm) as watch:
        assert inbox.until(watch.listed)
        yield watch, inbox


def health(watch: Watch) -> RootHealth:
    return watch.health()[0]


def media(top: Path) -> set[str]:
    return {str(path) for path in top.rglob("*.jpg")}


def nested(top: Path, suffix: str = "", folders: int = 100) -> None:
    """Make ten files in each of some nested new folders."""
    for number in range(folders):
        folder = top / f"a{number % 5}" / f"b{number // 5 % 5}" / f"c{number // 25}"
        folder.mkdir(parents=True, exist_ok=True)
        for name in range(10):
            path = folder / f"{name}.jpg{suffix}"
            path.write_bytes(b"x")
            if suffix:
                path.rename(folder / f"{name}.jpg")
