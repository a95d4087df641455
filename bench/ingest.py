"""Measure files per second from a full folder to a full index, beside the floor.

The floor is the same decode and analysis in a bare loop over a process pool, plus one durable file
write for each picture: what is left is the price of the queue, of merging and writing XMP with
ExifTool, and of the two databases. Both run on pictures of two megapixels, from a cold start.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from daemon.engines import Work
from daemon.engines.builtin import Builtin
from daemon.media.decode import open_frames
from daemon.media.frames import Wanted
from daemon.media.identify import identify
from daemon.stages import seeing, wording
from metadata.description import Description, Stamp

GOAL = 0.7
FULL, QUICK = 1000, 250
ROUNDS = 2
SIZE = (1632, 1224)
MAX_PIXELS = 100_000_000
CONFIG = """
tasks = ["caption", "alt", "tags", "translate"]
state_dir = "state"
languages = ["es", "fr", "hi"]
[[folders]]
path = "in"
"""


def draw(folder: Path, count: int) -> None:
    """Draw *count* different pictures: soft shapes and sensor noise, 0.5 to 0.8 MB each."""
    folder.mkdir(parents=True)
    dice = np.random.default_rng(1)
    noise = [dice.normal(0, 6, (SIZE[1], SIZE[0], 1)).astype(np.float32) for _ in range(4)]
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:07:03 18:20:11"
    for number in range(count):
        rough = dice.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        soft = np.asarray(Image.fromarray(rough).resize(SIZE, Image.Resampling.BICUBIC), np.float32)
        pixels = np.clip(soft + noise[number % len(noise)], 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"IMG_{number:05}.jpg", quality=88, exif=exif)


@cache
def engine() -> Builtin:
    """Give this process's engine."""
    return Builtin()


def describe(path: str) -> None:
    """Do the floor's work on one picture, in a process of the pool."""
    asset = identify(Path(path), MAX_PIXELS, lambda _: None)
    frames = open_frames(asset, Wanted(), MAX_PIXELS, lambda _: None)
    said = Description()
    tasks = ("caption", "alt", "tags", "translate")
    for stage in (*seeing(engine()), *wording(engine(), tasks, ("es", "fr", "hi"))):
        (said,) = stage([Work(asset, frames, said)], Stamp("floor", "2026-01-01T00:00:00Z"))
    _write_durably(Path(f"{path}.floor"), repr(said).encode())


def _write_durably(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def floor(folder: Path, workers: int) -> float:
    """Give the seconds of the bare loop."""
    paths = sorted(map(str, folder.glob("*.jpg")))
    begun = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(describe, paths, chunksize=4):
            pass
    seconds = time.perf_counter() - begun
    for left in folder.glob("*.floor"):
        left.unlink()
    return seconds


def ours(root: Path, count: int) -> float:
    """Give the seconds of `captiond process` on the same folder, its start and end included."""
    shutil.rmtree(root / "state", ignore_errors=True)
    for left in (root / "in").glob("*.xmp"):
        left.unlink()
    command = [sys.executable, "-m", "daemon.cli", "--config", "captiond.toml", "process", "in"]
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=_environment(), capture_output=True, check=False)
    seconds = time.perf_counter() - begun
    sidecars = len(list((root / "in").glob("*.xmp")))
    if done.returncode or sidecars != count:
        sys.exit(f"captiond failed ({sidecars} sidecars): {done.stderr.decode()[-2000:]}")
    return seconds


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both, print the table and the JSON line; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pictures, not {FULL}")
    count = QUICK if parser.parse_args(arguments).quick else FULL
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="captiond-bench-") as name:
        root = Path(name)
        (root / "captiond.toml").write_text(CONFIG, encoding="utf-8")
        draw(root / "in", count)
        # in turn, and the quickest of each: these machines are never quiet for long
        rounds = [(floor(root / "in", cores), ours(root, count)) for _ in range(ROUNDS)]
    bare, full = (count / min(seconds) for seconds in zip(*rounds, strict=True))
    ratio = full / bare
    ok = ratio >= GOAL
    print(f"{count} pictures of {SIZE[0]} x {SIZE[1]}, {cores} cores")
    print(f"captiond process   {full:8.1f} files/s")
    print(f"bare loop          {bare:8.1f} files/s")
    print(f"ratio              {ratio:8.2f} (goal {GOAL})")
    row = {"name": "builtin", "ours": full, "other": bare, "unit": "files/s"}
    row |= {"ratio": ratio, "goal": GOAL, "ok": ok}
    print(json.dumps({"bench": "ingest", "rows": [row], "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
