"""JobQueue: the durable wish to describe each asset; one live job per asset, newest files first.

Every method is one or more statements on the daemon's own connection; the caller holds the
transaction, so that what one turn of the loop does becomes durable together.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from metadata.reasons import Reason, State
from metadata.shape import told

MOST_ATTEMPTS = 3
# Every so many claims the oldest job goes first, so that a stream of new files starves no backlog.
BACKLOG_EVERY = 8


class Wish(StrEnum):
    """What a job is to bring about: WRITE is to write again what was said before, by no model."""

    DESCRIBE = "describe"
    REFRESH = "refresh"
    REDO = "redo"
    WRITE = "write"


# From the weakest wish to the strongest: none of these words is a part of another.
_RANKS = "refresh write describe redo"


@dataclass(frozen=True, slots=True)
class Job:
    """One asset's job as it stands; *attempts* counts those that were begun."""

    path: Path
    state: State
    wish: Wish
    fresh: bool
    attempts: int
    reason: Reason | None
    detail: str
    changed_at: float

    @property
    def error(self) -> dict[str, str] | None:
        """Say why the job is not done, as JSON shows it."""
        return told(self.reason, self.detail) if self.reason else None


_COLUMNS = "path, state, wish, fresh, attempts, reason, detail, changed_at"


class JobQueue:
    """The jobs table of state.db."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._claims = 0

    def enqueue(self, paths: Iterable[Path], wish: Wish, fresh: bool, now: float) -> int:
        """Wish something for each of *paths*; a stronger wish that is waiting stays.

        A job that is running is left alone: the pipeline looks at its file again afterwards.
        """
        rows = [(os.fsencode(path), wish, int(fresh), now, now) for path in paths]
        before = self._db.total_changes
        self._db.executemany(
            f"""insert into jobs (path, state, wish, fresh, attempts, created_at, changed_at)
            values (?, 'pending', ?, ?, 0, ?, ?)
            on conflict (path) do update set
                wish = case when state = 'pending'
                       and instr('{_RANKS}', wish) > instr('{_RANKS}', excluded.wish)
                       then wish else excluded.wish end,
                fresh = max(excluded.fresh, case state when 'pending' then fresh else 0 end),
                created_at = case state when 'pending' then created_at
                             else excluded.created_at end,
                attempts = case state when 'pending' then attempts else 0 end,
                reason = null, detail = '', not_before = 0,
                state = 'pending', changed_at = excluded.changed_at
            where state <> 'running'""",
            rows,
        )
        return self._db.total_changes - before

    def claim(self, now: float) -> Job | None:
        """Take the next job that may start, and count the attempt before any work is done."""
        self._claims += 1
        order = "created_at" if self._claims % BACKLOG_EVERY == 0 else "fresh desc, created_at"
        row = self._db.execute(
            f"""update jobs set state = 'running', attempts = attempts + 1, changed_at = ?
            where path = (select path from jobs where state = 'pending' and not_before <= ?
                          order by {order} limit 1)
            returning {_COLUMNS}""",
            (now, now),
        ).fetchall()
        return _job(row[0]) if row else None

    def finish(self, path: Path, now: float) -> None:
        """Mark a job as done."""
        self._set(path, State.DONE, None, "", now)

    def fail(self, job: Job, reason: Reason, detail: str, now: float) -> State:
        """End a job with a reason, or put it back; gives the state that it has now.

        A reason that quarantines does so at the third attempt only; one that is nobody's fault
        spends no attempt.
        """
        state = reason.state
        if state is State.QUARANTINED and job.attempts < MOST_ATTEMPTS:
            state = State.PENDING
        self._set(job.path, state, reason, detail, now)
        return state

    def put_back(self, path: Path, reason: Reason | None, detail: str, until: float) -> None:
        """Return a running job to pending without spending the attempt, until the time *until*."""
        self._db.execute(
            """update jobs set state = 'pending', attempts = max(attempts - 1, 0), reason = ?,
            detail = ?, not_before = ? where path = ?""",
            (reason and reason.name, detail, until, os.fsencode(path)),
        )

    def recover(self) -> int:
        """Make every job that was running pending again: the process that ran it is gone.

        What it wanted to wait for is looked at anew, too. Gives how many were running.
        """
        self._db.execute("update jobs set not_before = 0 where state = 'pending'")
        found = self._db.execute("update jobs set state = 'pending' where state = 'running'")
        return found.rowcount

    def revive(self, reasons: Iterable[Reason], now: float) -> int:
        """Try again what failed for reasons that may have gone away by themselves."""
        names = [reason.name for reason in reasons]
        marks = ", ".join("?" * len(names))
        found = self._db.execute(
            f"""update jobs set state = 'pending', attempts = 0, not_before = 0, changed_at = ?
            where state in ('failed', 'offline') and reason in ({marks})""",
            (now, *names),
        )
        return found.rowcount

    def retry(self, paths: Iterable[Path] | None, now: float) -> list[Path]:
        """Make failed jobs pending with all attempts, those of *paths* or all; gives which."""
        failed = [
            job.path
            for job in self.all()
            if job.state in (State.FAILED, State.QUARANTINED, State.INCOMPLETE, State.OFFLINE)
        ]
        wanted = failed if paths is None else [p for p in failed if p in set(paths)]
        self._db.executemany(
            """update jobs set state = 'pending', attempts = 0, reason = null, detail = '',
            not_before = 0, fresh = 1, changed_at = ? where path = ?""",
            [(now, os.fsencode(path)) for path in wanted],
        )
        return wanted

    def declare(self, path: Path, reason: Reason | None, now: float) -> None:
        """Set a job's state outright: that which *reason* leads to, or done without one."""
        self._db.execute(
            """insert into jobs (path, state, wish, fresh, attempts, created_at, changed_at)
            values (?, 'pending', 'describe', 0, 0, ?, ?) on conflict (path) do nothing""",
            (os.fsencode(path), now, now),
        )
        self._set(path, reason.state if reason else State.DONE, reason, "", now)

    def forget(self, paths: Iterable[Path]) -> None:
        """Drop the jobs of files that are gone."""
        rows = [(os.fsencode(path),) for path in paths]
        self._db.executemany("delete from jobs where path = ?", rows)

    def get(self, path: Path) -> Job | None:
        """Look up the job of one asset."""
        row = self._db.execute(
            f"select {_COLUMNS} from jobs where path = ?", (os.fsencode(path),)
        ).fetchone()
        return _job(row) if row else None

    def all(self, state: State | None = None) -> Iterator[Job]:
        """List the jobs, those of one state or all, last changed first."""
        rows = self._db.execute(
            f"select {_COLUMNS} from jobs where state = coalesce(?, state) "
            "order by changed_at desc, path",
            (state,),
        )
        return map(_job, rows)

    def counts(self) -> dict[State, int]:
        """Count the jobs of each state."""
        counted = dict(self._db.execute("select state, count(*) from jobs group by state"))
        return {state: counted.get(state, 0) for state in State}

    def waiting_until(self) -> float | None:
        """Tell when the next pending job may start; None when nothing is pending."""
        row = self._db.execute("select min(not_before) from jobs where state = 'pending'")
        return row.fetchone()[0]  # type: ignore[no-any-return]

    def any_waits_for(self, reason: Reason) -> bool:
        """Tell whether a pending job waits for *reason* to go away."""
        row = self._db.execute(
            "select 1 from jobs where state = 'pending' and reason = ? limit 1", (reason.name,)
        )
        return row.fetchone() is not None

    def _set(
        self, path: Path, state: State, reason: Reason | None, detail: str, now: float
    ) -> None:
        self._db.execute(
            """update jobs set state = ?, reason = ?, detail = ?, fresh = 0, changed_at = ?
            where path = ?""",
            (state, reason and reason.name, detail, now, os.fsencode(path)),
        )


def _job(row: tuple[bytes, str, str, int, int, str | None, str, float]) -> Job:
    path, state, wish, fresh, attempts, reason, detail, changed_at = row
    return Job(
        Path(os.fsdecode(path)),
        State(state),
        Wish(wish),
        bool(fresh),
        attempts,
        Reason[reason] if reason else None,
        detail or "",
        changed_at,
    )
