"""The pool with real worker processes, and files planted so that they crash, hang or lie."""

import os
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import planted
import pytest

from daemon.wire import (
    ANSWERS,
    Consult,
    Described,
    Failure,
    Identify,
    Observe,
    Place,
    Prepare,
    Render,
    Request,
    Setup,
    Transcribe,
)
from daemon.worker.__main__ import Desk
from daemon.worker.bench import Bench
from daemon.worker.handlers import TABLE
from daemon.workers import Finished, Workers
from daemon.workers.line import Line
from daemon.workers.patience import Pause, patience
from daemon.workers.stderr import Ration
from metadata.asset import Asset, AssetError
from metadata.change import Change, Ours, Rules
from metadata.description import Description, Stamp

MEMORY = 2**30


def described(name: str) -> Observe:
    asset = planted.asset_at(Path(name))
    return Observe(asset, Stamp("r", "2024"), 1)


def placed(name: str) -> Place:
    return Place(Change(Path(name), None, None, None, None, None, Ours()))


def setup_at(scratch: Path) -> Setup:
    return Setup(scratch, (), "exiftool", MEMORY)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Callable[..., Workers]]:
    pools: list[Workers] = []

    def make(count: int = 2, seconds: float = 20.0, handlers: str = "planted") -> Workers:
        deadline = lambda request: seconds  # noqa: E731
        pools.append(Workers(count, setup_at(tmp_path), deadline=deadline, handlers=handlers))
        return pools[-1]

    yield make
    for each in pools:
        each.__exit__()


def submit(workers: Workers, names: Iterable[str]) -> None:
    for name in names:
        workers.submit(Identify(Path(name), 1), name)


def all_of(workers: Workers, count: int, seconds: float = 60.0) -> dict[object, Finished]:
    """Poll until *count* requests have come to their end."""
    finished: dict[object, Finished] = {}
    until = time.monotonic() + seconds
    while len(finished) < count:
        assert time.monotonic() < until, f"only {sorted(map(str, finished))} of {count}"
        for item in workers.poll(1.0):
            assert item.token not in finished, "answered twice"
            finished[item.token] = item
    return finished


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Tell whether *pid* ends (a zombie that nobody waits for has ended) within *seconds*."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def number_in(file: Path, seconds: float = 20.0) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.02)
    raise AssertionError(f"{file} was not written")


CRASHES = {
    "segv": ("CRASHED", "SIGSEGV"),
    "null": ("CRASHED", "SIGSEGV"),
    "abort": ("CRASHED", "SIGABRT"),
    "exit": ("CRASHED", "status 3"),
    "leave": ("CRASHED", "status 0"),
    "garbage": ("CRASHED", "more than"),
    "garbage-short": ("CRASHED", "no answer"),
    "close": ("CRASHED", "closed its pipe"),
    "other": ("CRASHED", "about another file"),
    "raise": ("CRASHED", "ValueError: no sense in raise"),
    "killed": ("OUT_OF_MEMORY", "SIGKILL"),
    "cbomb": ("OUT_OF_MEMORY", "SIGABRT"),
    "bomb": ("OUT_OF_MEMORY", "memory limit"),
    "refuse": ("TRUNCATED", "half of refuse"),
}


@pytest.mark.parametrize("name", CRASHES)
def test_H5_a_crash_costs_exactly_the_request_it_was_at(
    name: str, pool: Callable[..., Workers]
) -> None:
    workers = pool(1)
    submit(workers, ["before", name, "after"])
    finished = all_of(workers, 3)
    failure = finished[name].answer
    assert isinstance(failure, Failure)
    assert failure.reason == CRASHES[name][0]
    assert CRASHES[name][1] in failure.detail
    assert isinstance(finished["before"].answer, Asset)
    assert isinstance(finished["after"].answer, Asset)


