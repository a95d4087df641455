"""How a model's weights are kept, and the proof that exactly the modules meant are quantized.

Checkpoints of 2024 list the modules to leave alone by names that transformers has changed since:
the lists no longer fit, and the outputs are wrong without an error. So each list is made anew from
the tensors that the checkpoint holds, and what came of it is compared after loading.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import Checkpoint, broken

if TYPE_CHECKING:
    import torch

NOTHING = ("(none)",)
"""A list that fits no module; an empty one stands for a default of transformers'."""
FP8_CAPABILITY = (8, 9)
"""The oldest NVIDIA generation (Ada) that multiplies 8-bit floats."""
MARKS = {"bitsandbytes": (".weight.absmax", ".SCB"), "compressed-tensors": (".weight_scale",)}
"""What a file has for each quantized module, after the module's name."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the weights are kept: their *kind* for the log, and what loading is told for it.

    *modules* are those that must be quantized afterwards, no other. *changes* goes into the
    configuration's own quantization, *onto* is a quantization of our own while loading. *bits* is
    how many an element of those modules takes, 0 for as many as all others.
    """

    kind: str
    modules: frozenset[str] = frozenset()
    changes: dict[str, Any] = field(default_factory=dict)
    onto: Any = None
    bits: float = 0
    notes: tuple[str, ...] = ()


def plan(
    checkpoint: Checkpoint, bare: Any, device: "torch.device", dtype: "torch.dtype"
) -> Weights:
    """Decide how the weights of *bare*, the model without weights, are kept on *device*.

    Raises EngineMissing for a quantization that cannot be had, or not be checked.
    """
    method = checkpoint.quantization.get("quant_method", "") or _old_method(checkpoint)
    wanted = checkpoint.installed.model.quantization
    if method and wanted:
        raise EngineMissing(
            f"{checkpoint.installed.label}: quantization = {wanted!r} is asked for, but its "
            f"weights are quantized already ({method}); leave quantization out"
        )
    if method == "bitsandbytes":
        return _bitsandbytes(checkpoint, bare, dtype)
    if method == "compressed-tensors":
        return _compressed(checkpoint, bare, device, dtype)
    if method:
        raise EngineMissing(
            f"{checkpoint.installed.label}: its weights are quantized by {method!r}, which cannot "
            "be checked here; take one as bf16, nf4 (bitsandbytes) or FP8 (compressed-tensors)"
        )
    return _on_the_fly(wanted, bare, dtype) if wanted else Weights(_named(dtype))


def confirm(checkpoint: Checkpoint, model: Any, weights: Weights) -> None:
    """Compare what is quantized in *model* with what should be; raises EngineMissing."""
    found = {name for name, module in model.named_modules() if _is_quantized(module)}
    if found == weights.modules:
        return
    more, fewer = sorted(found - weights.modules), sorted(weights.modules - found)
    example = (more or fewer)[0]
    raise EngineMissing(
        f"{checkpoint.installed.label}: {len(more)} modules are quantized that should not be, and "
        f"{len(fewer)} are not that should be ({example}, ...), in {checkpoint.installed.folder}; "
        "the checkpoint does not fit the installed transformers: take one of the profiles' models"
    )


def linear(bare: Any) -> frozenset[str]:
    """Name the modules that multiply by a matrix: those that can be quantized."""
    import torch

    return frozenset(
        name for name, module in bare.named_modules() if isinstance(module, torch.nn.Linear)
    )


def language_part(bare: Any) -> frozenset[str]:
    """Name the matrices of the language model, without its output.

    A model that writes from pictures has them in its decoder, a translator everywhere. The vision
    tower and the projector are left alone: they are small, and 4 bits there cost right answers
    (94-96% against 97-99%, measured on a trained model).
    """
    decoder = bare if bare.config.is_encoder_decoder else bare.get_decoder()
    output = bare.get_output_embeddings()
    inside = {id(module) for module in decoder.modules()} - {id(output)}
    matrices = linear(bare)
    return frozenset(
        name for name, module in bare.named_modules() if name in matrices and id(module) in inside
    )


def _on_the_fly(wanted: str, bare: Any, dtype: "torch.dtype") -> Weights:
    from transformers import BitsAndBytesConfig

    modules = language_part(bare)
    skipped = sorted(linear(bare) - modules) or list(NOTHING)
    if wanted == "int8":
        onto = BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=skipped)
        return Weights("int8", modules, onto=onto, bits=8)
    onto = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype, llm_int8_skip_modules=skipped,
    )  # fmt: skip
    return Weights("nf4", modules, onto=onto, bits=4.127)


