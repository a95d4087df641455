"""What torch raises, told apart by who must act: a smaller batch, a new process, or the file."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from daemon.engines import DeviceLost, EngineError, OutOfMemory

# An allocation that fails inside a library of CUDA's has no class of its own.
_FULL = (
    "out of memory",
    "can't allocate memory",
    "ALLOC_FAILED",
    "Unable to find an engine to execute",  # cuDNN has no room for its workspace
)
# After any of these nothing more can be computed in the process: CUDA keeps the error for good.
_LOST = ("CUDA error", "CUDA driver", "CUBLAS_", "CUDNN_", "cuDNN error", "NVML_SUCCESS")


@contextmanager
def torch_faults(device: str, doing: str) -> Iterator[None]:
    """Let nothing of torch's own out: what went wrong on *device* while *doing* something.

    Raises OutOfMemory and DeviceLost; what is the fault of neither passes through as it is. The
    frames of the failure are cleared, as their tensors would else stay where there is no room.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        ours = fault(error, device, doing)
        if ours is None:
            raise
        traceback.clear_frames(error.__traceback__)
        raise ours from None


def fault(error: RuntimeError | MemoryError, device: str, doing: str) -> EngineError | None:
    """Say what *error* means for the device; None where it is not the device's fault."""
    import torch

    said = str(error).strip()
    first = said.splitlines()[0] if said else type(error).__name__
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or _among(_FULL, said):
        return OutOfMemory(f"{device} has no room for {doing}: {first}")
    if isinstance(error, torch.AcceleratorError) or _among(_LOST, said):
        return DeviceLost(f"{device} failed while {doing}: {first}")
    return None


def _among(words: tuple[str, ...], said: str) -> bool:
    return any(word in said for word in words)
