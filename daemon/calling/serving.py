"""Builds what the process that calls servers is made of, once, and runs it until its end."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread, stack_size
from typing import BinaryIO

from daemon.calling.loop import Event, Loop
from daemon.calling.server import Server
from daemon.framing import receive, unpack
from daemon.host.telling import Telling
from daemon.wire import CallSetup, Numbered

STACK_BYTES = 2 * 2**20
"""Of a thread; with the 8 MB that are usual, 400 of them do not fit into what memory there is."""


def serve(setup: CallSetup, requests: BinaryIO, answers: BinaryIO) -> None:
    """Have servers answer *requests* until there are no more."""
    servers = [Server(endpoint) for endpoint in setup.endpoints]
    events: SimpleQueue[Event] = SimpleQueue()
    telling = Telling(answers, time.monotonic)
    stack_size(STACK_BYTES)
    most = sum(endpoint.concurrency for endpoint in setup.endpoints)
    Thread(target=_read, args=(requests, events), name="inbox", daemon=True).start()
    # One more for each server: what finds out whether it is well takes nobody's turn.
    with ThreadPoolExecutor(most + len(servers), "call") as executor:
        Loop(setup, servers, events, telling, executor, time.monotonic, random.random).run()


def _read(stream: BinaryIO, events: "SimpleQueue[Event]") -> None:
    """Read until the pipe is closed, or something comes that is no request."""
    try:
        while (frame := receive(stream)) is not None:
            events.put(unpack(frame, Numbered))
    finally:
        events.put(None)
