"""Handlers for the tests of the pool: what a file is named is what happens to its worker."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from daemon.wire import Described, Identify, Observe, Place, ReadText
from daemon.worker.bench import Bench
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.change import Placed
from metadata.description import Description
from metadata.reasons import Reason

TABLE: dict[type, str] = {
    Identify: "planted:identified",
    Observe: "planted:observed",
    ReadText: "planted:observed",
    Place: "planted:placed",
}


def asset_at(path: Path) -> Asset:
    stat = Stat(1, 2, 3, 4, 5)
    return Asset(
        path=path,
        kind=MediaKind.IMAGE,
        format="jpeg",
        content="sha256:0",
        stat=stat,
        width=1,
        height=1,
    )


def identified(asked: Identify, bench: Bench) -> Asset:
    if asked.path.name == "other":
        return asset_at(Path("/etc/passwd"))
    PLANTS.get(asked.path.name.partition("-")[0], lambda path, bench: None)(asked.path, bench)
    return asset_at(asked.path)


def observed(asked: Observe | ReadText, bench: Bench) -> Described:
    PLANTS.get(asked.asset.path.name.partition("-")[0], lambda path, bench: None)(
        asked.asset.path, bench
    )
    return Described(Description(), {"decode": 0.1})


def placed(asked: Place, bench: Bench) -> Placed:
    return Placed(asked.change.target, None)


def _garbage(path: Path, bench: Bench) -> None:
    for number in range(3, 20):
        try:
            os.write(number, b"\x00\x00\x00\x05hello" if "short" in path.name else b"\xff" * 64)
        except OSError:
            continue
    time.sleep(60)


def _close(path: Path, bench: Bench) -> None:
    os.closerange(3, 64)
    time.sleep(60)


def _loop(path: Path, bench: Bench) -> None:
    while True:
        pass


def _bomb(path: Path, bench: Bench) -> None:
    held = []
    while True:
        held.append(bytearray(64 * 2**20))


def _c_bomb(path: Path, bench: Bench) -> None:
    print("terminate called after throwing an instance of 'std::bad_alloc'", file=sys.stderr)
    os.abort()


def _refuse(path: Path, bench: Bench) -> None:
    raise AssetError(path, Reason.TRUNCATED, f"half of {path}")


def _raise(path: Path, bench: Bench) -> None:
    raise ValueError(f"no sense in {path}")


def _grandchild(path: Path, bench: Bench) -> None:
    """Start what stands for ExifTool, tell its number, and hang."""
    started = subprocess.Popen(["sleep", "60"])
    (bench.setup.scratch / "grandchild").write_text(str(started.pid))
    time.sleep(60)


def _exiftool(path: Path, bench: Bench) -> None:
    """Start the real ExifTool, tell both numbers, and hang."""
    tool = bench.exiftool
    tool.version()
    (bench.setup.scratch / "worker-pid").write_text(str(os.getpid()))
    (bench.setup.scratch / "exiftool-pid").write_text(str(tool._process.pid))
    time.sleep(60)


def _network(path: Path, bench: Bench) -> None:
    refused = []
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
        try:
            socket.socket(family, socket.SOCK_DGRAM).close()
        except OSError as error:
            refused.append(errno.errorcode[error.errno or 0])
    try:
        socket.socketpair()
    except OSError as error:
        refused.append(errno.errorcode[error.errno or 0])
    ran = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"], capture_output=True
    )
    refused.append("EACCES" if b"PermissionError" in ran.stderr else "child could")
    raise AssetError(path, Reason.DAMAGED, " ".join(refused))


def _io_uring(path: Path, bench: Bench) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(256)
    opened = libc.syscall(425, 4, room)
    why = "could" if opened >= 0 else errno.errorcode[ctypes.get_errno()]
    raise AssetError(path, Reason.DAMAGED, why)


def _write(path: Path, bench: Bench) -> None:
    """Try to write where the file named by *path* says, one place a line."""
    told = []
    for line in path.read_text().splitlines():
        try:
            Path(line).write_text("written")
            told.append("written")
        except OSError as error:
            told.append(errno.errorcode[error.errno or 0])
    raise AssetError(path, Reason.DAMAGED, " ".join(told))


def _change(path: Path, bench: Bench) -> None:
    """Try every other way to change the folder and file that *path* names."""
    folder, file = (Path(line) for line in path.read_text().splitlines())
    ways = {
        "unlink": file.unlink,
        "rename": lambda: file.rename(folder / "other"),
        "mkdir": (folder / "new").mkdir,
        "symlink": lambda: (folder / "link").symlink_to("/etc/passwd"),
        "hardlink": lambda: (bench.setup.scratch / "hard").hardlink_to(file),
        "truncate": lambda: os.truncate(file, 0),
        "append": lambda: os.close(os.open(file, os.O_WRONLY | os.O_APPEND)),
        "signal": lambda: os.kill(os.getppid(), 0),
    }
    told = []
    for name, way in ways.items():
        try:
            way()
            told.append(name)
        except OSError:
            continue
    raise AssetError(path, Reason.DAMAGED, " ".join(told))


def _limits(path: Path, bench: Bench) -> None:
    import resource

    told = [
        os.nice(0),
        int(Path("/proc/self/oom_score_adj").read_text()),
        resource.getrlimit(resource.RLIMIT_CORE)[0],
        resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "SECRET_KEY" in os.environ,
    ]
    raise AssetError(path, Reason.DAMAGED, " ".join(map(str, told)))


def _say(path: Path, bench: Bench) -> None:
    print("to stdout \x1b[31m")
    os.write(2, b"to stderr\n" * 500)


PLANTS = {
    "segv": lambda path, bench: os.kill(os.getpid(), signal.SIGSEGV),
    "null": lambda path, bench: ctypes.string_at(0),
    "abort": lambda path, bench: os.abort(),
    "killed": lambda path, bench: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda path, bench: os._exit(3),
    "leave": lambda path, bench: sys.exit(0),
    "sleep": lambda path, bench: time.sleep(60),
    "doze": lambda path, bench: time.sleep(0.2),
    "who": lambda path, bench: _tell(path, str(os.getpid())),
    "loop": _loop,
    "bomb": _bomb,
    "cbomb": _c_bomb,
    "garbage": _garbage,
    "close": _close,
    "refuse": _refuse,
    "raise": _raise,
    "grandchild": _grandchild,
    "exiftool": _exiftool,
    "network": _network,
    "uring": _io_uring,
    "write": _write,
    "change": _change,
    "limits": _limits,
    "say": _say,
}


def _tell(path: Path, what: str) -> None:
    raise AssetError(path, Reason.DAMAGED, what)
