"""One hot folder and the thread that keeps it: its watches, its listings, whether it is there.

A thread of its own, so that a network share that hangs holds up no other folder.
"""

import errno
import logging
import os
import stat
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from daemon.watch.inotify import Tree
from daemon.watch.names import Names
from daemon.watch.passes import Pass
from daemon.watch.scan import Found
from daemon.watch.standing import Facts, identity_of, standing
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
from metadata.asset import shown
from metadata.filesystems import is_shared

log = logging.getLogger(__name__)

_NO_ROOM_S = 0.05
_NEVER = float("inf")


class Root(threading.Thread):
    """Keeps one hot folder until it is told to stop.

    *tell* takes every message and must be safe to call from two threads; *room* says whether the
    receiver can take more of a listing.
    """

    def __init__(
        self,
        folder: WatchedFolder,
        apart: Iterable[Path],
        tell: Callable[[Stirred], None],
        room: Callable[[], bool],
        rhythm: Rhythm,
    ) -> None:
        super().__init__(name="captiond-root", daemon=True)
        self.folder = folder
        self._tell = tell
        self._room = room
        self._rhythm = rhythm
        self._names = Names.below(folder.path, folder.exclude, apart)
        self._stopping = threading.Event()
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._tree: Tree | None = None
        self._whole: Pass | None = None
        self._appeared: deque[Pass] = deque()
        self._passes = 0
        self._scans = 0
        self._overflows = 0
        self._restarts = 0
        self._scan_s = 0.0
        self._home: int | None = None
        self._facts = Facts()
        self._state = RootState(folder.path, WatchState.STARTING, "")
        self._check_at = self._scan_at = self._beat = time.monotonic()

    # Called from other threads.

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        self._stopping.set()
        self._orders.put(lambda: None)

    def rescan(self) -> None:
        """Ask for a listing of the whole folder now."""
        self._orders.put(self._scan_soon)

    @property
    def listed(self) -> bool:
        """Tell whether the folder has been listed once, or is not there to be listed."""
        return self._scans > 0 or self._state.state is WatchState.OFFLINE

    def health(self) -> RootHealth:
        """Say how the watch stands."""
        tree, facts = self._tree, self._facts
        return RootHealth(
            root=self.folder.path,
            state=self._state.state,
            detail=self._state.detail,
            polled=facts.polled,
            watches=len(tree) if tree else 0,
            folders=facts.folders,
            overflows=self._overflows,
            restarts=self._restarts,
            unreadable=tuple(map(Path, facts.unreadable)),
            scans=self._scans,
            last_scan_s=self._scan_s,
            quiet_s=time.monotonic() - self._beat,
        )

    # Called by the reader of the events.

    def file_stirred(self, where: str) -> None:
        """Pass on at once."""
        self._tell(PathStirred(Path(where), fresh=True))

    def folder_appeared(self, where: str) -> None:
        """Have the folder watched and listed."""
        self._orders.put(partial(self._enter, where))

    def gone(self, where: str, folder: bool) -> None:
        """Pass on, and stop watching what is somewhere else now."""
        self._tell(Vanished(Path(where), folder))
        if folder:
            self._orders.put(partial(self._leave, where))

    def moved(self, old: str, new: str, folder: bool) -> None:
        """Pass on, and stop watching under the old name."""
        self._tell(Moved(Path(old), Path(new), folder))
        if folder:
            self._orders.put(partial(self._leave, old))

    def root_stirred(self) -> None:
        """Have it checked whether the root is still the same."""
        self._orders.put(self._check)

    def overflowed(self) -> None:
        """Have everything listed again, since nobody knows what was lost."""
        self._orders.put(self._overflow)

    def reader_ended(self) -> None:
        """Have another reader started, unless the thread ended it itself."""
        self._orders.put(self._revive)

    # The thread itself.

    def run(self) -> None:
        """Do what is due until told to stop."""
        try:
            while not self._stopping.is_set():
                self._obey()
                self._do_what_is_due()
        finally:
            self._close_tree()

    def _obey(self) -> None:
        busy = self._appeared or self._whole
        wait = 0.0 if busy else max(min(self._check_at, self._scan_at) - time.monotonic(), 0.0)
        try:
            order = self._orders.get(timeout=wait)
        except Empty:
            return
        order()

    def _do_what_is_due(self) -> None:
        now = self._beat = time.monotonic()
        if now >= self._check_at:
            self._check()
        if now >= self._scan_at and self._whole is None:
            self._scan_at = _NEVER
            self._whole = self._pass(self._names.root, fresh=self._scans > 0)
        listing = self._appeared[0] if self._appeared else self._whole
        if listing:
            self._advance(listing)

    def _pass(self, top: str, fresh: bool) -> Pass:
        self._passes += 1
        return Pass(top, self._names, self._tree, self._passes, fresh)

    def _advance(self, listing: Pass) -> None:
        if not self._room():
            self._stopping.wait(_NO_ROOM_S)
            return
        files = listing.advance()
        if listing.over and listing.whole:
            self._finish(listing, files)
            return
        if files:
            self._tell(Scanned(self.folder.path, files, listing.fresh))
        if listing.over:
            self._appeared.popleft()

    def _finish(self, listing: Pass, files: tuple[Found, ...]) -> None:
        empty = self._is_empty() if listing.files == 0 else False
        complete = not listing.unreadable and not empty
        if complete and self._tree:
            self._tree.drop_unseen(listing.number)
        self._learn(listing, empty)
        devices = frozenset(listing.devices)
        self._tell(Scanned(self.folder.path, files, listing.fresh, True, complete, devices))
        self._whole = None
        self._scans += 1
        self._scan_s = listing.spent_s
        # Something asked for another listing while this one was under way: it stands.
        self._scan_at = min(self._scan_at, time.monotonic() + self._pause())
        self._stand()

    def _learn(self, listing: Pass, empty: bool) -> None:
        assert self._facts.identity
        device = self._facts.identity[0]
        if not empty:
            self._home = device
        self._facts = replace(
            self._facts,
            bare=empty and self._home not in (None, device),
            sealed=self._names.root in listing.unreadable,
            unreadable=tuple(listing.unreadable),
            folders=listing.folders,
            unwatched=listing.unwatched,
        )

    def _is_empty(self) -> bool:
        try:
            with os.scandir(self._names.root) as entries:
                return next(entries, None) is None
        except OSError:
            return True

    def _pause(self) -> float:
        if self._facts.sealed:
            return self._rhythm.check
        if self._facts.relies_on_events:
            return self._rhythm.rescan
        rhythm = self._rhythm
        return min(rhythm.rescan, max(rhythm.poll, rhythm.thrift * self._scan_s))

    def _stand(self) -> None:
        state = RootState(self.folder.path, *standing(self._facts))
        if state != self._state:
            self._state = state
            self._tell(state)

    # Whether the root is there.

    def _check(self) -> None:
        try:
            folder = self.folder.path.stat()
            if not stat.S_ISDIR(folder.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        except OSError as error:
            self._lose(error)
        else:
            if identity_of(folder) != self._facts.identity:
                self._find(folder)
        there = self._facts.identity and not self._facts.bare
        self._check_at = time.monotonic() + (self._rhythm.check if there else self._rhythm.recheck)

    def _lose(self, error: OSError) -> None:
        self._close_tree()
        self._whole = None
        self._appeared.clear()
        self._scan_at = _NEVER
        self._facts = Facts(missing=error.strerror or str(error))
        self._stand()

    def _find(self, folder: os.stat_result) -> None:
        self._whole = None
        self._appeared.clear()
        self._facts = Facts(identity=identity_of(folder))
        self._open_tree()
        self._scan_soon()

    def _open_tree(self) -> None:
        self._close_tree()
        polled = self.folder.poll == "always" or (self.folder.poll == "auto" and self._is_shared())
        events = self.folder.poll != "always"
        self._facts = replace(self._facts, polled=polled, no_reader="")
        if not events:
            return
        try:
            self._tree = Tree(self._names, self)
        except OSError as error:
            self._facts = replace(self._facts, no_reader=error.strerror or str(error))

    def _is_shared(self) -> bool:
        try:
            return is_shared(self._names.root)
        except OSError:
            return False

    def _close_tree(self) -> None:
        tree, self._tree = self._tree, None
        if tree:
            tree.close()

    # Orders, carried out by the thread.

    def _scan_soon(self) -> None:
        if self._facts.identity:
            self._scan_at = time.monotonic()
        else:
            self._check_at = time.monotonic()

    def _overflow(self) -> None:
        self._overflows += 1
        log.warning("%s: events were lost, listing everything", shown(self.folder.path))
        self._scan_soon()

    def _revive(self) -> None:
        if self._tree is None or self._tree.is_alive() or self._stopping.is_set():
            return
        self._restarts += 1
        log.error("%s: the reader of events had died, starting another", shown(self.folder.path))
        self._open_tree()
        self._scan_soon()

    def _enter(self, where: str) -> None:
        try:
            folder = os.lstat(where)
        except OSError:
            return
        # Met by a listing before its event came: what happens in it is told of already.
        if self._tree is None or not self._tree.watches(where, folder):
            self._appeared.append(self._pass(where, fresh=True))

    def _leave(self, where: str) -> None:
        if self._tree:
            self._tree.drop(where)
