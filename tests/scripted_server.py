"""An OpenAI-compatible server that says what a script tells it to, right or wrong; keeps record.

Its HTTP is written by hand: a test needs every way to get it wrong, and a bench one that costs
nothing. It listens on 127.0.0.1 alone; one thread for each connection.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

CAPTION = "A red circle lies on a white ground. The light is even and without a shadow."
ANSWERS: dict[str, Any] = {
    "caption": CAPTION,
    "alt": "A red circle on white.",
    "tags": ["red", "circle", "white", "drawing"],
    "sentiment": {"label": "neutral", "score": 0.0, "moods": ["calm"], "analysis": "Plain forms."},
    "creative": "The circle leads the eye.",
    "moderation": [],
    "quality": [],
    "summary": "A drawing of a red circle on white paper.",
}
MODEL = "scripted"
_LINGER_OFF = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Asked:
    """A request as it came: *at* is the moment by the monotonic clock."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """Give the words of the last message."""
        content = self.json["messages"][-1]["content"]
        if isinstance(content, str):
            return content
        return "".join(part["text"] for part in content if part["type"] == "text")

    @property
    def pictures(self) -> list[str]:
        content = self.json["messages"][-1]["content"]
        parts = [] if isinstance(content, str) else content
        return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]

    @property
    def schema(self) -> dict[str, Any] | None:
        shape = self.json.get("response_format") or {}
        found: dict[str, Any] | None = shape.get("json_schema", {}).get("schema")
        return found

    @property
    def tasks(self) -> list[str]:
        """List the keys that the answer is to have."""
        return list(self.schema["properties"]) if self.schema else []


@dataclass(frozen=True)
class Said:
    """What is answered: *body* as it is, after *delay_s*; *headers* replace those of the same name.

    *drip_s* is a pause after every single byte, *endless* goes on sending for so many bytes,
    *closes* breaks the connection off after the body, or at once without one.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drip_s: float = 0.0
    endless: int = 0
    closes: bool = False


Script = Callable[[Asked], Said]


def completed(
    content: Any, *, finish: str = "stop", usage: Any = (120, 40), **message: Any
) -> Said:
    """Answer a chat with *content*."""
    told = {"role": "assistant", "content": content, **message}
    answer: dict[str, Any] = {"choices": [{"message": told, "finish_reason": finish}]}
    if usage:
        answer["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    return Said(body=json.dumps({"id": "c", "model": MODEL, **answer}).encode())


def refused(status: int, told: str, **headers: str) -> Said:
    """Answer with an error as these servers word it."""
    return Said(status, json.dumps({"error": {"message": told}}).encode(), headers)


def honest(asked: Asked) -> Said:
    """Answer as a good model does: each key of the schema, or a caption in plain words."""
    if asked.path.endswith("/models"):
        return Said(body=json.dumps({"data": [{"id": MODEL}]}).encode())
    if asked.schema and not set(asked.tasks) <= set(ANSWERS):
        return completed(json.dumps(translated(asked.schema)))
    if asked.schema:
        return completed(json.dumps({task: ANSWERS[task] for task in asked.tasks}))
    return completed(CAPTION)


def translated(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a schema of translations with words that could be some."""
    return {
        key: translated(inner) if inner["type"] == "object" else f"Traducido {key}"
        for key, inner in shape["properties"].items()
    }


class ScriptedServer:
    """Listens on one port of 127.0.0.1; can be killed, and started again on the same port."""

    def __init__(self, script: Script = honest, *, record: bool = True) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.port = 0
        self.most_at_once = 0
        self._record = record
        self._at_once = 0
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._came = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path.endswith("/chat/completions")]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def kill(self) -> None:
        """End as a killed program does: nobody listens, and whoever is connected is reset."""
        listener, self._listener = self._listener, None
        if listener:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            left, self._open = self._open, set()
        for connection in left:
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def wait_for(self, count: int, seconds: float = 20.0) -> None:
        """Wait until so many requests have come."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.asked) >= count, seconds), self.asked

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection, connection.makefile("rb") as incoming:
            while (asked := _request(incoming)) and self._answered(connection, asked):
                pass
        with self._lock:
            self._open.discard(connection)

    def _answered(self, connection: socket.socket, asked: Asked) -> bool:
        with self._came:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            if self._record:
                self.asked.append(asked)
                self._came.notify_all()
        try:
            said = self.script(asked)
            if said.delay_s:
                time.sleep(said.delay_s)
        finally:
            with self._came:
                self._at_once -= 1
        return _say(connection, said)


def _request(incoming: Any) -> Asked | None:
    first = incoming.readline().split()
    if len(first) != 3:
        return None
    headers = {}
    while (line := incoming.readline()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = incoming.read(int(headers.get("content-length", 0)))
    return Asked(first[0].decode(), first[1].decode(), headers, body, time.monotonic())


def _say(connection: socket.socket, said: Said) -> bool:
    """Answer; tells whether another request may follow on the same connection."""
    if said.closes and not said.body:
        return False
    length = len(said.body) + said.endless
    headers = {"Content-Type": "application/json", "Content-Length": str(length), **said.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    head = f"HTTP/1.1 {said.status} Scripted\r\n{lines}\r\n".encode()
    if said.drip_s:
        for byte in head + said.body:
            connection.sendall(bytes((byte,)))
            time.sleep(said.drip_s)
    else:
        connection.sendall(head + said.body)
    for _ in range(said.endless // 2**16):
        connection.sendall(bytes(2**16))
    return not said.closes
