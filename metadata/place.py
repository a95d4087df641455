"""Make one change to a file: only if it is still what was read, whole or not at all, durably."""

import ctypes
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from metadata.asset import AssetError, Stat
from metadata.change import Change, Placed
from metadata.digest import READ, pieces, sha256_from
from metadata.document import refused
from metadata.kept import UNSUPPORTED, keep_attributes, keep_times
from metadata.lease import lease_refused
from metadata.reasons import Reason

TEMPORARY = (".captiond-", ".tmp")
_NOREPLACE, _EXCHANGE = 1, 2
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def place(change: Change) -> Placed:
    """Make *change*, and return what stands at its target then.

    Raises AssetError: BUSY when the target is not what was expected or is open for writing
    elsewhere, DISK_FULL, READ_ONLY, NO_PERMISSION (also when owner, attributes or times cannot be
    kept) or VANISHED. A change that has already been made counts as made. After a failure nothing
    is left behind, of an embedded change not even the staged file.
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
        if self._change.expected is not None and self._is_being_written(self._name):
            raise self._busy("another program has it open for writing")
        temporary = f"{TEMPORARY[0]}{secrets.token_hex(8)}{TEMPORARY[1]}"
        if self._change.staged is None:
            self._take_out(temporary)
        else:
            self._put_in(temporary, self._change.staged)
        os.fsync(self._folder)
        return Placed(self._change.target, self._stands())

    def _is_made(self) -> bool:
        """Tell whether the target already holds the new bytes, as after a crash."""
        stands = self._stands()
        if stands is None or self._change.staged is None:
            return stands is None and self._change.staged is None
        if stands == self._change.expected:
            return False
        return self._sha256(self._name) == self._change.after_sha256

    def _put_in(self, temporary: str, staged: Path) -> None:
        try:
            with self._brought(temporary, staged) as descriptor:
                if self._change.expected is not None:
                    self._keep(descriptor)
                os.fsync(descriptor)
            if self._change.expected is None:
                self._rename_new(temporary)
            elif not self._exchanged(temporary):
                self._rename_over(temporary)
        except BaseException:
            self._unlink(temporary)
            raise

    @contextmanager
    def _brought(self, temporary: str, staged: Path) -> Iterator[int]:
        """Have the new bytes beside the target: what may be large is moved where that can be."""
        try:
            source = os.open(staged, READ)
        except FileNotFoundError as error:
            raise self._busy("the prepared bytes are gone") from error
        try:
            if self._change.embedded and self._moved(staged, temporary):
                digest = sha256_from(source)
                yield self._unchanged(source, digest)
                return
            with self._created(temporary) as made:
                yield self._unchanged(made, _copied(source, made))
        finally:
            os.close(source)

    @contextmanager
    def _created(self, temporary: str) -> Iterator[int]:
        descriptor = os.open(temporary, _CREATE, 0o666, dir_fd=self._folder)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _unchanged(self, descriptor: int, sha256: str) -> int:
        if sha256 != self._change.after_sha256:
            raise self._busy("the prepared bytes have changed")
        return descriptor

    def _moved(self, staged: Path, temporary: str) -> bool:
        """Move the staged file here; False where it lies in another file system."""
        try:
            os.rename(staged, temporary, dst_dir_fd=self._folder)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return False
            raise
        return True

    def _exchanged(self, temporary: str) -> bool:
        """Exchange the two names, and back when what came out is not what was read."""
        # a film takes seconds to come here, and to be looked at afterwards
        if self._stands() != self._change.expected:
            raise self._busy()
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

    def _keep(self, descriptor: int) -> None:
        """Give the new file what the old one has; a media file keeps its times as well."""
        with self._reading(self._name) as source:
            keep_attributes(source, descriptor)
            if self._change.embedded:
                keep_times(os.fstat(source), descriptor)

    def _renamed(self, old: str, new: str, flag: int) -> bool:
        """Rename with *flag*; False where the file system or the C library cannot."""
        rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if rename is None:
            return False
        if rename(self._folder, os.fsencode(old), self._folder, os.fsencode(new), flag) == 0:
            return True
        number = ctypes.get_errno()
        if number in UNSUPPORTED:
            return False
        raise OSError(number, os.strerror(number), new)

    def _is_what_was_read(self, name: str) -> bool:
        """Compare what came out with what was read; a rename changes the ctime, so bytes count."""
        return self._sha256(name) == self._change.before_sha256 and not self._is_being_written(name)

    def _is_being_written(self, name: str) -> bool:
        with self._reading(name) as descriptor:
            return bool(lease_refused(descriptor))

    def _stands(self) -> Stat | None:
        try:
            return Stat.of(os.stat(self._name, dir_fd=self._folder, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def _sha256(self, name: str) -> str:
        with self._reading(name) as descriptor:
            return sha256_from(descriptor)

    @contextmanager
    def _reading(self, name: str) -> Iterator[int]:
        descriptor = os.open(name, READ, dir_fd=self._folder)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

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


def _copied(source: int, target: int) -> str:
    """Copy an open file into another in pieces, and give the hash of what was copied."""
    digest = hashlib.sha256()
    for piece in pieces(source):
        digest.update(piece)
        left = memoryview(piece)
        while left:
            left = left[os.write(target, left) :]
    return digest.hexdigest()
