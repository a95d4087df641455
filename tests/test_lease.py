"""Whether a writer holds a file: asked of the real kernel, with real processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from metadata import lease
from metadata.filesystems import is_shared
from metadata.lease import held_for_writing
from tests.powers import LEASE_ANYTHING, without

HOUSE = Path(__file__).parent.parent


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


# Asks about a file, and dawdles for a second while it holds the lease.
DAWDLE = """
import fcntl, sys, time; from pathlib import Path; from metadata import lease
class Slow:
    def __getattr__(self, name): return getattr(fcntl, name)
    def fcntl(self, file, command, argument):
        fcntl.fcntl(file, command, argument)
        if (command, argument) == (fcntl.F_SETLEASE, fcntl.F_RDLCK):
            print(flush=True); time.sleep(1)
lease.fcntl = Slow()
print(lease.held_for_writing(Path(sys.argv[1])))
"""


def test_a_writer_that_comes_in_that_instant_waits_and_kills_nobody(picture: Path) -> None:
    command = [sys.executable, "-c", DAWDLE, str(picture)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        asking.stdout.readline()
        with picture.open("ab") as writer:
            writer.write(b"y")
        assert asking.communicate()[0] == "False\n"
    assert asking.returncode == 0
    assert picture.stat().st_size == 1001


def test_writers_come_and_go_while_it_is_asked(picture: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with picture.open("ab") as file:
                file.write(b"y")

    writer = threading.Thread(target=write)
    writer.start()
    answers = {held_for_writing(picture) for _ in range(3000)}
    stop.set()
    writer.join()
    assert answers <= {True, False}


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
