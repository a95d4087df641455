"""Requests that need pictures: find out what a file is, measure it, and word what was measured."""

import time
from collections.abc import Iterable
from dataclasses import replace

from daemon.engines import Work
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.claims import Claims, measured
from daemon.media.decode import open_frames
from daemon.media.frames import Frames, Wanted
from daemon.media.identify import identify
from daemon.media.sheets import hand_over, hand_over_encoded
from daemon.stages import Stage, seeing, wording
from daemon.wire import Described, Identify, Observe, Say
from daemon.worker.bench import Bench
from metadata.asset import Asset
from metadata.description import Description, Stamp


def identified(asked: Identify, bench: Bench) -> Asset:
    """Find out what a file is; ExifTool is started only where a preview must be taken out."""
    return identify(asked.path, asked.max_pixels, bench.preview)


def observed(asked: Observe, bench: Bench) -> Described:
    """Decode one asset, measure it, hand over what texts are read in and what a model is shown."""
    begun = time.perf_counter()
    frames = open_frames(asked.asset, _wanted(asked), asked.max_pixels, bench.preview)
    seconds = {"decode": time.perf_counter() - begun}
    work = Work(asked.asset, frames, Description())
    said = through(seeing(bench.kept(Builtin)), work, asked.stamp, seconds)
    believed = Claims(bench.kept(measured), asked.tentative).believed(said)
    scratch = bench.setup.scratch
    wanted = frames.sheets if asked.hand_over else ()
    sheets = hand_over(wanted, frames.sheet_times_s, scratch) if wanted else None
    encoded = asked.views is not None and asked.views.encoded
    hand = hand_over_encoded if encoded else hand_over
    views = hand(frames.views, frames.view_times_s, scratch) if frames.views else None
    return Described(believed, seconds, sheets, views)


def _wanted(asked: Observe) -> Wanted:
    """Tell what is to be decoded; where nothing is read in it, no larger picture is needed."""
    views = asked.views
    wanted = Wanted(view_side=views.side, view_count=views.frames) if views else Wanted()
    return wanted if asked.codes or asked.hand_over else replace(wanted, sheet_side=0)


def worded(asked: Say, bench: Bench) -> Described:
    """Take what was observed and read through the stages that make words of it."""
    seconds: dict[str, float] = {}
    stages = wording(bench.kept(Builtin), asked.tasks, asked.languages)
    work = Work(asked.asset, Frames(()), asked.description)
    claims = Claims(bench.kept(measured), asked.tentative)
    return Described(claims.believed(through(stages, work, asked.stamp, seconds)), seconds)


def through(
    stages: Iterable[Stage], work: Work, stamp: Stamp, seconds: dict[str, float]
) -> Description:
    """Take one asset through *stages*, and note in *seconds* what each took."""
    for stage in stages:
        begun = time.perf_counter()
        (said,) = stage([work], stamp)
        work = work.with_description(said)
        seconds[stage.name] = time.perf_counter() - begun
    return work.description
