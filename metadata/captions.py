"""What is said in a video as WebVTT, so that players show it; how our files are told from others'.

Such a file names, in a note, the hash of its own cues: once anyone else has changed a word it is
theirs, and is read as subtitles rather than replaced.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator

from metadata.description import Description, Spoken
from metadata.spelling import clean

_SHORTEST_S = 0.1
"""Players do not show a cue that ends when it begins."""
_LAST_S = 359_999.999
_NOTE = """WEBVTT

NOTE
Written by captiond from speech that {model} heard.
captiond replaces this file as long as nobody else changes it.
sha256 of the cues: {digest}

"""
_OURS = re.compile(
    rb"WEBVTT\n\nNOTE\nWritten by captiond [^\n]*\n[^\n]*\nsha256 of the cues: ([0-9a-f]{64})\n\n"
)
_MADE = "speech"
_READ = "transcript"


def captions(said: Description) -> bytes | None:
    """Write down what captiond heard; None where it heard nothing, or only read subtitles."""
    made = said.provenance.get(_MADE)
    cues = list(_cues(said.transcript))
    if made is None or _READ in said.provenance or not cues:
        return None
    body = "\n\n".join(cues).encode() + b"\n"
    digest = hashlib.sha256(body).hexdigest()
    model = _line(made.model).replace("-->", "->")
    return _NOTE.format(model=model, digest=digest).encode() + body


def is_ours(data: bytes) -> bool:
    """Tell whether *data* is a file of captiond's that nobody else has changed."""
    head = _OURS.match(data)
    if head is None:
        return False
    return hashlib.sha256(data[head.end() :]).hexdigest().encode() == head[1]


def _cues(lines: Iterable[Spoken]) -> Iterator[str]:
    for line in lines:
        if text := _line(line.text):
            begin_s = min(max(line.start_s, 0.0), _LAST_S)
            end_s = max(line.end_s, begin_s + _SHORTEST_S)
            yield f"{_time(begin_s)} --> {_time(end_s)}\n{html.escape(text, quote=False)}"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
