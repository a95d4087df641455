"""What decoders throw, turned into a reason for which a person can do something."""

import errno
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from metadata.asset import AssetError
from metadata.reasons import Reason

DECODER_FAULTS = (
    OSError, ValueError, LookupError, TypeError, SyntaxError, ArithmeticError, AttributeError,
    RuntimeError, EOFError, AssertionError, Warning, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow, libheif and FFmpeg were seen to raise on damaged files; MemoryError is not among
them, since it may be the machine's fault."""

_BY_ERRNO = {
    errno.ENOENT: Reason.VANISHED,
    errno.ENOTDIR: Reason.VANISHED,
    errno.ESTALE: Reason.VANISHED,
    errno.EACCES: Reason.NO_PERMISSION,
    errno.EPERM: Reason.NO_PERMISSION,
}
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_ENDS_EARLY = ("truncat", "unexpected end", "end of file", "not enough image data", "premature")
_UNKNOWN_KIND = ("unsupported", "not supported", "not implemented", "unknown compression")
_LONGEST_DETAIL = 160


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """Turn what a decoder throws into an AssetError about *path*."""
    try:
        yield
    except DECODER_FAULTS as fault:
        reason, detail = explain(fault)
        raise AssetError(path, reason, detail) from fault


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into an AssetError about *path*."""
    try:
        yield
    except OSError as fault:
        reason, detail = explain(fault)
        raise AssetError(path, reason, detail) from fault


def explain(fault: Exception) -> tuple[Reason, str]:
    """Tell the reason behind *fault*, and say in a few words what was said."""
    if isinstance(fault, OSError) and fault.errno in _BY_ERRNO:
        return _BY_ERRNO[fault.errno], ""
    return explain_decoder(fault)


def explain_decoder(fault: Exception) -> tuple[Reason, str]:
    """Tell the same of FFmpeg, whose error numbers are not the file system's."""
    said = " ".join(str(fault).split())
    if isinstance(fault, UnidentifiedImageError):
        return Reason.DAMAGED, "its headers make no sense"
    if isinstance(fault, _TOO_LARGE):
        return Reason.TOO_LARGE, said.split(", could")[0]
    return _reason(fault, said.lower()), (said or type(fault).__name__)[:_LONGEST_DETAIL]


def _reason(fault: Exception, said: str) -> Reason:
    if isinstance(fault, EOFError) or any(words in said for words in _ENDS_EARLY):
        return Reason.TRUNCATED
    if isinstance(fault, NotImplementedError) or any(words in said for words in _UNKNOWN_KIND):
        return Reason.UNSUPPORTED
    return Reason.DAMAGED
