"""Which attention a model is run with: flash-attn where it is there and fits, else torch's own."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

FLASH = "flash_attention_2"
SDPA = "sdpa"
EAGER = "eager"
FLASH_CAPABILITY = (8, 0)
"""The oldest NVIDIA generation (Ampere) that flash-attn 2 has kernels for."""


@dataclass(frozen=True, slots=True)
class Attention:
    """The name that transformers has for it, and *why* it is not flash-attn, if it is not."""

    name: str
    why: str = ""


def choose(kind: Any, config: Any, device: "torch.device", dtype: "torch.dtype") -> Attention:
    """Choose the attention for the model class *kind*, by building it without its weights.

    Models say that they take flash-attn and then some part of them does not: only trying tells.
    """
    why = why_no_flash(device, dtype) or _refusal(kind, config, FLASH)
    if not why:
        return Attention(FLASH)
    return Attention(EAGER if _refusal(kind, config, SDPA) else SDPA, why)


def why_no_flash(device: "torch.device", dtype: "torch.dtype") -> str:
    """Say why flash-attn cannot be used on *device*; nothing when it can."""
    import torch

    if device.type != "cuda":
        return "flash-attn runs on NVIDIA GPUs only"
    if dtype not in (torch.bfloat16, torch.float16):
        return f"flash-attn does not compute in {str(dtype).removeprefix('torch.')}"
    if torch.cuda.get_device_capability(device) < FLASH_CAPABILITY:
        return "the GPU is older than flash-attn has kernels for"
    return _why_not_installed()


def skeleton(kind: Any, config: Any, attention: str) -> Any:
    """Build the model without weights: the names and shapes of its parts, in no memory.

    Raises ValueError or ImportError when a part of it does not take *attention*.
    """
    import torch

    with torch.device("meta"):
        return kind._from_config(config, attn_implementation=attention)


def _refusal(kind: Any, config: Any, attention: str) -> str:
    try:
        skeleton(kind, config, attention)
    except (ValueError, ImportError) as error:
        return str(error).strip().partition("\n")[0]
    return ""


def _why_not_installed() -> str:
    if find_spec("flash_attn") is None:
        return "flash-attn is not installed"
    try:
        import_module("flash_attn")
    except (ImportError, OSError) as error:  # built for another torch
        return f"flash-attn cannot be loaded: {error}"
    return ""
