"""The process that calls servers: answers many requests at a time, each by one of them.

With ``--look`` it only tells which of them are there, and ends.
"""

import argparse
from importlib import import_module

from daemon.framing import pack, receive, send, unpack
from daemon.wire import CallSetup, Ready
from daemon.worker import sandbox
from daemon.worker.pipes import leave_sigterm_to_the_parent, private_pipes


def main() -> None:
    """Say what the sandbox could do, then answer until the parent closes the pipe."""
    asked = _arguments()
    requests, answers = private_pipes()
    leave_sigterm_to_the_parent()
    first = receive(requests)
    if first is None:
        return
    setup = unpack(first, CallSetup)
    measures = sandbox.enclose_caller(setup, asked.parent)
    # Not before: threads that run already would not be enclosed.
    if asked.look:
        send(answers, pack(import_module("daemon.calling.looking").look(setup.endpoints)))
    else:
        send(answers, pack(Ready(measures)))
        import_module("daemon.calling.serving").serve(setup, requests, answers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="daemon.calling")
    parser.add_argument("--parent", required=True, type=int)
    parser.add_argument("--look", action="store_true", help="only see which servers are there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
