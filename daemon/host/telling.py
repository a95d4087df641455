"""What is told to the daemon: answers by number, and that the process is alive."""

from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec

from daemon.framing import pack, send
from daemon.wire import Answer, Told
from daemon.worker.pipes import failed
from metadata.reasons import Reason

BEAT_S = 1.0
PATIENCE_S = Told(None).patience_s


class Telling:
    """The pipe to the daemon; a process that nobody listens to ends. Not for several threads."""

    def __init__(self, stream: BinaryIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._told_at = float("-inf")
        self._patience_s = 0.0

    def answer(self, number: int, value: Any) -> None:
        """Answer request *number*."""
        self._tell(Told(number, Answer(None, msgspec.Raw(pack(value)))))

    def refuse(
        self, number: int, reason: Reason | None, detail: str, lasting: bool = False
    ) -> None:
        """Say why request *number* has no answer; without a *reason* the machine is at fault."""
        self._tell(Told(number, failed(reason, detail, lasting)))

    def beat(self, doing: str, patience_s: float = PATIENCE_S) -> None:
        """Say that the process is alive; a daemon hears it at most once a second.

        Only when there will be a longer silence than it knows of it hears so at once.
        """
        if self._clock() - self._told_at >= BEAT_S or patience_s > self._patience_s:
            self.tell_doing(doing, patience_s)

    def tell_doing(self, doing: str, patience_s: float = PATIENCE_S) -> None:
        """Say what is being done, in any case."""
        self._tell(Told(None, None, doing, patience_s))

    def _tell(self, told: Told) -> None:
        self._told_at, self._patience_s = self._clock(), told.patience_s
        try:
            send(self._stream, pack(told))
        except BrokenPipeError:
            raise SystemExit("the daemon that asked has ended") from None
