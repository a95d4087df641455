"""What the workers say on stderr, into the log: whole lines, escaped, and not too many."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable

from metadata.asset import spelled

log = logging.getLogger(__name__)

LINES_A_MINUTE = 60
LONGEST_LINE = 500
TAIL_LINES = 4
AT_ONCE = 2**16


class Ration:
    """Let through so many lines a minute, and say afterwards how many were left out."""

    def __init__(
        self,
        most: int = LINES_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        name: str = "media worker",
    ) -> None:
        self._name = name
        self._most = most
        self._clock = clock
        self._until = clock() + 60
        self._said = 0

    def say(self, line: str) -> None:
        """Log *line* if there are any left for this minute."""
        if self._clock() >= self._until:
            self._renew()
        self._said += 1
        if self._said <= self._most:
            log.warning("%s: %s", self._name, line)

    def _renew(self) -> None:
        if self._said > self._most:
            left = self._said - self._most
            log.warning("%s: %d lines were left out", self._name, left)
        self._said = 0
        self._until = self._clock() + 60


class Murmur:
    """The stderr of one worker; *tail* has its last lines."""

    def __init__(self, pipe: int, ration: Ration) -> None:
        os.set_blocking(pipe, False)
        self._pipe = pipe
        self._ration = ration
        self._line = b""
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    def hear(self) -> bool:
        """Take in what is there; False at the end."""
        try:
            said = os.read(self._pipe, AT_ONCE)
        except BlockingIOError:
            return True
        *lines, self._line = (self._line + said).split(b"\n")
        self._line = self._line[-LONGEST_LINE:]
        for line in filter(None, lines):
            self._keep(line)
        return bool(said)

    def close(self) -> None:
        """Take in the rest; what nobody ended with a new line counts as a line."""
        self.hear()
        if self._line:
            self._keep(self._line)

    def _keep(self, line: bytes) -> None:
        text = spelled(line[:LONGEST_LINE])
        self.tail.append(text)
        self._ration.say(text)
