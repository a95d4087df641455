"""The wheel of an engine process: takes in what is asked, forms batches, has models answer them.

Models are used by one thread, the one that runs this. Another prepares the next batch meanwhile:
two that are prepared are all there ever are. Holds no model longer than it is used.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self

from daemon.engines.hosted import Asks, Hosted
from daemon.host.asking import Asking, Batch
from daemon.host.buckets import Buckets, Duty, Used, Waiting
from daemon.host.hearing import Hearing
from daemon.host.hosting import Hosting
from daemon.host.inbox import Inbox
from daemon.host.ladder import Ladder
from daemon.host.rendering import Rendering
from daemon.host.settling import Settling
from daemon.host.showing import duty_of, nothing, outline, weight_of
from daemon.host.telling import PATIENCE_S, Telling
from daemon.host.wall import Fault, attempt
from daemon.wire import Consult, HostSetup, Numbered, Render, Transcribe

_LACKING = {Consult: "ask", Render: "translate with", Transcribe: "hear with"}
LINGER_S = 0.075
"""What comes so shortly after another is asked together with it, where the device is idle."""


class Loop:
    """Answers what comes into *inbox* until the daemon hangs up; raises DeviceLost."""

    def __init__(
        self,
        setup: HostSetup,
        inbox: Inbox,
        telling: Telling,
        opens: Callable[[], Hosted],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models = setup.models
        self._inbox = inbox
        self._telling = telling
        self._clock = clock
        self._buckets = Buckets()
        self._ladder = Ladder()
        self._hosting = Hosting(opens, self._beat, clock)
        self._settling = Settling(
            telling, self._buckets, self._ladder, self._make_room, setup.device
        )
        self._executor = ThreadPoolExecutor(1, "prepare")
        self._ahead: Batch | None = None
        self._asked: Asking | None = None
        self._used = Used()
        self._loaded = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Prepare nothing more."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def run(self) -> None:
        """Answer everything."""
        while self._has_work():
            self._step()

    def _has_work(self) -> bool:
        """Take in what came, wait where there is nothing to do; False when nothing will come."""
        waits = self._buckets or self._ahead
        self._take_in(0.0 if waits else None)
        return bool(self._buckets or self._ahead) or not self._inbox.closed

    def _step(self) -> None:
        duty = self._turn()
        if self._ahead and not (duty and duty.does == "renders" and not self._hosting.dear):
            self._consult(self._ahead.duty)
        elif duty and duty.does != "asks":
            self._in_bulk(duty)
        elif duty:
            self._consult(duty)

    def _take_in(self, patience_s: float | None) -> None:
        for came in self._inbox.take(patience_s):
            self._join(came)

    def _join(self, came: Numbered) -> None:
        number, request, weight = came.number, came.request, weight_of(came.request)
        duty = duty_of(request, self._models)
        if not weight:
            self._telling.answer(number, nothing(request))
        elif duty:
            self._buckets.join(Waiting(number, request, duty, self._clock(), weight))
        else:
            told = f"the profile has no model to {_LACKING[type(request)]}; choose another"
            self._telling.refuse(number, None, told, lasting=True)

    # Texts and speech

    def _in_bulk(self, duty: Duty) -> None:
        """Have what waits for *duty* said, or written down, together."""
        self._before_loading(duty)
        bucket = (duty, None)
        work = self._work(duty, partial(self._ladder.fits, bucket))
        if isinstance(work, Fault):
            self._give_up(duty, work)
            return
        if self._hosting.dear or duty.does == "hears":
            self._use(duty)
        self._ladder.estimated(bucket, work.most, self._clock())
        items = self._lingered(duty, lambda: self._all_into(bucket, duty))
        self._settling.settle(items, work.do(items), work)

    def _work(self, duty: Duty, places: Callable[[], int]) -> Rendering | Hearing | Fault:
        if duty.does == "renders":
            renders = self._hosting.translator(duty)
            if isinstance(renders, Fault):
                return renders
            return Rendering(renders, places, self._beat, self._clock)
        hears = self._hosting.listener(duty)
        return hears if isinstance(hears, Fault) else Hearing(hears, self._beat, self._clock)

    def _all_into(self, bucket: tuple[Duty, None], duty: Duty) -> None:
        for waiting in self._buckets.unnamed(duty):
            self._buckets.name(waiting, bucket)

    # Pictures

    def _consult(self, duty: Duty) -> None:
        """Ask about the pictures of one batch, while the next is prepared."""
        self._before_loading(duty)
        asks = self._hosting.asker(duty)
        if isinstance(asks, Fault):
            self._give_up(duty, asks)
            return
        self._use(duty)
        self._asked = Asking(asks, self._executor, self._beat, self._clock)
        try:
            self._ask(self._asked, duty)
        finally:
            self._asked = None

    def _ask(self, asking: Asking, duty: Duty) -> None:
        batch = self._next(asking, duty)
        if batch is None:
            return
        self._look_ahead()
        self._settling.settle(batch.items, asking.answered(batch), asking)

    def _next(self, asking: Asking, duty: Duty) -> Batch | None:
        """Give the batch that was prepared ahead, unless it is better to form it anew."""
        self._name(asking.asks, duty)
        self._estimate(asking, duty)
        ahead, self._ahead = self._ahead, None
        if ahead and self._is_right(ahead):
            return ahead
        if ahead:
            self._put_back(ahead)
        items = self._lingered(duty, lambda: self._name(asking.asks, duty))
        return asking.prepare(items) if items else None

    def _is_right(self, ahead: Batch) -> bool:
        """Tell whether *ahead* still fits, and would not be twice the size if formed now."""
        bucket, size = ahead.items[0].bucket, len(ahead.items)
        fits, more = self._ladder.fits(bucket), len(self._buckets.bucket(bucket))
        return size <= fits and min(size + more, fits) < 2 * size

    def _name(self, asks: Asks, duty: Duty) -> None:
        """Put those that came for *duty* into buckets."""
        for waiting in self._buckets.unnamed(duty):
            assert isinstance(waiting.request, Consult)
            name = attempt(partial(asks.bucket, outline(waiting.request)))
            if isinstance(name, Fault):
                self._buckets.leave([waiting])
                self._settling.refuse((waiting,), name)
            else:
                self._buckets.name(waiting, (duty, name))

    def _estimate(self, asking: Asking, duty: Duty) -> None:
        """Ask how many fit, where that is not known; to be done while no batch takes memory."""
        if self._loaded != self._hosting.loaded:
            self._loaded = self._hosting.loaded
            self._ladder.outdated()
        for bucket, waiting in self._buckets.kinds(duty).items():
            if self._ladder.is_due(bucket, self._clock()):
                assert isinstance(bucket, tuple)
                most = asking.most(bucket[1], waiting)
                self._ladder.estimated(bucket, most, self._clock())

    def _look_ahead(self) -> None:
        """Have the next batch prepared, when it is full or nothing has come for a moment."""
        duty = self._used.duty
        if self._ahead or self._asked is None or duty is None:
            return
        self._take_in(0.0)
        self._name(self._asked.asks, duty)
        items = self._buckets.batch(duty, self._ladder.fits) if self._stays() else ()
        if items and self._is_ripe(items):
            self._buckets.leave(items)
            self._ahead = self._asked.prepare(items)

    def _is_ripe(self, items: tuple[Waiting, ...]) -> bool:
        """Tell whether nothing speaks for waiting for more."""
        if not self._ladder.knows(items[0].bucket):
            return False
        quiet = self._clock() - self._buckets.latest() >= LINGER_S
        return quiet or not self._has_room(items)

    def _stays(self) -> bool:
        """Tell whether the model in use will be asked again next."""
        turn = self._turn()
        return turn == self._used.duty or bool(
            turn and turn.does == "renders" and not self._hosting.dear
        )

    # Both

    def _turn(self) -> Duty | None:
        return self._buckets.turn(self._used, self._hosting.dear, self._clock())

    def _use(self, duty: Duty) -> None:
        if duty != self._used.duty:
            self._used = Used(duty, self._clock())

    def _lingered(self, duty: Duty, name: Callable[[], None]) -> tuple[Waiting, ...]:
        """Take the next batch out; one that is not full waits a moment for more."""
        name()
        items = self._buckets.batch(duty, self._ladder.fits)
        while items and self._has_room(items) and not self._inbox.closed:
            left = items[0].since + LINGER_S - self._clock()
            if left <= 0:
                break
            self._take_in(left)
            name()
            items = self._buckets.batch(duty, self._ladder.fits)
        self._buckets.leave(items)
        return items

    def _has_room(self, items: tuple[Waiting, ...]) -> bool:
        return sum(item.weight for item in items) < self._ladder.fits(items[0].bucket)

    def _before_loading(self, duty: Duty) -> None:
        """Let the thread end what it is at, so that it holds no model that has to go."""
        if self._ahead and self._ahead.made and not self._hosting.is_at_hand(duty):
            self._ahead.made.exception()

    def _give_up(self, duty: Duty, fault: Fault) -> None:
        """Say of all that wait for a model why it cannot be had."""
        if self._ahead and self._ahead.duty == duty:
            self._put_back(self._ahead)
        self._settling.refuse(self._buckets.all_for(duty), fault)
        self._buckets.leave(self._buckets.all_for(duty))

    def _put_back(self, ahead: Batch) -> None:
        self._ahead = None
        self._buckets.join(*ahead.items)

    def _make_room(self) -> Fault | None:
        if self._ahead:
            self._put_back(self._ahead)
        return self._hosting.make_room()

    def _beat(self, doing: str, patience_s: float = PATIENCE_S) -> None:
        self._telling.beat(doing, patience_s)
        self._look_ahead()
