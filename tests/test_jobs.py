"""The queue: one live job per asset, attempts counted before work, newest files first."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.jobs import BACKLOG_EVERY, MOST_ATTEMPTS, JobQueue, Wish
from metadata.database import Database, open_writable
from metadata.reasons import Reason, State
from metadata.schema import STATE


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_writable(tmp_path / "state.db", STATE) as opened:
        yield opened


@pytest.fixture
def queue(database: Database) -> JobQueue:
    return JobQueue(database.connection)


def put(queue: JobQueue, *names: str, fresh: bool = False, now: float = 1.0) -> None:
    queue.enqueue([Path("/in") / n for n in names], Wish.DESCRIBE, fresh, now)


def claimed(queue: JobQueue, now: float = 100.0) -> str | None:
    job = queue.claim(now)
    return job.path.name if job else None


def test_one_live_job_per_asset(queue: JobQueue) -> None:
    put(queue, "a", "a", "a")
    put(queue, "a", fresh=True)

    assert claimed(queue) == "a"
    assert claimed(queue) is None


def test_new_files_go_before_the_backlog_and_starve_it_not(queue: JobQueue) -> None:
    put(queue, *(f"old{n}" for n in range(3)), now=1.0)
    put(queue, *(f"new{n:02}" for n in range(20)), fresh=True, now=2.0)

    order = [claimed(queue) for _ in range(BACKLOG_EVERY + 1)]

    assert order[: BACKLOG_EVERY - 1] == [f"new{n:02}" for n in range(BACKLOG_EVERY - 1)]
    assert order[BACKLOG_EVERY - 1] == "old0"


def test_M6_one_new_file_is_next_after_a_long_backlog(queue: JobQueue) -> None:
    put(queue, *(f"{n:06}" for n in range(5000)))
    put(queue, "new", fresh=True, now=2.0)

    assert "new" in (claimed(queue), claimed(queue))


def test_the_attempt_is_counted_before_work_and_survives_a_kill(
    queue: JobQueue, database: Database
) -> None:
    put(queue, "a")
    queue.claim(1.0)

    after_restart = JobQueue(database.connection)
    assert after_restart.recover() == 1
    job = after_restart.claim(2.0)

    assert job is not None
    assert job.attempts == 2


def test_H5_the_third_crash_quarantines_and_not_the_second(queue: JobQueue) -> None:
    put(queue, "a")
    states = []
    for _ in range(MOST_ATTEMPTS):
        job = queue.claim(1.0)
        assert job is not None
        states.append(queue.fail(job, Reason.CRASHED, "SIGSEGV", 1.0))

    assert states == [State.PENDING, State.PENDING, State.QUARANTINED]
    assert queue.claim(2.0) is None
    error = queue.get(Path("/in/a")).error  # type: ignore[union-attr]
    assert error is not None
    assert "SIGSEGV" in error["message"]
    assert "retry" in error["hint"]


def test_an_outage_spends_no_attempt_and_waits(queue: JobQueue) -> None:
    put(queue, "a")
    queue.claim(1.0)
    queue.put_back(Path("/in/a"), Reason.ENGINE_DOWN, "no GPU", 50.0)

    assert queue.claim(49.0) is None
    assert queue.waiting_until() == 50.0
    job = queue.claim(50.0)
    assert job is not None
    assert job.attempts == 1


def test_a_running_job_is_left_alone(queue: JobQueue) -> None:
    put(queue, "a")
    queue.claim(1.0)
    put(queue, "a", fresh=True)

    assert queue.get(Path("/in/a")).state is State.RUNNING  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("waiting", "coming", "stays"),
    [
        (Wish.DESCRIBE, Wish.REFRESH, Wish.DESCRIBE),
        (Wish.REFRESH, Wish.DESCRIBE, Wish.DESCRIBE),
        (Wish.DESCRIBE, Wish.REDO, Wish.REDO),
        (Wish.REDO, Wish.REFRESH, Wish.REDO),
        (Wish.REFRESH, Wish.REDO, Wish.REDO),
        (Wish.REFRESH, Wish.WRITE, Wish.WRITE),
        (Wish.WRITE, Wish.REFRESH, Wish.WRITE),
        (Wish.WRITE, Wish.DESCRIBE, Wish.DESCRIBE),
        (Wish.DESCRIBE, Wish.WRITE, Wish.DESCRIBE),
        (Wish.REDO, Wish.WRITE, Wish.REDO),
    ],
)
def test_the_stronger_wish_stays(queue: JobQueue, waiting: Wish, coming: Wish, stays: Wish) -> None:
    path = Path("/in/a")
    queue.enqueue([path], waiting, False, 1.0)
    queue.enqueue([path], coming, False, 2.0)

    assert queue.get(path).wish is stays  # type: ignore[union-attr]


def test_a_done_job_that_is_wished_again_starts_anew(queue: JobQueue) -> None:
    put(queue, "a")
    queue.claim(1.0)
    queue.finish(Path("/in/a"), 2.0)
    queue.enqueue([Path("/in/a")], Wish.REFRESH, True, 3.0)

    job = queue.claim(4.0)
    assert job is not None
    assert (job.wish, job.attempts) == (Wish.REFRESH, 1)


def test_what_may_mend_by_itself_is_revived(queue: JobQueue) -> None:
    put(queue, "a", "b")
    for reason in (Reason.READ_ONLY, Reason.DAMAGED):
        job = queue.claim(1.0)
        assert job is not None
        queue.fail(job, reason, "", 1.0)

    assert queue.revive((Reason.READ_ONLY, Reason.NO_PERMISSION), 2.0) == 1
    assert queue.counts()[State.PENDING] == 1


def test_retry_takes_failed_ones_only(queue: JobQueue) -> None:
    put(queue, "a", "b")
    job = queue.claim(1.0)
    assert job is not None
    queue.fail(job, Reason.DAMAGED, "", 1.0)

    assert queue.retry([Path("/in/a"), Path("/in/b")], 2.0) == [Path("/in/a")]
    assert queue.retry(None, 2.0) == []
    assert queue.get(Path("/in/a")).attempts == 0  # type: ignore[union-attr]


def test_H9_a_name_that_is_no_text_is_a_name_like_any_other(queue: JobQueue) -> None:
    path = Path(os.fsdecode(b"/in/\xff\n'\x80.jpg"))
    queue.enqueue([path], Wish.DESCRIBE, True, 1.0)

    job = queue.claim(1.0)

    assert job is not None
    assert job.path == path
    assert [j.path for j in queue.all(State.RUNNING)] == [path]
