"""A media worker: takes requests from its parent one at a time and answers each.

What is worked on is named on the command line as an import path (``--handlers``): a module with a
TABLE of request type to ``module:function``; the function is called with the request and a Bench.
"""

import argparse
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, BinaryIO

import msgspec

from daemon.engines import EngineError, EngineMissing
from daemon.framing import pack, receive, send, unpack
from daemon.wire import Answer, Ready, Request, Setup
from daemon.worker import sandbox
from daemon.worker.bench import Bench
from daemon.worker.pipes import failed, leave_sigterm_to_the_parent, private_pipes
from metadata.asset import AssetError
from metadata.reasons import Reason

Handler = Callable[[Any, Bench], object]


@dataclass(slots=True)
class Desk:
    """Where requests become answers; the wall at which every error of one file stops."""

    table: Mapping[type, str]
    bench: Bench
    _loaded: dict[type, Handler] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        """Do what is asked, or say why not."""
        try:
            return Answer(
                None, msgspec.Raw(pack(self._handler(type(request))(request, self.bench)))
            )
        except AssetError as error:
            return failed(error.reason, error.detail)
        except MemoryError:
            return failed(Reason.OUT_OF_MEMORY, "the worker's memory limit was reached")
        except (EngineMissing, ImportError) as error:
            return failed(None, str(error), lasting=True)
        except EngineError as error:
            return failed(None, str(error))
        except Exception as error:
            traceback.print_exc()
            return failed(Reason.CRASHED, f"{type(error).__name__}: {error}")

    def _handler(self, kind: type) -> Handler:
        if kind not in self._loaded:
            self._loaded[kind] = _loaded(self.table[kind])
        return self._loaded[kind]


def _loaded(target: str) -> Handler:
    """Import a handler; when that fails, whatever the reason, no file is to blame."""
    module, _, name = target.partition(":")
    try:
        handler: Handler = getattr(import_module(module), name)
    except Exception as error:
        traceback.print_exc()
        told = (
            f"{module} cannot be loaded ({type(error).__name__}: {error}); install captiond again"
        )
        raise EngineMissing(told) from error
    return handler


def main() -> None:
    """Say what the sandbox could do, then answer until the parent closes the pipe."""
    asked = _arguments()
    requests, answers = private_pipes()
    leave_sigterm_to_the_parent()
    first = receive(requests)
    if first is None:
        return
    setup = unpack(first, Setup)
    measures = sandbox.enclose(setup, asked.parent)
    table = import_module(asked.handlers).TABLE
    send(answers, pack(Ready(measures)))
    with Bench(setup) as bench:
        serve(requests, answers, Desk(table, bench))


def serve(requests: BinaryIO, answers: BinaryIO, desk: Desk) -> None:
    """Answer every request; end after one that took all memory, so that it is given back."""
    while (frame := receive(requests)) is not None:
        answer = desk.answer(unpack(frame, Request))  # type: ignore[arg-type]
        send(answers, pack(answer))
        if answer.failure and answer.failure.reason == Reason.OUT_OF_MEMORY.name:
            return


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="daemon.worker")
    parser.add_argument("--handlers", required=True)
    parser.add_argument("--parent", required=True, type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
