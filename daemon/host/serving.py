"""Builds what an engine process is made of, once, and runs it until its end or its device's."""

import os
import sys
import time
from typing import BinaryIO

from daemon.engines import DeviceLost
from daemon.host.hosting import opening
from daemon.host.inbox import Inbox
from daemon.host.loop import Loop
from daemon.host.telling import Telling
from daemon.wire import DEVICE_LOST, HostSetup

SWITCH_S = 0.0005
"""The thread that prepares must not keep the one waiting that feeds the device: at Python's usual
5 ms many small operations took 2.5 to 4.4 times as long beside a busy thread, so about twice."""


def serve(setup: HostSetup, engine: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer *requests* with *engine* until there are no more."""
    sys.setswitchinterval(SWITCH_S)
    telling = Telling(answers, time.monotonic)
    try:
        with Loop(setup, Inbox(requests), telling, opening(engine, setup)) as loop:
            loop.run()
    except DeviceLost as error:
        _leave(setup, telling, error)


def _leave(setup: HostSetup, telling: Telling, error: DeviceLost) -> None:
    """End at once: what a library does when it takes leave can hang on a device that is lost."""
    print(f"{setup.device} was lost: {error}", file=sys.stderr, flush=True)
    telling.tell_doing(f"ending, as {setup.device} was lost")
    os._exit(DEVICE_LOST)
