"""Weights that are there already, in fewer bits: as the checkpoints of the profiles keep them."""

from collections.abc import Callable
from typing import Any

from daemon.engines.transformers_engine.quantized import language_part

FP8_LARGEST = 448.0


def packed(model: Any, kind: str, dtype: Any) -> Any:
    """Put the language model's matrices into *kind*: nf4, fp8, or as they are."""
    makers: dict[str, Callable[[Any, Any], Any]] = {"nf4": _nf4, "fp8": _fp8}
    if kind in makers:
        for name in language_part(model):
            model.set_submodule(name, makers[kind](model.get_submodule(name), dtype))
    return model


def _nf4(linear: Any, dtype: Any) -> Any:
    """Quantize by bitsandbytes in blocks of 64, without double quantization."""
    from bitsandbytes.nn import Linear4bit, Params4bit

    made = Linear4bit(
        linear.in_features, linear.out_features, bias=linear.bias is not None,
        compute_dtype=dtype, quant_type="nf4", compress_statistics=False, device="meta",
    )  # fmt: skip
    weight = linear.weight
    made.weight = Params4bit(
        weight.detach(), requires_grad=False, quant_type="nf4", compress_statistics=False
    ).to(weight.device)
    made.bias = linear.bias
    return made


def _fp8(linear: Any, dtype: Any) -> Any:
    """Quantize by row to eight-bit floats, whose inputs are quantized when they come."""
    import torch
    from transformers.integrations.compressed_tensors import CompressedTensorsFP8Linear

    with torch.device("meta"):
        made = CompressedTensorsFP8Linear(
            linear.in_features, linear.out_features, has_bias=linear.bias is not None
        )
    weight = linear.weight.detach().float()
    scale = weight.abs().amax(1, keepdim=True) / FP8_LARGEST
    eight = (weight / scale).to(torch.float8_e4m3fn)
    made.weight = torch.nn.Parameter(eight, requires_grad=False)
    made.weight_scale = torch.nn.Parameter(scale.T.contiguous(), requires_grad=False)
    made.bias = linear.bias
    return made
