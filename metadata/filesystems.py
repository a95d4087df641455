"""What kind of file system a place is on: whether events, leases and exchanges work there."""

import ctypes
import os

# f_type of file systems that other machines or other kernels change without our kernel knowing,
# from statfs(2) and linux/magic.h; virtiofs reports the number of FUSE.
_SHARED = frozenset(
    {
        0x6969,  # NFS
        0x517B,  # SMB
        0xFF534D42,  # CIFS
        0xFE534D42,  # SMB2
        0x65735546,  # FUSE
        0x01021997,  # 9P
        0x53464846,  # WSL
        0x00C36400,  # Ceph
        0x73757245,  # Coda
        0x5346414F,  # OpenAFS
        0x6B414653,  # kAFS
        0x786F4256,  # VirtualBox shared folders
        0xBACBACBC,  # VMware shared folders
        0x7C7C6673,  # Parallels shared folders
        0x01161970,  # GFS2
        0x7461636F,  # OCFS2
        0x0BD00BD0,  # Lustre
        0x47504653,  # GPFS
        0x19830326,  # BeeGFS
    }
)
# f_type of those that cannot exchange two names in one step (renameat2).
_WITHOUT_EXCHANGE = frozenset(
    {
        0x6969,  # NFS
        0x517B,  # SMB
        0xFF534D42,  # CIFS
        0xFE534D42,  # SMB2
        0x01021997,  # 9P
        0x00C36400,  # Ceph
        0x786F4256,  # VirtualBox shared folders
        0x2011BAB0,  # exFAT
        0x7366746E,  # NTFS
        0x482B,  # HFS+
        0x15013346,  # UDF
    }
)
_STATFS_BYTES = 512  # the struct has at most 120 on any Linux; its first word is f_type


def is_shared(place: str | int) -> bool:
    """Tell whether others can change *place*, a path or a descriptor, unseen by this kernel.

    Raises OSError when it cannot be told.
    """
    return _type_at(place) in _SHARED


def exchanges(place: str | int) -> bool:
    """Tell whether two files at *place* can take each other's name in one step.

    Of FUSE that is believed. Raises OSError when it cannot be told.
    """
    return _type_at(place) not in _WITHOUT_EXCHANGE


def _type_at(place: str | int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    answer = ctypes.create_string_buffer(_STATFS_BYTES)
    if isinstance(place, int):
        failed = libc.fstatfs(ctypes.c_int(place), answer)
    else:
        failed = libc.statfs(os.fsencode(place), answer)
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), place)
    return _f_type(answer)


def _f_type(answer: ctypes.Array[ctypes.c_char]) -> int:
    return ctypes.c_long.from_buffer(answer).value & 0xFFFFFFFF
