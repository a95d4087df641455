"""Where one repository lies in the Hugging Face cache, and how its files are put there.

``blobs/CHECKSUM`` has the bytes, ``snapshots/COMMIT/NAME`` links to them, ``refs/REVISION`` has the
commit: as the hub's own library lays it out, so that each finds what the other downloaded. Beside
them lies ``captiond/COMMIT.json``, which says what a pull put there.
"""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from daemon.engines.checkpoint import INDEX, SINGLE
from daemon.hub import HubError
from daemon.hub.listing import Remote

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of the repository *name* in the cache *hub*."""

    hub: Path
    name: str

    @property
    def folder(self) -> Path:
        """Name the folder of the repository."""
        return self.hub / f"models--{self.name.replace('/', '--')}"

    def blob(self, file: Remote) -> Path:
        """Name the place of a file's bytes."""
        return self.folder / "blobs" / file.checksum

    def half(self, file: Remote) -> Path:
        """Name the place of a file that has not come whole yet."""
        return self.folder / "blobs" / f"{file.checksum}.incomplete"

    def snapshot(self, commit: str) -> Path:
        """Name the folder of a commit's files."""
        return self.folder / "snapshots" / commit

    def lying(self, file: Remote, commit: str) -> Path | None:
        """Find a file that may be whole: where links cannot be made, it is in the snapshot."""
        for path in (self.blob(file), self.snapshot(commit) / file.name):
            with suppress(OSError):
                if path.stat().st_size == file.size:
                    return path
        return None

    def half_size(self, file: Remote) -> int:
        """Count the bytes of *file* that have come."""
        try:
            return self.half(file).stat().st_size
        except OSError:
            return 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other pulls of this repository away; raises HubError when there is one."""
        place = self.hub / ".locks" / self.folder.name / "captiond.lock"
        with told_of(place.parent):
            for folder in (place.parent, self.folder / "blobs"):
                folder.mkdir(parents=True, exist_ok=True)
            number = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise HubError(f"{self.name}: another captiond is pulling it; wait for that") from None
        finally:
            os.close(number)

    def put(self, files: Sequence[Remote], commit: str, revision: str) -> None:
        """Have *files*, whose bytes are all there, be the snapshot of *commit*; raises HubError.

        Weights come last and the reference after them: what is cut off in between counts as not
        there.
        """
        with told_of(self.folder):
            _write(self._record(commit), msgspec.json.encode({"files": files}))
            self.snapshot(commit).mkdir(parents=True, exist_ok=True)
            for file in sorted(files, key=_is_weights):
                self._link(file, self.snapshot(commit) / file.name)
            if revision != commit:
                _write(self.folder / "refs" / revision, commit.encode("ascii"))

    def put_by_captiond(self, commit: str) -> Mapping[str, Remote]:
        """List what a pull put into the snapshot of *commit*, by name; nothing is known of others.

        Raises HubError when the record cannot be read.
        """
        try:
            record = msgspec.json.decode(self._record(commit).read_bytes(), type=_Record)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HubError(f"{self._record(commit)} cannot be read: {error}") from None
        return {file.name: file for file in record.files}

    def _record(self, commit: str) -> Path:
        return self.folder / "captiond" / f"{commit}.json"

    def _link(self, file: Remote, place: Path) -> None:
        blob = self.blob(file)
        if not blob.exists():  # there are no links here, and it is in its place already
            return
        spare = place.with_name(f".{place.name}.new")
        spare.unlink(missing_ok=True)
        try:
            spare.symlink_to(Path("../../blobs") / file.checksum)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            spare = blob
        spare.replace(place)


class _Record(msgspec.Struct):
    files: list[Remote]


@contextmanager
def told_of(place: Path) -> Iterator[None]:
    """Turn what a disk refuses into words about *place*."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise HubError(
                f"the disk of {place} is full; make room and pull again: it goes on where it was"
            ) from None
        raise HubError(
            f"{error.filename or place} cannot be written: {error.strerror}; name another cache in "
            "HF_HOME, or let the user that you are write there"
        ) from None


def free_bytes(place: Path) -> int:
    """Count the bytes that may still be written where *place* is or will be; raises HubError."""
    while not place.exists() and place != place.parent:
        place = place.parent
    with told_of(place):
        seen = os.statvfs(place)
    return seen.f_bavail * seen.f_frsize


def _is_weights(file: Remote) -> bool:
    return file.name == INDEX or file.name == SINGLE or file.name.endswith(".safetensors")


def _write(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f".{path.name}.new")
    with spare.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    spare.replace(path)
