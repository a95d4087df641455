"""What a process and all that it started has cost so far: CPU seconds as the kernel counts."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_TIMES = slice(11, 15)
"""utime, stime, cutime and cstime after the name in /proc/PID/stat, see proc_pid_stat(5)."""


@dataclass(slots=True)
class Spent:
    """CPU seconds of all processes, and seconds by the clock, for *files* files.

    *ends* are the seconds after which each one was done, where somebody noted that.
    """

    files: int
    cpu: float = 0.0
    seconds: float = 0.0
    ends: list[float] = field(default_factory=list)

    def rate_after(self, first: int) -> float:
        """Give the files done in a second, from when *first* of them were done."""
        return (self.files - first) / (self.ends[-1] - self.ends[first - 1])


@contextmanager
def spending(files: int) -> Iterator[Spent]:
    """Measure what this process and its descendants do inside; all of them live on after it."""
    spent = Spent(files)
    cpu, begun = tree_seconds(os.getpid()), time.perf_counter()
    yield spent
    spent.seconds = time.perf_counter() - begun
    spent.cpu = tree_seconds(os.getpid()) - cpu


def tree_seconds(root: int) -> float:
    """Add up the CPU seconds of *root*, of what it started, and of what these have waited for."""
    parents, ticks = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _fields(folder)):
            parents[int(folder.name)] = int(fields[1])
            ticks[int(folder.name)] = sum(map(int, fields[_TIMES]))
    return sum(ticks[pid] for pid in ticks if _descends(pid, root, parents)) / _TICKS


def _fields(folder: Path) -> list[str]:
    try:
        said = (folder / "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return said.rpartition(")")[2].split()


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != root:
        pid = parents[pid]
    return pid == root
