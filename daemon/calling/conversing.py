"""What one server says to one request of the daemon; the pictures are read where they lie."""

import sys
import time
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import TypeVar

from daemon.calling.server import Server
from daemon.engines import EngineError
from daemon.engines.openai_engine.asking import asked
from daemon.engines.openai_engine.bodies import Shot, Style, data_uri
from daemon.engines.openai_engine.completions import Completion
from daemon.engines.openai_engine.habits import Refused
from daemon.engines.openai_engine.rendering import rendered
from daemon.engines.openai_engine.trial import trial
from daemon.wire import Consult, Consulted, Modelled, Render, Rendered, Sheets
from metadata.asset import shown

T = TypeVar("T")


def conversed(server: Server, request: Modelled, temperature: float) -> Consulted | Rendered:
    """Have *server* do *request*; raises Trouble, Refused, or EngineError without pictures."""
    begun = time.monotonic()
    style = Style(server.endpoint.model, temperature)
    if isinstance(request, Render):
        said = _held(rendered(request, style, server.habits), server)
        for why in said.left:
            print(f"{shown(request.asset.path)}: {why}; left out", file=sys.stderr)
        seconds = {"translate": time.monotonic() - begun}
        model = server.endpoint.model
        return Rendered(tuple(said.texts), said.words, seconds, said.tokens, model)
    if not isinstance(request, Consult):
        raise EngineError(f"no server is asked to {type(request).__name__.lower()}")
    talk = asked(_shot(request), request.questions, request.again, style, server.habits)
    given = _held(talk, server)
    seconds = {"generate": time.monotonic() - begun}
    return Consulted(given.replies, seconds, given.tokens, server.endpoint.model)


def tried(server: Server, request: Modelled) -> None:
    """Ask *server* for something like *request* that cannot fail; raises Trouble or Refused."""
    pictured = isinstance(request, Consult) and request.views is not None
    server.ask(trial(server.endpoint.model, server.habits.manner, pictured))


def _held(talk: Generator[bytes, Completion, T], server: Server) -> T:
    """Hold a conversation to its end."""
    try:
        body = next(talk)
        while True:
            try:
                said = server.ask(body)
            except Refused as refused:
                body = talk.throw(refused)
            else:
                body = talk.send(said)
    except StopIteration as end:
        result: T = end.value
        return result


def _shot(request: Consult) -> Shot:
    if request.views is None:
        return Shot()
    try:
        pictures = tuple(map(data_uri, _files(request.views)))
    except (OSError, ValueError) as error:
        told = f"{request.views.path} does not hold the pictures of {shown(request.asset.path)}"
        raise EngineError(f"{told}: {error}; they are made again") from error
    return Shot(pictures, request.views.times_s)


def _files(views: Sheets) -> Iterator[memoryview]:
    """Cut the JPEG files out of the one that they lie in; raises OSError or ValueError."""
    content = memoryview(views.path.read_bytes())
    if not views.ends or views.ends[-1] != len(content):
        raise ValueError(f"{len(content)} bytes, not {views.ends[-1] if views.ends else 'JPEG'}")
    return (content[start:end] for start, end in pairwise((0, *views.ends)))
