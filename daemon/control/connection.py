"""One client of the control socket: its request, piece by piece, then the answers to it."""

import math
import select
import socket
from collections.abc import Callable

from daemon.control.line import Limits, from_line
from daemon.control.reply import Asked, Reply

CHUNK = 64 * 2**10


class Connection:
    """A client, served without ever waiting for it."""

    def __init__(
        self, stream: socket.socket, limits: Limits, wake: Callable[[], None], now: float
    ) -> None:
        self._stream = stream
        self._limits = limits
        self._heard = bytearray()
        self._hearing = True
        self._outgoing = memoryview(b"")
        self._patience = now + limits.request_s
        self._last_call = math.inf
        self.handle = stream.fileno()
        self.reply = Reply(limits.backlog_bytes, wake)

    @property
    def wants(self) -> int:
        """Say which events matter now; that the client hangs up is told in any case."""
        hear = select.EPOLLIN if self._hearing else 0
        return hear | (select.EPOLLOUT if self._outgoing else 0)

    @property
    def deadline(self) -> float:
        """Tell when the client is dropped unless something happens."""
        return min(self._patience, self._last_call)

    @property
    def over(self) -> bool:
        """Tell whether the connection can be closed."""
        return self.reply.gone or self.reply.complete

    def close(self) -> None:
        """Hang up."""
        self.reply.drop()
        self._stream.close()

    def close_by(self, until: float) -> None:
        """Let the client read its last words until then, if they have been said."""
        self._last_call = until
        if not self.reply.ended:
            self.reply.drop()

    def happened(self, events: int) -> Asked | None:
        """Take in what the kernel says; gives the request once it is whole."""
        asked = self._hear() if events & select.EPOLLIN else None
        # Both directions are shut. A client that only stopped writing still reads.
        if events & (select.EPOLLHUP | select.EPOLLERR):
            self.reply.drop()
        return asked

    def advance(self, now: float) -> None:
        """Send what can be sent, and lose patience when it is time."""
        if self._send():
            self._patience = math.inf
        if self._outgoing and self._patience == math.inf:
            self._patience = now + self._limits.stall_s
        if now >= self.deadline:
            self.reply.drop()

    def _hear(self) -> Asked | None:
        try:
            piece = self._stream.recv(CHUNK)
        except OSError:
            self.reply.drop()
            return None
        self._heard += piece
        if len(self._heard) > self._limits.request_bytes:
            self._refuse(f"a request has at most {self._limits.request_bytes} bytes")
            return None
        if piece and b"\n" not in piece:
            return None
        return self._request(bytes(self._heard).partition(b"\n")[0])

    def _request(self, line: bytes) -> Asked | None:
        try:
            request = from_line(line)
        except ValueError as error:
            self._refuse(f"not a request: {error}")
            return None
        self._stop_hearing()
        return Asked(request, self.reply)

    def _refuse(self, says: str) -> None:
        self._stop_hearing()
        self.reply.refuse(says)

    def _stop_hearing(self) -> None:
        self._hearing = False
        self._heard.clear()
        self._patience = math.inf

    def _send(self) -> bool:
        moved = False
        while self._outgoing or self._refilled():
            try:
                count = self._stream.send(self._outgoing[:CHUNK], socket.MSG_NOSIGNAL)
            except BlockingIOError:
                break
            except OSError:
                self.reply.drop()
                break
            self._outgoing = self._outgoing[count:]
            self.reply.taken(count)
            moved = True
        return moved

    def _refilled(self) -> bool:
        self._outgoing = memoryview(self.reply.take())
        return bool(self._outgoing)
