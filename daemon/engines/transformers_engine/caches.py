"""Caches of different lengths put below each other; knows how transformers keeps them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def stacked(caches: Sequence[Any], begun: int, longest: int) -> Any:
    """Put the rows of *caches* below each other, each *longest* tokens long.

    Shorter ones get a gap after *begun* tokens, which is to be masked. The first cache is given
    back, the others are emptied layer by layer, so that there is never room needed for all twice.
    """
    for layers in zip(*(cache.layers for cache in caches), strict=True):
        for name in ("keys", "values"):
            if getattr(layers[0], name, None) is not None:
                parts = [_widened(getattr(layer, name), begun, longest) for layer in layers]
                _emptied(layers, name)
                setattr(layers[0], name, _below(parts))
        for name in ("conv_states", "recurrent_states"):
            states = getattr(layers[0], name, {})
            for number in [number for number, state in states.items() if state is not None]:
                states[number] = _below([getattr(layer, name)[number] for layer in layers])
    return caches[0]


def _widened(kept: "torch.Tensor", begun: int, longest: int) -> "torch.Tensor":
    """Open a gap: rows x heads x tokens x values."""
    import torch

    rows, heads, tokens, values = kept.shape
    gap = kept.new_zeros(rows, heads, longest - tokens, values)
    return torch.cat([kept[:, :, :begun], gap, kept[:, :, begun:]], dim=2)


def _emptied(layers: Sequence[Any], name: str) -> None:
    for layer in layers:
        setattr(layer, name, None)


def _below(parts: Sequence["torch.Tensor"]) -> "torch.Tensor":
    import torch

    return torch.cat(list(parts))
