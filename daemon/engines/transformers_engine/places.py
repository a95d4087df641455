"""The device that models run on: opened, or refused with what to do; and what is free on it."""

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from logging import ERROR, getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.engines import EngineError, EngineMissing
from daemon.engines.transformers_engine.faults import torch_faults

if TYPE_CHECKING:
    import torch

MEMORY = Path("/proc/meminfo")


def open_device(name: str, threads: int) -> "torch.device":
    """Open ``cpu`` or ``cuda:0`` and the like, and give *threads* to what runs on the processor.

    Raises EngineMissing where torch or transformers cannot work, EngineError where the device is
    not there.
    """
    check_libraries()
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()  # what matters of its warnings is checked, and raised
    logging.disable_progress_bar()
    getLogger("bitsandbytes").setLevel(ERROR)  # with int8 it says one thing for every product
    torch.set_num_threads(max(1, threads))
    device = torch.device(name)
    if device.type == "cuda":
        _open_gpu(device)
    return device


def check_libraries() -> None:
    """Raise EngineMissing where torch or transformers is missing or broken by torchvision."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise EngineMissing(f"{names} is not installed: pip install 'captiond[models]'")
    if find_spec("torchvision") is None:
        return
    try:
        import_module("torchvision")
    except (ImportError, OSError, RuntimeError) as error:
        first = str(error).strip().partition("\n")[0]
        raise EngineMissing(
            f"torchvision {_version('torchvision')} does not fit torch {_version('torch')} and "
            f"breaks transformers ({first}); captiond does not need it: pip uninstall torchvision"
        ) from None


def free_bytes(device: "torch.device") -> int:
    """Count the bytes that can be had on *device*, with those that torch holds and does not use."""
    if device.type != "cuda":
        return _free_memory()
    import torch

    free, _ = torch.cuda.mem_get_info(device)
    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(free + unused)


def _open_gpu(device: "torch.device") -> None:
    import torch

    count = torch.cuda.device_count()
    if device.index is None or device.index >= count:
        raise EngineError(
            f"{device} is not there: torch {torch.__version__} sees {count} GPUs; "
            "look at nvidia-smi, and whether torch is built for this driver"
        )
    with torch_faults(str(device), "opening it"):
        torch.cuda.set_device(device)
        torch.ones(1, device=device).sum().item()


def _free_memory() -> int:
    for line in MEMORY.read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise EngineError(f"{MEMORY} does not say how much memory is available")


def _version(name: str) -> str:
    try:
        return version(name)
    except ImportError:  # a folder on the path that no package owns
        return "of unknown version"
