"""Tell systemd how the service is doing, over its notification socket; silent anywhere else."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

# A full queue of the service manager must not hold up the loop that reports to it.
SEND_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Notifier:
    """The way to the service manager; None stands for there being none.

    *address* is the socket (a leading NUL byte marks an abstract one), *watchdog_s* the seconds
    within which the manager wants to be pinged. Protocol: sd_notify(3).
    """

    address: bytes | None = None
    watchdog_s: float | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], pid: int | None = None) -> Self:
        """Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; *pid* is ours unless given."""
        named = os.fsencode(environment.get("NOTIFY_SOCKET", ""))
        if not named.startswith((b"/", b"@")):
            return cls()
        address = b"\0" + named[1:] if named.startswith(b"@") else named
        return cls(address, _watchdog_s(environment, os.getpid() if pid is None else pid))

    def ready(self, status: str = "watching") -> bool:
        """Say that the service has started."""
        return self._send("READY=1", _status(status))

    def stopping(self, status: str = "stopping") -> bool:
        """Say that the service is about to end."""
        return self._send("STOPPING=1", _status(status))

    def status(self, text: str) -> bool:
        """Show *text* in ``systemctl status``."""
        return self._send(_status(text))

    def ping(self) -> bool:
        """Say that the service is alive."""
        return self._send("WATCHDOG=1")

    def lost(self) -> bool:
        """Ask to be ended and restarted at once, as if a ping had been missed."""
        return self._send("WATCHDOG=trigger")

    def _send(self, *lines: str) -> bool:
        if self.address is None:
            return False
        message = "\n".join(lines).encode("utf-8", "backslashreplace")
        # A manager that cannot be reached is no reason to stop describing files.
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out,
        ):
            out.settimeout(SEND_TIMEOUT_S)
            out.sendto(message, self.address)
            return True
        return False


class Pulse:
    """Ping only when every loop has beaten since the last ping, so that no dead one is hidden."""

    def __init__(
        self,
        notifier: Notifier,
        loops: Iterable[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notifier = notifier
        self._clock = clock
        self._loops = frozenset(loops)
        self._beaten: set[str] = set()
        self._pinged = clock()
        # Half the period is what sd_watchdog_enabled(3) advises; a third leaves room for jitter.
        self._every = (notifier.watchdog_s or 0.0) / 3

    @property
    def every_s(self) -> float | None:
        """Tell how often the loops should beat; None when nobody wants to know."""
        return self._every or None

    @property
    def silent(self) -> frozenset[str]:
        """Name the loops that have not beaten since the last ping."""
        return self._loops - self._beaten

    def beat(self, loop: str) -> None:
        """Note that *loop* is alive; may be called from its own thread."""
        self._beaten.add(loop)

    def ping(self) -> bool:
        """Ping when it is time and no loop is silent; cheap enough for every turn of the wheel."""
        now = self._clock()
        if not self._every or now - self._pinged < self._every or self.silent:
            return False
        self._pinged = now
        self._beaten.clear()
        return self._notifier.ping()


def _watchdog_s(environment: Mapping[str, str], pid: int) -> float | None:
    if environment.get("WATCHDOG_PID", str(pid)) != str(pid):
        return None
    period = environment.get("WATCHDOG_USEC", "")
    return int(period) / 1e6 if period.isdecimal() and int(period) else None


def _status(text: str) -> str:
    # One line per message: a line break in a file name must not become a message of its own.
    return "STATUS=" + " ".join(text.splitlines())
