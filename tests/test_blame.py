"""Whose fault it is that there is no answer: a server's, a file's, or who can mend it is told."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from caller import Caller
from scripted_server import Asked, Said, ScriptedServer, completed, honest, refused
from served import endpoint, number_of, pictures_in

from daemon.calling import routing
from daemon.wire import Consult, Consulted, Failure, Render, Rendered

Pictures = Callable[[int], Consult]


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "FIRST_REST_S", 0.02)


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return pictures_in(tmp_path)


def failures(caller: Caller, *numbers: int) -> list[Failure]:
    found = caller.wait(*numbers)
    assert all(isinstance(answer, Failure) for answer in found), found
    return [answer for answer in found if isinstance(answer, Failure)]


def all_answered(caller: Caller) -> bool:
    return all(isinstance(answer, Consulted) for answer in caller.wait())


@pytest.mark.parametrize(
    ("status", "told", "says"),
    [
        (401, "no such key", "401: no such key; set the right key"),
        (404, "model 'scripted' not found", "there is no model scripted but other; set one of"),
        (302, "", "redirects to ''"),
    ],
)
def test_what_somebody_has_to_mend_is_said_at_once(
    pictures: Pictures, status: int, told: str, says: str
) -> None:
    def script(asked: Asked) -> Said:
        if asked.path == "/v1/models":
            return Said(body=json.dumps({"data": [{"id": "other"}]}).encode())
        return refused(status, told)

    with ScriptedServer(script) as server, Caller(endpoint(server)) as caller:
        begun = time.monotonic()
        caller.ask(*map(pictures, range(3)))
        for failure in failures(caller):
            assert (failure.reason, failure.lasting) == (None, True)
            assert says in failure.detail
        assert time.monotonic() - begun < 5
        assert len(server.chats) <= 3


@pytest.mark.parametrize("status", [400, 413, 422, 500])
@pytest.mark.parametrize("numbers", [[0, 1, 2, 3], [1]], ids=["among others", "alone"])
def test_a_file_that_servers_refuse_is_to_blame_for_it_and_no_other(
    pictures: Pictures, status: int, numbers: list[int]
) -> None:
    def script(asked: Asked) -> Said:
        return refused(status, "cannot decode image") if number_of(asked) == 1 else honest(asked)

    with ScriptedServer(script) as server, Caller(endpoint(server, concurrency=2)) as caller:
        caller.ask(*map(pictures, numbers))
        for number, answer in zip(numbers, caller.wait(), strict=True):
            assert isinstance(answer, Failure if number == 1 else Consulted)
        (failure,) = failures(caller, numbers.index(1))
        assert failure.reason == "NO_ANSWER" and "cannot decode image" in failure.detail
        assert Counter(map(number_of, server.chats))[1] <= 4


@pytest.mark.parametrize(("status", "lasting"), [(400, True), (500, False)])
def test_a_server_that_refuses_everything_is_to_blame_itself(
    pictures: Pictures, status: int, lasting: bool
) -> None:
    with (
        ScriptedServer(lambda _: refused(status, "this model sees no images")) as server,
        Caller(endpoint(server)) as caller,
    ):
        caller.ask(pictures(0))
        (failure,) = failures(caller)
        assert (failure.reason, failure.lasting) == (None, lasting)
        assert f"{status}: this model sees no images" in failure.detail


def test_what_is_not_translated_costs_no_file_its_description(pictures: Pictures) -> None:
    def script(asked: Asked) -> Said:
        return refused(400, "against our policy") if "translate" in asked.text else honest(asked)

    with ScriptedServer(script) as server, Caller(endpoint(server)) as caller:
        asset = pictures(0).asset
        caller.ask(pictures(0), Render(asset, ("A red circle.", "Red."), {}, ("es",)))
        described, translated = caller.wait()
        assert isinstance(described, Consulted)
        assert translated == Rendered(({}, {}), {}, {})


def test_what_one_server_refuses_another_is_asked(pictures: Pictures) -> None:
    with (
        ScriptedServer(lambda _: refused(400, "context is too short")) as small,
        ScriptedServer() as large,
        Caller(endpoint(small, concurrency=1), endpoint(large, concurrency=1)) as caller,
    ):
        caller.ask(*map(pictures, range(6)))
        assert all_answered(caller)
        assert small.asked


@pytest.mark.parametrize("fails", ["500", "hangs"])
def test_no_file_is_to_blame_for_a_server_that_fails_at_all_beside_one_that_is_well(
    pictures: Pictures, fails: str
) -> None:
    said = refused(500, "CUDA error") if fails == "500" else Said(delay_s=0.2, closes=True)
    with (
        ScriptedServer(lambda _: said) as broken,
        ScriptedServer(lambda asked: replace(honest(asked), delay_s=0.15)) as well,
        Caller(
            endpoint(broken, concurrency=1, timeout_s=0.05), endpoint(well, concurrency=1)
        ) as caller,
    ):
        caller.ask(*map(pictures, range(5)))
        assert all_answered(caller)
        assert len(well.chats) == 5
        assert max(Counter(map(number_of, broken.chats)).values()) == 1


def test_a_file_that_one_server_refuses_is_judged_though_the_other_is_down(
    pictures: Pictures,
) -> None:
    with (
        ScriptedServer(lambda _: refused(400, "context is too short")) as small,
        ScriptedServer() as gone,
        Caller(endpoint(small), endpoint(gone), hold_s=0.1) as caller,
    ):
        gone.kill()
        caller.ask(pictures(0))
        (failure,) = failures(caller)
        assert (failure.reason, failure.lasting) == (None, True)


def test_a_file_that_is_too_slow_twice_is_to_blame(pictures: Pictures) -> None:
    def script(asked: Asked) -> Said:
        return Said(delay_s=0.5, closes=True) if number_of(asked) == 1 else honest(asked)

    with (
        ScriptedServer(script) as server,
        Caller(endpoint(server, concurrency=2, timeout_s=0.2)) as caller,
    ):
        caller.ask(*map(pictures, range(4)))
        (failure,) = failures(caller, 1)
        assert failure.reason == "NO_ANSWER" and "no answer within 0.2 s" in failure.detail
        assert Counter(map(number_of, server.asked))[1] == 2


def test_where_no_server_is_there_the_machine_is_at_fault_after_a_while(
    pictures: Pictures,
) -> None:
    with (
        ScriptedServer() as server,
        Caller(endpoint(server), endpoint(server), hold_s=0.2) as caller,
    ):
        server.kill()
        caller.ask(*map(pictures, range(5)))
        for failure in failures(caller):
            assert (failure.reason, failure.lasting) == (None, False)
            assert failure.detail.count(f"{server.url}: Connection refused") == 2
        server.start()
        caller.ask(pictures(7))
        assert isinstance(caller.wait(5)[0], Consulted)


def test_a_server_that_starts_while_it_is_waited_for_costs_nothing(pictures: Pictures) -> None:
    with ScriptedServer() as server, Caller(endpoint(server)) as caller:
        server.kill()
        caller.ask(*map(pictures, range(5)))
        until = time.monotonic() + 20
        while not any("Connection refused" in doing for doing in caller.doing):
            assert time.monotonic() < until
            time.sleep(0.01)
        server.start()
        assert all_answered(caller)


def test_a_busy_server_is_asked_again_when_it_said(pictures: Pictures) -> None:
    with ScriptedServer() as server:
        said = iter([refused(429, "slow down", **{"Retry-After": "0"}) for _ in range(3)])
        server.script = lambda asked: next(said, None) or honest(asked)
        with Caller(endpoint(server, concurrency=1), hold_s=0.1) as caller:
            caller.ask(*map(pictures, range(3)))
            assert all_answered(caller)
        assert len(server.asked) == 6


def test_one_that_is_broken_off_is_asked_once_more(pictures: Pictures) -> None:
    with ScriptedServer() as server:
        broken = iter([Said(200, b'{"choices": [{"mess'), Said(closes=True), Said(closes=True)])
        server.script = lambda asked: next(broken, None) or honest(asked)
        with Caller(endpoint(server, concurrency=1)) as caller:
            caller.ask(pictures(0))
            assert all_answered(caller)


def test_pictures_that_are_gone_are_made_again(pictures: Pictures) -> None:
    with ScriptedServer() as server, Caller(endpoint(server)) as caller:
        request = pictures(0)
        assert request.views
        request.views.path.write_bytes(b"half")
        caller.ask(request)
        (failure,) = failures(caller)
        assert (failure.reason, failure.lasting) == (None, False)
        assert "they are made again" in failure.detail
        assert server.asked == []


def test_empty_answers_are_answers(pictures: Pictures) -> None:
    with ScriptedServer(lambda _: completed("")) as server, Caller(endpoint(server)) as caller:
        caller.ask(pictures(0))
        (answer,) = caller.wait()
        assert isinstance(answer, Consulted)
        assert [(reply.text, reply.whole) for reply in answer.replies] == [("", True)] * 3


def test_servers_get_their_share_by_weight(pictures: Pictures) -> None:
    with (
        ScriptedServer() as large,
        ScriptedServer() as small,
        Caller(endpoint(large, weight=3, concurrency=8), endpoint(small, concurrency=8)) as caller,
    ):
        for number in range(40):  # one after the other: each could take them all
            caller.ask(pictures(number))
            caller.wait(number)
        assert (len(large.asked), len(small.asked)) == (30, 10)
