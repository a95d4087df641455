"""The sample tables of one track: which bytes of the file are its samples.

Source: ISO/IEC 14496-12, sections 8.7.3 to 8.7.5.
"""

import numpy as np
from numpy.typing import NDArray

from daemon.media.boxes import Box
from daemon.media.payload.spans import Span

Numbers = NDArray[np.int64]
_TABLE = (b"mdia", b"minf", b"stbl")
_ROW = 12


def sample_spans(track: Box) -> tuple[list[Span], bytes]:
    """Give the spans of the chunks of *track*, and the sizes of its samples as bytes."""
    offsets, sizes = _offsets(track), _sizes(track)
    runs = _numbers(track, b"stsc", ">u4").reshape(-1, 3)
    if not len(offsets) or not len(sizes) or not len(runs):
        return [], b""
    firsts = np.append(runs[:, 0], len(offsets) + 1)
    per_chunk = np.repeat(runs[:, 1], np.maximum(0, np.diff(firsts)))[: len(offsets)]
    ends = np.minimum(np.cumsum(per_chunk), len(sizes))
    totals = np.concatenate(([0], np.cumsum(sizes)))[np.concatenate(([0], ends))]
    spans = zip(offsets.tolist(), np.diff(totals).tolist(), strict=False)
    return list(spans), sizes.astype("<u4").tobytes()


def _offsets(track: Box) -> Numbers:
    wide = _numbers(track, b"co64", ">u8")
    return wide if len(wide) else _numbers(track, b"stco", ">u4")


def _sizes(track: Box) -> Numbers:
    for box in track.find(*_TABLE, b"stsz"):
        head = np.frombuffer(box.body()[:12], ">u4").astype(np.int64)
        if len(head) == 3 and head[1]:
            return np.full(min(int(head[2]), box.file.size), head[1], np.int64)
    return _numbers(track, b"stsz", ">u4", head=12)


def _numbers(track: Box, name: bytes, layout: str, head: int = 8) -> Numbers:
    """Read the numbers of the table *name*, after its version and count."""
    width = _ROW if name == b"stsc" else np.dtype(layout).itemsize
    for box in track.find(*_TABLE, name):
        body = box.body()[head:]
        return np.frombuffer(body[: len(body) // width * width], layout).astype(np.int64)
    return np.empty(0, np.int64)
