"""One engine process as its parent sees it, and the requests that it has in hand.

It must know neither torch nor models nor servers, and not what other processes do.
"""

import time
from dataclasses import dataclass
from selectors import BaseSelector

import msgspec

from daemon.framing import pack, unpack
from daemon.wire import Failure, Modelled, Numbered, Ready, Told
from daemon.workers.answers import Answered, take_answer
from daemon.workers.child import REAP_S, Child
from daemon.workers.line import Task
from daemon.workers.patience import Pause
from daemon.workers.pool import FOREVER, Finished
from daemon.workers.program import Program
from daemon.workers.stderr import Ration
from metadata.reasons import Reason

# Torch, its libraries and the device's driver, all from a cold disk.
START_S = 300.0
# To take leave of a device takes longer than to end a media worker.
GRACE_S = 10.0
PATIENCE_S = Told(None).patience_s
LONGEST_PATIENCE_S = 3600.0
LOOK_AGAIN_S = 0.5
# A device that is full or broken may be well again after a while.
AILS_S = 300.0
LONGEST_DOING = 200


@dataclass(frozen=True, slots=True)
class Loss:
    """How an engine process was lost, whether it had *started*, and what it had in hand.

    *guilty* tells that this was one suspect alone.
    """

    reason: Reason
    why: str
    started: bool
    unanswered: tuple[Task, ...]
    guilty: bool


