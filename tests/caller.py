"""The loop of the process that calls servers, run in a thread of the test instead of a process."""

import io
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from daemon.calling.loop import Event, Loop
from daemon.calling.server import Server
from daemon.endpoints import Endpoint
from daemon.framing import cut, unpack
from daemon.host.telling import Telling
from daemon.wire import (
    CallSetup,
    Consult,
    Consulted,
    Failure,
    Modelled,
    Numbered,
    Render,
    Rendered,
    Told,
)


class Caller(io.RawIOBase):
    """Asks servers at *endpoints*; what the daemon would be told is collected, as it is written."""

    def __init__(self, *endpoints: Endpoint, hold_s: float = 15.0) -> None:
        setup = CallSetup(Path("/nowhere"), endpoints, hold_s=hold_s)
        self._servers = [Server(endpoint) for endpoint in endpoints]
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._executor = ThreadPoolExecutor(sum(e.concurrency for e in endpoints) + len(endpoints))
        self._received = bytearray()
        self._came = threading.Condition()
        self._requests: dict[int, Modelled] = {}
        self.answers: dict[int, Consulted | Rendered | Failure] = {}
        self.doing: list[str] = []
        telling = Telling(self, time.monotonic)  # type: ignore[arg-type]
        self._loop = Loop(
            setup, self._servers, self._events, telling, self._executor, time.monotonic, lambda: 0.5
        )
        self._thread = threading.Thread(target=self._loop.run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._events.put(None)
        self._thread.join(20)
        assert not self._thread.is_alive()
        self._executor.shutdown()
        for server in self._servers:
            server.close()

    def ask(self, *requests: Modelled) -> None:
        """Ask for *requests*, numbered from where the last ones ended."""
        for request in requests:
            number = len(self._requests)
            self._requests[number] = request
            self._events.put(Numbered(number, request))

    def wait(self, *numbers: int, seconds: float = 20.0) -> list[Consulted | Rendered | Failure]:
        """Wait for the answers to *numbers*, or to all that was asked."""
        wanted: Iterable[int] = numbers or tuple(self._requests)
        with self._came:
            assert self._came.wait_for(lambda: set(wanted) <= set(self.answers), seconds), (
                self.answers, self.doing[-1:],
            )  # fmt: skip
        return [self.answers[number] for number in wanted]

    def write(self, sent: bytes) -> int:  # type: ignore[override]
        self._received += sent
        while (frame := cut(self._received)) is not None:
            told = unpack(frame, Told)
            with self._came:
                self._take_in(told)
                self._came.notify_all()
        return len(sent)

    def _take_in(self, told: Told) -> None:
        if told.number is None or told.answer is None:
            self.doing.append(told.doing)
            return
        assert told.number not in self.answers, "answered twice"
        shape = {Consult: Consulted, Render: Rendered}[type(self._requests[told.number])]
        found = told.answer.failure or unpack(told.answer.value, shape)
        self.answers[told.number] = found
