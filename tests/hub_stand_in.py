"""A hub of models on this machine, with a CDN on another port, that can be told to fail.

It answers as the real one does: `/api/models/NAME/revision/REVISION?blobs=true`, and
`/NAME/resolve/REVISION/FILE`, which gives small files itself and sends to the CDN for those that
Git LFS has.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_" + "s" * 30
LARGE = (".safetensors", ".model", "tokenizer.json", ".bin")


@dataclass
class Asked:
    """A request as it came in, and how many bytes of a body it was given."""

    cdn: bool
    method: str
    path: str
    headers: Mapping[str, str]
    sent: int = 0


@dataclass
class Repository:
    """What the hub has under one name; revisions are names of commits."""

    files: dict[str, bytes]
    commit: str = "c" * 40
    revisions: tuple[str, ...] = ("main",)
    gated: bool = False
    tags: tuple[str, ...] = ("license:apache-2.0",)


Fault = Callable[["_Handler", bytes, int], None]
"""Answers in place of the hub: it is given the handler, the content and where it should start."""


@dataclass
class StandIn:
    """The hub: what it has, what it was asked, and *faults*, used up one by one for each file."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    listed: Callable[[dict[str, Any]], Any] = lambda told: told
    url: str = ""
    cdn: str = ""

    def add(self, name: str, folder: Path, **more: Any) -> Repository:
        """Have the files of *folder* under *name*."""
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        self.repositories[name] = Repository(files, **more)
        return self.repositories[name]

    def sent(self, name: str) -> int:
        """Count the bytes of the file *name* that were sent."""
        return sum(each.sent for each in self.asked if each.path.endswith(f"/{name}"))

    def of(self, name: str) -> list[Asked]:
        """List the requests for the file *name*, redirects too."""
        return [each for each in self.asked if each.path.endswith(f"/{name}")]


def is_large(name: str) -> bool:
    """Tell whether Git LFS has the file."""
    return name.endswith(LARGE)


def checksum(name: str, content: bytes) -> str:
    """Give the name under which the hub keeps a file."""
    if is_large(name):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def status(code: int, **headers: str) -> Fault:
    """Answer with a status and without a body."""

    def answer(handler: "_Handler", content: bytes, start: int) -> None:
        handler.reply(code, {key.replace("_", "-"): value for key, value in headers.items()})

    return answer


def cut(after: int) -> Fault:
    """Break the connection after so many bytes."""

    def answer(handler: "_Handler", content: bytes, start: int) -> None:
        handler.give(content, start, most=after)

    return answer


def damaged(at: int) -> Fault:
    """Send the file with one byte turned over."""

    def answer(handler: "_Handler", content: bytes, start: int) -> None:
        wrong = bytearray(content)
        wrong[at] ^= 0xFF
        handler.give(bytes(wrong), start)

    return answer


def without_ranges(handler: "_Handler", content: bytes, start: int) -> None:
    """Send all of the file, whatever was asked for."""
    handler.give(content, 0)


