"""The process that calls servers, as the daemon uses it: order, bounds, a death in the middle."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from planted import asset_at
from scripted_server import CAPTION, Said, ScriptedServer, honest
from served import endpoint, number_of, pictures_in

from daemon.endpoints import Endpoint
from daemon.wire import CallSetup, Consult, Consulted, Identify, Render, Rendered, Setup
from daemon.workers import Crew, Finished, Hosts
from daemon.workers.program import calling_process

Make = Callable[..., Hosts]
Pictures = Callable[[int], Consult]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Hosts] = []

    def made_for(*endpoints: Endpoint) -> Hosts:
        setup = CallSetup(tmp_path, endpoints)
        made.append(Hosts((calling_process(setup),), ahead=64))
        return made[-1]

    yield made_for
    for hosts in made:
        hosts.__exit__()


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return pictures_in(tmp_path)


def answers(hosts: Hosts, count: int, seconds: float = 20.0) -> dict[object, Finished]:
    found: dict[object, Finished] = {}
    until = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < until, f"only {sorted(map(str, found))} of {count}: {hosts.doing}"
        for item in hosts.poll(1.0):
            assert item.token not in found, f"{item.token} was answered twice"
            found[item.token] = item
    return found


def slowly(server: ScriptedServer, seconds: float) -> None:
    server.script = lambda asked: Said(body=honest(asked).body, delay_s=seconds)


def test_requests_go_out_oldest_first_and_no_more_at_once_than_a_server_takes(
    make: Make, pictures: Pictures
) -> None:
    with ScriptedServer() as server:
        slowly(server, 0.02)
        hosts = make(endpoint(server, concurrency=3))
        for number in range(12):
            hosts.submit(pictures(number), number)
        found = answers(hosts, 12)
        assert server.most_at_once == 3
        order = [number_of(asked) for asked in server.asked]
        # three threads send at once, in whatever order they wake up
        assert all(abs(place - number) <= 3 for place, number in enumerate(order)), order
    assert all(len(asked.pictures) == 1 for asked in server.asked)
    for item in found.values():
        assert isinstance(item.answer, Consulted), item
        assert item.answer.replies[0].text == CAPTION
        assert (item.answer.model, item.answer.tokens and item.answer.tokens.prompt) == (
            "scripted", 120,
        )  # fmt: skip
        assert set(item.answer.seconds) == {"generate"}


def test_what_ends_work_in_flight_goes_first(make: Make, pictures: Pictures) -> None:
    with ScriptedServer() as server:
        slowly(server, 0.1)
        hosts = make(endpoint(server, concurrency=1))
        hosts.submit(pictures(0), 0)
        while not server.asked:
            hosts.poll(0.01)
        for number in range(1, 4):
            hosts.submit(pictures(number), number)
        texts = ("A red circle lies on white.",)
        hosts.submit(Render(asset_at(Path("/hot/r.jpg")), texts, {"red": ("es",)}, ("es",)), "r")
        found = answers(hosts, 5)
        assert [number_of(asked) for asked in server.asked] == [0, -1, 1, 2, 3]
    answer = found["r"].answer
    assert isinstance(answer, Rendered)
    assert answer.words == {"red": {"es": "Traducido red"}}


def test_the_death_of_one_of_two_servers_is_seen_by_nobody_and_so_is_its_return(
    make: Make, pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedServer() as first, ScriptedServer() as second:
        slowly(first, 0.05)
        slowly(second, 0.05)
        hosts = make(endpoint(first, concurrency=2), endpoint(second, concurrency=2))
        for number in range(40):
            hosts.submit(pictures(number), number)
        found: dict[object, Finished] = {}
        while len(found) < 10:
            found |= {item.token: item for item in hosts.poll(0.1)}
        before = len(second.asked)
        first.kill()
        while len(found) < 20:
            found |= {item.token: item for item in hosts.poll(0.1)}
        seen, asked, until = len(first.asked), 40, time.monotonic() + 20
        first.start()
        while len(first.asked) == seen:
            assert time.monotonic() < until, "its return was not noticed"
            if len(found) > asked - 8:
                hosts.submit(pictures(asked), asked)
                asked += 1
            found |= {item.token: item for item in hosts.poll(0.1)}
        found |= answers(hosts, asked - len(found))
        assert set(found) == set(range(asked))
        assert all(isinstance(item.answer, Consulted) for item in found.values())
        # what it had in hand was asked again before anything newer, and nothing was asked thrice
        order = [number_of(asked) for asked in second.asked[before:]]
        assert all(abs(a - b) <= 4 for a, b in zip(order, sorted(order), strict=True)), order
        times = Counter(number_of(asked) for asked in (*first.asked, *second.asked))
        assert max(times.values()) <= 2 and sum(times.values()) <= asked + 4
    said = " ".join(record.message for record in caplog.records)
    assert f"{first.url}: " in said and "the others go on" in said
    assert f"{first.url} answers again, after" in said


def test_a_crew_sends_to_servers_what_is_theirs_and_the_rest_elsewhere(
    pictures: Pictures, tmp_path: Path
) -> None:
    with ScriptedServer() as server:
        setup = CallSetup(tmp_path, (endpoint(server),))
        servers = Hosts((calling_process(setup),), ahead=8)
        media = Setup(tmp_path, (), "exiftool")
        with Crew(1, media, servers=servers, served=(Consult,), handlers="planted") as crew:
            assert (crew.ahead, crew.count, crew.doing) == (8, 1, ())
            crew.submit(pictures(0), "served")
            crew.submit(Identify(Path("plain"), 1), "here")
            crew.submit(Render(asset_at(Path("/r.jpg")), ("Red.",), {}, ("es",)), "nobody")
            found: dict[object, Finished] = {}
            until = time.monotonic() + 20
            while len(found) < 2:
                assert time.monotonic() < until
                found |= {item.token: item for item in crew.poll(5.0)}
            assert isinstance(found["served"].answer, Consulted)
            assert found["here"].answer == asset_at(Path("plain"))
            assert crew.doing == ("servers: waiting",)
            assert len(crew.pids) == 2
        assert server.chats and all("translate" not in asked.text for asked in server.chats)
