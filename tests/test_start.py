"""The command line starts quickly, because it loads nothing that it does not need yet."""

import subprocess
import sys
import time
from pathlib import Path

HEAVY = {
    "PIL", "av", "babel", "exiftool", "fluent", "numpy", "pi_heif", "sqlite_utils", "torch",
    "transformers", "watchdog",
}  # fmt: skip
FAST_S = 0.4


def test_the_command_line_loads_no_heavy_library() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, daemon.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert not loaded & HEAVY


def test_the_service_loads_nothing_that_touches_pixels() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, daemon.service; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert not loaded & (HEAVY - {"watchdog", "sqlite_utils"})


def test_help_answers_at_once() -> None:
    """The best of five: what else runs on this machine is not ours."""
    best = min(_seconds_for_help() for _ in range(5))
    assert best < FAST_S


def _seconds_for_help() -> float:
    began = time.perf_counter()
    captiond = Path(sys.executable).with_name("captiond")
    subprocess.run([captiond, "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began
