"""Batches of pictures on their way through a model: made ready by a thread, then asked about."""

from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from daemon.engines import EngineError
from daemon.engines.hosted import Answered, Asks, Beat
from daemon.host.buckets import Duty, Waiting
from daemon.host.showing import outline, shown
from daemon.host.wall import Fault, attempt
from daemon.wire import Consult, Consulted
from metadata.asset import AssetError
from metadata.reasons import Reason
from metadata.stats import Tokens

PREPARING_S = 300.0
ASKING_S = 600.0
"""A model says nothing before its first word: a processor looks at a batch for minutes."""


@dataclass(frozen=True, slots=True)
class Made:
    """A batch as *tensors*, and the seconds that this took."""

    tensors: Any
    seconds: float


@dataclass(slots=True)
class Batch:
    """What is asked together; *made* is given away once, as two batches are all there may be."""

    duty: Duty
    items: tuple[Waiting, ...]
    made: Future[Made | Fault] | None

    def take(self) -> Made | Fault:
        """Wait until it is made ready, and give that away."""
        made, self.made = self.made, None
        assert made is not None
        return made.result()


class Asking:
    """One loaded model, for as long as it is asked; *executor* is the thread that prepares."""

    def __init__(
        self, asks: Asks, executor: Executor, beat: Beat, clock: Callable[[], float]
    ) -> None:
        self.asks = asks
        self._executor = executor
        self._beat = beat
        self._clock = clock

    def prepare(self, items: tuple[Waiting, ...]) -> Batch:
        """Begin to make *items* ready, and go on."""
        make = partial(_made, self.asks, items, self._clock)
        return Batch(items[0].duty, items, self._executor.submit(attempt, make))

    def most(self, name: Hashable, like: Waiting) -> int:
        """Estimate how many assets fit that are *like* one, in the bucket of that *name*.

        The thread does it, as a model may have to prepare one for that. One where none can be told.
        """
        assert isinstance(like.request, Consult)
        ask = partial(self.asks.most, name, outline(like.request))
        most = self._executor.submit(attempt, ask).result()
        return 1 if isinstance(most, Fault) else most

    def answered(self, batch: Batch) -> list[Consulted] | Fault:
        """Answer *batch*, or say why not."""
        self._beat("preparing pictures", PREPARING_S)
        made = batch.take()
        if isinstance(made, Fault):
            return made
        self._beat(f"asking about {len(batch.items)} assets", ASKING_S)
        return attempt(partial(self._consulted, batch.items, made))

    def size(self, items: tuple[Waiting, ...]) -> int:
        """Count the places that *items* take at once."""
        return len(items)

    def do(self, items: tuple[Waiting, ...]) -> list[Consulted] | Fault:
        """Prepare and answer *items*."""
        return self.answered(self.prepare(items))

    def _consulted(self, items: tuple[Waiting, ...], made: Made) -> list[Consulted]:
        begun = self._clock()
        answers = self.asks.answer(made.tensors, self._beat)
        if len(answers) != len(items):
            raise EngineError(f"the model gave {len(answers)} answers about {len(items)} assets")
        took = self._clock() - begun
        seconds = {"prepare": made.seconds / len(items), "generate": took / len(items)}
        return [Consulted(each.replies, seconds, _tokens(each)) for each in answers]


def _tokens(answered: Answered) -> Tokens:
    return Tokens(answered.prompt, sum(reply.tokens for reply in answered.replies))


def _made(asks: Asks, items: tuple[Waiting, ...], clock: Callable[[], float]) -> Made:
    """Make *items* ready; that a model cannot be shown one of several is found out one by one."""
    begun = clock()
    consults = [item.request for item in items if isinstance(item.request, Consult)]
    pictures = [shown(consult) for consult in consults]
    try:
        tensors = asks.prepare(pictures)
    except ValueError as error:
        told = f"the model cannot be shown it: {error}"
        raise AssetError(consults[0].asset.path, Reason.UNSUPPORTED, told) from error
    return Made(tensors, clock() - begun)