def _bitsandbytes(checkpoint: Checkpoint, bare: Any, dtype: "torch.dtype") -> Weights:
    modules = _quantized_in_file(checkpoint, bare, "bitsandbytes")
    changes: dict[str, Any] = {
        "llm_int8_skip_modules": sorted(linear(bare) - modules) or list(NOTHING)
    }
    if checkpoint.quantization.get("load_in_8bit"):
        return Weights("int8", modules, changes, bits=8)
    changes["bnb_4bit_compute_dtype"] = _named(dtype)
    kind = checkpoint.quantization.get("bnb_4bit_quant_type", "nf4")
    return Weights(str(kind), modules, changes, bits=4.127)


def _compressed(
    checkpoint: Checkpoint, bare: Any, device: "torch.device", dtype: "torch.dtype"
) -> Weights:
    modules = _quantized_in_file(checkpoint, bare, "compressed-tensors")
    changes: dict[str, Any] = {"ignore": sorted(linear(bare) - modules) or list(NOTHING)}
    if _multiplies_fp8(device) and _all_fp8(checkpoint):
        return Weights("fp8", modules, {**changes, "use_optimized_inference": True}, bits=8)
    note = f"its 8-bit weights are unpacked to {_named(dtype)}: they take as much memory as those"
    kind = f"fp8 unpacked to {_named(dtype)}"
    return Weights(kind, changes={**changes, "dequantize": True}, notes=(note,))


def _multiplies_fp8(device: "torch.device") -> bool:
    import torch

    if device.type != "cuda":
        return False
    return bool(torch.cuda.get_device_capability(device) >= FP8_CAPABILITY)


def _all_fp8(checkpoint: Checkpoint) -> bool:
    groups = checkpoint.quantization.get("config_groups", {}).values()
    weights = [group.get("weights") or {} for group in groups]
    return bool(weights) and all(
        w.get("type") == "float" and w.get("num_bits") == 8 for w in weights
    )


def _quantized_in_file(checkpoint: Checkpoint, bare: Any, method: str) -> frozenset[str]:
    """Name the modules, as they are called now, that the checkpoint holds in quantized form."""
    named = now_called(bare)
    modules = frozenset(
        named(f"{key.removesuffix(mark)}.weight").removesuffix(".weight")
        for key in checkpoint.tensors
        for mark in MARKS[method]
        if key.endswith(mark)
    )
    if not modules:
        raise broken(checkpoint.installed, f"config.json says {method}, but no weight is quantized")
    _check_scales(checkpoint)
    for stranger in sorted(modules - linear(bare)):
        what = f"it has quantized weights for {stranger}, which the model does not have"
        raise broken(checkpoint.installed, what)
    return modules


def _check_scales(checkpoint: Checkpoint) -> None:
    """Raise EngineMissing for an 8-bit float without its scale, which would be taken as it is."""
    for name, tensor in checkpoint.tensors.items():
        if tensor.dtype.startswith("F8_E") and f"{name}_scale" not in checkpoint.tensors:
            what = f"the scale of {name} is missing from its files"
            raise broken(checkpoint.installed, what)


def now_called(bare: Any) -> Any:
    """Give the function that turns the name of a tensor in a file into that in the model."""
    from transformers.conversion_mapping import get_model_conversion_mapping
    from transformers.core_model_loading import WeightConverter, rename_source_key

    changes = get_model_conversion_mapping(bare)
    converters = [change for change in changes if isinstance(change, WeightConverter)]
    renamings = [change for change in changes if not isinstance(change, WeightConverter)]
    prefix, known = bare.base_model_prefix, bare.state_dict()

    def renamed(name: str) -> str:
        return str(rename_source_key(name, renamings, converters, prefix, known)[0])

    return renamed


def _old_method(checkpoint: Checkpoint) -> str:
    said = checkpoint.quantization
    return "bitsandbytes" if said.get("load_in_4bit") or said.get("load_in_8bit") else ""


def _is_quantized(module: Any) -> bool:
    return type(module).__name__ in ("Linear4bit", "Linear8bitLt", "CompressedTensorsFP8Linear")


def _named(dtype: "torch.dtype") -> str:
    return str(dtype).removeprefix("torch.")
