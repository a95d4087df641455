"""One captiond per state folder: the lock that says so, and who holds it."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from daemon.control.client import ControlError
from metadata.asset import shown

LOCK_NAME = "lock"


class Held(Exception):
    """Another captiond holds the state folder; *pid* is None when it left no number."""

    def __init__(self, state_dir: Path, pid: int | None) -> None:
        super().__init__(state_dir, pid)
        self.state_dir = state_dir
        self.pid = pid

    def __str__(self) -> str:
        who = f"another captiond (pid {self.pid})" if self.pid else "another captiond"
        return f"{who} holds {shown(self.state_dir)}; stop it, or choose another state_dir"


@contextlib.contextmanager
def lock(state_dir: Path) -> Iterator[None]:
    """Hold *state_dir*, made where it is missing; raises Held, or ControlError if it cannot be."""
    handle = _opened(state_dir)
    try:
        if not _taken(handle):
            raise Held(state_dir, _number_in(handle))
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)  # which lets go of the lock; the file stays, so that nobody locks a ghost


def owner(state_dir: Path) -> int | None:
    """Tell the pid of the captiond that holds *state_dir*, None when nobody does.

    Raises OSError when that cannot be found out.
    """
    try:
        handle = os.open(state_dir / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _number_in(handle) or 0
    finally:
        os.close(handle)
    return None


def _opened(state_dir: Path) -> int:
    try:
        state_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
        return os.open(state_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise ControlError(
            f"{shown(state_dir)}: the state folder cannot be written: {error.strerror}; "
            "start the captiond that owns it, or choose another state_dir"
        ) from error


def _taken(handle: int) -> bool:
    # More than once, because owner() takes the lock for an instant when nobody has it.
    for pause in (0.02, 0.1, 0):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(pause)
    return False


def _number_in(handle: int) -> int | None:
    text = os.pread(handle, 32, 0).strip()
    return int(text) if text.isdigit() else None
