"""ExifTools that fail: other programs in its place, a stopped one, and files that end it."""

import fcntl
import os
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TypeVar

from metadata.exiftool import ExifTool
from tests.drawn import tiff
from tests.running import until

T = TypeVar("T")
MORTAL = "import sys\nsys.stdin.readline()\n"
"""It ends at the first command."""
WEDGED = "import time\ntime.sleep(600)\n"
"""It never answers."""


def fake(path: Path, program: str) -> str:
    """Put a Python *program* in the place of ExifTool."""
    # not Python's own first line: that cannot name an interpreter whose path holds a space
    script = path.with_suffix(".py")
    script.write_text(program)
    path.write_text(f'#!/bin/sh\nexec {quote(sys.executable)} {quote(str(script))} "$@"\n')
    path.chmod(0o755)
    return str(path)


@contextmanager
def stopped(exiftool: ExifTool, ask: Callable[[], T]) -> Iterator[Future[T]]:
    """Have *exiftool* asked while it stands still: it has the command, and does not answer."""
    os.kill(exiftool._process.pid, signal.SIGSTOP)
    stdin = exiftool._process.stdin
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(ask)
        until(lambda: _unread(stdin.fileno()) > 0, 10)
        yield answer


def _unread(pipe: int) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
    return int(count)


def deadly(path: Path, pages: int = 1) -> Path:
    """Draw a TIFF whose last page ends ExifTool 12.57 when it is to be changed, but not read.

    The page says that it has two thousand million strips; its first pages can be decoded.
    """
    tiff(path, (8, 8), pages=pages)
    data = bytearray(path.read_bytes())
    order = "<" if data[:2] == b"II" else ">"
    at = 4
    for _ in range(pages):
        (directory,) = struct.unpack_from(f"{order}I", data, at)
        (count,) = struct.unpack_from(f"{order}H", data, directory)
        at = directory + 2 + 12 * count
    entries = (directory + 2 + 12 * number for number in range(count))
    sizes = next(e for e in entries if struct.unpack_from(f"{order}H", data, e) == (279,))
    struct.pack_into(f"{order}I", data, sizes + 4, 2**31)
    path.write_bytes(data)
    return path
