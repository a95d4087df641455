"""Models come from the hub whole or not at all: cut off, killed, damaged, lied to, no room."""

import errno
import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.engines.checkpoint import INDEX
from daemon.engines.profiles import Model
from daemon.hub import HubError, shelf
from daemon.hub.fetching import TRIES
from tests.hub_stand_in import StandIn, cut, damaged, stand_in, status, without_ranges
from tests.pulling import COMMIT, NAME, WEIGHTS, Pulling, half, halves, large, weighing, weights
from tests.running import environment, until


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with stand_in() as hub:
        yield hub


@pytest.fixture
def pulling(hub: StandIn, tmp_path: Path) -> Pulling:
    hub.add(NAME, large(tmp_path / "model"))
    return Pulling(hub, tmp_path)


# What may pass


def test_a_cut_connection_goes_on_where_it_was(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [cut(150_000), cut(100_000), status(503)]
    assert pulling() == sum(map(len, hub.repositories[NAME].files.values()))
    assert pulling.is_here()
    assert hub.sent(WEIGHTS) == len(weights(hub)), "bytes came twice"
    assert len(pulling.pauses) == 3
    assert pulling.told.done == pulling.told.total


def test_a_pull_that_was_killed_counts_as_nothing_and_goes_on(hub: StandIn, tmp_path: Path) -> None:
    pulling = Pulling(hub, tmp_path)
    hub.add(NAME, large(tmp_path / "model"))
    given, gone = 300_000, threading.Event()

    def stalls(handler: Any, content: bytes, start: int) -> None:
        handler.give(content, start, most=given)
        handler.wfile.flush()
        gone.wait(30)

    hub.faults[WEIGHTS] = [stalls]
    process = subprocess.Popen(
        [sys.executable, "-m", "daemon.cli", "models", "pull", NAME],
        env={**environment(), "HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(pulling.root)},
        stderr=subprocess.DEVNULL,
    )
    try:
        came = given // 2**17 * 2**17
        until(lambda: any(p.stat().st_size >= came for p in halves(pulling)), 20)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        gone.set()
    assert not pulling.is_here()
    before, kept = hub.sent(WEIGHTS), half(pulling).stat().st_size
    pulling()
    assert pulling.is_here()
    assert hub.sent(WEIGHTS) - before == len(weights(hub)) - kept
    assert given - kept < 2**17, "more than one piece came twice"


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("file", ["listing", "config.json", WEIGHTS])
def test_what_may_pass_is_waited_for(pulling: Pulling, hub: StandIn, file: str, code: int) -> None:
    hub.faults[file] = [status(code), status(code)]
    pulling()
    assert pulling.is_here()
    assert len(pulling.pauses) == 2
    assert pulling.pauses[1] > pulling.pauses[0] >= 0.75


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("99999", 120.0), ("soon", 0.75), ("-5", 0.75)]
)
def test_a_hub_that_asks_to_wait_is_waited_for(
    pulling: Pulling, hub: StandIn, asked: str, waited: float
) -> None:
    hub.faults[WEIGHTS] = [status(429, Retry_After=asked)]
    pulling()
    assert waited <= pulling.pauses[0] <= max(waited, 1.25)


