"""What the daemon asks, read by a thread of its own, so that it can be seen while a model works."""

from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO

from daemon.framing import receive, unpack
from daemon.wire import Numbered


class Inbox:
    """Requests as they come in on *stream*; as many as the daemon sends, which keeps count."""

    def __init__(self, stream: BinaryIO) -> None:
        self.closed = False
        self._stream = stream
        self._came: SimpleQueue[Numbered | None] = SimpleQueue()
        Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self, patience_s: float | None = 0.0) -> list[Numbered]:
        """Take all that is there; wait at most *patience_s* for a first one, for ever with None.

        Gives nothing and is *closed* once the daemon has hung up.
        """
        taken: list[Numbered] = []
        while not self.closed and (came := self._next(0.0 if taken else patience_s)):
            taken.append(came)
        return taken

    def _next(self, patience_s: float | None) -> Numbered | None:
        try:
            came = self._came.get(patience_s != 0.0, patience_s)
        except Empty:
            return None
        self.closed = came is None
        return came

    def _read(self) -> None:
        """Read until the pipe is closed, or something comes that is no request."""
        try:
            while (frame := receive(self._stream)) is not None:
                self._came.put(unpack(frame, Numbered))
        finally:
            self._came.put(None)
