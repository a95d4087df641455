"""Whether a writer holds a file: asked of the real kernel, with real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon import lease
from daemon.filesystems import is_shared
from daemon.lease import held_for_writing
from tests.powers import LEASE_ANYTHING, without


@contextmanager
def opened_elsewhere(path: Path, mode: str) -> Iterator[None]:
    """Have another process keep *path* open."""
    code = "import sys; f = open(sys.argv[1], sys.argv[2]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.communicate()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 1000)
    return path


@pytest.mark.parametrize("mode", ["ab", "r+b", "wb"])
def test_W1_a_writer_in_another_process_holds_it(picture: Path, mode: str) -> None:
    with opened_elsewhere(picture, mode):
        assert held_for_writing(picture) is True
    assert held_for_writing(picture) is False


def test_a_reader_does_not_hold_it(picture: Path) -> None:
    with opened_elsewhere(picture, "rb"):
        assert held_for_writing(picture) is False


def test_W1_a_writer_under_another_name_holds_it(picture: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.jpg"
    other.hardlink_to(picture)
    with opened_elsewhere(other, "ab"):
        assert held_for_writing(picture) is True


def test_what_is_not_there_or_no_file_is_not_known(tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to("/etc/passwd")
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    assert held_for_writing(tmp_path / "gone.jpg") is None
    assert held_for_writing(link) is None
    assert held_for_writing(pipe) is None
    assert held_for_writing(tmp_path) is None


def test_the_file_of_another_user_is_not_known(picture: Path) -> None:
    if os.geteuid() == 0:
        os.chown(picture, 65534, 65534)
    else:
        picture = Path("/etc/passwd")
    with without(LEASE_ANYTHING):
        assert held_for_writing(picture) is None


def test_a_network_file_system_that_lends_nothing_is_not_known(
    picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS refuses the lease in the same way, whether or not somebody writes."""
    monkeypatch.setattr(lease, "is_shared", lambda descriptor: True)
    with opened_elsewhere(picture, "ab"):
        assert held_for_writing(picture) is None


def test_no_writer_is_held_up_and_no_signal_kills(picture: Path) -> None:
    """Writers that come in the instant of the lease neither fail nor wait, and nobody dies."""
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL
    stop = threading.Event()
    slowest = 0.0

    def write() -> None:
        nonlocal slowest
        while not stop.is_set():
            start = time.monotonic()
            with picture.open("ab") as file:
                file.write(b"y")
            slowest = max(slowest, time.monotonic() - start)

    writer = threading.Thread(target=write)
    writer.start()
    answers = {held_for_writing(picture) for _ in range(3000)}
    stop.set()
    writer.join()
    assert answers <= {True, False}
    assert slowest < 5.0


def test_no_descriptor_is_left_open(picture: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        held_for_writing(picture)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_kind_of_file_system_is_known(picture: Path) -> None:
    assert is_shared(str(picture.parent)) is False
    with picture.open() as file:
        assert is_shared(file.fileno()) is False
    with pytest.raises(FileNotFoundError):
        is_shared(str(picture.parent / "gone"))
    assert is_shared("/proc") is False
