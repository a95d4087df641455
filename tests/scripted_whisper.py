"""A Whisper that knows a few sentences by their loudness over time, in a real engine process.

Where it hears one of them it writes that down with its times in the stretch, so that what is said
when can be compared with the synthesizer's own timeline. ``kept/known.json`` has the sentences;
what it heard is noted in ``kept/heard``. As ``sitecustomize`` puts it in the place of the engine:
see :func:`instead`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from daemon.engines.hosted import Beat, Line, Speech, Written
from daemon.engines.profiles import Installed
from daemon.media.frames import SAMPLE_RATE, Samples
from daemon.wire import HostSetup

STEP = SAMPLE_RATE // 50
QUIET, PAUSE, LEAST = 0.03, 20, 10
"""Share of the loudest; steps of silence that part sentences; steps of the shortest one."""
INSTEAD = """
import sys
if "daemon.host" in sys.orig_argv:
    import types
    from importlib import import_module
    engine = types.ModuleType("daemon.engines.transformers_engine")
    # numpy starts threads: not before the process is enclosed
    engine.open_engine = lambda setup: import_module("tests.scripted_whisper").Whisper(setup)
    sys.modules[engine.__name__] = engine
"""


def instead(folder: Path) -> Path:
    """Write what makes engine processes take this one, to be put on their path; gives *folder*."""
    folder.mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(INSTEAD)
    return folder


def teach(kept: Path, said: dict[str, Samples]) -> None:
    """Have sentences known by their samples."""
    kept.mkdir(parents=True, exist_ok=True)
    known = {text: loudness(wave).tolist() for text, wave in said.items()}
    (kept / "known.json").write_text(json.dumps(known))


def heard(kept: Path) -> list[list[float]]:
    """List the lengths of the stretches of each request, in seconds, in order."""
    return [lengths for lengths, _ in _noted(kept)]


def most_scratch(kept: Path) -> int:
    """Give how many bytes lay in the scratch folder at most while a request was answered."""
    return max(scratch for _, scratch in _noted(kept))


def _noted(kept: Path) -> list[tuple[list[float], int]]:
    log = kept / "heard"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def loudness(samples: Samples) -> np.ndarray:
    """Measure how loud each fiftieth of a second is, from the first that is not quiet to the last.

    The loudest is 1.
    """
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    loud = np.sqrt(np.mean(np.square(steps, dtype=np.float64), axis=1))
    loud /= max(loud.max(initial=0.0), 1e-9)
    (audible,) = np.nonzero(loud > QUIET)
    return loud[audible[0] : audible[-1] + 1] if len(audible) else loud[:0]


class Whisper:
    """Both the engine and its only model."""

    def __init__(self, setup: HostSetup) -> None:
        self._kept, self._scratch = setup.kept, setup.scratch
        known = json.loads((setup.kept / "known.json").read_text())
        self._known = {text: np.array(loud) for text, loud in known.items()}

    def listener(self, installed: Installed, beat: Beat) -> "Whisper":
        return self

    def make_room(self) -> None:
        """Hold nothing."""

    def hear(self, batch: Sequence[Speech], beat: Beat) -> list[Written]:
        for speech in batch:
            lengths = [len(stretch) / SAMPLE_RATE for stretch in speech.stretches]
            lies = sum(path.lstat().st_size for path in self._scratch.rglob("*"))
            with (self._kept / "heard").open("a") as log:
                log.write(f"{json.dumps((lengths, lies))}\n")
        return [
            Written(tuple(tuple(self._lines(each)) for each in speech.stretches), "en")
            for speech in batch
        ]

    def _lines(self, samples: Samples) -> Iterator[Line]:
        for begin, end in sentences(samples):
            told = loudness(samples[begin:end])
            text = max(self._known, key=lambda text: alike(told, self._known[text]))
            yield Line(begin / SAMPLE_RATE, end / SAMPLE_RATE, text)


def sentences(samples: Samples) -> Iterator[tuple[int, int]]:
    """Find where there is sound between pauses, as samples."""
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    loud = np.sqrt(np.mean(np.square(steps, dtype=np.float64), axis=1))
    (audible,) = np.nonzero(loud > QUIET * loud.max(initial=0.0))
    for part in np.split(audible, np.flatnonzero(np.diff(audible) > PAUSE) + 1):
        if len(part) and part[-1] - part[0] >= LEAST:
            yield int(part[0]) * STEP, (int(part[-1]) + 1) * STEP


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """Compare two loudnesses from their beginnings on: 1 for the same, less for others."""
    longest = max(len(one), len(other))
    first, second = (np.pad(each, (0, longest - len(each))) for each in (one, other))
    return float(first @ second / max(np.linalg.norm(first) * np.linalg.norm(second), 1e-9))
