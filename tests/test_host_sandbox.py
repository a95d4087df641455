"""What keeps an engine process in bounds, tried from inside a real one, and how it ends."""

import errno
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_process import EngineProcess
from scripted_engine import models
from test_sandbox import LANDLOCK
from test_workers import gone, number_in

from daemon.worker import sandbox


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    process = EngineProcess(tmp_path_factory.mktemp("host"))
    yield process
    process.close()


@pytest.fixture(scope="module")
def told(host: EngineProcess) -> dict[str, str]:
    """Give what a model could do there."""
    (answer,) = host.consulted(host.consult("sandbox"))
    said = answer.replies[0].text.rpartition(" | ")[2]
    return dict(pair.partition("=")[::2] for pair in said.split("; "))


def test_it_reaches_what_is_on_this_machine_but_not_the_internet(told: dict[str, str]) -> None:
    assert told["AF_UNIX"] == told["pair"] == "could", "GPU drivers need it"
    assert {told[f"AF_{name}"] for name in ("INET", "INET6", "NETLINK")} == {"EACCES"}


def test_none_of_its_threads_was_forgotten(told: dict[str, str], host: EngineProcess) -> None:
    states = [task.read_text() for task in Path(f"/proc/{host.process.pid}/task").glob("*/status")]
    assert len(states) >= 3, "one that answers, one that reads, one that prepares"
    for state in states:
        assert "NoNewPrivs:\t1" in state
        assert "Seccomp:\t2" in state


def test_it_writes_only_in_its_folders(told: dict[str, str], host: EngineProcess) -> None:
    assert told["write scratch"] == told["write kept"] == told["null"] == "could"
    outside = f"write {host.scratch.parent.name}"
    assert told[outside] == ("EACCES" if LANDLOCK else "could")


def test_a_device_needs_not_wait_for_others_nor_for_memory(told: dict[str, str]) -> None:
    assert told["AS"] == "-1"
    assert told["CORE"] == "0"
    assert told["nice"] == str(os.nice(0))


def test_libraries_are_told_that_there_is_no_hub_and_none_is_loaded_but_by_the_engine(
    told: dict[str, str],
) -> None:
    assert told["offline"] == "1"
    assert told["torch"] == "False"


def test_every_measure_says_whether_it_holds(host: EngineProcess) -> None:
    taken = {measure.name: measure for measure in host.ready.measures}
    assert len(taken) == 6
    assert taken["no internet"].holds
    assert taken["ends with the daemon"].holds
    assert taken["writes only in its folders"].holds == bool(LANDLOCK)


def test_the_device_files_of_gpus_are_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-caps/nvidia-cap1", "dri/renderD128"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for name in ("sda", "mem", "tty"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sandbox, "DEV", tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in sandbox.gpus()}
    assert found == {
        "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-caps/nvidia-cap1", "dri/renderD128",
    }  # fmt: skip


def test_a_kernel_without_landlock_is_no_reason_not_to_start(
    host: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> str:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(sandbox.landlock, "write_only_under", none)
    for name in ("limit", "end_with", "end_first", "_prctl"):
        monkeypatch.setattr(sandbox, name, lambda *_: None)
    monkeypatch.setattr(sandbox.seccomp, "without_internet", lambda: None)
    measures = sandbox.enclose_host(host.setup, os.getpid())
    taken = {measure.name: measure for measure in measures}
    assert not taken["writes only in its folders"].holds
    assert taken["writes only in its folders"].detail == "Function not implemented"
    assert taken["no internet"].holds


def test_it_ends_when_the_daemon_is_killed_even_while_a_model_works(tmp_path: Path) -> None:
    daemon = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from engine_process import EngineProcess
        host = EngineProcess(Path({str(tmp_path)!r}))
        host.consult("hang")
        host.until("answer")
        Path({str(tmp_path / "pid")!r}).write_text(str(host.process.pid))
        time.sleep(60)
        """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = subprocess.Popen([sys.executable, "-c", daemon], env=environment)
    try:
        pid = number_in(tmp_path / "pid")
    finally:
        parent.kill()
        parent.wait()
    assert gone(pid)


def test_it_does_not_start_for_a_daemon_that_has_ended(host: EngineProcess) -> None:
    words = (sys.executable, "-P", "-m", "daemon.host", "--engine", "scripted_engine")
    from daemon.framing import framed, pack
    from daemon.workers.program import engine_environment

    ran = subprocess.run(
        (*words, "--parent", "1"),
        input=framed(pack(host.setup)),
        capture_output=True,
        env=engine_environment(host.setup),
        timeout=30,
    )
    assert ran.returncode == 1
    assert ran.stdout == b""
    assert b"has ended" in ran.stderr


def test_sigterm_is_left_to_the_daemon(host: EngineProcess) -> None:
    host.process.terminate()
    host.consulted(host.consult("still there"))
    assert host.setup.models == models()
