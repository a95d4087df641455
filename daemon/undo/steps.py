"""The steps by which one file is brought back: to the bytes before us, or by taking values out."""

import errno
import secrets
import zlib
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.journey import MOST_COLLISIONS, Journeys
from daemon.stores import Stores
from daemon.undo.asked import UNDO, Target, Undo
from daemon.wire import Compare, Identify, Place, Request, Strip
from metadata.asset import Asset, AssetError, Stat, shown
from metadata.captions import is_ours
from metadata.change import Change, Ours, Placed, Prepared
from metadata.description import Record
from metadata.difference import Difference
from metadata.digest import sha256_if_there
from metadata.document import refused
from metadata.fields import OURS
from metadata.journal import Restore
from metadata.packet import NAMESPACES
from metadata.reasons import Reason

GOES = "it disappears: captiond made it, and nobody else wrote into it"
IS_EMPTY = "it disappears: there is nothing in it but captiond's values"
BYTES = "it goes back to the bytes before captiond"
EARLIER_BYTES = "it goes back to the bytes before that, which an earlier captiond wrote"
VALUES = "taken out; what others wrote stays"
EMBEDDED = "taken out; picture and streams stay, the file's bytes differ from before captiond"
EVERYTHING = "all values of captiond's"
_, _NAMESPACE = NAMESPACES[OURS.rstrip(":")]
# Of sidecars; all others that XML allows spell the namespace as the first of these does.
_MARKS = tuple(_NAMESPACE.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be"))

Steps = Generator[Request, Any, Asset]


class TakingBack:
    """Takes back what one undo asks for, file by file; *say* is told of each."""

    def __init__(
        self,
        asked: Undo,
        config: Config,
        stores: Stores,
        journeys: Journeys,
        say: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._asked = asked
        self._config = config
        self._stores = stores
        self._journeys = journeys
        self._say = say

    def take_back(self, asset: Asset, target: Target, record: Record | None) -> Steps:
        """Bring *target* back, of which *record* tells; gives the asset as it is then.

        Raises AssetError where it cannot be: BUSY while another program keeps writing.
        """
        for _ in range(MOST_COLLISIONS):
            try:
                if not (yield from self.restore(target, asset)):
                    asset = yield from self._strip(asset, target, record)
                return asset
            except AssetError as error:
                if error.reason not in (Reason.BUSY, Reason.CHANGED):
                    raise
            asset = yield Identify(asset.path, self._config.max_pixels)
        raise AssetError(target.path, Reason.BUSY)

    def restore(self, target: Target, asset: Asset | None = None) -> Generator[Request, Any, bool]:
        """Bring back the bytes before us; tells False where nobody knows those any more."""
        newest = self._asked.newest(target.entries)
        if not newest or self._asked.field or target.embedded:
            return False
        now, oldest = sha256(target.path), newest[-1]
        restore = self._stores.journal.previous(target.once or target.path, now, oldest.id)
        if restore is None or (self._asked.whole and _is_ours(restore)):
            return False
        if restore.sha256 != now:
            yield from self._bring_back(target, restore, now, asset)
        if not self._asked.dry_run:
            self._stores.journal.forget(target.path, oldest.id)
        return True

    def _bring_back(
        self, target: Target, restore: Restore, now: str | None, asset: Asset | None
    ) -> Generator[Request, Any, None]:
        says = EARLIER_BYTES if _is_ours(restore) else BYTES
        change = self._change(target, restore, now)
        if self._asked.dry_run:
            yield from self._show(target, GOES if change.staged is None else says, change, asset)
            return
        placed: Placed = yield from _placing(change)
        self._stores.known.saw_sidecar(target.path, placed.stat, target.media)
        self._tell(target, GOES if change.staged is None else says)

    def _change(self, target: Target, restore: Restore, now: str | None) -> Change:
        staged = None
        try:
            stat = Stat.of(target.path.lstat()) if now else None
            if restore.before is not None:
                staged = self._config.scratch / f"before-{secrets.token_hex(8)}.xmp"
                staged.write_bytes(zlib.decompress(restore.before))
        except OSError as error:
            raise _refused(target.path, error) from error
        return Change(target.path, stat, staged, None, now, restore.sha256, Ours())

    def _strip(self, asset: Asset, target: Target, record: Record | None) -> Steps:
        fields = self._asked.fields(record, target)
        if fields is not None:
            asset = yield from self._take_out(asset, target, fields)
        if not self._asked.dry_run and (fields == () or not self._asked.field):
            self._forget(target, everything=fields == ())
        return asset

    def _take_out(self, asset: Asset, target: Target, fields: tuple[str, ...]) -> Steps:
        base = next((each.ours for each in reversed(target.entries) if each.placed), Ours())
        rules = self._config.rules_for(asset.path)
        prepared: Prepared = yield Strip(asset, target.path, base, fields, rules)
        for note in prepared.notes:
            self._say({"says": f"{shown(target.path)}: {note}"})
        for change in prepared.changes:
            says = _says(change, fields)
            if self._asked.dry_run:
                yield from self._show(target, says, change, asset)
                continue
            try:
                asset = yield from self._journeys.place(asset, (change,), UNDO)
            except AssetError:
                _drop(change)
                raise
            self._tell(target, says)
        if prepared.notes and not prepared.changes:
            raise AssetError(target.path, Reason.SEALED, "; ".join(prepared.notes))
        return asset

    def _forget(self, target: Target, everything: bool) -> None:
        """Drop from the journal what was taken back."""
        if everything:
            self._stores.journal.forget(target.path)
            return
        for entry in filter(self._asked.takes, () if target.once else target.entries):
            self._stores.journal.pass_over(entry)

    def _show(
        self, target: Target, says: str, change: Change, asset: Asset | None
    ) -> Generator[Request, Any, None]:
        """Tell what *change* would do, value by value, instead of making it."""
        try:
            found: Difference = yield Compare(asset, target.path, change.staged)
        finally:
            _drop(change)
        self._tell(target, says)
        for line in found.lines:
            self._say({"says": f"  {line}"})

    def _tell(self, target: Target, says: str) -> None:
        told = f"{shown(target.path)}: {says}"
        self._say({"says": f"would change {told}" if self._asked.dry_run else told})


def _says(change: Change, fields: tuple[str, ...]) -> str:
    if change.staged is None:
        return IS_EMPTY
    return f"{', '.join(fields) or EVERYTHING} {EMBEDDED if change.embedded else VALUES}"


def _placing(change: Change) -> Generator[Request, Any, Placed]:
    try:
        placed: Placed = yield Place(change)
    except AssetError:
        _drop(change)
        raise
    return placed


def _drop(change: Change) -> None:
    if change.staged:
        change.staged.unlink(missing_ok=True)


def _is_ours(restore: Restore) -> bool:
    """Tell whether values of captiond's are also in the bytes before: those of an earlier one."""
    data = zlib.decompress(restore.before) if restore.before else b""
    return is_ours(data) or any(mark in data for mark in _MARKS)


def sha256(target: Path) -> str | None:
    """Hash what stands at *target*, None where nothing does; raises AssetError."""
    try:
        return sha256_if_there(target)
    except OSError as error:
        raise _refused(target, error) from error


def _refused(target: Path, error: OSError) -> AssetError:
    """Blame the file for whatever the system says of it: nothing here may end captiond."""
    if error.errno == errno.EINVAL:  # a pipe or a socket
        return AssetError(target, Reason.SIDECAR_INVALID, error.strerror or "")
    try:
        return refused(target, error)
    except OSError:
        return AssetError(target, Reason.NO_PERMISSION, error.strerror or "")
