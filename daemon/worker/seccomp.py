"""A seccomp filter under which no network can be opened; needs no library and no privilege."""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF0000
RET_ERRNO = 0x00050000
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4
IO_URING_SETUP = 425
X32_BIT = 0x40000000


@dataclass(frozen=True, slots=True)
class Machine:
    """How a kernel numbers the calls that we forbid."""

    audit: int
    socket: int
    socketpair: int

    @property
    def forbidden(self) -> tuple[int, ...]:
        """List them; io_uring is there because it opens sockets past any filter."""
        return (self.socket, self.socketpair, IO_URING_SETUP)


MACHINES = {
    "x86_64": Machine(0xC000003E, 41, 53),
    "aarch64": Machine(0xC00000B7, 198, 199),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def without_network() -> None:
    """Make every later way to a socket fail with EACCES, for all families and for good.

    Children inherit it; no_new_privs must have been set before. Raises OSError where it cannot.
    """
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no filter is written for {platform.machine()} machines")
    code = program(machine)
    loaded = _Program(len(code) // 8, code)
    nothing = ctypes.c_ulong(0)
    libc = ctypes.CDLL(None, use_errno=True)
    mode = ctypes.c_ulong(SECCOMP_MODE_FILTER)
    if libc.prctl(PR_SET_SECCOMP, mode, ctypes.byref(loaded), nothing, nothing):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def program(machine: Machine) -> bytes:
    """Write the filter; the same calls by other numbers (32 bit, x32) are refused as a whole."""
    steps = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, RET_ERRNO | errno.EACCES),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, len(machine.forbidden) + 1, 0, X32_BIT),
    ]
    for left, number in zip(range(len(machine.forbidden), 0, -1), machine.forbidden, strict=True):
        steps.append((JUMP_EQUAL, left, 0, number))
    steps += [(RETURN, 0, 0, RET_ALLOW), (RETURN, 0, 0, RET_ERRNO | errno.EACCES)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
