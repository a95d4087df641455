"""Engine processes as the daemon sees them: real ones with scripted engines, that die and lie."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
import scripted_engine
from planted import asset_at
from stubbed import LIES, stub
from test_workers import gone, number_in

from daemon.framing import framed, pack
from daemon.wire import Answer, Failure, HostSetup, Identify, Observe, Render, Rendered, Setup, Told
from daemon.workers import Crew, Finished, Hosts
from daemon.workers.child import Child
from daemon.workers.program import engine_environment, engine_process
from metadata.description import Stamp

Make = Callable[..., Hosts]


def setup_at(root: Path, device: str = "cpu") -> HostSetup:
    for name in ("scratch", "kept"):
        (root / name).mkdir(exist_ok=True)
    return HostSetup(root / "scratch", root / "kept", device, scripted_engine.models())


def render(text: str) -> Render:
    return Render(asset_at(Path("/a.jpg")), (text,), {}, ("es",))


def submit(hosts: Hosts | Crew, texts: Iterable[str]) -> None:
    for text in texts:
        hosts.submit(render(text), text)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Hosts] = []

    def made_with(
        *devices: str,
        engine: str = "scripted_engine",
        ahead: int = 48,
        idle_unload_s: float = 600.0,
    ) -> Hosts:
        setups = [setup_at(tmp_path, device) for device in devices or ("cpu",)]
        programs = tuple(engine_process(setup, engine) for setup in setups)
        made.append(Hosts(programs, ahead=ahead, idle_unload_s=idle_unload_s))
        return made[-1]

    yield made_with
    for hosts in made:
        hosts.__exit__()


def answers(hosts: Hosts | Crew, count: int, seconds: float = 30.0) -> dict[object, Finished]:
    """Poll until *count* requests have come to their end, and a moment longer."""
    found: dict[object, Finished] = {}
    until = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < until, f"only {sorted(map(str, found))} of {count}"
        for item in hosts.poll(1.0):
            assert item.token not in found, f"{item.token} was answered twice"
            found[item.token] = item
    assert hosts.poll(0.0) == []
    return found


def until(hosts: Hosts, true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Poll until something is true; nothing may be answered meanwhile."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        assert hosts.poll(0.05) == []


def asked_in(root: Path) -> list[list[str]]:
    return [event["asked"] for event in scripted_engine.events(root / "kept", "render")]


def assert_rendered(item: Finished) -> None:
    assert isinstance(item.answer, Rendered), item
    assert item.answer.texts == ({"es": f"es<{item.token}>"},)


def failure_of(item: Finished) -> Failure:
    assert isinstance(item.answer, Failure), item
    return item.answer


def test_nothing_starts_without_work_and_nothing_happens_without_devices(make: Make) -> None:
    hosts = make("cuda:0", "cuda:1")
    hosts.supply()
    assert (hosts.poll(0.0), hosts.pids, hosts.doing) == ([], (), ())
    assert hosts.next_moment() is None
    none = Hosts()
    assert (none.ahead, none.poll(0.0), none.pids, none.next_moment()) == (0, [], (), None)
    none.__exit__()


def test_many_requests_are_in_hand_at_once_and_each_gets_its_own_answer(
    make: Make, tmp_path: Path
) -> None:
    hosts = make(ahead=8)
    submit(hosts, [f"text {n}" for n in range(20)])
    found = answers(hosts, 20)
    for item in found.values():
        assert_rendered(item)
    assert max(map(len, asked_in(tmp_path))) > 1, "one at a time"
    assert len(hosts.pids) == 1
    assert hosts.doing == ("cpu: waiting",)
    assert hosts.ahead == 8


def test_a_killed_process_costs_none_of_its_requests(make: Make, tmp_path: Path) -> None:
    hosts, me = make(), os.getpid()
    submit(hosts, [f"slow:0.04 {n}" for n in range(20)])
    until(hosts, lambda: bool(asked_in(tmp_path)))
    (first,) = hosts.pids
    os.kill(first, signal.SIGKILL)
    found = answers(hosts, 20)
    for item in found.values():
        assert_rendered(item)
    assert hosts.pids and hosts.pids != (first,)
    assert os.getpid() == me


def test_only_the_request_that_ends_the_process_is_blamed(make: Make, tmp_path: Path) -> None:
    hosts, end = make(), "cuda"
    submit(hosts, [*(f"good {n}" for n in range(4)), end, *(f"fine {n}" for n in range(4))])
    found = answers(hosts, 9)
    blamed = failure_of(found.pop(end))
    assert blamed.reason == "CRASHED"
    assert "engine process on cpu" in blamed.detail
    for item in found.values():
        assert_rendered(item)
    assert [end] in asked_in(tmp_path), "blamed without having been alone"


def test_a_death_that_does_not_repeat_blames_nobody(make: Make, tmp_path: Path) -> None:
    hosts = make()
    submit(hosts, ["a", "once:x kill", "b", "c"])
    for item in answers(hosts, 4).values():
        assert_rendered(item)
    submit(hosts, [f"later {n}" for n in range(6)])
    answers(hosts, 6)
    assert max(map(len, asked_in(tmp_path)[-6:])) > 1, "suspected for ever"


def test_what_is_asked_again_keeps_its_place(make: Make) -> None:
    hosts = make(ahead=1)
    submit(hosts, ["once:x exit:3", "second", "third"])
    assert list(answers(hosts, 3)) == ["once:x exit:3", "second", "third"]


@pytest.mark.parametrize("lie", LIES)
def test_one_that_hangs_or_lies_is_killed_and_its_request_blamed(
    lie: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stub(tmp_path, f"say({LIES[lie]!r})"))
    hosts = make()
    submit(hosts, ["a"])
    failure = failure_of(answers(hosts, 1)["a"])
    if lie == "silence":
        assert (failure.reason, "while asking for ever" in failure.detail) == ("TIMED_OUT", True)
    else:
        assert (failure.reason, "no answer" in failure.detail) == ("CRASHED", True)


def test_long_work_that_says_so_is_left_alone(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = pack(Rendered(({"es": "es<a>"},), {}, {}))
    beat = framed(pack(Told(None, None, "being silent", 20.0)))
    answer = framed(pack(Told(1, Answer(None, msgspec.Raw(rendered)))))
    deed = f"say({beat!r}); time.sleep(2.0); say({answer!r})"
    monkeypatch.setattr("daemon.workers.host.PATIENCE_S", 1.5)
    monkeypatch.setattr(sys, "executable", stub(tmp_path, deed))
    hosts = make()
    submit(hosts, ["a"])
    until(hosts, lambda: hosts.doing == ("cpu: being silent",))
    (pid,) = hosts.pids
    assert_rendered(answers(hosts, 1)["a"])
    assert hosts.pids == (pid,)


def test_a_device_that_is_not_there_is_the_fault_of_no_file(make: Make) -> None:
    hosts = make("missing")
    submit(hosts, ["a", "b", "c"])
    for item in answers(hosts, 3).values():
        failure = failure_of(item)
        assert (failure.reason, "install a driver" in failure.detail) == (None, True)
        assert failure.lasting


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false", "sleeper"])
def test_a_process_that_does_not_start_is_the_fault_of_no_file(
    program: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr("daemon.workers.host.START_S", 0.4)
    monkeypatch.setattr(sys, "executable", str(tmp_path / program))
    hosts = make("one", "two")
    submit(hosts, ["a", "b", "c"])
    for item in answers(hosts, 3).values():
        failure = failure_of(item)
        assert failure.reason is None
        assert "did not start" in failure.detail


def test_other_devices_do_what_one_cannot(make: Make) -> None:
    hosts = make("gone", "cpu")
    submit(hosts, [f"text {n}" for n in range(10)])
    for item in answers(hosts, 10).values():
        assert_rendered(item)


def test_devices_share_the_work(make: Make, tmp_path: Path) -> None:
    hosts = make("one", "two", ahead=20)
    submit(hosts, ["alone"])
    answers(hosts, 1)
    assert len(hosts.pids) == 1, "one request needs one device"
    submit(hosts, ["slow:0.2 a", "slow:0.2 b", "slow:0.2 c"])
    answers(hosts, 3)
    assert len(hosts.pids) == 2
    until(hosts, lambda: hosts.doing == ("one: waiting", "two: waiting"))
    submit(hosts, [f"text {n}" for n in range(20)])
    for item in answers(hosts, 20).values():
        assert_rendered(item)
    shares = dict.fromkeys(hosts.pids, 0)
    for event in scripted_engine.events(tmp_path / "kept", "render"):
        shares[event["pid"]] += sum(text.startswith("text") for text in event["asked"])
    assert list(shares.values()) == [10, 10]


def test_an_idle_process_ends_and_another_comes_on_demand(make: Make) -> None:
    hosts = make(idle_unload_s=0.3)
    submit(hosts, ["slow:0.5"])
    assert_rendered(answers(hosts, 1)["slow:0.5"])
    (pid,) = hosts.pids
    assert hosts.wait(60.0) <= 0.3
    until(hosts, lambda: hosts.next_moment() is None)
    assert gone(pid)
    assert not hosts.pids
    submit(hosts, ["again"])
    assert_rendered(answers(hosts, 1)["again"])
    assert pid not in hosts.pids


def test_a_request_that_comes_while_the_process_leaves_is_answered(make: Make) -> None:
    hosts = make(idle_unload_s=0.2)
    for turn in range(2):
        submit(hosts, [f"turn {turn}"])
        assert_rendered(answers(hosts, 1)[f"turn {turn}"])
        time.sleep(0.2)
        hosts.poll(0.0)


def test_requests_that_all_end_the_process_are_the_fault_of_the_device(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stub(tmp_path, "sys.exit(9)"))
    hosts = make()
    submit(hosts, [str(n) for n in range(6)])
    reasons = [failure_of(item).reason for item in answers(hosts, 6).values()]
    assert reasons == ["CRASHED"] * 3 + [None] * 3


def test_the_next_process_waits_until_the_kernel_let_go_of_the_last(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stub(tmp_path, "sys.exit(9)"))
    hosts = make()
    submit(hosts, ["a"])
    held, reaped = [True], Child.reaped
    monkeypatch.setattr(Child, "reaped", lambda self, p=0.0: not held[0] and reaped(self, p))
    until(hosts, lambda: bool(hosts.pids))
    until(hosts, lambda: not hosts.pids)
    assert hosts.poll(0.3) == []
    assert hosts.pids == (), "the device's memory is not free yet"
    held[0] = False
    until(hosts, lambda: bool(hosts.pids))


def test_one_that_cannot_be_killed_is_said(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stub(tmp_path, "sys.exit(9)"))
    monkeypatch.setattr("daemon.workers.host.GRACE_S", 0.3)
    monkeypatch.setattr(Child, "reaped", lambda self, patience=0.0: False)
    hosts = make()
    submit(hosts, ["a"])
    failure = failure_of(answers(hosts, 1)["a"])
    assert (failure.reason, "does not end" in failure.detail) == (None, True)
    monkeypatch.undo()
    hosts.poll(0.0)


def test_the_end_takes_two_seconds_and_leaves_nobody(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = str(tmp_path / "child")
    deed = f"Path({note!r}).write_text(str(Popen(['sleep', '60']).pid)); time.sleep(60)"
    monkeypatch.setattr(sys, "executable", stub(tmp_path, deed))
    hosts = make()
    submit(hosts, ["a"])
    until(hosts, (tmp_path / "child").exists)
    child = number_in(tmp_path / "child")
    (pid,) = hosts.pids
    begun = time.monotonic()
    hosts.__exit__()
    assert time.monotonic() - begun < 3.0
    assert gone(pid) and gone(child)
    assert hosts.pids == ()


def test_an_engine_process_sees_no_secrets_and_no_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/cuda")
    seen = engine_environment(setup_at(tmp_path))
    assert "secret" not in seen.values()
    assert (seen["CUDA_VISIBLE_DEVICES"], seen["LD_LIBRARY_PATH"]) == ("1", "/cuda")
    assert seen["HF_HUB_OFFLINE"] == seen["TRANSFORMERS_OFFLINE"] == "1"
    assert Path(seen["HOME"]) == Path(seen["TMPDIR"]) == tmp_path / "scratch"
    assert not any(name.startswith("MALLOC") for name in seen)


def crew_at(root: Path, hosts: Hosts) -> Crew:
    setup = Setup(root / "scratch", (), "exiftool")
    return Crew(1, setup, hosts=hosts, handlers="planted", reading="planted")


def test_a_crew_routes_requests_to_engine_processes_and_leaves_these_when_it_rests(
    make: Make, tmp_path: Path
) -> None:
    with crew_at(tmp_path, make(ahead=5)) as crew:
        crew.submit(Identify(Path("plain"), 1), "media")
        submit(crew, ["text"])
        found = answers(crew, 2)
        assert found["media"].answer == asset_at(Path("plain"))
        assert_rendered(found["text"])
        assert (crew.count, crew.ahead, len(crew.pids)) == (1, 5, 2)
        assert crew.doing == ("cpu: waiting",)
        crew.rest()
        end = time.monotonic() + 10
        while len(crew.pids) > 1 and time.monotonic() < end:
            crew.poll(1.0)
        (engine,) = crew.pids
        assert not gone(engine, 0.1)
    assert gone(engine)


def test_a_crew_wakes_for_an_engine_process_that_dies(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stub(tmp_path, "sys.exit(9)"))
    with crew_at(tmp_path, make()) as crew:
        submit(crew, ["a"])
        assert failure_of(answers(crew, 1)["a"]).reason == "CRASHED"


def test_as_many_more_files_are_begun_as_engine_processes_take(make: Make, tmp_path: Path) -> None:
    with crew_at(tmp_path, make(ahead=3)) as crew:
        for number in range(6):
            asset = asset_at(Path(f"plain-{number}"))
            crew.submit(Observe(asset, Stamp("r", "2024"), 1), number)
        assert len(answers(crew, 4)) == 4
        assert crew.poll(0.3) == [], "more descriptions are begun than may be lost at once"
