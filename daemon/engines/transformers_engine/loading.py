"""Models from their folders onto a device, whole and as they were trained, or not at all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daemon.engines.profiles import Installed

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model on its device, in eval mode, and the *processor* that makes tensors for it.

    The processor is a tokenizer for a translation model. Floating-point inputs are given in
    *dtype*. *attention* says which one is used, *weights* how the model's weights are kept,
    *size* how many bytes they take, *notes* what the log and ``doctor`` should say of it.
    """

    installed: Installed
    model: Any
    processor: Any
    device: "torch.device"
    dtype: "torch.dtype"
    attention: str
    weights: str
    size: int
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the model for messages."""
        return self.installed.label
