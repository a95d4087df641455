"""A captiond with models whose engine process is killed: nothing is lost, nothing is done twice."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.models.scenes import frozen_stills
from tests.running import WITHOUT_TEXT, Captiond, Daemon, until
from tests.test_seeing import models

TASKS = tuple(task for task in WITHOUT_TEXT if task not in ("alt", "sentiment"))
UNLOAD_S = 2
INJECTED = """
import sys
if "daemon.host" in sys.orig_argv:
    from pathlib import Path
    from daemon.engines.transformers_engine.answering import Answering
    whole = Answering.answers
    def faulty(self, asked, inputs, beat):
        import torch
        {fault}
        return whole(self, asked, inputs, beat)
    Answering.answers = faulty
"""
"""Python imports a sitecustomize before anything else: so the engine process gets its fault."""
FAULTS = {
    "CUDA error": """
        if not Path("{seen}").exists():
            Path("{seen}").touch()
            raise RuntimeError("CUDA error: an illegal memory access was encountered")""",
    "out of memory": """
        if len(asked.batch) > 3:
            Path("{seen}").touch()
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1.00 GiB")""",
}


def with_models(root: Path, *path: Path) -> Captiond:
    more = f"{models('mllama')}idle_unload_s = {UNLOAD_S}\n"
    return Captiond(root, more, tasks=TASKS, languages=("es",), path=path)


def hosts(daemon: Daemon) -> list[int]:
    """List the engine processes of the daemon that runs."""
    status = daemon.status()
    lines = {pid: Path(f"/proc/{pid}/cmdline") for pid in status["workers"]["pids"]}
    return [pid for pid, line in lines.items() if b"daemon.host" in _read(line)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def done(daemon: Daemon) -> int:
    count: int = daemon.status()["queue"]["done"]
    return count


def drop(captiond: Captiond, count: int) -> list[str]:
    scenes = frozen_stills(True)[:count]
    for number, still in enumerate(scenes):
        still.write_jpeg(captiond.inbox / f"{number}.jpg")
    return [still.caption for still in scenes]


def test_P1_an_engine_process_that_is_killed_costs_no_file_and_nothing_is_done_twice(
    tmp_path: Path,
) -> None:
    captiond = with_models(tmp_path)
    with captiond.daemon() as daemon:
        captions = drop(captiond, 16)
        until(lambda: done(daemon) > 0, 120, daemon.said)
        for pid in hosts(daemon):
            os.kill(pid, signal.SIGKILL)
        daemon.settles(len(captions), 240)
        assert captiond.json("status")["pid"] == daemon.process.pid
        assert_told_once(captiond, captions)
        assert_unloads(daemon)


@pytest.mark.parametrize("fault", FAULTS)
def test_P11_a_device_that_fails_or_has_no_room_costs_no_file(tmp_path: Path, fault: str) -> None:
    seen = tmp_path / "state" / "scratch" / "seen"
    injected = INJECTED.format(fault=FAULTS[fault].strip().format(seen=seen))
    (tmp_path / "sitecustomize.py").write_text(injected, encoding="utf-8")
    captiond = with_models(tmp_path, tmp_path)
    with captiond.daemon() as daemon:
        captions = drop(captiond, 12)
        daemon.settles(len(captions), 240)
        assert seen.exists(), "the fault did not happen"
        assert captiond.json("status")["pid"] == daemon.process.pid
        assert_told_once(captiond, captions)


def assert_told_once(captiond: Captiond, captions: list[str]) -> None:
    jobs = captiond.lines("jobs")
    assert {job["attempts"] for job in jobs} == {1}, "the files were not to blame"
    found: dict[str, Any] = {
        Path(file["path"]).stem: file["caption"]
        for file in captiond.lines("search", "--limit", "999")
    }
    right = [found[str(n)]["en"] == caption for n, caption in enumerate(captions)]
    assert sum(right) >= 0.8 * len(right)
    with closing(sqlite3.connect(f"file:{captiond.root}/state/state.db?mode=ro", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM descriptions").fetchone() == (len(captions),)
        written = db.execute("SELECT count(*), count(DISTINCT target) FROM journal").fetchone()
    assert written == (len(captions), len(captions)), "each sidecar was written once"
    assert not list((captiond.root / "state/scratch").glob("sheets-*"))


def assert_unloads(daemon: Daemon) -> None:
    """See that the engine process ends by itself, and with it all memory that models took."""
    until(lambda: not hosts(daemon), UNLOAD_S + 20, daemon.said)
