"""Requests that decode media: find out what a file is, and describe it with the builtin engine."""

import time
from collections.abc import Iterable

from daemon.engines import Work
from daemon.engines.builtin import Builtin
from daemon.media.decode import open_frames
from daemon.media.frames import Wanted
from daemon.media.identify import identify
from daemon.stages import Stage, build_stages
from daemon.wire import Describe, Described, Identify
from daemon.worker.bench import Bench
from metadata.asset import Asset
from metadata.description import Description, Stamp


def identified(asked: Identify, bench: Bench) -> Asset:
    """Find out what a file is; ExifTool is started only where a preview must be taken out."""
    return identify(asked.path, asked.max_pixels, bench.preview)


def described(asked: Describe, bench: Bench) -> Described:
    """Decode one asset and take it through the stages."""
    begun = time.perf_counter()
    frames = open_frames(asked.asset, Wanted(), asked.max_pixels, bench.preview)
    seconds = {"decode": time.perf_counter() - begun}
    stages = build_stages(bench.kept(Builtin), asked.tasks, asked.languages)
    work = Work(asked.asset, frames, Description())
    return Described(_through(stages, work, asked.stamp, seconds), seconds)


def _through(
    stages: Iterable[Stage], work: Work, stamp: Stamp, seconds: dict[str, float]
) -> Description:
    for stage in stages:
        begun = time.perf_counter()
        (said,) = stage([work], stamp)
        work = work.with_description(said)
        seconds[stage.name] = time.perf_counter() - begun
    return work.description