def test_H5_P5_hundred_files_with_planted_crashers(pool: Callable[..., Workers]) -> None:
    crashers = ("segv", "abort", "exit", "garbage", "raise", "leave")
    names = [f"{crashers[n // 10 % 6]}-{n}" if n % 10 == 3 else f"ok-{n}" for n in range(100)]
    workers, pid = pool(2), os.getpid()
    submit(workers, names)
    finished = all_of(workers, 100)
    bad = {token for token, item in finished.items() if isinstance(item.answer, Failure)}
    assert bad == {name for name in names if not name.startswith("ok")}
    for name in set(names) - bad:
        answer = finished[name].answer
        assert isinstance(answer, Asset)
        assert answer.path == Path(name), "an answer went to another file"
    assert os.getpid() == pid
    assert len(workers.pids) <= 2


@pytest.mark.parametrize("name", ["sleep", "loop"])
def test_M3_what_hangs_is_killed_at_its_deadline_and_others_go_on(
    name: str, pool: Callable[..., Workers]
) -> None:
    workers = pool(2, seconds=1.0)
    submit(workers, [name, *(f"ok-{n}" for n in range(20))])
    began = time.monotonic()
    finished = all_of(workers, 21)
    failure = finished[name].answer
    assert isinstance(failure, Failure)
    assert failure.reason == "TIMED_OUT"
    assert failure.detail.startswith("no answer within 1.")
    assert 0.9 < finished[name].seconds < 2.0
    assert time.monotonic() - began < 10
    assert all(isinstance(finished[f"ok-{n}"].answer, Asset) for n in range(20))


def test_M3_what_a_hanging_worker_started_is_killed_with_it(
    pool: Callable[..., Workers], tmp_path: Path
) -> None:
    workers = pool(1, seconds=1.0)
    submit(workers, ["grandchild"])
    assert isinstance(all_of(workers, 1)["grandchild"].answer, Failure)
    assert gone(number_in(tmp_path / "grandchild"))


