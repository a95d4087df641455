"""What keeps a worker in bounds, tried from inside a real one; nothing here is simulated."""

import errno
import os
import socket
import struct
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.wire import Failure, Identify, Setup
from daemon.worker import landlock, seccomp
from daemon.worker.seccomp import MACHINES, RET_ALLOW
from daemon.workers import Workers
from daemon.workers.child import measures

try:
    LANDLOCK = landlock.version()
except OSError as error:
    LANDLOCK = 0
    print(f"this kernel has no Landlock ({error}): workers may write wherever their user may")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Give scratch, a hot folder and a folder that is neither."""
    made = tmp_path / "scratch", tmp_path / "hot", tmp_path / "elsewhere"
    for folder in made:
        folder.mkdir()
    return made


@pytest.fixture
def told(folders: tuple[Path, Path, Path]) -> Callable[[Path], str]:
    """Give what a worker says that it could do."""
    scratch, hot, _ = folders

    def ask(path: Path) -> str:
        setup = Setup(scratch, (hot, hot / "missing"), "exiftool", 2**30)
        with Workers(1, setup, handlers="planted") as workers:
            workers.submit(Identify(path, 1), None)
            while not (finished := workers.poll(30)):
                pass
        answer = finished[0].answer
        assert isinstance(answer, Failure)
        assert answer.reason == "DAMAGED"
        return answer.detail

    return ask


def test_a_worker_and_its_children_cannot_open_any_socket(told: Callable[[Path], str]) -> None:
    assert told(Path("network")).split() == ["EACCES"] * 6


def test_a_worker_cannot_go_around_the_filter(told: Callable[[Path], str]) -> None:
    assert told(Path("uring")) == "EACCES"


def test_a_worker_writes_only_in_its_folders(
    told: Callable[[Path], str], folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    scratch, hot, elsewhere = folders
    (elsewhere / "old").write_text("old")
    (scratch / "out").symlink_to(elsewhere)
    asked = tmp_path / "write"
    targets = [
        scratch / "a", hot / "a", Path(os.devnull), elsewhere / "new", elsewhere / "old",
        scratch / "out" / "new", hot / ".." / "elsewhere" / "new", tmp_path / "b",
    ]  # fmt: skip
    asked.write_text("\n".join(map(str, targets)))
    allowed = ["written"] * 3
    assert told(asked).split() == allowed + (["EACCES"] if LANDLOCK else ["written"]) * 5
    assert not LANDLOCK or (elsewhere / "old").read_text() == "old"


def test_a_worker_can_change_nothing_else_either(
    told: Callable[[Path], str], folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    elsewhere = folders[2]
    file = elsewhere / "file"
    file.write_text("old")
    asked = tmp_path / "change"
    asked.write_text(f"{elsewhere}\n{file}")
    could = set(told(asked).split())
    if LANDLOCK >= landlock.SCOPES_SINCE:
        assert could == set()
    elif LANDLOCK:
        assert could <= {"truncate", "signal"}
    else:
        assert "signal" in could


def test_a_device_can_be_written_but_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "device").touch()
    (tmp_path / "beside").touch()
    tried = textwrap.dedent(f"""
        from pathlib import Path
        from daemon.worker import landlock, sandbox
        sandbox._prctl(sandbox.PR_SET_NO_NEW_PRIVS, 1)
        folder = Path({str(tmp_path)!r})
        landlock.write_only_under([folder / "missing"], [folder / "device"])
        (folder / "device").write_text("written")
        (folder / "beside").write_text("written")
        """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, "-c", tried], env=environment, capture_output=True)
    if LANDLOCK:
        assert (tmp_path / "device").read_text() == "written"
        assert (tmp_path / "beside").read_text() == ""
        assert b"PermissionError" in ran.stderr
    else:
        assert b"OSError" in ran.stderr


def test_a_worker_has_its_limits_and_none_of_the_daemons_secrets(
    told: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    niceness = min(os.nice(0) + 5, 19)
    assert told(Path("limits")) == f"{niceness} 500 0 256 False"


def test_every_measure_says_whether_it_holds(folders: tuple[Path, Path, Path]) -> None:
    scratch, hot, _ = folders
    taken = {each.name: each for each in measures(Setup(scratch, (hot / "missing",), "exiftool"))}
    assert len(taken) == 8
    assert taken["ends with the daemon"].holds
    assert taken["memory limit"].holds
    assert taken["no network"].holds
    writes = taken["writes only in its folders"]
    assert writes.holds == bool(LANDLOCK)
    assert "missing is not there" in writes.detail or not LANDLOCK


def test_a_worker_that_does_not_start_says_why(folders: tuple[Path, Path, Path]) -> None:
    with pytest.raises(OSError, match="no_such_handlers"):
        measures(Setup(folders[0], (), "exiftool"), handlers="no_such_handlers")


def test_an_unknown_machine_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="riscv64"):
        seccomp.without_network()


def run(program: bytes, audit: int, number: int, family: int = 0) -> int:
    """Run a filter as the kernel does: the few instructions that ours are made of."""
    steps = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    word, at = 0, 0
    while True:
        code, then, other, value = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return int(value)
        if code == seccomp.LOAD_WORD:
            word = {seccomp.ARCHITECTURE_AT: audit, seccomp.FAMILY_AT: family}.get(value, number)
        else:
            holds = word == value if code == seccomp.JUMP_EQUAL else word >= value
            at += then if holds else other


@pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
def test_the_filter_refuses_sockets_on_every_machine(machine: seccomp.Machine) -> None:
    program = seccomp.program(machine)
    refused = seccomp.RET_ERRNO | errno.EACCES
    assert {run(program, machine.audit, n) for n in machine.forbidden} == {refused}
    allowed = set(range(500)) - set(machine.forbidden)
    assert {run(program, machine.audit, n) for n in allowed} == {RET_ALLOW}
    assert run(program, machine.audit, machine.socket | seccomp.X32_BIT) == refused
    assert run(program, 0x40000003, 3) == refused, "32-bit calls have other numbers"


@pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
def test_the_filter_of_engine_processes_lets_one_family_through(machine: seccomp.Machine) -> None:
    program = seccomp.program(machine, socket.AF_UNIX)
    refused = seccomp.RET_ERRNO | errno.EACCES
    for call in (machine.socket, machine.socketpair):
        assert run(program, machine.audit, call, socket.AF_UNIX) == RET_ALLOW
        others = {run(program, machine.audit, call, n) for n in range(50) if n != socket.AF_UNIX}
        assert others == {refused}
        assert run(program, machine.audit, call | seccomp.X32_BIT, socket.AF_UNIX) == refused
    assert run(program, machine.audit, seccomp.IO_URING_SETUP, socket.AF_UNIX) == refused
    allowed = set(range(500)) - set(machine.forbidden)
    assert {run(program, machine.audit, n, socket.AF_INET) for n in allowed} == {RET_ALLOW}
    assert run(program, 0x40000003, 3, socket.AF_UNIX) == refused, "32-bit calls"
