"""The log: one line per message, the same message at most ten times a minute."""

import logging
import sys
import time
from collections.abc import Callable

MOST_A_MINUTE = 10
PERIOD_S = 60.0


class Ration(logging.Filter):
    """Let a message through ten times a minute, then say once that more of it is left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._since = clock()
        self._counts: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether *record* may be written; messages are the same before their values."""
        if self._clock() - self._since > PERIOD_S:
            self._since = self._clock()
            self._counts.clear()
        key = (record.name, str(record.msg))
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] == MOST_A_MINUTE:
            record.msg = f"{record.msg} (more of these are left out for a minute)"
        return self._counts[key] <= MOST_A_MINUTE


class OneLine(logging.Formatter):
    """Keep every message on its own line, whatever it quotes."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Escape what would end the line or move the cursor."""
        text = super().formatMessage(record)
        return "".join(
            c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
        )


def handler() -> logging.Handler:
    """Make the handler that writes to stderr, where systemd and terminals read."""
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.addFilter(Ration())
    to_stderr.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    return to_stderr
