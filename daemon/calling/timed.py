"""A socket whose every wait ends at one moment: a server that drips cannot hold a request for long.

A timeout of a socket counts from byte to byte; this one counts from the first to the last.
"""

import io
import socket
import time

AT_ONCE = 2**16


class Timed:
    """What http.client needs of a socket, over *plain*, an open one; *due* is when patience ends.

    It is closed by whoever opened it: http.client lets go of it before the answer is read.
    """

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self.due = time.monotonic()

    def sendall(self, sent: bytes) -> None:
        """Send all of *sent*; raises TimeoutError."""
        view = memoryview(sent)
        for start in range(0, len(view), AT_ONCE):
            self._wait_less()
            self.plain.sendall(view[start : start + AT_ONCE])

    def makefile(self, mode: str) -> io.BufferedReader:
        """Open what comes in for reading."""
        return io.BufferedReader(_Incoming(self), AT_ONCE)

    def close(self) -> None:
        """Do nothing."""

    def receive(self, into: memoryview) -> int:
        """Wait for some bytes; raises TimeoutError."""
        self._wait_less()
        return self.plain.recv_into(into)

    def _wait_less(self) -> None:
        left = self.due - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.plain.settimeout(left)


class _Incoming(io.RawIOBase):
    def __init__(self, timed: Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        return self._timed.receive(into)
