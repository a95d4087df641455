"""All workers of one captiond: those that open media, and those that read the texts in pictures.

The readers are apart because of their memory (up to 500 MB), and because a text that
takes long must not keep a picture from being measured.
"""

from collections.abc import Hashable, Sequence
from contextlib import ExitStack
from typing import Self

from daemon.wire import Measure, ReadText, Request, Setup
from daemon.workers.pool import Finished, Workers

MEDIA = "daemon.worker.handlers"
READING = "daemon.worker.reading"


class Crew:
    """Media workers and, with *readers* above zero, readers; used like one pool."""

    def __init__(
        self,
        count: int,
        setup: Setup,
        readers: int = 0,
        *,
        handlers: str = MEDIA,
        reading: str = READING,
    ) -> None:
        self._media = Workers(count, setup, handlers=handlers, most_held=count + readers)
        # A reader gets its pictures through the scratch folder and writes nowhere else.
        apart = Setup(setup.scratch, (), setup.exiftool)
        self._readers = Workers(readers, apart, handlers=reading)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self._media)
        self._open.enter_context(self._readers)
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers."""
        self._open.close()

    @property
    def count(self) -> int:
        """Count the workers that there may be."""
        return self._media.count + self._readers.count

    @property
    def pids(self) -> tuple[int, ...]:
        """List the processes that are there."""
        return (*self._media.pids, *self._readers.pids)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Tell what keeps the workers in bounds, once one has started."""
        return self._media.measures or self._readers.measures

    def submit(self, request: Request, token: Hashable) -> None:
        """Line *request* up with those that can do it."""
        pool = self._readers if isinstance(request, ReadText) else self._media
        pool.submit(request, token)

    def release(self, token: Hashable) -> None:
        """Tell that the description begun for *token* is stored, or will never be."""
        self._media.release(token)

    def supply(self) -> None:
        """Hand out what waits."""
        self._media.supply()
        self._readers.supply()

    def poll(self, timeout: float, wake: Sequence[int] = ()) -> list[Finished]:
        """Wait for answers, at most *timeout* seconds, and give them; see Workers.poll."""
        read = self._readers.poll(0.0)
        patience = 0.0 if read else self._readers.wait(timeout)
        finished = self._media.poll(patience, (*wake, self._readers.fileno()))
        return [*read, *finished, *self._readers.poll(0.0)]

    def rest(self) -> None:
        """Let the workers end that have nothing to do."""
        self._media.rest()
        self._readers.rest()

    def renew(self, setup: Setup) -> None:
        """Go on with media workers that may write elsewhere; readers write nowhere."""
        self._media.renew(setup)