class Host:
    """One place of work, such as a device, and at most one process of *program* for it.

    While it *examines*, it has one request in hand, which is suspected of having ended another.
    """

    def __init__(self, program: Program, idle_unload_s: float, selector: BaseSelector) -> None:
        self.name = program.name
        self.place = program.place
        self.doing = ""
        self.examines = False
        self.pause = Pause()
        self._program = program
        self._idle_unload_s = idle_unload_s
        self._selector = selector
        self._ration = Ration(name=program.name)
        self._child: Child | None = None
        self._undead: Child | None = None
        self._ready = False
        self._hand: dict[int, tuple[Task, float]] = {}
        self._since = self._due = FOREVER
        self._ails_until = 0.0
        self._finished: list[tuple[Task, Finished]] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """List its process, if there is one."""
        return (self._child.pid,) if self._child else ()

    @property
    def busy(self) -> int:
        """Count the requests in hand."""
        return len(self._hand)

    @property
    def remains(self) -> bool:
        """Tell whether there is a process that works, or will once it has started."""
        return self._child is not None and not self._child.leaving

    @property
    def takes(self) -> bool:
        """Tell whether it can be handed another request."""
        return self._ready and self.remains and not self.examines

    @property
    def ails(self) -> bool:
        """Tell whether the device was at fault not long ago, and has answered nothing since."""
        return time.monotonic() < self._ails_until

    @property
    def may_start(self) -> bool:
        """Tell whether a process may be started now: the last one has freed the device's memory."""
        return self._child is None and self._undead is None and self.pause.over

    def next_moment(self, wanted: bool) -> float:
        """Give the moment by which it needs attention; also to be started when it is *wanted*."""
        if self._child:
            return self._due
        if self._undead:
            return time.monotonic() + LOOK_AGAIN_S
        return self.pause.until if wanted else FOREVER

    def start(self) -> Loss | None:
        """Start its process; tells why where not even that is possible."""
        self._since = time.monotonic()
        self._due, self._ready = self._since + START_S, False
        try:
            self._child = Child(self._program, self._selector, self._ration)
        except OSError as error:
            return self._lost(Reason.CRASHED, str(error))
        self.doing = "starting"
        return None

    def ask(self, task: Task, suspected: bool) -> bool:
        """Hand it *task*; False when its process has gone, which attend tells more of."""
        assert self._child is not None and isinstance(task.request, Modelled)
        now = time.monotonic()
        if not self._child.send(pack(Numbered(task.number, task.request))):
            self._hang_up(now)
            return False
        if not self._hand:
            self._since, self._due = now, now + PATIENCE_S
        self._hand[task.number] = (task, now)
        self.examines = suspected
        return True

    def attend(self, now: float) -> Loss | None:
        """Take in what it says; tells when it was lost."""
        if self._child is None:
            return self._look_at_undead(now)
        try:
            for frame in self._child.frames():
                self._take_in(frame, now)
        except (ValueError, msgspec.DecodeError) as error:
            return self._lost(Reason.CRASHED, f"it sent what is no answer: {error}")
        if self._child.closed:
            return self._lost(Reason.CRASHED, "it closed its pipe")
        return self._overdue(now) if now >= self._due else None

    def take_finished(self) -> list[tuple[Task, Finished]]:
        """Take the requests that were answered, each with its answer."""
        finished, self._finished = self._finished, []
        return finished

    def hang_up(self) -> None:
        """Let it end after what it has in hand."""
        if self._child:
            self._hang_up(time.monotonic())

    def end(self) -> None:
        """End it now."""
        if self._child:
            self._child.bury()
        if self._undead:
            self._undead.reaped(REAP_S)
        self._child = self._undead = None

    def _hang_up(self, now: float) -> None:
        assert self._child is not None
        self._child.hang_up()
        self._due = now + GRACE_S

    def _overdue(self, now: float) -> Loss | None:
        """End what hangs; a process that has had nothing to do for long is let go."""
        assert self._child is not None
        silent = now - self._since
        if not self._ready:
            return self._lost(Reason.TIMED_OUT, f"not ready after {silent:.0f} s")
        if self._hand:
            return self._lost(Reason.TIMED_OUT, f"silent for {silent:.0f} s while {self.doing}")
        if self._child.leaving:
            return self._lost(Reason.TIMED_OUT, "it did not end")
        self._hang_up(now)
        return None

    def _take_in(self, frame: bytes, now: float) -> None:
        self._since = now
        if not self._ready:
            unpack(frame, Ready)
            self._ready = True
            self._rest(now)
            return
        told = unpack(frame, Told)
        if not 0 < told.patience_s <= LONGEST_PATIENCE_S:
            raise ValueError(f"a patience of {told.patience_s} s")
        self.doing = _in_one_line(told.doing) or self.doing
        if told.number is not None:
            self._finish(told.number, told, now)
        if self._hand:
            self._due = now + told.patience_s
        elif told.number is not None:
            self._rest(now)

    def _finish(self, number: int, told: Told, now: float) -> None:
        if number not in self._hand or told.answer is None:
            raise ValueError(f"no answer to any question: {number}")
        task, since = self._hand[number]
        answer: Answered | Failure = take_answer(task.request, told.answer)
        del self._hand[number]
        self._finished.append((task, Finished(task.token, task.request, answer, now - since)))
        self._ails_until = now + AILS_S if is_of_machine(answer) else 0.0
        self.examines = False
        self.pause.answered()

    def _rest(self, now: float) -> None:
        self.doing = "waiting"
        self._due = min(self._due, now + GRACE_S) if self._leaves else now + self._idle_unload_s

    @property
    def _leaves(self) -> bool:
        return self._child is not None and self._child.leaving

    def _look_at_undead(self, now: float) -> Loss | None:
        """Wait until the kernel lets go of a killed process, which holds memory of the device."""
        if self._undead and self._undead.reaped():
            self._undead = None
        if self._undead is None or now < self._due:
            return None
        self._due, self._ails_until = now + START_S, now + AILS_S
        why = f"the one before, {self._undead.pid}, was killed but does not end"
        return Loss(Reason.TIMED_OUT, why, False, (), False)

    def _lost(self, reason: Reason, why: str) -> Loss | None:
        """Bury the process; nothing is lost where it was to leave and had nothing in hand."""
        started, leaving = self._ready, self._leaves
        if self._child:
            why = self._buried(self._child, why)
        unanswered = tuple(task for task, _ in self._hand.values())
        guilty, self.examines = self.examines, False
        self._child, self._ready, self.doing = None, False, ""
        self._hand.clear()
        if leaving and not unanswered:
            return None
        if not started:
            self._ails_until = time.monotonic() + AILS_S
        self.pause.lost(started)
        return Loss(reason, why, started, unanswered, guilty)

    def _buried(self, child: Child, why: str) -> str:
        ended = child.bury(patience=0)
        if not child.reaped():
            self._undead, self._due = child, time.monotonic() + GRACE_S
        told = f"it {ended.told}" if ended else why
        return f"{told}: {child.last_words}" if child.last_words else told


def is_of_machine(answer: object) -> bool:
    """Tell whether *answer* says that no file is at fault."""
    return isinstance(answer, Failure) and answer.reason is None


def _in_one_line(doing: str) -> str:
    return "".join(c if c.isprintable() else " " for c in doing[:LONGEST_DOING])
