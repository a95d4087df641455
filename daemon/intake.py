"""From what stirred to jobs: looks at files until they have settled, and knows our own writes."""

import logging
import os
import time
from collections.abc import Iterable
from pathlib import Path

from daemon.config import Config
from daemon.jobs import Wish
from daemon.pipeline import Pipeline
from daemon.reach import media_of
from daemon.settle import Settled, Settler
from daemon.stores import Stores
from daemon.watch.scan import look
from daemon.watch.stirred import (
    Moved,
    PathStirred,
    RootState,
    Scanned,
    Stirred,
    Vanished,
    WatchState,
)
from metadata.asset import Stat, shown
from metadata.formats import is_sidecar
from metadata.lease import held_for_writing
from metadata.reasons import Reason, State

log = logging.getLogger(__name__)

# What a later scan may find mended without the file itself having changed.
MENDED_BY_ITSELF = (Reason.NO_PERMISSION, Reason.READ_ONLY, Reason.FOLDER_OFFLINE)


class Intake:
    """The files that stirred and have not settled; the caller holds a turn of the stores."""

    def __init__(self, config: Config, stores: Stores, pipeline: Pipeline) -> None:
        self._config = config
        self._stores = stores
        self._pipeline = pipeline
        self._settler = Settler()
        self._met: dict[Path, set[bytes]] = {}
        self._offline: set[Path] = set()

    @property
    def settling(self) -> int:
        """Count the files that have not settled."""
        return len(self._settler)

    def is_offline(self, path: Path) -> bool:
        """Tell whether *path* lies in a hot folder that is not there now."""
        folder = self._config.folder_of(path)
        if folder is None:
            return False
        then = self._stores.known.stat(path)
        root = _device(folder.path)
        return folder.path in self._offline or root is None or (then and then.dev != root) is True

    def take(self, stirred: Stirred) -> None:
        """Take in one message of the watch."""
        match stirred:
            case PathStirred(path, fresh):
                self._stir(path, fresh, None)
            case Scanned(root):
                self._scanned(root, stirred)
            case Moved(path) | Vanished(path):
                self._gone([path, *self._stores.known.under(path)])
                self._sidecars_gone([path])
            case RootState(root, state, detail):
                self._root(root, state, detail)

    def look(self) -> None:
        """Look at the files that are due, and make jobs of those that have settled."""
        now = time.monotonic()
        for path in self._settler.due(now):
            seen = look(path)
            held = seen is not None and held_for_writing(path) is True
            settled = self._settler.looked(path, seen, now, held=held)
            if settled:
                self._settled(settled)
            elif seen is None:
                self._gone([path])

    def due_in(self) -> float | None:
        """Tell in how many seconds a file is due; None while none is settling."""
        due = self._settler.next_due()
        return None if due is None else due - time.monotonic()

    def _stir(self, path: Path, fresh: bool, seen: Stat | None) -> None:
        folder = self._config.folder_of(path)
        if folder and not self._is_known(path, seen or look(path)):
            self._settler.saw(path, time.monotonic(), folder.settle_s, fresh=fresh, seen=seen)

    def _is_known(self, path: Path, now: Stat | None) -> bool:
        """Tell whether what stands at *path* was worked on, or was left there by ourselves."""
        known = self._stores.known
        then = known.sidecar(path) if is_sidecar(path) else known.stat(path)
        return now is not None and then is not None and _same(then, now)

    def _scanned(self, root: Path, scanned: Scanned) -> None:
        # most files of most scans are known: no path is built for those
        found = {os.fsencode(f.where): f for f in scanned.files}
        met = self._met.setdefault(root, set())
        met.update(found)
        for key in found.keys() - self._stores.known.unchanged(found):
            self._stir(found[key].path, scanned.fresh, found[key].stat)
        if scanned.last:
            del self._met[root]
            self._stores.queue.revive(MENDED_BY_ITSELF, time.time())
        if scanned.complete:
            known = self._stores.known.under(root)
            missing = [path for path in known if os.fsencode(path) not in met]
            self._gone(missing, scanned.devices)
            sidecars = self._stores.known.sidecars_under(root)
            self._sidecars_gone([path for path in sidecars if os.fsencode(path) not in met])

    def _gone(self, paths: Iterable[Path], devices: frozenset[int] | None = None) -> None:
        """Drop files that are really gone, never those of a folder that is merely not there."""
        gone = [
            path for path in paths if look(path) is None and not self._is_elsewhere(path, devices)
        ]
        for path in gone:
            self._settler.forget(path)
        if gone:
            self._stores.forget(gone)

    def _sidecars_gone(self, paths: Iterable[Path]) -> None:
        """Take note of sidecars that somebody deleted, while their folder is there."""
        for path in paths:
            if is_sidecar(path) and look(path) is None and not self.is_offline(path):
                self._settler.forget(path)
                self._stores.known.saw_sidecar(path, None, path)
                self._refresh(media_of(path))

    def _is_elsewhere(self, path: Path, devices: frozenset[int] | None) -> bool:
        then = self._stores.known.stat(path)
        if then and devices is not None:
            return then.dev not in devices
        return self.is_offline(path)

    def _root(self, root: Path, state: WatchState, detail: str) -> None:
        offline = state in (WatchState.OFFLINE, WatchState.UNREADABLE)
        (self._offline.add if offline else self._offline.discard)(root)
        level = logging.WARNING if offline or state is WatchState.DEGRADED else logging.INFO
        log.log(level, "%s: %s%s", shown(root), state, f": {detail}" if detail else "")

    def _settled(self, settled: Settled) -> None:
        path, seen = settled.path, settled.seen
        if not isinstance(seen, Stat) or self._is_known(path, seen):
            return
        if is_sidecar(path):
            self._sidecar_changed(path, seen)
        elif not self._pipeline.look_again(path):
            self._wish(path, settled.fresh)

    def _sidecar_changed(self, sidecar: Path, seen: Stat) -> None:
        media = media_of(sidecar)
        self._stores.known.saw_sidecar(sidecar, seen, media[0] if media else sidecar)
        self._refresh(media)

    def _refresh(self, media: Iterable[Path]) -> None:
        """Read again what others have written beside *media*, or write where that kept us from it.

        A program that rewrites a sidecar in place makes an invalid one of it for a moment.
        """
        for path in media:
            job = self._stores.queue.get(path)
            if job and job.state is State.DONE and not self._pipeline.look_again(path):
                self._stores.queue.enqueue([path], Wish.REFRESH, True, time.time())
            elif job and job.state is State.FAILED and job.reason is Reason.SIDECAR_INVALID:
                self._stores.queue.enqueue([path], Wish.DESCRIBE, True, time.time())

    def _wish(self, path: Path, fresh: bool) -> None:
        job = self._stores.queue.get(path)
        if job and job.reason is Reason.UNDONE:
            return
        wish = Wish.REFRESH if job and job.state is State.DONE else Wish.DESCRIBE
        self._stores.queue.enqueue([path], wish, fresh, time.time())


def _same(then: Stat, now: Stat) -> bool:
    return (then.ino, then.size, then.mtime_ns) == (now.ino, now.size, now.mtime_ns)


def _device(path: Path) -> int | None:
    try:
        return path.stat().st_dev
    except OSError:
        return None
