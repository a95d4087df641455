"""Watches the hot folders: file events and listings -> paths that stirred, enqueued and no more."""

import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from daemon.watch.root import Root
from daemon.watch.stirred import (
    Moved,
    PathStirred,
    Rhythm,
    RootHealth,
    RootState,
    Scanned,
    Stirred,
    Vanished,
    WatchedFolder,
    WatchState,
)

__all__ = [
    "Moved",
    "PathStirred",
    "Rhythm",
    "RootHealth",
    "RootState",
    "Scanned",
    "Stirred",
    "Vanished",
    "Watch",
    "WatchState",
    "WatchedFolder",
]

_GOODBYE_S = 3.0


def _always() -> bool:
    return True


class Watch:
    """Every hot folder, each with a thread of its own and a reader of its events.

    *inbox* takes the messages; it is called from several threads and must neither block nor raise.
    *room* says whether the inbox can take another thousand files of a listing; listings wait until
    it can, events never do.
    """

    def __init__(
        self,
        folders: Sequence[WatchedFolder],
        inbox: Callable[[Stirred], None],
        *,
        room: Callable[[], bool] = _always,
        rhythm: Rhythm | None = None,
    ) -> None:
        paths = {folder.path for folder in folders}
        self._roots = [
            Root(folder, paths - {folder.path}, inbox, room, rhythm or Rhythm())
            for folder in folders
        ]

    def __enter__(self) -> Self:
        # Up to megabytes of it for one `cp -r`, and it says nothing: a folder that was renamed is
        # watched anew under its new name while it still has its watch.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        for root in self._roots:
            root.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for root in self._roots:
            root.stop()
        # A thread that hangs in a dead network share cannot be waited for.
        deadline = time.monotonic() + _GOODBYE_S
        for root in self._roots:
            root.join(max(deadline - time.monotonic(), 0.0))

    def rescan(self, root: Path | None = None) -> None:
        """List one hot folder, or all of them, now."""
        for each in self._roots:
            if root in (None, each.folder.path):
                each.rescan()

    def listed(self) -> bool:
        """Tell whether every folder has been listed once or was found not to be there.

        The messages about it are in the inbox by then.
        """
        return all(root.listed for root in self._roots)

    def alive(self) -> bool:
        """Tell whether every folder still has its thread; feeds the systemd watchdog.

        A thread that waits for a dead network share is alive: a restart would not help it, and
        would harm the other folders. `health` shows it as quiet.
        """
        return all(root.is_alive() for root in self._roots)

    def health(self) -> list[RootHealth]:
        """Say how the watch of each folder stands."""
        return [root.health() for root in self._roots]
