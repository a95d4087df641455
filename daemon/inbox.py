"""What other threads have for the loop, and the bell that wakes it."""

import contextlib
import os
from collections import deque
from typing import Any, Self

MOST_AT_ONCE = 5000
# Values beyond which a listing should wait; each may name a thousand files.
ROOM = 50


class Inbox:
    """Values put in by any thread, taken out by the loop alone."""

    def __init__(self) -> None:
        self._values: deque[Any] = deque()

    def __enter__(self) -> Self:
        self.bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.bell)

    def has_room(self) -> bool:
        """Tell whether the loop keeps up, so that a listing may go on."""
        return len(self._values) < ROOM

    def put(self, value: Any) -> None:
        """Leave *value* for the loop and wake it."""
        self._values.append(value)
        self.ring()

    def ring(self) -> None:
        """Wake the loop; safe in a signal handler."""
        # after the end of the loop nobody listens any more
        with contextlib.suppress(OSError):
            os.eventfd_write(self.bell, 1)

    def take(self) -> list[Any]:
        """Give what has come, at most so much that a turn stays short."""
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self.bell)
        taken = [self._values.popleft() for _ in range(min(len(self._values), MOST_AT_ONCE))]
        if self._values:
            self.ring()
        return taken
