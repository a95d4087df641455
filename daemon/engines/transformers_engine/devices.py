"""Say which devices there are and how much memory they have free, from a short-lived process.

``python -m daemon.engines.transformers_engine.devices`` prints one Machine as JSON, as its last
line. It loads torch and makes a context on each device, which is why nobody else does it.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import msgspec

from daemon.engines.devices import Device, Machine


def main() -> None:
    """Print what there is."""
    sys.stdout.write(f"{msgspec.json.encode(machine()).decode()}\n")


def machine() -> Machine:
    """Look at torch, transformers and what stands beside them, and at each GPU."""
    try:
        torch = import_module("torch")
    except (ImportError, OSError) as error:
        return Machine(fault=f"torch cannot be loaded: {error}")
    return Machine(
        devices=tuple(_device(torch, number) for number in range(torch.cuda.device_count())),
        torch=str(torch.__version__),
        transformers=version("transformers"),
        flash=_flash(),
        torchvision=_torchvision(),
    )


def _device(torch: Any, number: int) -> Device:
    """Look at one GPU, and have it compute something: some are there and refuse."""
    name = f"cuda:{number}"
    try:
        seen = torch.cuda.get_device_properties(number)
        free, total = torch.cuda.mem_get_info(number)
        major, minor = torch.cuda.get_device_capability(number)
        device = Device(name, seen.name, total, free, float(f"{major}.{minor}"))
        return msgspec.structs.replace(device, fault=_fault(torch, name))
    except (RuntimeError, AssertionError) as error:
        return Device(name, f"GPU {number}", 0, 0, fault=_first_line(error))


def _fault(torch: Any, name: str) -> str:
    """Multiply two small matrices of known product, in the type that models are run in."""
    try:
        ones = torch.ones(16, 16, dtype=torch.bfloat16, device=name)
        product = float((ones @ ones).sum())
    except RuntimeError as error:
        return _first_line(error)
    return "" if product == 16**3 else f"it computes {product} where {16**3} is right"


def _flash() -> str:
    if find_spec("flash_attn") is None:
        return ""
    try:
        return str(import_module("flash_attn").__version__)
    except (ImportError, OSError):
        return ""


def _torchvision() -> str:
    """Tell what is wrong with torchvision: beside another torch than its own it breaks models."""
    if find_spec("torchvision") is None:
        return ""
    try:
        import_module("torchvision")
    except (ImportError, OSError, RuntimeError) as error:
        return _first_line(error)
    return ""


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


if __name__ == "__main__":
    main()
