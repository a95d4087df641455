"""A request and the way back to who asked; sending never waits, whoever is at the other end."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from daemon.control.line import to_line


class Reply:
    """The answers to one client, kept until it takes them; the loop sends, the socket delivers.

    A client that has left, or lets more than *limit* bytes wait, is *gone*: nothing reaches it.
    """

    def __init__(self, limit: int, wake: Callable[[], None]) -> None:
        self._limit = limit
        self._wake = wake
        self._lock = threading.Lock()
        self._lines: list[bytes] = []
        self._waiting = 0
        self._ended = False
        self._gone = False

    @property
    def gone(self) -> bool:
        """Tell whether nobody reads the answers any more."""
        return self._gone

    @property
    def has_room(self) -> bool:
        """Tell whether the client keeps up; one that is gone takes anything."""
        return self._gone or self._waiting < self._limit // 4

    @property
    def ended(self) -> bool:
        """Tell whether the end was said."""
        return self._ended

    @property
    def complete(self) -> bool:
        """Tell whether the end was said and everything has reached the client."""
        with self._lock:
            return self._ended and not self._waiting

    def send(self, answer: Mapping[str, Any]) -> None:
        """Send one answer; dropped when the client is gone or has been told the end."""
        self._add(to_line(answer), last=False)

    def end(self, exit_code: int) -> None:
        """Say that this was all, and what the command shall exit with."""
        self._add(to_line({"end": True, "exit": exit_code}), last=True)

    def refuse(self, says: str) -> None:
        """Answer a request that is none."""
        self.send({"error": {"reason": "usage", "message": says, "hint": "see docs/service.md"}})
        self.end(2)

    def take(self) -> bytes:
        """Hand over what waits, for the socket."""
        with self._lock:
            lines, self._lines = self._lines, []
        return b"".join(lines)

    def taken(self, count: int) -> None:
        """Note that *count* bytes have reached the client."""
        with self._lock:
            self._waiting -= count

    def drop(self) -> None:
        """Note that the client is gone."""
        with self._lock:
            self._forget()

    def _add(self, line: bytes, last: bool) -> None:
        with self._lock:
            if self._gone or self._ended:
                return
            self._ended = last
            self._lines.append(line)
            self._waiting += len(line)
            if self._waiting > self._limit:
                self._forget()
            # Within the lock: once drop() has returned, the bell may be closed.
            self._wake()

    def _forget(self) -> None:
        self._gone = True
        self._lines.clear()


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone wants, as it came over the socket and not yet checked, and the way back."""

    request: dict[str, Any]
    reply: Reply
