"""Ask a short-lived process which devices there are: the daemon itself never loads torch.

The answer is kept in the state folder, so that `captiond status` and `show` need not ask again.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from daemon.engines.devices import Machine
from daemon.workers.program import DEVICES, environment

# torch alone takes ten seconds from a cold disk, and a first context on each of eight GPUs as many.
PATIENCE_S = 120
NAME = "devices.json"
_NODES = ("nvidia[0-9]*", "kfd", "dxg", "nvhost-gpu")
_MODULE = "daemon.engines.transformers_engine.devices"


def look(dev: Path = Path("/dev")) -> Machine:
    """Find out which devices there are; starts nothing where the kernel shows no GPU."""
    return ask() if any(_gpu_nodes(dev)) else Machine(torch=_torch())


def ask() -> Machine:
    """Have a process of its own load torch and look; what goes wrong becomes its *fault*."""
    with tempfile.TemporaryDirectory(prefix="captiond-") as scratch:
        seen = {name: os.environ[name] for name in DEVICES if name in os.environ}
        try:
            ran = subprocess.run(
                (sys.executable, "-P", "-m", _MODULE),
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                env={**environment(Path(scratch)), **seen},
            )
        except subprocess.TimeoutExpired:
            return Machine(fault=f"looking for GPUs took more than {PATIENCE_S} s; is one hanging?")
    try:
        return msgspec.json.decode(ran.stdout.splitlines()[-1], type=Machine)
    except (IndexError, msgspec.DecodeError):
        said = ran.stderr.strip()[-300:] or f"exit code {ran.returncode}"
        return Machine(fault=f"looking for GPUs failed: {said}")


def keep(machine: Machine, state_dir: Path) -> None:
    """Remember what was found, for whoever asks without a daemon."""
    (state_dir / NAME).write_bytes(msgspec.json.encode(machine))


def remembered(state_dir: Path) -> Machine:
    """Recall what the last captiond found; nothing when there was none."""
    try:
        return msgspec.json.decode((state_dir / NAME).read_bytes(), type=Machine)
    except (OSError, msgspec.DecodeError):
        return Machine()


def _gpu_nodes(dev: Path) -> Iterator[Path]:
    for pattern in _NODES:
        yield from dev.glob(pattern)


def _torch() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""
