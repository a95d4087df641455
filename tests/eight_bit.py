"""Checkpoints in 8-bit floats, written as the FP8-dynamic ones of 2024 were."""

import json
from pathlib import Path

import torch  # noqa: TID253
from safetensors.torch import save_file

VISION_2024 = ["re:.*lm_head", "re:multi_modal_projector.*", "re:vision_model.*"]
"""What the FP8 checkpoints of 2024 leave alone, in the names of then."""


def eight_bit_floats(
    folder: Path, tensors: dict[str, torch.Tensor], ignore: list[str]
) -> dict[str, torch.Tensor]:
    """Rewrite *folder* as FP8-dynamic was in 2024; give the weights that it stands for."""
    held: dict[str, torch.Tensor] = {}
    meant: dict[str, torch.Tensor] = {}
    for name, weight in tensors.items():
        held[name] = meant[name] = weight
        if name.startswith("language_model.model.layers") and name.endswith("proj.weight"):
            scale = weight.abs().amax(1, keepdim=True) / 448
            held[name] = (weight / scale).to(torch.float8_e4m3fn)
            held[f"{name}_scale"] = scale
            meant[name] = held[name].float() * scale
    save_file(held, folder / "model.safetensors", metadata={"format": "pt"})
    eight = {"num_bits": 8, "type": "float", "symmetric": True}
    group = {
        "targets": ["Linear"],
        "weights": {**eight, "strategy": "channel", "dynamic": False},
        "input_activations": {**eight, "strategy": "token", "dynamic": True},
    }
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {
        "quant_method": "compressed-tensors", "format": "float-quantized", "ignore": ignore,
        "quantization_status": "compressed", "config_groups": {"group_0": group},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    return meant
