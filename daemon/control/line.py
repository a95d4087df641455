"""One JSON object per line, where the socket lies, and how much anyone may ask of it."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET_NAME = "control.sock"
# sun_path holds 108 bytes with the closing NUL (unix(7)).
LONGEST_ADDRESS = 107


@dataclass(frozen=True, slots=True)
class Limits:
    """How much clients may ask of the socket; more than that and they are dropped.

    *backlog_bytes* is what may wait for one client to read it; *request_s* is the time to send a
    request in, *stall_s* the longest time for which a client may read nothing.
    """

    clients: int = 64
    request_bytes: int = 2**20
    backlog_bytes: int = 16 * 2**20
    request_s: float = 10.0
    stall_s: float = 30.0


def to_line(value: Mapping[str, Any]) -> bytes:
    """Write *value* as one line; paths may hold surrogate escapes, which come back unchanged."""
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    """Read one JSON object; raises ValueError for anything else."""
    try:
        value = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("a JSON object is expected")
    return value


@contextlib.contextmanager
def address(state_dir: Path) -> Iterator[str]:
    """Name the socket in *state_dir* so that the kernel takes it, however long the path is."""
    plain = state_dir / SOCKET_NAME
    if len(os.fsencode(plain)) <= LONGEST_ADDRESS:
        yield str(plain)
        return
    folder = os.open(state_dir, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET_NAME}"
    finally:
        os.close(folder)
