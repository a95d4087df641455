"""The coded samples of ISO base media: films by their sample tables, HEIF by its items.

Sources: ISO/IEC 14496-12 sections 8.7 and 8.11, ISO/IEC 23008-12 section 6.
"""

from collections.abc import Iterator, Sequence

from daemon.media.boxes import Box, top_boxes
from daemon.media.opened import Opened
from daemon.media.payload.items import item_spans
from daemon.media.payload.samples import sample_spans
from daemon.media.payload.spans import Payload, Span, joined, whole
from metadata.reasons import Reason

_MEDIA = (b"vide", b"soun", b"pict")


def iso_payload(file: Opened) -> Payload:
    """Take pictures, film and sound; tables of offsets and metadata items do not count.

    Raises TRUNCATED when a box is cut, a sample lies beyond the end, or the index is missing.
    """
    boxes = top_boxes(file)
    names = {box.name for box in boxes}
    if not names & {b"moov", b"meta"}:
        raise file.fault(Reason.TRUNCATED, "its index (the moov or meta box) is missing")
    spans, table = _tracks(boxes)
    for meta in _named(boxes, b"meta"):
        spans += item_spans(meta)
    if b"moof" in names or not spans:
        spans = [(box.start, box.end - box.start) for box in _named(boxes, b"mdat")]
    if any(at + length > file.size for at, length in spans):
        raise file.fault(Reason.TRUNCATED, "samples lie beyond its end")
    return Payload(joined(spans), table) if spans else whole(file)


def _tracks(boxes: Sequence[Box]) -> tuple[list[Span], bytes]:
    spans: list[Span] = []
    table = b""
    for moov in _named(boxes, b"moov"):
        for track in moov.find(b"trak"):
            if _handler(track) in _MEDIA:
                found, sizes = sample_spans(track)
                spans += found
                table += sizes
    return spans, table


def _handler(track: Box) -> bytes:
    for box in track.find(b"mdia", b"hdlr"):
        return box.body()[8:12]
    return b""


def _named(boxes: Sequence[Box], name: bytes) -> Iterator[Box]:
    return (box for box in boxes if box.name == name)
