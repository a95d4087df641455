"""The picture data of a GIF: palettes, frames and their timing, without comments and metadata.

Source: GIF89a (CompuServe, 1990).
"""

from collections.abc import Iterator

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, Span, joined
from metadata.reasons import Reason

_EXTENSION, _FRAME, _TRAILER, _CONTROL = 0x21, 0x2C, 0x3B, 0xF9


def gif_payload(file: Opened) -> Payload:
    """Take the screen, the colour tables, the frames and their controls.

    The signature is left out: writing metadata turns GIF87a into GIF89a.
    """
    content = file.read(0, file.size)
    try:
        blocks = list(_blocks(content))
    except IndexError:
        raise file.fault(Reason.TRUNCATED, "the end of the GIF is missing") from None
    frames = sum(kind == _FRAME for kind, _ in blocks)
    return Payload(joined(span for _, span in blocks), frames=max(1, frames))


def _blocks(content: bytes) -> Iterator[tuple[int, Span]]:
    at = 13 + _table(content[10])
    yield 0, (6, at - 6)
    while (kind := content[at]) != _TRAILER:
        start, at = at, _block_end(content, at, kind)
        if kind == _FRAME or content[start + 1] == _CONTROL:
            yield kind, (start, at - start)


def _block_end(content: bytes, at: int, kind: int) -> int:
    if kind == _FRAME:
        return _data_end(content, at + 11 + _table(content[at + 9]))
    if kind == _EXTENSION:
        return _data_end(content, at + 2)
    raise ValueError(f"a GIF block of unknown kind {kind:#04x}")


def _data_end(content: bytes, at: int) -> int:
    while length := content[at]:
        at += 1 + length
    return at + 1


def _table(flags: int) -> int:
    """Tell how many bytes of colours follow."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
