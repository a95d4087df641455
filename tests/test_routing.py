"""Which server is asked next and how long one rests, by a clock that is moved by hand."""

import pytest

from daemon.calling.routing import Routing
from daemon.calling.troubles import Broken, Busy, Closed, Late, Trouble, Unreachable
from daemon.endpoints import Endpoint


def places(*more: dict[str, object]) -> Routing:
    endpoints = [
        Endpoint(url=f"http://{name}", model="m", **keys)  # type: ignore[arg-type]
        for name, keys in zip("abcd", more, strict=False)
    ]
    return Routing(endpoints, lambda: 0.5)


def chosen(routing: Routing, now: float, count: int = 1) -> str:
    found = (routing.choose(now) for _ in range(count))
    return "".join(place.endpoint.url[-1] if place else "-" for place in found)


def test_a_server_that_fails_rests_ever_longer_and_is_tried_with_one_request() -> None:
    routing = places({"concurrency": 3})
    (only,) = routing.places
    now = 0.0
    for rest in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0):
        assert chosen(routing, now) == "a"
        told = routing.failed(only, Unreachable("refused"), now)
        assert bool(told) is (rest == 1.0), "it is told once"
        assert chosen(routing, now + rest - 0.01) == "-"
        now += rest
    assert chosen(routing, now, 3) == "a--"
    assert "answers again, after" in routing.answered(only, now)
    assert chosen(routing, now, 4) == "aaa-"


def test_failures_of_one_moment_count_once() -> None:
    routing = places({"concurrency": 3})
    (only,) = routing.places
    chosen(routing, 0.0, 3)
    for _ in range(3):
        routing.failed(only, Unreachable("refused"), 0.1)
    assert (only.strikes, only.busy) == (1, 0)
    assert only.rests_until == 1.1


@pytest.mark.parametrize(
    ("trouble", "rest"),
    [
        (Busy("429", 8.0), 9.0),
        (Busy("429", 0.0), 1.125),
        (Busy("429"), 2.0),
        (Closed("401"), 30.0),
        (Broken("500"), 1.0),
    ],
)
def test_how_long_a_server_rests_depends_on_its_trouble(trouble: Trouble, rest: float) -> None:
    routing = places({})
    chosen(routing, 0.0)
    routing.failed(routing.places[0], trouble, 0.0)
    assert routing.moment == rest


def test_the_others_go_on_and_the_one_that_rested_is_tried_in_time() -> None:
    routing = places({"concurrency": 9}, {"concurrency": 9})
    first, second = routing.places
    assert chosen(routing, 0.0, 3) == "aba"
    assert "the others go on" in routing.failed(first, Unreachable("refused"), 0.0)
    assert chosen(routing, 0.5, 3) == "bbb"
    assert chosen(routing, 1.0, 1) == "b", "one that it had before is still in hand"
    routing.failed(first, Unreachable("refused"), 0.6)
    assert chosen(routing, 1.0, 3) == "abb"
    assert "tried again from time" in routing.failed(second, Unreachable("x"), 1.0)


def test_jitter_keeps_clients_apart() -> None:
    rests = set()
    for random in (0.0, 0.5, 1.0):
        routing = Routing([Endpoint(url="http://a", model="m")], lambda r=random: r)  # type: ignore[misc]
        chosen(routing, 0.0)
        routing.failed(routing.places[0], Unreachable("x"), 0.0)
        rests.add(routing.moment)
    assert rests == {0.75, 1.0, 1.25}


def test_all_have_to_be_waited_for_before_it_is_given_up() -> None:
    routing = places({}, {})
    first, second = routing.places
    assert not routing.given_up(0.0, (), 99.0, 15.0)
    routing.choose(0.0), routing.choose(0.0)
    routing.failed(first, Unreachable("x"), 0.0)
    assert not routing.given_up(0.0, (), 99.0, 15.0)
    assert not routing.given_up(0.0, (first,), 99.0, 15.0)
    assert routing.given_up(0.0, (second,), 99.0, 15.0)
    routing.failed(second, Late("x"), 10.0)
    assert not routing.given_up(0.0, (), 24.9, 15.0)
    assert routing.given_up(0.0, (), 25.0, 15.0)
    assert not routing.given_up(20.0, (), 25.0, 15.0), "what came later waits as long"


def test_a_slow_server_that_failed_once_is_waited_for_while_it_has_others_in_hand() -> None:
    for trouble, waits in ((Broken("500"), True), (Late("x"), True), (Unreachable("x"), False)):
        routing = places({"concurrency": 3})
        (only,) = routing.places
        chosen(routing, 0.0, 3)
        routing.failed(only, trouble, 1.0)
        assert routing.given_up(0.0, (), 100.0, 15.0) is not waits
        routing.failed(only, trouble, 100.0)
        assert routing.given_up(0.0, (), 100.0, 15.0) is not waits
        routing.failed(only, trouble, 101.0)
        assert routing.given_up(0.0, (), 101.0, 15.0), "it has none any more"


def test_a_busy_server_is_waited_for_longer_and_a_closed_one_not_at_all() -> None:
    busy, closed = places({}), places({})
    for routing, trouble in ((busy, Busy("429")), (closed, Closed("401"))):
        chosen(routing, 0.0)
        routing.failed(routing.places[0], trouble, 5.0)
    assert not busy.given_up(0.0, (), 100.0, 15.0)
    assert busy.given_up(0.0, (), 305.0, 15.0)
    assert closed.given_up(0.0, (), 5.0, 15.0)
    assert not closed.given_up(6.0, (), 7.0, 15.0)
    assert closed.given_up(6.0, (), 21.0, 15.0)


def test_a_first_failure_that_may_be_due_to_a_file_is_not_told() -> None:
    routing = places({})
    (only,) = routing.places
    chosen(routing, 0.0)
    assert routing.failed(only, Broken("500"), 0.0) == ""
    chosen(routing, 1.0)
    assert "500" in routing.failed(only, Broken("500"), 1.0)
