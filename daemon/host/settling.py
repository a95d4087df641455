"""What becomes of a batch: its answers, a smaller one, each alone; and who is to blame."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from daemon.host.buckets import Buckets, Waiting
from daemon.host.ladder import Blame, Ladder
from daemon.host.telling import Telling
from daemon.host.wall import Fault
from metadata.reasons import Reason

Items = tuple[Waiting, ...]


class Work(Protocol):
    """What can be done to requests."""

    def size(self, items: Items) -> int:
        """Count the places that *items* take at once; one cannot be made smaller."""

    def do(self, items: Items) -> Sequence[Any] | Fault:
        """Answer *items* in order, or say why not."""


class Settling:
    """Tells the daemon what came of batches, and tries again what failed in company."""

    def __init__(
        self,
        telling: Telling,
        buckets: Buckets,
        ladder: Ladder,
        make_room: Callable[[], Fault | None],
        device: str,
    ) -> None:
        self._telling = telling
        self._buckets = buckets
        self._ladder = ladder
        self._make_room = make_room
        self._device = device
        self._blame = Blame()

    def settle(self, items: Items, outcome: Sequence[Any] | Fault, work: Work) -> None:
        """Answer *items* by *outcome*; those that fail alone last, so that others can vouch."""
        for item, fault in list(self._failed(items, outcome, work)):
            self._refuse(item, fault)

    def refuse(self, items: Items, fault: Fault) -> None:
        """Say of all *items* that the machine is not ready."""
        for item in items:
            self._telling.refuse(item.number, None, fault.detail, fault.lasting)

    def _failed(
        self, items: Items, outcome: Sequence[Any] | Fault, work: Work
    ) -> Iterator[tuple[Waiting, Fault]]:
        if not isinstance(outcome, Fault):
            self._tell(items, outcome)
        elif outcome.memory and work.size(items) > 1:
            self._ladder.failed(items[0].bucket, work.size(items))
            self._buckets.join(*items)
        elif len(items) > 1:
            for item in items:
                yield from self._failed((item,), work.do((item,)), work)
        else:
            yield from self._once_more(items, outcome, work)

    def _once_more(self, items: Items, fault: Fault, work: Work) -> Iterator[tuple[Waiting, Fault]]:
        """Try the smallest there is again where memory ran out, with all of it."""
        outcome: Sequence[Any] | Fault = fault
        if fault.memory and self._make_room() is None:
            outcome = work.do(items)
        if isinstance(outcome, Fault):
            if fault.memory:
                self._ladder.forget(items[0].bucket)
            yield items[0], outcome
        else:
            self._tell(items, outcome)

    def _tell(self, items: Items, answers: Sequence[Any]) -> None:
        self._blame.worked()
        for item, answer in zip(items, answers, strict=True):
            self._telling.answer(item.number, answer)

    def _refuse(self, item: Waiting, fault: Fault) -> None:
        reason, detail = fault.reason, fault.detail
        if fault.memory or not fault.foreseen:
            blamed = self._blame.is_on(item.request.asset.path)
            reason = (Reason.OUT_OF_MEMORY if fault.memory else Reason.CRASHED) if blamed else None
        if fault.memory and reason is None:
            detail = f"{self._device} is full: {detail}; free some memory or take a smaller profile"
        self._telling.refuse(item.number, reason, detail, fault.lasting)
