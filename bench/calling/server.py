"""A server that answers like a model and computes nothing, so that its CPU time hardly counts.

``python -m bench.calling.server LATENCY_S`` prints its port and serves until its stdin closes.
"""

import heapq
import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent.parent.parent
"""Where ``python -m bench`` finds what it is asked for."""
_AT_ONCE = 2**20
_END = b"\r\n\r\n"
_TAGS = (
    "hillside", "evening light", "meadow", "path", "trees", "sky", "clouds", "grass", "horizon",
    "shadow", "countryside", "summer", "walking", "quiet", "distance", "warmth", "texture",
)  # fmt: skip
_CAPTION = (
    "A wide meadow rises towards a line of trees, seen from a path that leads in from the left. "
    "The low sun lights the grass from the side, so that every blade throws a shadow.\n\nWarm "
    "yellows and muted greens fill the lower two thirds, and pale clouds soften the upper one. "
    "The fine texture of the grass stands against the smooth sky, which gives frame {number} of "
    "this walk its calm and its depth."
)
_ANALYSIS = (
    "The warm side light and the open horizon make for a calm, friendly mood. Nothing in the "
    "frame is tense: lines are level and colours lie close together."
)


@dataclass(slots=True)
class Visitor:
    """A connection: the head of the request that comes in, and how much of its body is missing."""

    line: socket.socket
    head: bytearray = field(default_factory=bytearray)
    missing: int = 0


class Serving:
    """Answers every question after *latency_s* seconds, and counts them."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._door.setblocking(False)
        self._eyes = selectors.DefaultSelector()
        self._eyes.register(self._door, selectors.EVENT_READ)
        self._eyes.register(sys.stdin, selectors.EVENT_READ)
        self._room = memoryview(bytearray(_AT_ONCE))
        self._due: list[tuple[float, int, Visitor]] = []
        self.asked = self.most = 0

    @property
    def port(self) -> int:
        """Give the port."""
        return int(self._door.getsockname()[1])

    def serve(self) -> None:
        """Answer until stdin closes."""
        while True:
            patience = max(self._due[0][0] - time.monotonic(), 0) if self._due else None
            for key, _ in self._eyes.select(patience):
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is self._door:
                    self._let_in()
                else:
                    self._hear(key.data)
            while self._due and self._due[0][0] <= time.monotonic():
                _, number, visitor = heapq.heappop(self._due)
                _say(visitor, answer(number))

    def _let_in(self) -> None:
        line, _ = self._door.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._eyes.register(line, selectors.EVENT_READ, Visitor(line))

    def _hear(self, visitor: Visitor) -> None:
        size = visitor.line.recv_into(self._room)
        if not size:
            self._eyes.unregister(visitor.line)
            visitor.line.close()
        elif visitor.missing:
            visitor.missing -= size
            self._ended(visitor)
        else:
            visitor.head += self._room[:size]
            self._begun(visitor)

    def _begun(self, visitor: Visitor) -> None:
        end = visitor.head.find(_END)
        if end < 0:
            return
        length = 0
        for line in bytes(visitor.head[:end]).split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        visitor.missing = length - (len(visitor.head) - end - len(_END))
        self._ended(visitor)

    def _ended(self, visitor: Visitor) -> None:
        if visitor.missing:
            return
        verb, path = visitor.head.split(b" ", 2)[:2]
        visitor.head.clear()
        if verb == b"POST":
            self.asked += 1
            heapq.heappush(self._due, (time.monotonic() + self._latency_s, self.asked, visitor))
            self.most = max(self.most, len(self._due))
        elif path == b"/count":
            _say(visitor, {"asked": self.asked, "most": self.most})
        else:
            _say(visitor, {"object": "list", "data": [{"id": "made-up", "object": "model"}]})


def answer(number: int) -> dict[str, object]:
    """Give the completion for request *number*, each with another caption."""
    said = {
        "caption": _CAPTION.format(number=number),
        "tags": list(_TAGS),
        "sentiment": {
            "label": "positive", "score": 0.6, "moods": ["calm"], "analysis": _ANALYSIS,
        },
    }  # fmt: skip
    message = {"role": "assistant", "content": json.dumps(said)}
    return {
        "id": f"made-up-{number}",
        "object": "chat.completion",
        "model": "made-up",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1500, "completion_tokens": 260, "total_tokens": 1760},
    }


def _say(visitor: Visitor, said: object) -> None:
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    visitor.line.sendall(head.encode() + _END + body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs in a process of its own."""

    port: int

    @property
    def url(self) -> str:
        """Give the address that a client is configured with."""
        return f"http://127.0.0.1:{self.port}/v1"

    def count(self) -> tuple[int, int]:
        """Give how many questions there were so far, and how many at the same time at most."""
        line = HTTPConnection("127.0.0.1", self.port)
        line.request("GET", "/count")
        told = json.loads(line.getresponse().read())
        line.close()
        return told["asked"], told["most"]


@contextmanager
def served(latency_s: float) -> Iterator[Server]:
    """Start a server, and end it."""
    command = [sys.executable, "-m", "bench.calling.server", str(latency_s)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HERE, stdin=pipe, stdout=pipe, text=True) as process:
        out: IO[str] | None = process.stdout
        assert out is not None and process.stdin is not None
        yield Server(int(out.readline()))
        process.stdin.close()


def main() -> None:
    serving = Serving(float(sys.argv[1]))
    print(serving.port, flush=True)
    serving.serve()


if __name__ == "__main__":
    main()
