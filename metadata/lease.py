"""Whether any program holds a file open for writing, asked of the kernel without disturbing it."""

import errno
import fcntl
import os
import signal
from pathlib import Path

from metadata.filesystems import is_shared

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC


def held_for_writing(path: Path) -> bool | None:
    """Tell whether any program has *path* open for writing; None where that cannot be known.

    The kernel grants a read lease only while nobody writes. It is not known for a file of another
    user (without CAP_LEASE), on network and FUSE file systems, and for a file that is gone.
    """
    try:
        descriptor = os.open(path, _OPEN)
    except OSError:
        return None
    try:
        return lease_refused(descriptor)
    finally:
        os.close(descriptor)


def lease_refused(descriptor: int) -> bool | None:
    """Tell of a file that is open here for reading whether any program writes; see above."""
    # A lease left in place would block the next writer and send SIGIO, which kills. It is dropped
    # at once, and for the instant between the two the signal is one that is ignored by default.
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if _somebody_writes(error, descriptor) else None
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _somebody_writes(error: OSError, descriptor: int) -> bool:
    # NFS and CIFS give the same answer when they merely have no delegation to lend.
    return error.errno == errno.EAGAIN and not is_shared(descriptor)
