"""Make one change to a file: only if it is still what was read, whole or not at all, durably."""

import ctypes
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from metadata.asset import AssetError, Stat
from metadata.change import Change, Placed
from metadata.document import refused
from metadata.reasons import Reason

TEMPORARY = (".captiond-", ".tmp")
_NOREPLACE, _EXCHANGE = 1, 2
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)


def place(change: Change) -> Placed:
    """Make *change*, and return what stands at its target then.

    Raises AssetError: BUSY when the target is not what was expected, DISK_FULL, READ_ONLY,
    NO_PERMISSION (also when owner or attributes cannot be kept) or VANISHED. A change that has
    already been made counts as made. After a failure nothing is left behind.
    """
    try:
        with _opened(change.target.parent) as folder:
            placed = _Place(change, folder).make()
    except OSError as error:
        raise refused(change.target, error) from error
    if change.staged is not None:
        change.staged.unlink(missing_ok=True)
    return placed


def sweep(folder: Path) -> None:
    """Remove what a killed captiond left in *folder*; only while no other one is working there."""
    start, end = TEMPORARY
    for entry in os.scandir(folder):
        if entry.name.startswith(start) and entry.name.endswith(end):
            with suppress(FileNotFoundError):
                Path(entry).unlink()


class _Place:
    """One change in progress, seen from the open *folder* that it happens in."""

    def __init__(self, change: Change, folder: int) -> None:
        self._change = change
        self._folder = folder
        self._name = change.target.name

    def make(self) -> Placed:
        if self._is_made():
            return Placed(self._change.target, self._stands())
        if self._stands() != self._change.expected:
            raise self._busy()
        temporary = f"{TEMPORARY[0]}{secrets.token_hex(8)}{TEMPORARY[1]}"
        if self._change.staged is None:
            self._take_out(temporary)
        else:
            self._put_in(temporary, self._staged(self._change.staged))
        os.fsync(self._folder)
        return Placed(self._change.target, self._stands())

    def _is_made(self) -> bool:
        """Tell whether the target already holds the new bytes, as after a crash."""
        stands = self._stands()
        if stands is None or self._change.staged is None:
            return stands is None and self._change.staged is None
        if stands == self._change.expected:
            return False
        return hashlib.sha256(self._bytes(self._name)).hexdigest() == self._change.after_sha256

    def _staged(self, staged: Path) -> bytes:
        try:
            data = staged.read_bytes()
        except FileNotFoundError as error:
            raise self._busy("the prepared bytes are gone") from error
        if hashlib.sha256(data).hexdigest() != self._change.after_sha256:
            raise self._busy("the prepared bytes have changed")
        return data

    def _put_in(self, temporary: str, data: bytes) -> None:
        try:
            self._write(temporary, data)
            if self._change.expected is None:
                self._rename_new(temporary)
            elif not self._exchanged(temporary):
                self._rename_over(temporary)
        except BaseException:
            self._unlink(temporary)
            raise

    def _exchanged(self, temporary: str) -> bool:
        """Exchange the two names, and back when what came out is not what was read."""
        if not self._renamed(temporary, self._name, _EXCHANGE):
            return False
        if not self._is_what_was_read(temporary):
            self._renamed(temporary, self._name, _EXCHANGE)
            raise self._busy()
        self._unlink(temporary)
        return True

    def _rename_over(self, temporary: str) -> None:
        if self._stands() != self._change.expected:
            raise self._busy()
        os.rename(temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)

    def _take_out(self, temporary: str) -> None:
        """Remove the target under another name first, to see that it is what was read."""
        os.rename(self._name, temporary, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        if not self._is_what_was_read(temporary):
            os.rename(temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            raise self._busy()
        self._unlink(temporary)

    def _rename_new(self, temporary: str) -> None:
        """Give the temporary its name where nothing stands, and never over something."""
        try:
            if not self._renamed(temporary, self._name, _NOREPLACE):
                self._rename_over(temporary)
        except FileExistsError as error:
            raise self._busy() from error

    def _write(self, temporary: str, data: bytes) -> None:
        """Write the new bytes beside the target, with its mode, owner and attributes."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o666, dir_fd=self._folder)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if self._change.expected is not None:
                self._keep_attributes(descriptor)
            os.fsync(descriptor)

    def _keep_attributes(self, descriptor: int) -> None:
        source = os.open(self._name, _READ, dir_fd=self._folder)
        try:
            old, new = os.fstat(source), os.fstat(descriptor)
            if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
                os.fchown(descriptor, old.st_uid, old.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
            _copy_extended(source, descriptor)
        finally:
            os.close(source)

    def _renamed(self, old: str, new: str, flag: int) -> bool:
        """Rename with *flag*; False where the file system or the C library cannot."""
        rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if rename is None:
            return False
        if rename(self._folder, os.fsencode(old), self._folder, os.fsencode(new), flag) == 0:
            return True
        number = ctypes.get_errno()
        if number in _UNSUPPORTED:
            return False
        raise OSError(number, os.strerror(number), new)

    def _is_what_was_read(self, name: str) -> bool:
        """Compare what came out with what was read; a rename changes the ctime, so bytes count."""
        return hashlib.sha256(self._bytes(name)).hexdigest() == self._change.before_sha256

    def _stands(self) -> Stat | None:
        try:
            return Stat.of(os.stat(self._name, dir_fd=self._folder, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def _bytes(self, name: str) -> bytes:
        descriptor = os.open(name, _READ, dir_fd=self._folder)
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read()

    def _unlink(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def _busy(self, detail: str = "") -> AssetError:
        return AssetError(self._change.target, Reason.BUSY, detail)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _copy_extended(source: int, target: int) -> None:
    """Copy extended attributes, access lists among them, where the file system has any."""
    try:
        names = os.listxattr(source)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return
        raise
    for name in names:
        value = os.getxattr(source, name)
        if name not in os.listxattr(target) or os.getxattr(target, name) != value:
            os.setxattr(target, name, value)
