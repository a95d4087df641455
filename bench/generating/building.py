"""Random models in the real classes: folders as the hub has them, and weights on any device.

The pictures must matter, so a gate that training opens is opened; and no answer may end before its
limit, or end at all, so only plain words can be said.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.generating.following import follow
from bench.generating.shapes import Saying, Seeing
from bench.generating.words import asking_words, sayable, translating_words

GATE = 0.8


def llama_vision(folder: Path, shape: Seeing, texts: Sequence[str]) -> Any:
    """Write the processor of a Llama 3.2 Vision to *folder*, and give its configuration."""
    import transformers

    words = asking_words(texts, shape.vocabulary, "<|image|>")
    local = shape.vision_layers - max(1, shape.vision_layers // 5)
    seen = sorted({max(0, local * n // 5 - 1) for n in range(1, 6)})
    text = {
        "vocab_size": shape.vocabulary, "hidden_size": shape.width, **_ends(words),
        "intermediate_size": shape.inner, "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads,
        "cross_attention_layers": list(range(3, shape.layers, 5)),
        "initializer_range": shape.width**-0.5,
        "rope_parameters": {"rope_type": "default", "rope_theta": 500_000.0},
    }  # fmt: skip
    vision = {
        "hidden_size": shape.vision_width, "num_hidden_layers": local,
        "num_global_layers": shape.vision_layers - local, "attention_heads": shape.vision_heads,
        "intermediate_size": shape.vision_inner, "image_size": shape.side,
        "patch_size": shape.patch, "intermediate_layers_indices": seen, "max_num_tiles": 4,
        "vision_output_dim": shape.vision_width * (1 + len(seen)),
        "initializer_range": shape.vision_width**-0.5,
    }  # fmt: skip
    config = transformers.MllamaConfig(
        vision_config=vision, text_config=text, image_token_index=_number(words, "<|image|>")
    )
    pictures = transformers.MllamaImageProcessorPil(
        size={"height": shape.side, "width": shape.side}, max_image_tiles=4
    )
    transformers.MllamaProcessor(
        pictures, words, chat_template=words.chat_template
    ).save_pretrained(folder)
    return config


def llava_video(folder: Path, shape: Seeing, texts: Sequence[str]) -> Any:
    """Write the processor of a LLaVA-NeXT-Video to *folder*, and give its configuration."""
    import transformers

    words = asking_words(texts, shape.vocabulary, "<image>")
    text = {
        "model_type": "llama", "vocab_size": shape.vocabulary, "hidden_size": shape.width,
        "intermediate_size": shape.inner, "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads,
        "max_position_embeddings": 4096, "initializer_range": shape.width**-0.5,
        "tie_word_embeddings": False, **_ends(words),
    }  # fmt: skip
    vision = {
        "model_type": "clip_vision_model", "hidden_size": shape.vision_width,
        "intermediate_size": shape.vision_inner, "num_hidden_layers": shape.vision_layers,
        "num_attention_heads": shape.vision_heads, "image_size": shape.side,
        "patch_size": shape.patch, "projection_dim": shape.vision_width,
    }  # fmt: skip
    once, twice = shape.side, 2 * shape.side
    grid = [[once, twice], [twice, once], [twice, twice]]
    config = transformers.LlavaNextVideoConfig(
        vision_config=vision, text_config=text, image_grid_pinpoints=grid,
        image_token_index=_number(words, "<image>"), video_token_index=_number(words, "<video>"),
    )  # fmt: skip
    size = {"size": {"shortest_edge": once}, "crop_size": {"height": once, "width": once}}
    words.save_pretrained(folder)
    pictures = transformers.LlavaNextImageProcessorPil(image_grid_pinpoints=grid, **size)
    pictures.save_pretrained(folder)
    _write_video_parts(folder, pictures, shape, size)
    return config


def nllb(folder: Path, shape: Saying, texts: Sequence[str]) -> Any:
    """Write the tokenizer of an NLLB to *folder*, and give its configuration."""
    import transformers

    words = translating_words(folder, texts)
    words.save_pretrained(folder)
    return transformers.M2M100Config(
        vocab_size=max(shape.vocabulary, -(-len(words) // 32) * 32), d_model=shape.width,
        encoder_layers=shape.layers, decoder_layers=shape.layers,
        encoder_attention_heads=shape.heads, decoder_attention_heads=shape.heads,
        encoder_ffn_dim=shape.inner, decoder_ffn_dim=shape.inner, init_std=shape.width**-0.5,
        max_position_embeddings=1024, scale_embedding=True, tie_word_embeddings=False,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2,
    )  # fmt: skip


def weights(kind: Any, config: Any, words: Any, device: Any, dtype: Any) -> Any:
    """Fill a model of *kind* with the same random weights each time, right on its device."""
    import torch

    usual = torch.get_default_dtype()
    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            model = kind(config).eval()
    finally:
        torch.set_default_dtype(usual)
    with torch.no_grad():
        for name, gate in model.named_parameters():
            if "gate" in name and "proj" not in name:
                gate.fill_(GATE)
        mute = torch.ones(model.lm_head.weight.shape[0], dtype=torch.bool)
        mute[sayable(words)] = False
        model.lm_head.weight[mute.to(device)] = 0
    if config.is_encoder_decoder:
        follow(model, config.eos_token_id)
        model.generation_config.max_length = 200
    model.generation_config._from_model_config = False  # or a reload makes it up again
    return model


def _ends(words: Any) -> dict[str, int]:
    return {
        "pad_token_id": words.pad_token_id,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
    }


def _number(words: Any, token: str) -> int:
    return int(words.convert_tokens_to_ids(token))


def _write_video_parts(folder: Path, pictures: Any, shape: Seeing, size: dict[str, Any]) -> None:
    """Write what the classes would, of which that for videos cannot be made without torchvision."""
    kind = "LlavaNextVideoProcessor"
    videos = {
        "video_processor_type": "LlavaNextVideoVideoProcessor", "processor_class": kind,
        "do_convert_rgb": True, "do_resize": True, "do_center_crop": True, "do_rescale": True,
        "do_normalize": True, "resample": 3, "rescale_factor": 1 / 255,
        "image_mean": pictures.image_mean, "image_std": pictures.image_std, **size,
    }  # fmt: skip
    whole = {
        "processor_class": kind, "patch_size": shape.patch, "image_token": "<image>",
        "vision_feature_select_strategy": "default", "num_additional_image_tokens": 1,
        "video_token": "<video>",
    }  # fmt: skip
    for name, fields in (("video_preprocessor", videos), ("processor", whole)):
        (folder / f"{name}_config.json").write_text(json.dumps(fields, indent=1), encoding="utf-8")
