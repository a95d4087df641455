"""The kernel's file events, by way of watchdog; the only room that knows it, and it only reports.

watchdog's Observer sets its watches without asking: neither can folders be left out, nor is it
told which watches failed. So the watches are set here, one per folder, on watchdog's InotifyFD.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from daemon.watch.names import Names, joined

# Without IN_MODIFY: a large copy sends one for every write, and neither the end of the writing nor
# a change of size needs it. IN_EXCL_UNLINK: files that are already deleted are nobody's business.
_MASK = Mask(
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_MOVED_FROM
    | InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_MOVE_SELF
    | InotifyConstants.IN_ONLYDIR
    | InotifyConstants.IN_EXCL_UNLINK
)
_OURS = CallbackId(0)


class Listener(Protocol):
    """Who is told of the events; each call comes from the reader's thread and must be quick."""

    def file_stirred(self, where: str) -> None:
        """Hear that a file that counts was made, closed after writing, or moved here."""

    def folder_appeared(self, where: str) -> None:
        """Hear that a folder that counts was made or moved here: watch it, then list it."""

    def gone(self, where: str, folder: bool) -> None:
        """Hear that something that counts was deleted or moved away."""

    def moved(self, old: str, new: str, folder: bool) -> None:
        """Hear that something that counts was renamed; its new place is told of as well."""

    def root_stirred(self) -> None:
        """Hear that the root itself was moved, deleted or unmounted."""

    def overflowed(self) -> None:
        """Hear that the kernel dropped events."""

    def reader_ended(self) -> None:
        """Hear that no more events will come."""


class _Reader(InotifyFD):
    """watchdog's reader thread, which says when it has handled a batch and when it ends."""

    def __init__(self, batch_done: Callable[[], None], ended: Callable[[], None]) -> None:
        super().__init__()
        self.name = "captiond-events"
        self._batch_done = batch_done
        self._ended = ended

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._ended()

    def read_events(self, *, event_buffer_size: int = 1 << 16) -> list[InotifyEvent]:
        self._batch_done()
        return super().read_events(event_buffer_size=event_buffer_size)


@dataclass(slots=True)
class _Watched:
    """A folder with a watch; *seen* is the number of the last listing that met it."""

    wd: WatchDescriptor
    dev: int
    ino: int
    seen: int


class Tree:
    """The watches below one hot folder, and the thread that reads their events.

    Watches are set and dropped by one thread; events come in on another. Raises OSError (EMFILE)
    when the kernel grants no more inotify instances.
    """

    def __init__(self, names: Names, listener: Listener) -> None:
        self._names = names
        self._listener = listener
        self._lock = Lock()
        self._watched: dict[str, _Watched] = {}
        self._places: dict[WatchDescriptor, str] = {}
        self._leaving: dict[int, tuple[str, bool]] = {}
        self._ended = False
        self._reader = _Reader(self._tell_of_the_left, self._end)
        self._reader.start()

    def __len__(self) -> int:
        """Count the watches."""
        return len(self._watched)

    def close(self, timeout_s: float = 2.0) -> None:
        """Drop every watch and end the reader."""
        self._reader.stop()
        self._reader.join(timeout_s)

    def is_alive(self) -> bool:
        """Tell whether events still come."""
        return not self._ended

    def watches(self, where: str, folder: os.stat_result) -> bool:
        """Tell whether *where* is watched and still the folder that *folder* was seen to be."""
        known = self._watched.get(where)
        return known is not None and (known.dev, known.ino) == (folder.st_dev, folder.st_ino)

    def add(self, where: str, folder: os.stat_result, seen: int) -> None:
        """Watch the folder *where*, which *folder* was seen to be, unless it is watched already.

        Raises OSError; ENOSPC means that the kernel grants no more watches.
        """
        if self.watches(where, folder):
            self._watched[where].seen = seen
            return
        mask = _MASK
        if where != self._names.root:
            mask = Mask(mask | InotifyConstants.IN_DONT_FOLLOW)
        wd = self._reader.add_callback(os.fsencode(where), mask, self, _OURS)
        with self._lock:
            self._watched[where] = _Watched(wd, folder.st_dev, folder.st_ino, seen)
            self._places[wd] = where

    def drop(self, top: str) -> None:
        """Stop watching *top* and all below it: it is somewhere else now."""
        below = joined(top, "")
        self._drop([where for where in self._watched if where == top or where.startswith(below)])

    def drop_unseen(self, seen: int) -> None:
        """Stop watching the folders that the listing number *seen* has not met."""
        self._drop([where for where, watched in self._watched.items() if watched.seen < seen])

    def _drop(self, places: list[str]) -> None:
        stale: list[tuple[WatchDescriptor, CallbackId]] = []
        with self._lock:
            for where in places:
                watched = self._watched.pop(where, None)
                # A folder that moved keeps its watch, which then stands for the new place.
                if watched and self._places.get(watched.wd) == where:
                    del self._places[watched.wd]
                    stale.append((watched.wd, _OURS))
        self._reader.remove_callbacks(stale)

    # watchdog calls these three from the reader's thread.

    def on_event(self, event: InotifyEvent) -> None:
        """Pass on what happened, if its name counts."""
        folder = self._places.get(event.wd)
        if folder is None:
            return
        if not event.name:
            if folder == self._names.root:
                self._listener.root_stirred()
            return
        name = os.fsdecode(event.name)
        is_folder = event.is_directory
        counts = (self._names.folder if is_folder else self._names.file)(folder, name)
        if event.is_moved_to:
            self._arrived(event.cookie, joined(folder, name), counts, is_folder)
        elif counts and event.is_moved_from:
            self._leaving[event.cookie] = (joined(folder, name), is_folder)
        elif counts and event.is_delete:
            self._listener.gone(joined(folder, name), is_folder)
        elif counts:
            self._stirred(joined(folder, name), is_folder)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Forget a watch whose folder is gone."""
        with self._lock:
            where = self._places.pop(wd, None)
            if where is None:
                return
            if where in self._watched and self._watched[where].wd == wd:
                del self._watched[where]
        if where == self._names.root:
            self._listener.root_stirred()

    def on_queue_overflow(self) -> None:
        """Pass on that events were lost."""
        self._listener.overflowed()

    def _stirred(self, where: str, folder: bool) -> None:
        if folder:
            self._listener.folder_appeared(where)
        else:
            self._listener.file_stirred(where)

    def _arrived(self, cookie: int, where: str, counts: bool, folder: bool) -> None:
        old = self._leaving.pop(cookie, None)
        if old and counts:
            self._listener.moved(old[0], where, folder)
        elif old:
            self._listener.gone(*old)
        if counts:
            self._stirred(where, folder)

    def _end(self) -> None:
        self._ended = True
        self._listener.reader_ended()

    def _tell_of_the_left(self) -> None:
        # Both halves of a rename come in one batch; what is left over went out of the hot folder.
        # Should the batch end between them, the rename is told of as one gone and one new.
        for where, folder in self._leaving.values():
            self._listener.gone(where, folder)
        self._leaving.clear()
