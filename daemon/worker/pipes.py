"""The pipes between a child of the daemon and the daemon, kept from whatever a library prints."""

import os
import signal
import sys
from typing import BinaryIO

import msgspec

from daemon.framing import pack
from daemon.wire import Answer, Failure
from metadata.reasons import Reason

LONGEST_DETAIL = 500
NOTHING = msgspec.Raw(pack(None))


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep both pipes for ourselves: what a library prints must not become an answer."""
    requests, answers = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def leave_sigterm_to_the_parent() -> None:
    """Go on: systemd stops all processes of a unit at once, but only the daemon knows the order.

    A handler rather than SIG_IGN, which children would inherit.
    """
    signal.signal(signal.SIGTERM, lambda number, frame: None)


def failed(reason: Reason | None, detail: str, lasting: bool = False) -> Answer:
    """Say why there is no answer; without a *reason* the machine is at fault."""
    told = detail[:LONGEST_DETAIL].encode("utf-8", "backslashreplace").decode()
    return Answer(Failure(reason.name if reason else None, told, lasting), NOTHING)
