"""Landlock: write only under given folders, read only some; needs no library and no privilege."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
PATH_BENEATH = 1

EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
WRITE_FILE = 1 << 1
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (
    1 << bit for bit in range(6, 13)
)
REFER = 1 << 13
TRUNCATE = 1 << 14
ABSTRACT_SOCKETS, SIGNALS = 1 << 0, 1 << 1

FILE_WRITES = WRITE_FILE | TRUNCATE
FOLDER_WRITES = FILE_WRITES | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER
FILE_READS = EXECUTE | READ_FILE
EVERY_READ = FILE_READS | READ_DIR
EVERY_WRITE = FOLDER_WRITES | MAKE_CHAR | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK
REFER_SINCE, TRUNCATE_SINCE, SCOPES_SINCE = 2, 3, 6


def version() -> int:
    """Ask the kernel for its Landlock version; raises OSError where it has none."""
    return _call(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)


def write_only_under(folders: Iterable[Path], devices: Iterable[Path] = ()) -> str:
    """Refuse this process and its children every write but there and to *devices*, for good.

    From Linux 6.12 on they can no longer signal processes outside either. Returns what the kernel
    is too old for and the folders that are not there; raises OSError when nothing could be done.
    no_new_privs must have been set before.
    """
    kernel = version()
    rules = _ruleset(kernel)
    try:
        missing = [str(f) for f in folders if not _allow(rules, f, FOLDER_WRITES & _known(kernel))]
        for device in (Path(os.devnull), *devices):
            _allow(rules, device, FILE_WRITES & _known(kernel))
        _call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    old = [] if kernel >= TRUNCATE_SINCE else ["truncating files elsewhere needs Linux 6.2 to stop"]
    return "; ".join([*old, *(f"{folder} is not there" for folder in missing)])


def read_only(places: Iterable[Path]) -> None:
    """Refuse this process and its children to open any file or folder but these, for good.

    Places that are not there are left out. Raises OSError when nothing could be done; no_new_privs
    must have been set before.
    """
    attributes = struct.pack("Q", EVERY_READ)
    rules = _call(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        for place in places:
            _allow(rules, place, EVERY_READ if place.is_dir() else FILE_READS)
        _call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _known(kernel: int) -> int:
    refer = REFER if kernel < REFER_SINCE else 0
    truncate = TRUNCATE if kernel < TRUNCATE_SINCE else 0
    return EVERY_WRITE & ~refer & ~truncate


def _ruleset(kernel: int) -> int:
    scoped = ABSTRACT_SOCKETS | SIGNALS if kernel >= SCOPES_SINCE else 0
    attributes = struct.pack("QQQ", _known(kernel), 0, scoped)
    return _call(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)


def _allow(rules: int, path: Path, rights: int) -> bool:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    try:
        _call(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
    return True


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
