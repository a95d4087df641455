"""Placing a change of a media file: times and attributes stay, and memory is never filled by it."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from daemon.worker import landlock
from metadata import place as room
from metadata.asset import AssetError, Stat
from metadata.change import Change, Ours
from metadata.digest import sha256_if_there, sha256_of
from metadata.place import place
from metadata.reasons import Reason

HOUSE = Path(__file__).parent.parent
OLD, NEW = b"old" * 1000, b"new" * 1001
# Kills itself at each step in turn, and tells what stands in the folder then.
KILLED = """
import ctypes, os, signal, sys
from pathlib import Path
from metadata import place as room
from tests.test_place_media import NEW, OLD, embedded

target, staged, moved = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "moved"
STEPS = "open rename unlink fsync write utime fchmod fchown close pread fstat".split()

def count(function):
    def counted(*args, **kwargs):
        step()
        result = function(*args, **kwargs)
        step()
        return result
    return counted

def step():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

at, status = 0, 1
while status:
    at += 1
    target.write_bytes(OLD)
    wanted = embedded(target, staged)
    child = os.fork()
    if not child:
        left = at
        for name in STEPS:
            setattr(os, name, count(getattr(os, name)))
        room._Place._renamed = count(room._Place._renamed)
        if not moved:
            room._Place._moved = lambda *args: False
        room.place(wanted)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    stands = {OLD: "old", NEW: "new"}.get(target.read_bytes(), "broken")
    room.sweep(target.parent)
    print(at, stands, len(list(target.parent.iterdir())), flush=True)
"""


def embedded(target: Path, staged: Path, data: bytes = NEW) -> Change:
    staged.write_bytes(data)
    return Change(
        target=target,
        expected=Stat.of(target.lstat()),
        staged=staged,
        before=None,
        before_sha256=sha256_of(target),
        after_sha256=hashlib.sha256(data).hexdigest(),
        ours=Ours(),
        embedded=True,
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "hot").mkdir()
    path = tmp_path / "hot" / "a.jpg"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    return tmp_path / "staged"


@pytest.fixture(params=["moved", "copied", "without"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Place from the same file system, from another one, and where nothing can be exchanged."""
    if request.param == "copied":
        monkeypatch.setattr(room._Place, "_moved", lambda *args: False)
    if request.param == "without":
        monkeypatch.setattr(room._Place, "_renamed", lambda *args: False)
    return str(request.param)


def only(target: Path) -> bool:
    return [entry.name for entry in target.parent.iterdir()] == [target.name]


def test_times_mode_and_attributes_stay(target: Path, staged: Path, either: str) -> None:
    os.utime(target, ns=(1_000_000_000_123_456_789, 1_100_000_000_987_654_321))
    target.chmod(0o604)
    os.setxattr(target, "user.colour", b"blue")
    wanted = embedded(target, staged)
    os.setxattr(staged, "user.of_ours", b"no")
    was = target.stat()
    placed = place(wanted)
    now = target.stat()
    assert target.read_bytes() == NEW and only(target) and not staged.exists()
    assert (now.st_mtime_ns, now.st_mode) == (was.st_mtime_ns, was.st_mode)
    assert now.st_ino != was.st_ino
    assert os.listxattr(target) == ["user.colour"]
    assert placed.stat == Stat.of(target.lstat())


def test_the_time_of_access_stays_as_well(target: Path, staged: Path) -> None:
    wanted = embedded(target, staged)
    access = target.stat().st_mtime_ns + 5_000_000_001  # later: reading does not change it
    os.utime(target, ns=(access, target.stat().st_mtime_ns))
    was = Stat.of(target.lstat())
    place(replace(wanted, expected=was))
    assert target.stat().st_atime_ns == access


