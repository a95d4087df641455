"""Run one engine over labelled files: in a state folder of its own, and nothing is written."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.config import Config, Folder
from daemon.engines.choice import Choice
from daemon.evaluating.labels import ENGLISH, Label
from daemon.evaluating.scores import Answer
from daemon.pipeline import Outcome
from daemon.service import opened
from daemon.wheel import Wheel
from daemon.wire import Described
from metadata.asset import Asset
from metadata.change import Write
from metadata.reasons import Reason, State
from metadata.stats import Tokens, total

TRANSLATE = "translate"
JUDGED = ("caption", "tags")
ROUNDS = 3
"""How often a file is tried for which the machine was at fault, and not the file."""

Progress = Callable[[int], None]
Taken = dict[Path, tuple[Asset, Described]]
Outcomes = dict[Path, Outcome]


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that was not described, and why."""

    path: Path
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What an engine did: *seconds* are those at work by stage, *wall_s* those by the clock."""

    choice: Choice
    temperature: float
    answers: tuple[Answer, ...]
    failed: tuple[Failed, ...]
    wall_s: float
    seconds: dict[str, float]
    tokens: Tokens | None


def trial(config: Config, folder: Path, state: Path, labels: Sequence[Label]) -> Config:
    """Turn a user's configuration into one that writes nothing and asks what labels can judge.

    Models are not told what the owner noted: that would be to tell them the labels.
    """
    languages = tuple(sorted({label.language for label in labels} - {ENGLISH}))
    wanted = dict.fromkeys((*config.tasks, *JUDGED, TRANSLATE))
    return replace(
        config,
        state_dir=state,
        languages=languages,
        tasks=tuple(task for task in wanted if languages or task != TRANSLATE),
        folders=(Folder(path=folder, write=Write.NONE),),
        engine=replace(config.engine, owner_words=False),
        transcript_vtt=False,
    )


class Spare(Exception):
    """The engine is one that has run already; the message says why it was chosen."""


def run(config: Config, labels: Sequence[Label], progress: Progress, spare: str | None) -> Ran:
    """Describe the files of *labels* as *config* asks for.

    Raises EngineError or ConfigError where that engine cannot be used here, Spare where it is the
    one called *spare*.
    """
    with opened(config) as (wheel, _):
        if wheel.status.choice.name == spare:
            raise Spare(wheel.status.choice.why)
        begun = time.monotonic()
        taken, outcomes = _described(wheel, [label.path for label in labels], progress)
        wall_s, choice = time.monotonic() - begun, wheel.status.choice
    return _ran(config, choice, labels, taken, outcomes, wall_s)


def _described(wheel: Wheel, paths: Sequence[Path], progress: Progress) -> tuple[Taken, Outcomes]:
    """Have *paths* described; again those that failed because of the machine."""
    taken: Taken = {}
    outcomes: Outcomes = {}
    waiting = list(paths)
    for _ in range(ROUNDS):
        for path in waiting:
            wheel.describe_for(_into(taken, path), path)
        while waiting:
            ended = {each.path: each for each in wheel.turn()}
            outcomes.update(ended)
            waiting = [path for path in waiting if path not in ended]
            progress(len(paths) - len(waiting))
        waiting = [path for path in paths if outcomes[path].state is State.PENDING]
        if not taken:  # an engine that answers nothing is down
            break
    return taken, outcomes


def _into(taken: Taken, path: Path) -> Callable[[Asset, Described], None]:
    def take(asset: Asset, described: Described) -> None:
        taken[path] = (asset, described)

    return take


def _ran(
    config: Config,
    choice: Choice,
    labels: Sequence[Label],
    taken: Taken,
    outcomes: Outcomes,
    wall_s: float,
) -> Ran:
    answers = [
        Answer(label, taken[label.path][0], taken[label.path][1].description)
        for label in labels
        if label.path in taken
    ]
    failed = [
        Failed(path, outcome.reason, outcome.detail)
        for path, outcome in outcomes.items()
        if outcome.reason is not None
    ]
    seconds: dict[str, float] = {}
    for _, described in taken.values():
        for stage, took in described.seconds.items():
            seconds[stage] = seconds.get(stage, 0.0) + took
    tokens = total(described.tokens for _, described in taken.values())
    return Ran(
        choice,
        config.engine.temperature,
        tuple(answers),
        tuple(sorted(failed, key=lambda each: os.fsencode(each.path))),
        wall_s,
        seconds,
        tokens,
    )
