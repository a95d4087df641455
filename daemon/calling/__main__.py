"""The process that calls servers: answers many requests at a time, each by one of them."""

import argparse
from importlib import import_module

from daemon.framing import pack, receive, send, unpack
from daemon.wire import CallSetup, Ready
from daemon.worker import sandbox
from daemon.worker.pipes import leave_sigterm_to_the_parent, private_pipes


def main() -> None:
    """Say what the sandbox could do, then answer until the parent closes the pipe."""
    parent = _arguments().parent
    requests, answers = private_pipes()
    leave_sigterm_to_the_parent()
    first = receive(requests)
    if first is None:
        return
    setup = unpack(first, CallSetup)
    send(answers, pack(Ready(sandbox.enclose_caller(setup, parent))))
    # Not before: threads that run already would not be enclosed.
    import_module("daemon.calling.serving").serve(setup, requests, answers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="daemon.calling")
    parser.add_argument("--parent", required=True, type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
