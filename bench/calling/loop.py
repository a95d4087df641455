"""The bare loop: what has to be done for a picture, one step after the other, and nothing else.

``python -m bench.calling.loop URL PROCESSES WARM... -- IN...``: each process has a connection, an
ExifTool and a database of its own, so that none waits for another.
"""

import base64
import io
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from bench.calling.spending import spending
from daemon.media.colours import draft, to_small
from metadata.exiftool import ExifTool
from metadata.fields import Value

SIDE, QUALITY = 1024, 90
PATIENCE_S = 600.0
_PROMPT = "Describe this picture. " * 100
_READ = ("-XMP:all", "-IPTC:all", "-IFD0:ImageDescription")
"""What others may have written into a picture."""
_DURABLE = "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"
_TABLE = "CREATE TABLE described(path TEXT PRIMARY KEY, said TEXT, found TEXT)"


@dataclass(frozen=True, slots=True)
class Bare:
    """The tools of one process."""

    line: HTTPConnection
    path: str
    exiftool: ExifTool
    rows: sqlite3.Connection

    @classmethod
    @contextmanager
    def opened(cls, url: str) -> "Iterator[Bare]":
        """Open them."""
        parts = urlsplit(url)
        line = HTTPConnection(str(parts.hostname), parts.port)
        with ExitStack() as open:
            scratch = Path(open.enter_context(tempfile.TemporaryDirectory()))
            rows = sqlite3.connect(scratch / "rows.db", isolation_level=None)
            open.callback(rows.close)
            for statement in (*_DURABLE, _TABLE):
                rows.execute(statement)
            exiftool = open.enter_context(ExifTool("exiftool", scratch))
            yield cls(line, f"{parts.path}/chat/completions", exiftool, rows)

    def describe(self, path: Path) -> None:
        """Decode, shrink, encode, ask, read, write, read back, and keep a durable row."""
        said = self.asked(shrunk(path))
        found = self.exiftool.read([path], _READ, ("-fast2",))
        sidecar = Path(f"{path}.bare.xmp")
        sidecar.write_bytes(self.exiftool.write(_values(said), (), b""))
        back = self.exiftool.read([sidecar], ("-XMP:all",))
        row = str(path), json.dumps(said), json.dumps([*found, *back])
        self.rows.execute("INSERT INTO described VALUES (?, ?, ?)", row)

    def asked(self, picture: bytes) -> dict[str, Any]:
        """Send *picture* to the server; gives the object that it answers with."""
        shown = f"data:image/jpeg;base64,{base64.b64encode(picture).decode('ascii')}"
        content = [
            {"type": "image_url", "image_url": {"url": shown}},
            {"type": "text", "text": _PROMPT},
        ]
        body = {"model": "made-up", "messages": [{"role": "user", "content": content}]}
        head = {"Content-Type": "application/json"}
        self.line.request("POST", self.path, json.dumps(body), head)
        answer = json.loads(self.line.getresponse().read())
        said: dict[str, Any] = json.loads(answer["choices"][0]["message"]["content"])
        return said


def shrunk(path: Path) -> bytes:
    """Give the picture as captiond sends it, decoded and shrunk in the quickest way we know."""
    file = io.BytesIO()
    with Image.open(path) as image:
        draft(image, SIDE)
        to_small(image, SIDE).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _values(said: dict[str, Any]) -> dict[str, Value]:
    return {
        "XMP-dc:Description-x-default": said["caption"],
        "XMP-dc:Subject": said["tags"],
        "XMP-photoshop:Instructions": said["sentiment"]["analysis"],
    }


def work(url: str, warm: Sequence[str], paths: Sequence[str], barrier: Barrier) -> None:
    """Do the share of one process, between two meetings with the others."""
    try:
        with Bare.opened(url) as bare:
            for path in warm:
                bare.describe(Path(path))
            barrier.wait()
            for path in paths:
                bare.describe(Path(path))
            barrier.wait()
            barrier.wait()
    except BaseException:
        barrier.abort()  # or the others would wait for ever
        raise


def main() -> None:
    url, count, *words = sys.argv[1:]
    at, of = words.index("--"), int(count)
    warm, paths = words[:at], words[at + 1 :]
    spawn = get_context("spawn")
    barrier = spawn.Barrier(of + 1, timeout=PATIENCE_S)
    shares = ((url, warm[n::of], paths[n::of], barrier) for n in range(of))
    processes = [spawn.Process(target=work, args=share, daemon=True) for share in shares]
    for process in processes:
        process.start()
    try:
        barrier.wait()
        with spending(len(paths)) as spent:
            barrier.wait()
        barrier.wait()  # they may end only now: what they spent is read while they are there
    except BrokenBarrierError:
        for process in processes:
            process.join()
        sys.exit("one of the processes has failed, see above")
    print(json.dumps(asdict(spent)))


if __name__ == "__main__":
    main()
