"""The asking side of the control socket: one request, and the answers as they come."""

import contextlib
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from daemon.control.line import SOCKET_NAME, Limits, address, from_line, to_line
from metadata.asset import shown

# A daemon that does not even accept for this long hangs; one that answers slowly is at work.
CONNECT_S = 10


class ControlError(Exception):
    """The state folder or its socket cannot be used, or an answer was cut off."""


class NobodyHome(ControlError):
    """No captiond runs on this state folder."""


def ask(state_dir: Path, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Send *request* now, and yield the answers; the last one is ``{"end": true, "exit": N}``.

    Raises NobodyHome at once when no daemon listens, ControlError when it cannot be reached, and
    ControlError later when the answers break off.
    """
    place = state_dir / SOCKET_NAME
    line = to_line(request)
    if len(line) > Limits().request_bytes:
        raise ControlError(
            f"{shown(place)}: {len(line)} bytes are too much to ask at once; ask in parts"
        )
    connection = _connected(state_dir, place)
    try:
        connection.sendall(line)
    except OSError as error:
        connection.close()
        raise ControlError(f"{shown(place)}: captiond does not listen: {error}") from error
    return _answers(connection, place)


def _answers(connection: socket.socket, place: Path) -> Iterator[dict[str, Any]]:
    # Being cut off in mid-line, or by a reset, is told below like any other early end.
    cut_off = contextlib.suppress(ConnectionError, ValueError)
    with connection, connection.makefile("rb") as lines, cut_off:
        for line in lines:
            answer = from_line(line)
            yield answer
            if answer.get("end") is True:
                return
    raise ControlError(
        f"{shown(place)}: captiond stopped before it had answered; "
        "what was asked may be done in part: look at `captiond jobs`"
    )


def _connected(state_dir: Path, place: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    # settimeout would make a full backlog an error at once; the kernel's own timeout waits.
    patience = struct.pack("ll", CONNECT_S, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
    try:
        with address(state_dir) as where:
            connection.connect(where)
    except OSError as error:
        connection.close()
        raise _unreachable(place, error) from error
    return connection


def _unreachable(place: Path, error: OSError) -> ControlError:
    if isinstance(error, FileNotFoundError | ConnectionRefusedError | NotADirectoryError):
        return NobodyHome(f"{shown(place)}: no captiond runs here")
    if isinstance(error, PermissionError):
        return ControlError(
            f"{shown(place)}: you may not ask this captiond; join the group that the socket "
            "belongs to (`sudo usermod -aG captiond $USER`) and log in again"
        )
    if isinstance(error, BlockingIOError):
        return ControlError(f"{shown(place)}: captiond does not answer; restart it")
    return ControlError(f"{shown(place)}: captiond cannot be asked: {error}")
