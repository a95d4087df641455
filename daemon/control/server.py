"""The listening side of the control socket: one thread that waits for all clients at once."""

import contextlib
import math
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from daemon.control.client import ControlError
from daemon.control.connection import Connection
from daemon.control.line import SOCKET_NAME, Limits, address
from daemon.control.reply import Asked
from metadata.asset import shown

# How long clients may take to read the last words when captiond ends.
GRACE_S = 1.0
# Out of file handles: try again after this, instead of at once and for ever.
PAUSE_S = 0.5


class ControlSocket:
    """Hand requests over to *deliver*, from a thread of its own; use it as a context manager.

    Only who holds the lock of *state_dir* may open it, since a socket found there is taken for a
    left-over. Entering raises ControlError when the socket cannot be made.
    """

    def __init__(
        self,
        state_dir: Path,
        deliver: Callable[[Asked], None],
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state_dir = state_dir
        self._deliver = deliver
        self._limits = limits or Limits()
        self._clock = clock
        self._connections: dict[int, Connection] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def __enter__(self) -> Self:
        self._listener = _listening(self._state_dir)
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._poll.register(self._bell, select.EPOLLIN)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._wake()
        self._thread.join()
        with address(self._state_dir) as where:
            Path(where).unlink(missing_ok=True)
        self._poll.close()
        os.close(self._bell)
        self._listener.close()

    @property
    def alive(self) -> bool:
        """Tell whether requests are still taken."""
        return self._thread.is_alive()

    def _wake(self) -> None:
        # Closed means that captiond ends and nobody waits for the answer.
        with contextlib.suppress(OSError):
            os.eventfd_write(self._bell, 1)

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._turn()
        self._finish()

    def _finish(self) -> None:
        self._poll.unregister(self._listener)
        until = self._clock() + GRACE_S
        for connection in list(self._connections.values()):
            connection.close_by(until)
        while self._connections:
            self._turn()

    def _turn(self) -> None:
        for handle, events in self._poll.poll(self._patience()):
            if handle == self._listener.fileno():
                self._accept()
            elif handle == self._bell:
                os.eventfd_read(self._bell)
            else:
                self._hear(self._connections[handle], events)
        now = self._clock()
        for connection in list(self._connections.values()):
            connection.advance(now)
            if connection.over:
                self._leave(connection)
            else:
                self._poll.modify(connection.handle, connection.wants)

    def _patience(self) -> float | None:
        deadline = min((c.deadline for c in self._connections.values()), default=math.inf)
        return None if deadline == math.inf else max(0.0, deadline - self._clock())

    def _hear(self, connection: Connection, events: int) -> None:
        asked = connection.happened(events)
        if asked is not None:
            self._deliver(asked)

    def _accept(self) -> None:
        try:
            stream, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:
            time.sleep(PAUSE_S)
            return
        stream.setblocking(False)
        connection = Connection(stream, self._limits, self._wake, self._clock())
        self._connections[connection.handle] = connection
        self._poll.register(connection.handle, connection.wants)
        if len(self._connections) >= self._limits.clients:
            self._poll.modify(self._listener, 0)  # the others wait in the kernel's backlog

    def _leave(self, connection: Connection) -> None:
        del self._connections[connection.handle]
        connection.close()
        if not self._closing.is_set():
            self._poll.modify(self._listener, select.EPOLLIN)


def _listening(state_dir: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with address(state_dir) as where:
            Path(where).unlink(missing_ok=True)
            listener.bind(where)
            Path(where).chmod(0o660)
        listener.setblocking(False)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ControlError(
            f"{shown(state_dir / SOCKET_NAME)}: the socket cannot be made: {error.strerror}; "
            "choose a state_dir on a local disk with some space"
        ) from error
    return listener
