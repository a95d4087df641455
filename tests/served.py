"""Requests about small pictures, for the tests of what calls servers."""

import io
import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from planted import asset_at
from scripted_server import MODEL, Asked, ScriptedServer

from daemon.endpoints import Endpoint
from daemon.wire import Consult, Question, Sheets

QUESTIONS = (
    Question("caption", "caption?", 99, "", "text"),
    Question("alt", "alt?", 99, "", "line"),
    Question("tags", "tags?", 99, "", "tags"),
)
_NUMBER = re.compile(r"asset (\d+)\.")


def pictures_in(folder: Path) -> Callable[[int], Consult]:
    """Give what makes a request about the asset of a number, whose picture lies in *folder*."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(file, "JPEG")
    content = file.getvalue()

    def consult(number: int) -> Consult:
        path = folder / f"sheets-{number}"
        path.write_bytes(content)
        head = f"This is asset {number}."
        asked = (Question(q.task, q.text, q.max_tokens, head, q.answer) for q in QUESTIONS)
        views = Sheets(path, ((64, 48),), (), (len(content),))
        return Consult(asset_at(Path(f"/hot/{number}.jpg")), views, tuple(asked))

    return consult


def endpoint(server: ScriptedServer, **more: object) -> Endpoint:
    return Endpoint(url=server.url, model=MODEL, **more)  # type: ignore[arg-type]


def number_of(asked: Asked) -> int:
    """Tell which asset a request is about; -1 for any other request."""
    found = _NUMBER.search(asked.text) if asked.body else None
    return int(found[1]) if found else -1
