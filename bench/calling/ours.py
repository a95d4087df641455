"""captiond's own loop in this process, its workers in theirs: ``python -m bench.calling.ours``.

CONFIG WARM... -- IN...: what is named before the dashes is described first, and not counted.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.calling.spending import spending
from daemon.config import load
from daemon.service import opened
from daemon.wheel import Wheel


class Answers:
    """Takes what captiond answers, and notes when each file was done."""

    has_room = True

    def __init__(self) -> None:
        self.ended = False
        self.states: list[str] = []
        self.ends: list[float] = []

    def send(self, answer: Mapping[str, Any]) -> None:
        """Note how a file ended, and when."""
        if "file" in answer:
            self.states.append(answer["file"]["state"])
            self.ends.append(time.perf_counter())

    def end(self, exit_code: int) -> None:
        """Note that there is no more."""
        self.ended = True


def described(wheel: Wheel, paths: Sequence[str]) -> list[float]:
    """Have *paths* described, all of them, and tell after how many seconds each one was done."""
    answers, begun = Answers(), time.perf_counter()
    wheel.errands.take({"do": "process", "paths": list(paths)}, answers)
    while not answers.ended:
        wheel.turn()
    if answers.states != ["done"] * len(paths):
        sys.exit(f"captiond did not describe all of {len(paths)} files: {answers.states}")
    return [end - begun for end in answers.ends]


def main() -> None:
    config, *words = sys.argv[1:]
    at = words.index("--")
    warm, paths = words[:at], words[at + 1 :]
    with opened(load(Path(config), {})) as (wheel, _):
        described(wheel, warm)
        with spending(len(paths)) as spent:
            spent.ends = described(wheel, paths)
    print(json.dumps(asdict(spent)))


if __name__ == "__main__":
    main()