def test_what_is_moved_is_never_written_again(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, inode = embedded(target, staged), staged.stat().st_ino
    place(wanted)
    assert target.stat().st_ino == inode


@pytest.mark.parametrize("name", ["utime", "fchmod", "fchown", "setxattr"])
def test_what_cannot_be_kept_is_refused(
    target: Path, staged: Path, either: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    os.setxattr(target, "user.colour", b"blue")
    if name == "fchown":
        os.chown(target, 1234, 4321)

    def fail(*args: object, **named: object) -> None:
        raise PermissionError(errno.EPERM, "no")

    wanted = embedded(target, staged)
    monkeypatch.setattr(os, name, fail)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.NO_PERMISSION
    assert target.read_bytes() == OLD and only(target)


def test_a_time_that_the_file_system_rounds_is_refused(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = embedded(target, staged)
    monkeypatch.setattr(os, "utime", lambda *args, **named: None)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.NO_PERMISSION and target.read_bytes() == OLD


def test_a_file_that_another_program_writes_is_busy(
    target: Path, staged: Path, either: str
) -> None:
    wanted = embedded(target, staged)
    with target.open("r+b"), pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == OLD and only(target)
    place(wanted)
    assert target.read_bytes() == NEW


def test_one_that_is_opened_for_writing_in_the_last_moment_comes_back(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, opened = embedded(target, staged), list[BinaryIO]()
    renamed = room._Place._renamed

    def open_before(self: room._Place, *args: object) -> bool:
        if not opened:
            opened.append(target.open("r+b"))
        return renamed(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(room._Place, "_renamed", open_before)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    opened[0].close()
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == OLD and only(target)


def test_other_bytes_with_the_same_size_and_time_come_back(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, renamed = embedded(target, staged), room._Place._renamed
    other = OLD[::-1]

    def write_before(self: room._Place, *args: object) -> bool:
        if target.read_bytes() == OLD:
            target.write_bytes(other)
        return renamed(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(room._Place, "_renamed", write_before)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == other and only(target)


@pytest.mark.parametrize("way", ["moved", "copied"])
def test_D1_killed_at_every_step_it_is_old_or_new(tmp_path: Path, target: Path, way: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(target), str(tmp_path / "staged"), way],
        capture_output=True,
        text=True,
        cwd=HOUSE,
    )
    steps = [line.split() for line in ran.stdout.splitlines()]
    stood = [stands for _, stands, _ in steps]
    assert not ran.stderr and len(steps) > 20 and stood[0] == "old" and stood[-1] == "new"
    assert stood == sorted(stood, reverse=True) and set(stood) == {"old", "new"}
    assert {left for *_, left in steps} == {"1"}, "what was left behind is not swept"


def test_D2_it_is_durable_before_it_has_its_name(
    target: Path, staged: Path, either: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, order = embedded(target, staged), list[str]()
    fsync, stands = os.fsync, target.stat().st_ino

    def note(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        order.append(f"{kind} {'before' if target.stat().st_ino == stands else 'after'}")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    place(wanted)
    assert order == ["file before", "folder after"]


@pytest.mark.parametrize("way", ["moved", "copied"])
def test_a_large_film_is_never_held(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "copied":
        monkeypatch.setattr(room._Place, "_moved", lambda *args: False)
    for path, size in ((target, 2**24), (staged, 2**24 + 1)):
        with path.open("wb") as file:
            file.truncate(size)
    wanted = Change(
        target, Stat.of(target.lstat()), staged, None, sha256_of(target), sha256_of(staged),
        Ours(), embedded=True,
    )  # fmt: skip
    tracemalloc.start()
    try:
        place(wanted)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert target.stat().st_size == 2**24 + 1 and peak < 4 * 2**20


def test_a_disk_that_is_full_while_it_is_copied(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, write = embedded(target, staged), os.write
    monkeypatch.setattr(room._Place, "_moved", lambda *args: False)

    def fill(descriptor: int, piece: bytes) -> int:
        if len(piece) < len(NEW):
            raise OSError(errno.ENOSPC, "full")
        return write(descriptor, piece[:100])

    monkeypatch.setattr(os, "write", fill)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.DISK_FULL and target.read_bytes() == OLD and only(target)


def test_prepared_bytes_that_changed_are_not_placed(
    target: Path, staged: Path, either: str
) -> None:
    wanted = embedded(target, staged)
    staged.write_bytes(b"tampered")
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == OLD and only(target)


def test_it_is_moved_under_landlock_as_well(target: Path, staged: Path, tmp_path: Path) -> None:
    program = (
        "import ctypes, sys\nfrom pathlib import Path\nfrom daemon.worker import landlock\n"
        "from metadata.place import place\nfrom tests.test_place_media import embedded\n"
        "target, staged = map(Path, sys.argv[1:])\n"
        "scratch = staged.parent\nwanted = embedded(target, staged)\n"
        "inode = staged.stat().st_ino\n"
        "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
        "landlock.write_only_under([scratch, target.parent])\n"
        "place(wanted)\nprint(target.stat().st_ino == inode)\n"
    )
    (tmp_path / "scratch").mkdir()
    inside = tmp_path / "scratch" / "staged"
    ran = subprocess.run(
        [sys.executable, "-c", program, str(target), str(inside)],
        capture_output=True,
        text=True,
        cwd=HOUSE,
    )
    assert ran.stderr == "" and target.read_bytes() == NEW and only(target)
    assert ran.stdout.strip() == str(landlock.version() >= landlock.REFER_SINCE)


def test_a_link_or_a_pipe_is_never_hashed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("elsewhere")
    os.mkfifo(tmp_path / "pipe")
    assert sha256_if_there(tmp_path / "none") is None
    for name in ("link", "pipe", "."):
        with pytest.raises(OSError):
            sha256_if_there(tmp_path / name)
