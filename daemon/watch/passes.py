"""A listing in progress, of a hot folder or of a folder in it that has just appeared."""

import errno
import os
import time
from collections.abc import Iterator

from daemon.watch.inotify import Tree
from daemon.watch.names import Names
from daemon.watch.scan import CHUNK, Found, scan

_TURN_S = 0.05
"""Seconds after which a listing lets urgent things come first."""


class Pass:
    """Lists files, and sets a watch on every folder before it is read.

    *number* grows from pass to pass. *spent_s* is the time that the listing itself has taken, and
    *unwatched* counts the folders for which the kernel refused a watch.
    """

    def __init__(self, top: str, names: Names, tree: Tree | None, number: int, fresh: bool) -> None:
        self.whole = top == names.root
        self.number = number
        self.fresh = fresh
        self.over = False
        self.spent_s = 0.0
        self.folders = 0
        self.files = 0
        self.unwatched = 0
        self.devices: set[int] = set()
        self.unreadable: list[str] = []
        self._tree = tree
        self._chunks: Iterator[list[Found]] = scan(top, names, self._entered, self._refused)

    def advance(self) -> tuple[Found, ...]:
        """List on for a moment, or to the end, and give what was found."""
        start = time.monotonic()
        files: list[Found] = []
        while len(files) < CHUNK and time.monotonic() < start + _TURN_S:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.over = True
                break
            files += chunk
        self.spent_s += time.monotonic() - start
        self.files += len(files)
        return tuple(files)

    def _entered(self, where: str, folder: os.stat_result) -> None:
        self.folders += 1
        self.devices.add(folder.st_dev)
        if self._tree is None:
            return
        try:
            self._tree.add(where, folder, self.number)
        except OSError as error:
            # Anything else says that the folder is gone or was replaced, of which events tell.
            self.unwatched += error.errno in (errno.ENOSPC, errno.ENOMEM)

    def _refused(self, where: str, error: OSError) -> None:
        self.unreadable.append(where)
