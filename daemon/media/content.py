"""The content hash: the same picture or film gives the same hash, whatever its metadata says."""

import hashlib
from collections.abc import Iterator

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, Span

WHOLE_UP_TO = 256 * 2**20
BLOCKS, BLOCK = 64, 64 * 1024
_PIECE = 2**20


def content_hash(file: Opened, payload: Payload, whole_up_to: int = WHOLE_UP_TO) -> str:
    """Hash the media data of *file* as ``sha256:HEX``.

    Above *whole_up_to* bytes: the size, the sample table and 64 spread blocks of 64 KiB.
    """
    digest = hashlib.sha256(payload.table)
    spans: Iterator[Span] = iter(payload.spans)
    if payload.size > whole_up_to:
        digest.update(b"%d" % payload.size)
        spans = _spread(payload)
    for at, length in spans:
        for piece in _pieces(file, at, length):
            digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def _pieces(file: Opened, at: int, length: int) -> Iterator[bytes]:
    end = at + length
    while at < end and (piece := file.read(at, min(_PIECE, end - at))):
        yield piece
        at += len(piece)


def _spread(payload: Payload) -> Iterator[Span]:
    """Choose blocks at even distances in the media data, the last bytes among them."""
    last = payload.size - BLOCK
    wanted = [last * number // (BLOCKS - 1) for number in range(BLOCKS)]
    passed = 0
    for at, length in payload.spans:
        while wanted and wanted[0] < passed + length:
            inside = wanted.pop(0) - passed
            yield at + inside, min(BLOCK, length - inside)
        passed += length