def test_D1_workers_and_exiftool_end_when_the_daemon_is_killed(tmp_path: Path) -> None:
    daemon = textwrap.dedent(f"""
        from pathlib import Path
        from daemon.wire import Identify, Setup
        from daemon.workers import Workers
        workers = Workers(1, Setup(Path({str(tmp_path)!r}), (), "exiftool"), handlers="planted")
        workers.submit(Identify(Path("exiftool"), 1), 1)
        while True:
            workers.poll(10)
        """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = subprocess.Popen([sys.executable, "-c", daemon], env=environment)
    try:
        exiftool = number_in(tmp_path / "exiftool-pid")
        worker = number_in(tmp_path / "worker-pid")
        assert Path(f"/proc/{exiftool}/cmdline").exists()
    finally:
        parent.kill()
        parent.wait()
    assert gone(worker)
    assert gone(exiftool)


def test_a_worker_of_a_daemon_that_has_ended_does_not_start(tmp_path: Path) -> None:
    from daemon.framing import framed, pack
    from daemon.workers.program import environment

    worker = ["-m", "daemon.worker", "--handlers", "planted", "--parent", "1"]
    ran = subprocess.run(
        [sys.executable, *worker],
        input=framed(pack(setup_at(tmp_path))),
        env=environment(tmp_path),
        capture_output=True,
    )
    assert ran.returncode == 1
    assert b"the daemon that wanted this worker has ended" in ran.stderr


def test_no_exiftool_is_the_machines_fault(tmp_path: Path) -> None:
    answer = Desk(
        {Identify: "planted:identified"}, Bench(Setup(tmp_path, (), str(tmp_path / "none")))
    ).answer(Identify(Path("exiftool"), 1))
    assert answer.failure is not None
    assert answer.failure.reason is None
    assert "install it" in answer.failure.detail


def test_workers_that_do_not_start_fail_all_that_waits_and_name_no_file(
    pool: Callable[..., Workers],
) -> None:
    workers = pool(2, handlers="no_such_handlers")
    submit(workers, ["a", "b", "c"])
    workers.submit(described("d"), "d")
    finished = all_of(workers, 4)
    for item in finished.values():
        assert isinstance(item.answer, Failure)
        assert item.answer.reason is None
        assert "no_such_handlers" in item.answer.detail
    assert workers.idle == 2
    submit(workers, ["e"])
    moment = workers.next_moment()
    assert moment is not None
    assert all_of(workers, 1)["e"].seconds == 0.0


def test_a_program_that_is_not_there_is_the_machines_fault(
    pool: Callable[..., Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    workers = pool(1)
    submit(workers, ["a"])
    failure = all_of(workers, 1)["a"].answer
    assert isinstance(failure, Failure)
    assert failure.reason is None
    assert "/no/such/python" in failure.detail


def test_an_idle_worker_that_dies_is_nobodys_fault(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    submit(workers, ["ok-1"])
    all_of(workers, 1)
    (worker,) = workers.pids
    os.kill(worker, signal.SIGKILL)
    time.sleep(0.1)
    submit(workers, ["ok-2"])
    assert isinstance(all_of(workers, 1)["ok-2"].answer, Asset)
    assert workers.pids != (worker,)


def test_a_stopped_worker_does_not_stop_the_daemon(pool: Callable[..., Workers]) -> None:
    """A request that is larger than a pipe must not make its sender wait."""
    workers = pool(1, seconds=1.0)
    submit(workers, ["ok"])
    all_of(workers, 1)
    (worker,) = workers.pids
    os.kill(worker, signal.SIGSTOP)
    change = Change(Path("x"), None, None, b"x" * 2**21, None, None, Ours())
    workers.submit(Place(change), "large")
    began = time.monotonic()
    assert workers.poll(0.1) == []
    assert time.monotonic() - began < 0.5
    failure = all_of(workers, 1)["large"].answer
    assert isinstance(failure, Failure)
    assert failure.reason == "TIMED_OUT"


def test_large_requests_come_through(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    change = Change(Path("x"), None, None, b"x" * 2**23, None, None, Ours())
    workers.submit(Place(change), "large")
    assert not isinstance(all_of(workers, 1)["large"].answer, Failure)


def test_workers_start_only_as_there_is_work(pool: Callable[..., Workers]) -> None:
    workers = pool(4)
    assert workers.pids == ()
    submit(workers, ["ok"])
    all_of(workers, 1)
    assert len(workers.pids) == 1
    submit(workers, ["ok"])
    all_of(workers, 1)
    assert len(workers.pids) == 1
    assert (workers.busy, workers.queued, workers.idle) == (0, 0, 4)
    submit(workers, ["doze-1", "doze-2"])
    assert workers.queued == 2
    all_of(workers, 2)
    assert len(workers.pids) == 2


def test_P7_at_rest_no_process_is_left_and_work_starts_them_again(
    pool: Callable[..., Workers], tmp_path: Path
) -> None:
    workers = pool(2)
    submit(workers, ["doze-1", "doze-2"])
    all_of(workers, 2)
    before = workers.pids
    workers.rest()
    while workers.pids:
        workers.poll(1.0)
    assert all(gone(pid, 0.1) for pid in before)
    assert workers.next_moment() is None
    submit(workers, ["ok"])
    assert isinstance(all_of(workers, 1)["ok"].answer, Asset)


def test_rest_leaves_the_busy_ones_alone(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    submit(workers, ["ok"])
    all_of(workers, 1)
    submit(workers, ["doze"])
    workers.poll(0.05)
    workers.rest()
    assert isinstance(all_of(workers, 1)["doze"].answer, Asset)
    assert len(workers.pids) == 1


def test_renewed_workers_finish_what_they_are_at(
    pool: Callable[..., Workers], tmp_path: Path
) -> None:
    workers = pool(1)
    submit(workers, ["ok"])
    all_of(workers, 1)
    before = workers.pids
    submit(workers, ["doze", "ok-2"])
    workers.poll(0.05)
    workers.renew(setup_at(tmp_path))
    finished = all_of(workers, 2)
    assert all(isinstance(item.answer, Asset) for item in finished.values())
    assert not set(before) & set(workers.pids)


def test_workers_renewed_while_they_start_lose_nothing(
    pool: Callable[..., Workers], tmp_path: Path
) -> None:
    workers = pool(2)
    submit(workers, ["ok-1", "ok-2"])
    workers.poll(0)
    workers.renew(setup_at(tmp_path))
    finished = all_of(workers, 2)
    assert all(isinstance(item.answer, Asset) for item in finished.values())


def test_a_worker_that_used_up_its_memory_is_replaced(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    submit(workers, ["who-1", "bomb", "who-2"])
    finished = all_of(workers, 3)
    first, second = finished["who-1"].answer, finished["who-2"].answer
    assert isinstance(first, Failure)
    assert isinstance(second, Failure)
    assert first.detail != second.detail


def test_leaving_ends_all_within_the_grace(tmp_path: Path) -> None:
    with Workers(2, setup_at(tmp_path), handlers="planted") as workers:
        submit(workers, ["sleep-1", "sleep-2", "ok"])
        while workers.busy < 2:
            workers.poll(0.1)
        pids = workers.pids
        began = time.monotonic()
    assert time.monotonic() - began < 4
    assert len(pids) == 2
    assert all(gone(pid, 0.1) for pid in pids)


def test_systemd_may_stop_everything_at_once_without_a_crash(
    pool: Callable[..., Workers],
) -> None:
    workers = pool(1)
    submit(workers, ["doze"])
    while not workers.busy:
        workers.poll(0.1)
    os.kill(workers.pids[0], signal.SIGTERM)
    assert isinstance(all_of(workers, 1)["doze"].answer, Asset)


def test_poll_ends_when_a_given_descriptor_can_be_read(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    submit(workers, ["sleep"])
    while not workers.busy:
        workers.poll(0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        began = time.monotonic()
        assert workers.poll(10, [ours.fileno()]) == []
        assert time.monotonic() - began < 1
        ours.recv(1)
        assert workers.poll(0.05, [ours.fileno()]) == []
    os.kill(workers.pids[0], signal.SIGKILL)


def test_what_a_worker_prints_is_no_answer_and_comes_into_the_log(
    pool: Callable[..., Workers], caplog: pytest.LogCaptureFixture
) -> None:
    workers = pool(1)
    submit(workers, ["say", "ok"])
    finished = all_of(workers, 2)
    assert isinstance(finished["say"].answer, Asset)
    workers.poll(0.1)
    assert "media worker: to stderr" in caplog.messages
    assert r"media worker: to stdout \x1b[31m" in caplog.messages
    assert len(caplog.messages) <= 61


def test_the_log_says_how_much_it_left_out(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    ration = Ration(2, lambda: now[0])
    for number in range(5):
        ration.say(f"line {number}")
    now[0] = 61.0
    ration.say("later")
    assert caplog.messages == [
        "media worker: line 0",
        "media worker: line 1",
        "media worker: 3 lines were left out",
        "media worker: later",
    ]


def test_the_folder_of_a_killed_workers_exiftool_is_cleared_away(
    pool: Callable[..., Workers], tmp_path: Path
) -> None:
    workers = pool(1)
    submit(workers, ["exiftool"])
    while not (tmp_path / "exiftool-pid").exists():
        workers.poll(0.02)
    (worker,) = workers.pids
    assert list(tmp_path.glob(f"exiftool-{worker}-*"))
    os.kill(worker, signal.SIGKILL)
    all_of(workers, 1)
    assert gone(number_in(tmp_path / "exiftool-pid"))
    assert not list(tmp_path.glob("exiftool-*-*"))


def test_P1_no_more_descriptions_than_workers_are_held(pool: Callable[..., Workers]) -> None:
    workers = pool(2)
    for number in range(5):
        workers.submit(described(f"a-{number}"), number)
    first = all_of(workers, 2)
    assert workers.poll(0.2) == []
    assert (workers.busy, workers.queued) == (0, 3)
    workers.release(next(iter(first)))
    assert len(all_of(workers, 1)) == 1
    assert workers.poll(0.2) == []
    submit(workers, ["ok"])
    assert isinstance(all_of(workers, 1)["ok"].answer, Asset)


def test_P1_a_description_that_failed_is_not_held(pool: Callable[..., Workers]) -> None:
    workers = pool(1)
    for number, name in enumerate(["refuse", "segv", "fine"]):
        workers.submit(described(name), number)
    finished = all_of(workers, 3)
    assert isinstance(finished[2].answer, Described)


def test_work_in_flight_ends_before_new_work_begins() -> None:
    line = Line(2)
    requests: list[Request] = [described("a"), Identify(Path("b"), 1), placed("c"), described("d")]
    for request in [*requests, placed("e")]:
        line.join(request, request)
    taken = [task.request for task in iter(line.take, None)]
    assert taken == [
        placed("c"),
        placed("e"),
        Identify(Path("b"), 1),
        described("a"),
        described("d"),
    ]


def test_what_is_put_back_is_the_next_again() -> None:
    line = Line(1)
    for name in "ab":
        line.join(described(name), name)
    task = line.take()
    assert task is not None
    assert line.take() is None
    line.put_back(task)
    assert line.take() == task
    assert [left.token for left in line.clear()] == ["b"]


def test_the_pause_grows_until_a_worker_answers() -> None:
    now = [0.0]
    pause = Pause(lambda: now[0])
    pauses: list[float] = []
    for _ in range(12):
        pause.lost(started=False)
        pauses.append(pause.until - now[0])
        now[0] = max(pause.until, now[0])
    assert pauses[:4] == pytest.approx([0.0, 0.1, 0.2, 0.4])
    assert pauses[-1] == 30.0
    pause.lost(started=True)
    assert pause.until - now[0] == 1.0
    pause.answered()
    pause.lost(started=True)
    assert pause.until <= now[0] + 1.0


def test_patience_grows_with_the_file() -> None:
    from dataclasses import replace

    from metadata.asset import MediaKind, Stat

    small = described("a")
    film = replace(
        small.asset, kind=MediaKind.VIDEO, duration_s=3600.0, stat=Stat(1, 1, 10**9, 1, 1)
    )
    assert patience(Identify(Path("a"), 1)) == 300.0
    assert patience(small) == pytest.approx(120.0)
    assert patience(Observe(film, small.stamp, 1)) == pytest.approx(300 + 3600 + 200)
    prepare = Prepare(film, Description(), Rules(), Ours())
    assert patience(prepare) == pytest.approx(120 + 4 * 200)
    change = Change(film.path, film.stat, Path("b"), None, "0", "1", Ours(), embedded=True)
    assert patience(Place(change)) == pytest.approx(300 + 4 * 200)


def test_every_request_has_a_handler_that_is_there() -> None:
    from importlib import import_module

    from daemon.worker.reading import TABLE as READERS

    every = {**TABLE, **READERS}
    assert set(every) == set(ANSWERS) - {Consult, Render, Transcribe}, "those are for engines"
    for target in every.values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_the_daemon_side_imports_nothing_heavy() -> None:
    heavy = "numpy PIL av exiftool multiprocessing babel fluent"
    code = f"import sys, daemon.workers; print([n for n in '{heavy}'.split() if n in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert ran.stdout == "[]\n"


def test_errors_of_every_kind_stop_at_the_desk(tmp_path: Path) -> None:
    desk = Desk({Identify: "planted:identified"}, Bench(setup_at(tmp_path)))
    name = os.fsdecode(b"refuse-\xff")
    answer = desk.answer(Identify(Path(name), 1))
    assert answer.failure == Failure("TRUNCATED", r"half of refuse-\udcff")
    missing = Desk({Identify: "no_such_room:x"}, Bench(setup_at(tmp_path)))
    failure = missing.answer(Identify(Path("a"), 1)).failure
    assert failure is not None
    assert failure.reason is None
    assert "no_such_room cannot be loaded" in failure.detail
    with pytest.raises(AssetError):
        planted.identified(Identify(Path("refuse"), 1), desk.bench)


def test_the_daemon_itself_is_not_limited() -> None:
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
