"""Taking from the calling thread, and those it starts, what root may do and others may not."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

READ_ANYTHING = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
LEASE_ANYTHING = (28,)  # CAP_LEASE

_VERSION_3 = 0x20080522


@contextmanager
def without(capabilities: tuple[int, ...]) -> Iterator[None]:
    """Do without *capabilities*, numbers below 32, for a while; nothing changes for non-root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    words = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
    _ask(libc.capget, header, words)
    effective = words[0]
    for capability in capabilities:
        words[0] &= ~(1 << capability)
    _ask(libc.capset, header, words)
    try:
        yield
    finally:
        words[0] = effective
        _ask(libc.capset, header, words)


def _ask(call: object, header: object, words: object) -> None:
    if call(header, words):  # type: ignore[operator]
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