def test_what_does_not_pass_is_given_up_and_what_came_stays(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [cut(200_000), *[status(503)] * TRIES]
    said = pulling.refused()
    assert "does not work at the moment (503)" in said
    assert "pull again later: it goes on where it was" in said
    assert half(pulling).stat().st_size == 200_000
    hub.faults.clear()
    pulling()
    assert hub.sent(WEIGHTS) == len(weights(hub))


def test_a_line_that_breaks_again_and_again_is_used_as_long_as_something_comes(
    pulling: Pulling, hub: StandIn, tmp_path: Path
) -> None:
    hub.add(NAME, weighing(tmp_path / "model", 9 * 2**20))
    hub.faults[WEIGHTS] = [cut(2**20)] * (TRIES + 2)
    pulling()
    assert hub.sent(WEIGHTS) == len(weights(hub))
    assert max(pulling.pauses) < 2


def test_a_line_that_brings_next_to_nothing_is_given_up(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [cut(5)] * 50
    assert f"ended after {5 * TRIES} of" in pulling.refused()


def test_a_hub_that_cannot_begin_in_the_middle_begins_again(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [cut(200_000), without_ranges]
    pulling()
    assert pulling.is_here()
    assert hub.sent(WEIGHTS) == len(weights(hub)) + 200_000
    assert pulling.told.done == pulling.told.total


# Damage


def test_a_damaged_file_is_fetched_once_more(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [damaged(300_000)]
    pulling()
    assert pulling.is_here()
    assert hub.sent(WEIGHTS) == 2 * len(weights(hub))
    assert any(f"{WEIGHTS} came damaged" in line for line in pulling.told.lines)
    assert pulling.told.done == pulling.told.total


@pytest.mark.parametrize("file", [WEIGHTS, "config.json"])
def test_a_file_that_is_damaged_twice_is_refused(pulling: Pulling, hub: StandIn, file: str) -> None:
    hub.faults[file] = [damaged(20), damaged(20)]
    said = pulling.refused()
    assert f"{file} came damaged twice" in said
    assert "over another network" in said
    assert halves(pulling) == []


def test_half_a_file_that_rots_meanwhile_is_noticed(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [cut(200_000), *[status(503)] * TRIES]
    pulling.refused()
    hub.faults.clear()
    with half(pulling).open("r+b") as file:
        file.write(b"rot")
    pulling()
    assert pulling.is_here()
    assert hub.sent(WEIGHTS) == len(weights(hub)) * 2


def test_half_a_file_that_is_too_long_is_dropped(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [*[status(503)] * TRIES]
    pulling.refused()
    half(pulling).write_bytes(bytes(500_000))
    hub.faults.clear()
    pulling()
    assert pulling.is_here()


def test_what_lies_here_damaged_is_mended_and_nothing_else_comes(
    pulling: Pulling, hub: StandIn
) -> None:
    pulling()
    blob = max(pulling.root.glob("models--*/blobs/*"), key=lambda path: path.stat().st_size)
    with blob.open("r+b") as file:
        file.seek(300_000)
        file.write(b"\0rot\0")
    assert pulling() == len(weights(hub))
    assert blob.read_bytes() == weights(hub)
    assert pulling() == 0


def test_a_damaged_list_of_weights_is_read_again(pulling: Pulling, hub: StandIn) -> None:
    hub.add("tiny/mllama", Path(__file__).parent / "models/mllama", commit="d" * 40)
    hub.faults[INDEX] = [damaged(20), cut(100)]
    pulling("tiny/mllama")
    assert pulling.is_here("tiny/mllama")
    assert len(pulling.pauses) == 2


@pytest.mark.parametrize("answer", [b" " * (2**25 + 1), b"[" * 2**20, b"\0"])
def test_a_list_without_end_is_not_read(pulling: Pulling, hub: StandIn, answer: bytes) -> None:
    hub.listed = lambda told: answer
    said = pulling.refused()
    assert "longer than it may be" in said or "what answers is no hub" in said
    assert ("longer" in said) is (len(answer) > 2**25)


@pytest.mark.parametrize("told", [399_999, 400_001, 5, 10**12])
def test_a_hub_that_lies_about_sizes_is_found_out(
    pulling: Pulling, hub: StandIn, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "free_bytes", lambda place: 2**60)
    monkeypatch.setattr("daemon.hub.pulling.free_bytes", lambda place: 2**60)

    def lying(answer: dict[str, Any]) -> dict[str, Any]:
        for file in answer["siblings"]:
            if file["rfilename"] == WEIGHTS:
                file["lfs"]["size"] = told
        return answer

    hub.listed = lying
    assert f"where the hub's list says {told}" in pulling.refused()


def test_a_file_without_a_length_that_never_ends_is_stopped(pulling: Pulling, hub: StandIn) -> None:
    def endless(handler: Any, content: bytes, start: int) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content + b"and more")
        handler.close_connection = True

    hub.faults[WEIGHTS] = [endless]
    assert "more bytes come" in pulling.refused()


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"Content-Range": "bytes 0-9/10"}, "other bytes come than were asked for"),
        ({}, "other bytes come than were asked for"),
        ({"Content-Range": "bytes 200000-300000/300001"}, "300001 bytes come"),
    ],
)
def test_other_bytes_than_asked_for_are_refused(
    pulling: Pulling, hub: StandIn, headers: dict[str, str], says: str
) -> None:
    hub.faults[WEIGHTS] = [cut(200_000), lambda handler, *_: handler.reply(206, headers, b"x")]
    assert says in pulling.refused()


def test_a_compressing_proxy_is_named(pulling: Pulling, hub: StandIn) -> None:
    squeezed = {"Content-Encoding": "gzip"}
    hub.faults["config.json"] = [lambda handler, *_: handler.reply(200, squeezed, b"x")]
    assert "is there a proxy?" in pulling.refused()


# The disk


def test_too_little_room_is_said_before_anything_comes(
    pulling: Pulling, hub: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = pulling.plan(Model(name=NAME))
    small = SimpleNamespace(f_bavail=100, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda place: small)
    before = len(hub.asked)
    said = pulling.refused()
    assert f"{plan.coming / 1e9:.1f} GB have to come" in said
    assert "make room, or name another cache in HF_HOME" in said
    assert len(hub.asked) == before + 1
    assert not pulling.root.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_is_named_and_what_came_stays(tmp_path: Path, number: int) -> None:
    with (
        pytest.raises(HubError, match="is full; make room and pull again"),
        shelf.told_of(tmp_path),
    ):
        raise OSError(number, os.strerror(number))


def test_what_a_disk_took_before_it_refused_stays(pulling: Pulling, hub: StandIn) -> None:
    limited = f"ulimit -f 200; exec {shlex.quote(sys.executable)} -m daemon.cli models pull {NAME}"
    more = {"HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(pulling.root)}
    done = subprocess.run(
        ["bash", "-c", limited], env={**environment(), **more}, capture_output=True, text=True
    )
    assert done.returncode == 3, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert half(pulling).stat().st_size == 200 * 1024
    assert not pulling.is_here()
    assert pulling() == len(weights(hub)) - 200 * 1024


def test_a_cache_that_cannot_be_written_is_named(pulling: Pulling) -> None:
    pulling.root.write_text("a file, not a folder")
    with pytest.raises(HubError, match=r"cannot be written: .*name another cache in HF_HOME"):
        pulling()


def test_two_pulls_of_one_model_do_not_meet(pulling: Pulling) -> None:
    locks = pulling.root / ".locks/models--some--model"
    locks.mkdir(parents=True)
    with (locks / "captiond.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another captiond is pulling it" in pulling.refused()
    pulling()


def test_where_no_links_can_be_made_the_files_are_there(
    pulling: Pulling, hub: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "no links on this disk")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    pulling()
    assert pulling.is_here()
    assert pulling.blobs() == []
    assert pulling() == 0


def test_a_snapshot_is_whole_only_with_its_last_file(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after any step of putting it there, also where a commit is named as revision."""
    link, seen = Path.symlink_to, list[bool]()

    def stepping(path: Path, target: Path) -> None:
        seen.append(pulling.is_here(NAME, COMMIT) or pulling.is_here())
        link(path, target)

    monkeypatch.setattr(Path, "symlink_to", stepping)
    pulling()
    assert seen == [False] * 4
    assert pulling.is_here()
    assert pulling.is_here(NAME, COMMIT)


def test_a_new_commit_is_a_snapshot_of_its_own(pulling: Pulling, hub: StandIn) -> None:
    pulling()
    repository = hub.repositories[NAME]
    repository.commit = "d" * 40
    repository.files["config.json"] += b"\n"
    assert pulling() == len(repository.files["config.json"])
    folder = pulling.root / "models--some--model"
    assert (folder / "refs/main").read_text() == "d" * 40
    assert sorted(path.name for path in (folder / "snapshots").iterdir()) == [COMMIT, "d" * 40]
