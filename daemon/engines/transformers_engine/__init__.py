"""Open-weight models on the own machine; the only room that knows torch."""

from daemon.engines.hosted import Hosted
from daemon.wire import HostSetup


def open_engine(setup: HostSetup) -> Hosted:
    """Open the device; raises EngineError when it is not there."""
    from daemon.engines.transformers_engine.engine import Engine

    return Engine(setup)
