"""Seccomp filters under which no network can be opened; they need no library and no privilege."""

import ctypes
import errno
import os
import platform
import socket
import struct
from dataclasses import dataclass

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF0000
RET_ERRNO = 0x00050000
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_AT, ARCHITECTURE_AT, FAMILY_AT = 0, 4, 16
"""Where a filter finds the call, the machine, and the lower half of the call's first argument."""
IO_URING_SETUP = 425
X32_BIT = 0x40000000
REFUSED = RET_ERRNO | errno.EACCES
Step = tuple[int, int, int, int]
"""An instruction: what to do, how many steps to skip if so and if not, and a value."""


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
    _install(program(_machine()))


def without_internet() -> None:
    """Do the same but for AF_UNIX, over which the driver of a GPU speaks within the machine."""
    _install(program(_machine(), socket.AF_UNIX))


def only_internet() -> None:
    """Let through the internet, and AF_UNIX, over which names are looked up on some systems."""
    _install(program(_machine(), socket.AF_UNIX, socket.AF_INET, socket.AF_INET6))


def program(machine: Machine, *families: int) -> bytes:
    """Write the filter, which lets sockets of some *families* through, or none.

    The same calls by other numbers (32 bit, x32) are refused as a whole.
    """
    calls = machine.forbidden
    sockets = (machine.socket, machine.socketpair) if families else ()
    steps: list[Step] = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, REFUSED),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, len(calls) + 1, 0, X32_BIT),
    ]
    for left, number in zip(range(len(calls), 0, -1), calls, strict=True):
        steps.append((JUMP_EQUAL, left + (number in sockets), 0, number))
    steps += [(RETURN, 0, 0, RET_ALLOW), (RETURN, 0, 0, REFUSED)]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, *_only(families)])


def _only(families: tuple[int, ...]) -> list[Step]:
    """Write what looks at a socket's family, which is an int: the kernel reads no more of it."""
    if not families:
        return []
    last = len(families)
    found: list[Step] = [(JUMP_EQUAL, last - at, 0, each) for at, each in enumerate(families)]
    return [
        (LOAD_WORD, 0, 0, FAMILY_AT),
        *found,
        (RETURN, 0, 0, REFUSED),
        (RETURN, 0, 0, RET_ALLOW),
    ]


def _machine() -> Machine:
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no filter is written for {platform.machine()} machines")
    return machine


def _install(code: bytes) -> None:
    loaded = _Program(len(code) // 8, code)
    nothing = ctypes.c_ulong(0)
    libc = ctypes.CDLL(None, use_errno=True)
    mode = ctypes.c_ulong(SECCOMP_MODE_FILTER)
    if libc.prctl(PR_SET_SECCOMP, mode, ctypes.byref(loaded), nothing, nothing):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
