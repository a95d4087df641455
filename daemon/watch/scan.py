"""The lister: every file below a folder whose name counts, and what stat says of it."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from daemon.watch.names import Names, joined
from metadata.asset import Stat

CHUNK = 1000
"""The most files that a scan hands over at once."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

Entered = Callable[[str, os.stat_result], None]
Refused = Callable[[str, OSError], None]


class Found(NamedTuple):
    """A regular file as a scan met it; *where* is its absolute path as text.

    A tuple, with path and stat made on demand: to build both for every file of a scan took four
    times as long as the scan itself, and most files of most scans are known already.
    """

    where: str
    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def path(self) -> Path:
        """Give the place as a path."""
        return Path(self.where)

    @property
    def stat(self) -> Stat:
        """Give the identity of the file's bytes."""
        return Stat(self.dev, self.ino, self.size, self.mtime_ns, self.ctime_ns)


def look(path: Path) -> Stat | None:
    """Look at one file; None when it is gone, cannot be reached or is no regular file."""
    try:
        result = path.lstat()
    except OSError:
        return None
    return Stat.of(result) if stat.S_ISREG(result.st_mode) else None


def scan(top: str, names: Names, entered: Entered, refused: Refused) -> Iterator[list[Found]]:
    """List the files that count below *top*, at most `CHUNK` at a time, often fewer.

    *entered* is called with each folder after it was opened and before it is read, so that a watch
    set there misses nothing; *refused* with each folder that cannot be read and why. Symbolic
    links are not followed, but for *top* when it is the root itself. Folders that vanish meanwhile
    are passed over.
    """
    waiting = [top]
    while waiting:
        where = waiting.pop()
        try:
            descriptor = os.open(where, _flags(where, names))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            refused(where, error)
            continue
        try:
            entered(where, os.fstat(descriptor))
            yield from _chunks(where, descriptor, names, waiting)
        except OSError as error:
            refused(where, error)
        finally:
            os.close(descriptor)


def _flags(where: str, names: Names) -> int:
    # Between being met and being opened a folder may have become a link out of the hot folder.
    return _FOLDER if where == names.root else _FOLDER | os.O_NOFOLLOW


def _chunks(where: str, folder: int, names: Names, folders: list[str]) -> Iterator[list[Found]]:
    files: list[Found] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if names.folder(where, entry.name):
                    folders.append(joined(where, entry.name))
            elif names.file(where, entry.name):
                files += _found(where, entry)
                if len(files) == CHUNK:
                    yield files
                    files = []
    yield files


def _found(where: str, entry: os.DirEntry[str]) -> tuple[Found, ...]:
    try:
        seen = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return ()
    if not stat.S_ISREG(seen.st_mode):
        return ()
    found = Found(
        joined(where, entry.name),
        seen.st_dev,
        seen.st_ino,
        seen.st_size,
        seen.st_mtime_ns,
        seen.st_ctime_ns,
    )
    return (found,)
