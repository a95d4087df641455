"""The command line starts quickly, because it loads nothing that it does not need yet."""

import resource
import subprocess
import sys
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
    """The best of five, in seconds of a core: what else runs on this machine is not ours."""
    best = min(_seconds_for_help() for _ in range(5))
    assert best < FAST_S


def _seconds_for_help() -> float:
    began = _used_by_children()
    captiond = Path(sys.executable).with_name("captiond")
    subprocess.run([captiond, "--help"], stdout=subprocess.DEVNULL, check=True)
    return _used_by_children() - began


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
