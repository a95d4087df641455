"""The picture data of a JPEG: from DQT to EOI without APPn and COM segments.

Source: ITU-T T.81, annex B.
"""

import re
from collections.abc import Iterator

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, Span, joined
from metadata.reasons import Reason

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A marker that ends coded data: neither a stuffed FF nor a restart."""
_START_OF_SCAN, _END_OF_IMAGE, _COMMENT = 0xDA, 0xD9, 0xFE


def jpeg_payload(file: Opened) -> Payload:
    """Take the tables and scans of the first picture; trailers after its end do not count."""
    return Payload(joined(_segments(file, file.read(0, file.size))))


def _segments(file: Opened, content: bytes) -> Iterator[Span]:
    at = 2
    while found := _MARKER.search(content, at):
        at, marker = found.start(), content[found.start() + 1]
        if marker == _END_OF_IMAGE:
            yield at, 2
            return
        end = _segment_end(content, at, marker)
        if end is None:
            break
        if not (0xE0 <= marker <= 0xEF or marker == _COMMENT):
            yield at, end - at
        at = end
    raise file.fault(Reason.TRUNCATED, "the end marker of the JPEG is missing")


def _segment_end(content: bytes, at: int, marker: int) -> int | None:
    """Find where a segment ends, a scan with the coded data that follows it."""
    end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    if end > len(content):
        return None
    if marker != _START_OF_SCAN:
        return end
    following = _MARKER.search(content, end)
    return following.start() if following else None
