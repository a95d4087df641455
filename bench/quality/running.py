"""Take one example the way that every file goes: identify, decode, look, read, say."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from bench.labelled.example import Example
from bench.quality.forbidden import found, words
from bench.quality.judging import Verdict, verdicts
from daemon.engines import Reads, Work
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.catalog import LANGUAGES
from daemon.media.decode import open_frames
from daemon.media.frames import Frames, Wanted
from daemon.media.identify import identify
from daemon.stages import Read, Stage, seeing, wording
from metadata.asset import Asset
from metadata.description import Description, Stamp

MAX_PIXELS = 100_000_000
_STAMP = Stamp("bench", "2026-01-01T00:00:00Z")
_TASKS = ("caption", "alt", "tags", "sentiment", "translate")
_READ = ("text", "text_language", "unread_text")
_MS = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example: verdicts, CPU milliseconds by stage, words that must not be."""

    name: str
    kind: str
    verdicts: tuple[Verdict, ...]
    ms: Mapping[str, float] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    scene: tuple[str, str] | None = None


def run(example: Example, folder: Path) -> Outcome:
    """Draw *example*, describe it, judge it, and remove it."""
    path = example.make(folder)
    asset, said, ms = described(path, reads=_is_read(example))
    path.unlink()
    scene = example.truths.get("near_duplicate")
    hashes = [fact.value for fact in said.look.facts if fact.name == "phash"]
    return Outcome(
        example.name,
        example.kind,
        tuple(verdicts(example, said)),
        ms,
        tuple(found(asset, said, _forbidden())),
        (str(scene), str(hashes[0])) if scene and hashes else None,
    )


def described(path: Path, reads: bool) -> tuple[Asset, Description, dict[str, float]]:
    """Describe one file, with its texts only where *reads*; CPU milliseconds by stage."""
    begun = time.process_time()
    asset = identify(path, MAX_PIXELS, lambda path: None)
    frames = open_frames(asset, Wanted(), MAX_PIXELS, lambda path: None)
    ms = {"decode": _since(begun)}
    work = Work(asset, frames, Description())
    work = _through(seeing(_engine()), work, ms)
    reader = _reader() if reads else None
    if reader is not None:
        work = _through((Read(reader),), work, ms)
    work = Work(asset, Frames(()), work.description)
    said: dict[str, float] = {}
    work = _through(wording(_engine(), _TASKS, LANGUAGES), work, said)
    return asset, work.description, {**ms, "words": sum(said.values())}


def _is_read(example: Example) -> bool:
    return any(claim in _READ or claim.startswith("text_tone") for claim in example.truths)


def reads() -> bool:
    """Tell whether the ocr extra is installed."""
    return _reader() is not None


def _through(stages: Iterable[Stage], work: Work, ms: dict[str, float]) -> Work:
    for stage in stages:
        begun = time.process_time()
        (said,) = stage([work], _STAMP)
        work = work.with_description(said)
        ms[stage.name] = _since(begun)
    return work


def _since(begun: float) -> float:
    return (time.process_time() - begun) * _MS


@lru_cache(maxsize=1)
def _engine() -> Builtin:
    return Builtin()


@lru_cache(maxsize=1)
def _reader() -> Reads | None:
    if any(find_spec(package) is None for package in ("rapidocr", "onnxruntime")):
        return None
    from daemon.engines.builtin.reading import Reader  # noqa: PLC0415 - only where it is installed

    return Reader()


@lru_cache(maxsize=1)
def _forbidden() -> dict[str, tuple[str, ...]]:
    return words()
