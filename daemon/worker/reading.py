"""What a reader is asked: to read the texts in sheets that a media worker has decoded."""

import time

from daemon.engines import Work
from daemon.engines.builtin.claims import Claims, measured
from daemon.engines.builtin.reading import Reader
from daemon.media.sheets import taken
from daemon.stages import Read
from daemon.wire import Described, ReadText
from daemon.worker.bench import Bench

TABLE: dict[type, str] = {ReadText: "daemon.worker.reading:read"}


def read(asked: ReadText, bench: Bench) -> Described:
    """Read the texts, and add those that are sure enough to what was said before."""
    work = Work(asked.asset, taken(asked.sheets), asked.description)
    stage = Read(bench.kept(Reader))
    begun = time.perf_counter()
    (said,) = stage([work], asked.stamp)
    seconds = {stage.name: time.perf_counter() - begun}
    return Described(Claims(bench.kept(measured), asked.tentative).believed(said), seconds)
