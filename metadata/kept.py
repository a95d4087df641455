"""What a file keeps when other bytes take its place: mode, owner, attributes, and its times."""

import errno
import os
import stat

UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)
# The security module's, which follow from where a file stands.
_SECURITY = "security."


def keep_attributes(source: int, target: int) -> None:
    """Give the open file *target* mode, owner, attributes and access lists of *source*.

    Raises OSError where they cannot be kept.
    """
    old, new = os.fstat(source), os.fstat(target)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.fchown(target, old.st_uid, old.st_gid)
    os.fchmod(target, stat.S_IMODE(old.st_mode))
    _copy_extended(source, target)


def keep_times(was: os.stat_result, target: int) -> None:
    """Give the open file *target* the times of *was*, to the nanosecond; raises OSError."""
    os.utime(target, ns=(was.st_atime_ns, was.st_mtime_ns))
    if os.fstat(target).st_mtime_ns != was.st_mtime_ns:
        raise PermissionError(errno.EPERM, "its time of modification cannot be kept")


def _copy_extended(source: int, target: int) -> None:
    """Copy extended attributes, access lists among them, where the file system has any."""
    try:
        names = os.listxattr(source)
    except OSError as error:
        if error.errno in UNSUPPORTED:
            return
        raise
    there = os.listxattr(target)
    for name in names:
        value = os.getxattr(source, name)
        if name not in there or os.getxattr(target, name) != value:
            os.setxattr(target, name, value)
    for name in there:  # such as the access list that a folder gives to what is new in it
        if name not in names and not name.startswith(_SECURITY):
            os.removexattr(target, name)
