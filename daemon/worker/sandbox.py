"""What keeps a child in bounds: it ends with its parent, has limits, no network, few folders.

Each measure says whether this machine could take it; none of them can be taken back.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from daemon.wire import CallSetup, HostSetup, Measure, Setup
from daemon.worker import landlock, seccomp

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
NICENESS = 5
OOM_SCORE = 500
OPEN_FILES = 256
OOM_SCORE_FILE = Path("/proc/self/oom_score_adj")
CALLER_BYTES = 4 * 2**30
RESOLVER = Path("/etc/resolv.conf")
SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc", "/dev/urandom", "/dev/null", "/run/nscd",
    "/run/systemd/resolve", "/var/lib/ca-certificates",
)  # fmt: skip
"""Where a system has its libraries, its certificates, and what names are looked up in."""
DEV = Path("/dev")
DEVICES = ("nvidia*", "nvidia-caps/*", "nvhost*", "nvmap", "kfd", "dri/*", "dxg")
"""How the device files of GPUs are called under /dev: NVIDIA's, Jetson's, AMD's, and in WSL."""


def enclose(setup: Setup, parent: int) -> tuple[Measure, ...]:
    """Take every measure; *parent* is the process to end with, folders are those of *setup*."""
    folders = (setup.scratch, *setup.writable)
    return (
        _taken("ends with the daemon", lambda: end_with(parent)),
        _taken("memory limit", lambda: limit(resource.RLIMIT_AS, setup.memory)),
        _taken("no core files", lambda: limit(resource.RLIMIT_CORE, 0)),
        _taken("few open files", lambda: limit(resource.RLIMIT_NOFILE, OPEN_FILES)),
        _taken("gives way to others", give_way),
        _taken("no new privileges", lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1)),
        _taken("writes only in its folders", lambda: landlock.write_only_under(folders)),
        _taken("no network", seccomp.without_network),
    )


def enclose_host(setup: HostSetup, parent: int) -> tuple[Measure, ...]:
    """Take the measures for a process that hosts models, which must not want for anything.

    It has all the memory, files and processor time that it asks for, and the device files of GPUs;
    where memory is short it ends before others do. Call it before any thread is started.
    """
    # A driver may keep shared memory of its own.
    folders = (setup.scratch, setup.kept, *filter(Path.is_dir, [DEV / "shm"]))
    return (
        _taken("ends with the daemon", lambda: end_with(parent)),
        _taken("no core files", lambda: limit(resource.RLIMIT_CORE, 0)),
        _taken("ends first when memory is short", end_first),
        _taken("no new privileges", lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1)),
        _taken("writes only in its folders", lambda: landlock.write_only_under(folders, gpus())),
        _taken("no internet", seccomp.without_internet),
    )


def enclose_caller(setup: CallSetup, parent: int) -> tuple[Measure, ...]:
    """Take the measures for the process that calls servers: the network and hardly a file.

    It reads its code, what names and certificates are looked up in, keys, and the pictures that it
    sends. Call it before any thread is started.
    """
    keys = tuple(Path(each.api_key_file) for each in setup.endpoints if each.api_key_file)
    return (
        _taken("ends with the daemon", lambda: end_with(parent)),
        _taken("memory limit", lambda: limit(resource.RLIMIT_AS, CALLER_BYTES)),
        _taken("no core files", lambda: limit(resource.RLIMIT_CORE, 0)),
        _taken("no new privileges", lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1)),
        _taken("writes nothing", lambda: landlock.write_only_under(())),
        _taken(
            "reads hardly a file", lambda: landlock.read_only((*readable(), setup.scratch, *keys))
        ),
        _taken("nothing but internet", seccomp.only_internet),
    )


def readable() -> tuple[Path, ...]:
    """List where Python, its packages and libraries lie, and what tells names and authorities."""
    code = (sys.prefix, sys.base_prefix, *sys.path)
    named = (os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    every = (*code, *SYSTEM, *filter(None, named))
    places = (*map(Path, filter(None, every)), RESOLVER.resolve().parent)
    return tuple(dict.fromkeys(place.resolve() for place in places))


def gpus() -> tuple[Path, ...]:
    """List the device files of GPUs."""
    return tuple(path for name in DEVICES for path in DEV.glob(name) if not path.is_dir())


def end_with(parent: int) -> None:
    """Be killed when *parent* ends, at once when it has ended already."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("the daemon that wanted this worker has ended")


def limit(which: int, most: int) -> None:
    """Set a resource limit for good, no higher than the one that already holds."""
    _, hard = resource.getrlimit(which)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (bound, bound))


def give_way() -> None:
    """Let other programs have the processor, and the kernel take this process before others."""
    os.nice(NICENESS)
    end_first()


def end_first() -> None:
    """Let the kernel take this process before others when memory is short."""
    OOM_SCORE_FILE.write_text(str(OOM_SCORE))


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_ulong(argument) for argument in (value, 0, 0, 0))
    if libc.prctl(option, *arguments):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _taken(name: str, take: Callable[[], str | None]) -> Measure:
    try:
        return Measure(name, True, take() or "")
    except OSError as error:
        return Measure(name, False, error.strerror or str(error))
