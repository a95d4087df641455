"""All workers of one captiond: those that open media, those that read texts, and the engine's.

The readers are apart because of their memory (up to 500 MB), and because a text that
takes long must not keep a picture from being measured. Models have processes of their own, and so
has the way to servers, as nothing else may use the network.
"""

from collections.abc import Hashable, Sequence
from contextlib import ExitStack
from typing import Self

from daemon.wire import Measure, Modelled, ReadText, Request, Setup
from daemon.workers.hosts import Hosts
from daemon.workers.pool import Finished, Workers

MEDIA = "daemon.worker.handlers"
READING = "daemon.worker.reading"


class Crew:
    """Media workers, readers with *readers* above zero, *hosts* and *servers*; used like one pool.

    Requests of the types in *served* are for servers, the others that a model answers for hosts.
    """

    def __init__(
        self,
        count: int,
        setup: Setup,
        readers: int = 0,
        *,
        hosts: Hosts | None = None,
        servers: Hosts | None = None,
        served: tuple[type, ...] = (),
        handlers: str = MEDIA,
        reading: str = READING,
    ) -> None:
        self._hosts = hosts or Hosts()
        self._servers = servers or Hosts()
        self._served = served
        most_held = count + readers + self.ahead
        self._media = Workers(count, setup, handlers=handlers, most_held=most_held)
        # A reader gets its pictures through the scratch folder and writes nowhere else.
        apart = Setup(setup.scratch, (), setup.exiftool)
        self._readers = Workers(readers, apart, handlers=reading)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self._media)
        self._open.enter_context(self._readers)
        self._open.enter_context(self._hosts)
        self._open.enter_context(self._servers)
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers."""
        self._open.close()

    @property
    def count(self) -> int:
        """Count the workers that there may be, without those that host models or call servers."""
        return self._media.count + self._readers.count

    @property
    def ahead(self) -> int:
        """Count the requests that engine processes and servers take at once; 0 without any."""
        return self._hosts.ahead + self._servers.ahead

    @property
    def doing(self) -> tuple[str, ...]:
        """Tell what each engine process that is there is at, and the one that calls servers."""
        return (*self._hosts.doing, *self._servers.doing)

    @property
    def pids(self) -> tuple[int, ...]:
        """List the processes that are there."""
        beside = (*self._hosts.pids, *self._servers.pids)
        return (*self._media.pids, *self._readers.pids, *beside)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Tell what keeps the workers in bounds, once one has started."""
        return self._media.measures or self._readers.measures

    def submit(self, request: Request, token: Hashable) -> None:
        """Line *request* up with those that can do it."""
        if isinstance(request, Modelled):
            there = self._servers if isinstance(request, self._served) else self._hosts
            there.submit(request, token)
        else:
            pool = self._readers if isinstance(request, ReadText) else self._media
            pool.submit(request, token)

    def release(self, token: Hashable) -> None:
        """Tell that the description begun for *token* is stored, or will never be."""
        self._media.release(token)

    def supply(self) -> None:
        """Hand out what waits."""
        self._media.supply()
        self._readers.supply()
        self._hosts.supply()
        self._servers.supply()

    def poll(self, timeout: float, wake: Sequence[int] = ()) -> list[Finished]:
        """Wait for answers, at most *timeout* seconds, and give them; see Workers.poll."""
        before = self._beside()
        patience = 0.0 if before else self._wait(timeout)
        wake = (*wake, self._readers.fileno(), self._hosts.fileno(), self._servers.fileno())
        finished = self._media.poll(patience, wake)
        return [*before, *finished, *self._beside()]

    def _beside(self) -> list[Finished]:
        return [*self._readers.poll(0.0), *self._hosts.poll(0.0), *self._servers.poll(0.0)]

    def _wait(self, timeout: float) -> float:
        return self._servers.wait(self._hosts.wait(self._readers.wait(timeout)))

    def rest(self) -> None:
        """Let the workers end that have nothing to do; engine processes know when themselves."""
        self._media.rest()
        self._readers.rest()

    def renew(self, setup: Setup) -> None:
        """Go on with media workers that may write elsewhere; readers write nowhere."""
        self._media.renew(setup)
