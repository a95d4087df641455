"""Placing a change: whole or not at all, only over what was read, and nothing left behind."""

import ctypes
import errno
import hashlib
import os
import stat
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from metadata import place as room
from metadata.asset import AssetError, Stat
from metadata.change import Change, Ours
from metadata.place import place, sweep
from metadata.reasons import Reason


def change(target: Path, staged: Path | None, data: bytes | None = b"new") -> Change:
    before = target.read_bytes() if target.exists() else None
    if staged is not None and data is not None:
        staged.write_bytes(data)
    return Change(
        target=target,
        expected=Stat.of(target.lstat()) if target.exists() else None,
        staged=staged,
        before=None if before is None else zlib.compress(before),
        before_sha256=None if before is None else hashlib.sha256(before).hexdigest(),
        after_sha256=None if staged is None else hashlib.sha256(data or b"").hexdigest(),
        ours=Ours(),
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "hot").mkdir()
    return tmp_path / "hot" / os.fsdecode(b"caf\xe9\n.xmp")


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    return tmp_path / "staged"


@pytest.fixture(params=["renameat2", "without"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Place with renameat2, and on a file system or a C library that has none."""
    if request.param == "without":
        monkeypatch.setattr(room._Place, "_renamed", lambda *args: False)
    return str(request.param)


def only(target: Path) -> bool:
    return [entry.name for entry in target.parent.iterdir()] == [target.name]


def test_D1_a_new_file_appears_whole(target: Path, staged: Path, either: str) -> None:
    placed = place(change(target, staged))
    assert target.read_bytes() == b"new" and only(target) and not staged.exists()
    assert placed.stat == Stat.of(target.lstat())


def test_D1_an_old_file_is_replaced(target: Path, staged: Path, either: str) -> None:
    target.write_bytes(b"old")
    place(change(target, staged))
    assert target.read_bytes() == b"new" and only(target) and not staged.exists()


def test_a_file_is_taken_away(target: Path, either: str) -> None:
    target.write_bytes(b"old")
    assert place(change(target, None)).stat is None
    assert list(target.parent.iterdir()) == []


def test_a_change_that_was_made_counts_as_made(target: Path, staged: Path) -> None:
    made, gone = change(target, staged), None
    first = place(made)
    assert place(made) == first
    gone = change(target, None)
    place(gone)
    assert place(gone).stat is None


@pytest.mark.parametrize("meanwhile", [b"other", None])
def test_D7_what_another_wrote_meanwhile_stays(
    target: Path, staged: Path, either: str, meanwhile: bytes | None
) -> None:
    target.write_bytes(b"old")
    late = change(target, staged)
    target.unlink()
    if meanwhile:
        target.write_bytes(meanwhile)
    with pytest.raises(AssetError) as raised:
        place(late)
    assert raised.value.reason is Reason.BUSY
    assert meanwhile is None or (target.read_bytes() == meanwhile and only(target))


def test_D7_a_file_that_appeared_meanwhile_stays(target: Path, staged: Path, either: str) -> None:
    late = change(target, staged)
    target.write_bytes(b"other")
    with pytest.raises(AssetError) as raised:
        place(late)
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == b"other" and only(target)


@pytest.mark.parametrize("staging", [True, False], ids=["replaced", "removed"])
def test_D7_a_change_in_the_last_moment_is_put_back(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch, staging: bool
) -> None:
    """Another program writes after the check and before the rename."""
    target.write_bytes(b"old")
    late = change(target, staged if staging else None)
    stands = room._Place._stands

    def write_afterwards(self: room._Place) -> Stat | None:
        found = stands(self)
        if found == late.expected and calls.append(1) is None and len(calls) == 2:
            target.write_bytes(b"other")
        return found

    calls: list[int] = []
    monkeypatch.setattr(room._Place, "_stands", write_afterwards)
    with pytest.raises(AssetError) as raised:
        place(late)
    assert raised.value.reason is Reason.BUSY and target.read_bytes() == b"other" and only(target)


def test_a_new_file_has_the_mode_that_the_umask_gives(target: Path, staged: Path) -> None:
    before = os.umask(0o027)
    try:
        place(change(target, staged))
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_D4_mode_owner_and_attributes_are_kept(target: Path, staged: Path, either: str) -> None:
    target.write_bytes(b"old")
    target.chmod(0o604)
    if os.geteuid() == 0:
        os.chown(target, 1234, 4321)
    os.setxattr(target, "user.colour", b"blue")
    before = target.stat()
    place(change(target, staged))
    after = target.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert os.getxattr(target, "user.colour") == b"blue"


def test_D4_an_owner_that_cannot_be_kept_is_refused(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.write_bytes(b"old")
    refuse(monkeypatch, "fchmod", errno.EPERM)
    with pytest.raises(AssetError) as raised:
        place(change(target, staged))
    assert raised.value.reason is Reason.NO_PERMISSION
    assert target.read_bytes() == b"old" and only(target)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, Reason.DISK_FULL),
        (errno.EDQUOT, Reason.DISK_FULL),
        (errno.EROFS, Reason.READ_ONLY),
        (errno.EACCES, Reason.NO_PERMISSION),
    ],
)
def test_D6_a_disk_that_refuses_says_why(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: Reason
) -> None:
    target.write_bytes(b"old")
    wanted = change(target, staged)
    with monkeypatch.context() as patch:
        refuse(patch, "fsync", number)
        with pytest.raises(AssetError) as raised:
            place(wanted)
    assert raised.value.reason is reason
    assert target.read_bytes() == b"old" and only(target) and staged.exists()
    assert place(wanted).stat


def test_D6_a_full_disk(tmp_path: Path, staged: Path) -> None:
    """A file size limit stands for the full disk: the write fails in its middle."""
    program = (
        "import errno, resource, signal\nfrom pathlib import Path\n"
        "from metadata.place import place\nfrom tests.test_place import change\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"wanted = change(Path({str(tmp_path / 'a.xmp')!r}), Path({str(staged)!r}), b'x' * 9000)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    place(wanted)\n"
        "except OSError as error:\n    print(errno.errorcode[error.errno])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert ran.stdout.strip() == "EFBIG", ran.stderr
    assert not list(tmp_path.glob(".captiond-*")) and not (tmp_path / "a.xmp").exists()


def test_D2_the_file_is_durable_before_it_has_its_name(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    renamed, fsync = room._Place._renamed, os.fsync

    def note_fsync(descriptor: int) -> None:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        order.append("folder" if folder else "file")
        fsync(descriptor)

    def note_rename(self: room._Place, old: str, new: str, flag: int) -> bool:
        order.append("rename")
        return renamed(self, old, new, flag)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(room._Place, "_renamed", note_rename)
    place(change(target, staged))
    assert order == ["file", "rename", "folder"]


def test_prepared_bytes_that_are_gone_or_changed_are_not_placed(target: Path, staged: Path) -> None:
    wanted = change(target, staged)
    staged.write_bytes(b"tampered")
    for _ in range(2):
        with pytest.raises(AssetError) as raised:
            place(wanted)
        assert raised.value.reason is Reason.BUSY and not target.exists()
        staged.unlink(missing_ok=True)


def test_what_changes_while_the_new_bytes_come_is_not_even_exchanged(
    target: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.write_bytes(b"old")
    wanted, keep = change(target, staged), room.keep_attributes

    def edited(source: int, made: int) -> None:
        target.write_bytes(b"a human's")
        keep(source, made)

    def exchanged(*args: object) -> bool:
        raise AssertionError("a captiond killed now would leave the human's words to be swept")

    monkeypatch.setattr(room, "keep_attributes", edited)
    monkeypatch.setattr(room._Place, "_renamed", exchanged)
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.BUSY and only(target)
    assert target.read_bytes() == b"a human's"


def test_a_link_in_place_of_the_target_is_not_followed(target: Path, staged: Path) -> None:
    wanted = change(target, staged)
    target.symlink_to("elsewhere")
    with pytest.raises(AssetError):
        place(wanted)
    assert target.is_symlink() and not (target.parent / "elsewhere").exists()


def test_a_folder_that_is_gone_is_told(target: Path, staged: Path) -> None:
    wanted = change(target, staged)
    target.parent.rmdir()
    with pytest.raises(AssetError) as raised:
        place(wanted)
    assert raised.value.reason is Reason.VANISHED


def test_D3_only_our_own_leavings_are_swept(tmp_path: Path) -> None:
    names = [".captiond-0123.tmp", "a.jpg_exiftool_tmp", ".captiond-x", "x.tmp", "a.xmp"]
    for name in names:
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(names[1:])


def test_renameat2_is_where_these_tests_run(target: Path) -> None:
    assert getattr(ctypes.CDLL(None), "renameat2", None) is not None


def refuse(patch: pytest.MonkeyPatch, function: str, number: int) -> None:
    def fail(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    patch.setattr(os, function, fail)
