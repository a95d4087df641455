"""The pipeline while the engine is down: nothing is lost, and one file tries again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.engines import EngineError
from daemon.engines.choice import Choice
from daemon.jobs import Job, Wish
from daemon.journey import Journey
from daemon.pipeline import PAUSE_S, Pipeline
from daemon.stores import Stores
from daemon.wire import Consult, Failure, Identify, Observe, Prepare
from daemon.workers import Finished
from metadata.change import Ours, Rules
from metadata.description import Description, Stamp
from metadata.reasons import Reason, State
from tests.test_journey import asset

FILES = 6
CHOICE = Choice("builtin", "builtin@0", (), (), "asked for")
STAMP = Stamp("run", "2026-01-01T00:00:00+00:00")


class Hands:
    """A crew that keeps what it is given until the test answers."""

    count, ahead = 2, 8

    def __init__(self) -> None:
        self.given: list[tuple[Any, Any]] = []

    def submit(self, request: Any, token: Any) -> None:
        self.given.append((request, token))

    def supply(self) -> None:
        """Hand out nothing: the test does."""

    def release(self, token: Any) -> None:
        """Hold nothing."""


class Day:
    """A clock that the test turns, and a pipeline over *folder*'s files that goes by it."""

    def __init__(self, folder: Path, stores: Stores) -> None:
        self.now = 1000.0
        self.hands = Hands()
        self.stores = stores
        paths = [folder / f"{number}.jpg" for number in range(FILES)]
        for path in paths:
            path.write_bytes(b"picture")
        with stores.turn():
            stores.queue.enqueue(paths, Wish.DESCRIBE, True, self.now)
        self.pipeline = Pipeline(stores, self.hands, way, lambda _: False, lambda: self.now)  # type: ignore[arg-type]

    def answer(self, *kinds: type, give: object) -> list[Any]:
        """Answer all requests of *kinds*, and tell which journeys ended."""
        mine = [each for each in self.hands.given if isinstance(each[0], kinds)]
        self.hands.given = [each for each in self.hands.given if each not in mine]
        finished = [Finished(token, request, give, 0.0) for request, token in mine]  # type: ignore[arg-type]
        return self.pipeline.turn(finished)

    def asked(self, kind: type) -> int:
        """Count the requests of *kind* that wait for an answer."""
        return sum(isinstance(request, kind) for request, _ in self.hands.given)


def way(job: Job) -> Journey:
    one = asset(job.path)
    yield Identify(job.path, 100)
    yield Observe(one, STAMP, 100)
    yield Consult(one, None, ())
    yield Prepare(one, Description(), Rules(), Ours())
    return None


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Stores.open(tmp_path, CHOICE, ()) as stores:
        yield Day(tmp_path, stores)


DOWN = Failure(None, "no server answers")


def until_consulted(day: Day) -> None:
    day.pipeline.turn([])
    for kind in (Identify, Observe):
        day.answer(kind, give=object())


def test_an_engine_that_is_down_spends_no_attempt_and_pauses_all(day: Day) -> None:
    until_consulted(day)
    assert day.asked(Consult) == FILES
    ended = day.answer(Consult, give=DOWN)
    assert {outcome.state for outcome in ended} == {State.PENDING}
    assert all("no server answers" in outcome.why for outcome in ended)
    assert day.pipeline.paused == Reason.ENGINE_DOWN.message
    assert day.asked(Identify) == 0
    assert {job.attempts for job in day.stores.queue.all()} == {0}


def test_after_the_pause_one_file_tries_and_when_it_works_all_go_on(day: Day) -> None:
    until_consulted(day)
    day.answer(Consult, give=DOWN)
    day.now += PAUSE_S[Reason.ENGINE_DOWN]
    until_consulted(day)
    assert day.asked(Consult) == 1, "no six pictures are decoded to find out"
    day.answer(Consult, give=DOWN)
    day.now += PAUSE_S[Reason.ENGINE_DOWN]
    until_consulted(day)
    assert day.asked(Consult) == 1
    day.answer(Consult, give=object())
    assert day.asked(Prepare) == 1
    day.pipeline.turn([])
    assert day.asked(Identify) == FILES - 1


def test_an_error_raised_by_a_way_itself_waits_as_well(tmp_path: Path, day: Day) -> None:
    def broken(job: Job) -> Journey:
        yield Identify(job.path, 100)
        raise EngineError("full")

    day.pipeline = Pipeline(day.stores, day.hands, broken, lambda _: False, lambda: day.now)  # type: ignore[arg-type]
    day.pipeline.turn([])
    ended = day.answer(Identify, give=object())
    assert {outcome.reason for outcome in ended} == {Reason.ENGINE_DOWN}


def test_a_stop_leaves_no_job_running_and_spends_no_attempt(day: Day) -> None:
    until_consulted(day)
    assert {job.attempts for job in day.stores.queue.all()} == {1}
    day.pipeline.leave()
    assert {(job.state, job.attempts) for job in day.stores.queue.all()} == {(State.PENDING, 0)}


def test_a_file_under_way_while_keywords_are_renamed_is_written_once_more(day: Day) -> None:
    until_consulted(day)
    day.pipeline.look_again(next(day.stores.queue.all()).path)
    day.pipeline.write_again()
    day.answer(Consult, give=object())
    ended = day.answer(Prepare, give=object())
    assert len(ended) == day.asked(Identify) == FILES
    assert not any(outcome.final for outcome in ended)
    assert {job.wish for job in day.stores.queue.all()} == {Wish.WRITE}


def test_a_file_that_is_only_read_while_it_is_to_be_described_again_is_described(day: Day) -> None:
    paths = [job.path for job in day.stores.queue.all()]
    with day.stores.turn():
        day.stores.queue.forget(paths)
        day.stores.queue.enqueue(paths, Wish.REFRESH, True, day.now)
    until_consulted(day)
    day.pipeline.redo_again(paths)
    day.pipeline.look_again(paths[0])
    day.pipeline.write_again()
    day.answer(Consult, give=object())
    ended = day.answer(Prepare, give=object())
    assert not any(outcome.final for outcome in ended)
    assert {job.wish for job in day.stores.queue.all()} == {Wish.REDO}
    day.pipeline.redo_again(paths)
    for kind in (Identify, Observe, Consult, Prepare):
        ended = day.answer(kind, give=object())
    assert all(outcome.final for outcome in ended)
