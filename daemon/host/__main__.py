"""An engine process: hosts the models of one device, and answers many requests at a time.

The engine is named on the command line as an import path (``--engine``): a module that offers
``open_engine``, see daemon.engines.hosted.
"""

import argparse
from importlib import import_module

from daemon.framing import pack, receive, send, unpack
from daemon.wire import HostSetup, Ready
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
    setup = unpack(first, HostSetup)
    measures = sandbox.enclose_host(setup, asked.parent)
    send(answers, pack(Ready(measures)))
    # Not before: libraries start threads, and one that runs already would not be enclosed.
    import_module("daemon.host.serving").serve(setup, asked.engine, requests, answers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="daemon.host")
    parser.add_argument("--engine", required=True)
    parser.add_argument("--parent", required=True, type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
