"""Whether servers are there, and have the models that they are to be asked: for the doctor."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from daemon.calling.server import MOST_LISTED, Server, known_as
from daemon.calling.troubles import Broken, Trouble
from daemon.endpoints import Endpoint, Reached


def look(endpoints: tuple[Endpoint, ...]) -> tuple[Reached, ...]:
    """Ask all servers for their models, at the same time."""
    with ThreadPoolExecutor(max(len(endpoints), 1)) as executor:
        return tuple(executor.map(reached, endpoints))


def reached(endpoint: Endpoint) -> Reached:
    """Ask one server for its models; what it costs is nothing, as no model is used."""
    server, begun = Server(endpoint), time.monotonic()
    try:
        models = server.models()
    except Broken as broken:
        # some servers list none, and work
        told = f"it is there, and lists no models ({broken.told}); nothing was asked"
        return Reached(endpoint.url, None, told)
    except Trouble as trouble:
        return Reached(endpoint.url, False, trouble.told)
    finally:
        server.close()
    took = f"answers within {1000 * (time.monotonic() - begun):.0f} ms"
    if not models:
        return Reached(endpoint.url, None, f"{took}, and lists no models; nothing was asked")
    if endpoint.model in known_as(models):
        return Reached(endpoint.url, True, f"{took}, and has {endpoint.model}")
    there = ", ".join(_first(models))
    return Reached(endpoint.url, False, f"{took}, and has no {endpoint.model} but {there}")


def _first(models: tuple[str, ...]) -> Iterator[str]:
    yield from models[:MOST_LISTED]
    if len(models) > MOST_LISTED:
        yield "..."
