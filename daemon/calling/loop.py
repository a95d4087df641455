"""The wheel of the process that calls servers: hands requests out, and settles what became of them.

Each request in hand has a thread that waits for its server; everything is decided in this one.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from daemon.calling.conversing import conversed, tried
from daemon.calling.routing import Place, Routing
from daemon.calling.server import Server
from daemon.calling.troubles import Broken, Closed, Declined, Late, Trouble
from daemon.calling.waiting import Queue, Waiting
from daemon.engines.openai_engine.habits import Refused
from daemon.host.telling import Telling
from daemon.host.wall import Fault, attempt
from daemon.wire import CallSetup, Consulted, Numbered, Render, Rendered
from metadata.asset import shown
from metadata.reasons import Reason

TURN_S = 1.0
SHORTEST_TURN_S = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request at *place*; where that was only *checked*, nothing or a trouble."""

    place: Place
    waiting: Waiting
    value: Consulted | Rendered | Trouble | Fault | None
    checked: bool = False


Event = Numbered | Outcome | None
"""What happens: a request, an outcome, or that there will be no more requests."""


class Loop:
    """Answers what comes into *events* until the daemon hangs up."""

    def __init__(
        self,
        setup: CallSetup,
        servers: Sequence[Server],
        events: "SimpleQueue[Event]",
        telling: Telling,
        executor: Executor,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._setup = setup
        self._events = events
        self._telling = telling
        self._executor = executor
        self._clock = clock
        self._routing = Routing([server.endpoint for server in servers], random)
        self._servers = dict(zip(self._routing.places, servers, strict=True))
        self._queue = Queue()
        self._in_hand = 0
        self._closed = False

    def run(self) -> None:
        """Answer everything."""
        while self._in_hand or self._queue or not self._closed:
            self._take_in(self._next())
            while not self._events.empty():
                self._take_in(self._next())
            self._hand_out()
            self._give_up()
            if self._in_hand or self._queue:
                self._telling.beat(self._doing())

    def _next(self) -> Event | Empty:
        try:
            return self._events.get(timeout=self._patience())
        except Empty as nothing:
            return nothing

    def _patience(self) -> float | None:
        """Give the seconds until something has to be done, None for ever."""
        if self._queue:
            rests = self._routing.moment - self._clock()
            return min(max(rests, SHORTEST_TURN_S), TURN_S) if rests > 0 else TURN_S
        return TURN_S if self._in_hand else None

    def _take_in(self, event: Event | Empty) -> None:
        if event is None:
            self._closed = True
        elif isinstance(event, Numbered):
            self._queue.join(Waiting(event.number, event.request, self._clock()))
        elif isinstance(event, Outcome):
            self._in_hand -= 1
            self._settle(event)

    def _hand_out(self) -> None:
        """Give servers that are free what waits, the first in line first."""
        passed = []
        while self._queue:
            waiting = self._queue.take()
            place = self._routing.choose(self._clock(), waiting.declined, waiting.failed_at)
            if place:
                self._begin(place, waiting, self._asked)
                continue
            passed.append(waiting)
            if not waiting.failed_at:
                break
        for waiting in passed:
            self._queue.join(waiting)

    def _begin(
        self, place: Place, waiting: Waiting, call: Callable[[Place, Waiting], Outcome]
    ) -> None:
        self._in_hand += 1
        self._executor.submit(lambda: self._events.put(call(place, waiting)))

    def _asked(self, place: Place, waiting: Waiting) -> Outcome:
        server = self._servers[place]

        def call() -> Consulted | Rendered | Trouble:
            try:
                return conversed(server, waiting.request, self._setup.temperature)
            except Trouble as trouble:
                return trouble
            except Refused as refused:
                return server.trouble(refused)

        return Outcome(place, waiting, attempt(call))

    def _checked(self, place: Place, waiting: Waiting) -> Outcome:
        server = self._servers[place]

        def call() -> Trouble | None:
            try:
                tried(server, waiting.request)
            except Trouble as trouble:
                return trouble
            except Refused as refused:
                return server.trouble(refused)
            return None

        return Outcome(place, waiting, attempt(call), checked=True)

    def _settle(self, outcome: Outcome) -> None:
        place, waiting, value = outcome.place, outcome.waiting, outcome.value
        if outcome.checked:
            self._judge(place, waiting, value)
        elif isinstance(value, Declined):
            self._routing.left(place)
            self._declined(place, waiting, value)
        elif isinstance(value, Trouble):
            self._log(self._routing.failed(place, value, self._clock()))
            self._failed(place, waiting, value)
        elif isinstance(value, Fault) and not value.foreseen:
            self._routing.left(place)
            self._failed(place, waiting, Broken(value.detail))
        elif isinstance(value, Fault):
            self._routing.left(place)
            self._telling.refuse(waiting.number, value.reason, value.detail, value.lasting)
        else:
            self._log(self._routing.answered(place, self._clock()))
            self._telling.answer(waiting.number, value)

    def _declined(self, place: Place, waiting: Waiting, trouble: Declined) -> None:
        """Ask another server, unless all have declined."""
        told = f"{place.endpoint.url} refuses it: {trouble.told}"
        waiting.suspect(told, 0, place)
        waiting.declined.append(place)
        if len(waiting.declined) < len(self._routing.places):
            self._queue.join(waiting)
        else:
            self._doubt(place, waiting)

    def _failed(self, place: Place, waiting: Waiting, trouble: Trouble) -> None:
        """Ask again; where servers themselves failed at it, not for ever."""
        told = f"{place.endpoint.url} failed at it: {trouble.told}"
        failures = {Broken: 1, Late: 2}.get(type(trouble), 0)
        if failures and waiting.suspect(told, failures, place):
            self._doubt(place, waiting)
        else:
            self._queue.join(waiting)

    def _doubt(self, place: Place, waiting: Waiting) -> None:
        """Blame the file where those servers have worked meanwhile, else find out if they do."""
        if waiting.is_to_blame:
            self._blame(waiting)
        else:
            place.busy += 1
            self._begin(place, waiting, self._checked)

    def _judge(self, place: Place, waiting: Waiting, found: object) -> None:
        if found is None:
            self._log(self._routing.answered(place, self._clock()))
            self._blame(waiting)
            return
        self._routing.left(place)
        lasting = isinstance(found, (Declined, Closed))
        self._telling.refuse(waiting.number, None, waiting.told, lasting)

    def _blame(self, waiting: Waiting) -> None:
        """Say that a file has no answer; one that has all but translations goes on without them."""
        request = waiting.request
        if isinstance(request, Render):
            self._log(f"{shown(request.asset.path)}: not translated: {waiting.told}")
            nothing = Rendered(tuple({} for _ in request.texts), {}, {})
            self._telling.answer(waiting.number, nothing)
            return
        self._telling.refuse(waiting.number, Reason.NO_ANSWER, waiting.told)

    def _give_up(self) -> None:
        """Answer for what has waited long enough while no server could be asked."""
        now, hold_s = self._clock(), self._setup.hold_s
        for waiting in self._queue.clear() if self._routing.is_troubled else ():
            if not self._routing.given_up(waiting.since, waiting.declined, now, hold_s):
                self._queue.join(waiting)
            elif waiting.declined:
                self._doubt(waiting.declined[-1], waiting)
            else:
                self._telling.refuse(
                    waiting.number, None, self._routing.told, self._routing.is_closed
                )

    def _doing(self) -> str:
        told = [f"{p.endpoint.url} {self._state(p)}" for p in self._routing.places]
        return f"asking {', '.join(told)}"

    def _state(self, place: Place) -> str:
        return f"({place.busy})" if place.trouble is None else f"rests: {place.trouble.told}"

    def _log(self, told: str) -> None:
        if told:
            print(told, file=sys.stderr, flush=True)