def elsewhere(url: str) -> Fault:
    """Send to another address."""
    return status(302, Location=url)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: StandIn
    is_cdn = False
    asked: Asked

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.asked = Asked(self.is_cdn, self.command, unquote(path), dict(self.headers))
        self.hub.asked.append(self.asked)
        if self.is_cdn:
            self._blob(*path.strip("/").split("/", 1))
        elif "/tree/" in path:
            self._tree(path.removeprefix("/api/models/").partition("/tree/")[0])
        elif path.startswith("/api/models/"):
            name, _, revision = path.removeprefix("/api/models/").partition("/revision/")
            self._list(name, unquote(revision))
        else:
            name, _, rest = path.strip("/").partition("/resolve/")
            revision, _, file = rest.partition("/")
            self._resolve(name, unquote(revision), unquote(file))

    def reply(self, code: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.asked.sent += len(body)
            self.wfile.write(body)

    def give(self, content: bytes, start: int, most: int | None = None) -> None:
        body = content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.asked.sent += len(body[:most])
        self.wfile.write(body[:most])
        if most is not None:
            self.close_connection = True

    def _list(self, name: str, revision: str) -> None:
        if self._faulty("listing", b"", 0):
            return
        found = self.hub.repositories.get(name)
        if found is None:
            # Whoever has no token does not learn whether there is such a repository.
            known = "Authorization" in self.headers
            return self.reply(404 if known else 401, {"X-Error-Code": "RepoNotFound"})
        if revision not in (*found.revisions, found.commit):
            return self.reply(404, {"X-Error-Code": "RevisionNotFound"})
        told = {
            "id": name, "modelId": name, "sha": found.commit, "private": False,
            "gated": "manual" if found.gated else False, "tags": list(found.tags),
            "siblings": [_sibling(*each) for each in found.files.items()],
        }  # fmt: skip
        self.reply(200, {"Content-Type": "application/json"}, _spelled(self.hub.listed(told)))

    def _tree(self, name: str) -> None:
        """List as the hub's own library has it listed."""
        files = self.hub.repositories[name].files
        told = [_entry(*each) for each in files.items()]
        self.reply(200, {"Content-Type": "application/json"}, _spelled(told))

    def _resolve(self, name: str, revision: str, file: str) -> None:
        found = self.hub.repositories.get(name)
        if found is None or revision not in (*found.revisions, found.commit):
            return self.reply(404, {"X-Error-Code": "RevisionNotFound"})
        if file not in found.files:
            more = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": found.commit}
            return self.reply(404, more)
        if found.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            code = 403 if "Authorization" in self.headers else 401
            return self.reply(code, {"X-Error-Code": "GatedRepo"})
        content = found.files[file]
        if not is_large(file):
            if not self._faulty(file, content, self._start()):
                self._direct(found, file, content)
            return None
        self.reply(302, self._linked(found, file, content))
        return None

    def _linked(self, found: Repository, file: str, content: bytes) -> dict[str, str]:
        key = f'"{checksum(file, content)}"'
        return {
            "Location": f"{self.hub.cdn}/{found.commit}/{file}?X-Amz-Signature=secret",
            "X-Repo-Commit": found.commit,
            "X-Linked-Etag": key,
            "X-Linked-Size": str(len(content)),
            "ETag": key,
        }

    def _direct(self, found: Repository, file: str, content: bytes) -> None:
        start = self._start()
        self.send_response(206 if start else 200)
        self.send_header("ETag", f'"{checksum(file, content)}"')
        self.send_header("X-Repo-Commit", found.commit)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if self.command != "HEAD":
            self.asked.sent += len(content) - start
            self.wfile.write(content[start:])

    def _blob(self, commit: str, file: str) -> None:
        assert "Authorization" not in self.headers, "a token went to the CDN"
        found = next(r for r in self.hub.repositories.values() if r.commit == commit)
        content, start = found.files[file], self._start()
        if not self._faulty(file, content, start):
            self.give(content, start)

    def _start(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def _faulty(self, file: str, content: bytes, start: int) -> bool:
        waiting = self.hub.faults.get(file)
        if not waiting or self.command == "HEAD":
            return False
        waiting.pop(0)(self, content, start)
        return True


def _sibling(name: str, content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": "b" * 40}
    if is_large(name):
        told["lfs"] = {
            "sha256": checksum(name, content), "size": len(content), "pointerSize": 134,
        }  # fmt: skip
    else:
        told["blobId"] = checksum(name, content)
    return told


def _entry(name: str, content: bytes) -> dict[str, Any]:
    told = _sibling(name, content)
    entry = {"type": "file", "path": name, "size": len(content), "oid": told["blobId"]}
    if "lfs" in told:
        entry["lfs"] = {"oid": told["lfs"]["sha256"], "size": len(content), "pointerSize": 134}
    return entry


def _spelled(told: Any) -> bytes:
    return told if isinstance(told, bytes) else json.dumps(told).encode()


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Serve on two free ports of this machine."""
    hub = StandIn()
    servers = []
    for cdn in (False, True):
        handler = type("Handler", (_Handler,), {"hub": hub, "is_cdn": cdn})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    hub.url, hub.cdn = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    try:
        yield hub
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
