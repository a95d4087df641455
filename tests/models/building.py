"""The untrained models: their tokenizer, their shapes, and first weights that learn in minutes."""

import itertools
import math
from pathlib import Path
from typing import Any

import tokenizers
import torch  # noqa: TID253
import transformers  # noqa: TID253

import prompts
from tests.models import scenes
from tests.models.pictures import EDGE, PATCH

# Widths are multiples of 64 and the vocabulary of 32: bitsandbytes' 4-bit kernels need it.
WIDTH, HEADS, VOCABULARY = 128, 4, 512
PROMPTS = {
    task: prompts.load(task, Path(__file__).parent / "prompts").body for task in scenes.TASKS
}
PAD, BEGIN, END = "<pad>", "<s>", "<|im_end|>"
SPECIALS = [PAD, BEGIN, "</s>", "<unk>", "<|im_start|>", END]
IMAGE = {"mllama": "<|image|>", "video": "<image>"}
VIDEO = "<video>"
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}IMAGE{% elif c['type'] == 'video' %}VIDEO"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_tokenizer(what: str) -> transformers.PreTrainedTokenizerFast:
    """Make a byte-level tokenizer whose pieces are the grammar's words, of VOCABULARY ids.

    As in the published checkpoints, Mllama's picture token comes after the vocabulary.
    """
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    bytewise = tokenizers.pre_tokenizers.ByteLevel
    tokenizer.pre_tokenizer = bytewise(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    own = [] if what == "mllama" else [IMAGE[what], VIDEO]
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIALS + own, show_progress=False,
        initial_alphabet=sorted(bytewise.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator(_corpus(), trainer)
    spare = VOCABULARY - tokenizer.get_vocab_size()
    tokenizer.add_special_tokens([f"<|reserved_{number}|>" for number in range(spare)])
    if what == "mllama":
        tokenizer.add_special_tokens([IMAGE[what]])
    newline = "\n" if what == "video" else ""
    template = _TEMPLATE.replace("IMAGE", IMAGE[what] + newline).replace("VIDEO", VIDEO + newline)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BEGIN, eos_token=END, pad_token=PAD,
        unk_token="<unk>", padding_side="left", chat_template=template, model_max_length=2048,
    )  # fmt: skip


def build_model(what: str, tokenizer: Any) -> transformers.PreTrainedModel:
    """Make the model with fresh weights."""
    make = _mllama if what == "mllama" else _llava_next_video
    model = make(tokenizer)
    _begin_well(model)
    # Otherwise reading it back derives it from config.json anew.
    model.generation_config._from_model_config = False
    return model


def _corpus() -> list[str]:
    texts = [*PROMPTS.values(), "user\n", "assistant\n"]
    for colour, shape in itertools.product(scenes.COLOURS, scenes.SHAPES):
        texts += [f"A {colour} {shape} is {relation} a {colour} {shape}. The background is "
                  for relation in scenes.RELATIONS]  # fmt: skip
        texts += [f"A {colour} {shape} moves {move}." for move in scenes.MOVES]
        texts += [f"{colour}, {shape}, {colour}, {move}" for move in scenes.MOVES]
        texts += [f"{shape} The background is {word}." for word in scenes.BACKGROUNDS]
        texts += list(scenes.SENTIMENTS.values())
    return texts


def _ids(tokenizer: Any) -> dict[str, int]:
    names = {"pad_token_id": PAD, "bos_token_id": BEGIN, "eos_token_id": END}
    return {name: tokenizer.convert_tokens_to_ids(token) for name, token in names.items()}


def _llava_next_video(tokenizer: Any) -> transformers.PreTrainedModel:
    config = transformers.LlavaNextVideoConfig(
        vision_config={
            "model_type": "clip_vision_model", "hidden_size": WIDTH, "num_hidden_layers": 3,
            "intermediate_size": 2 * WIDTH, "num_attention_heads": HEADS, "image_size": EDGE,
            "patch_size": PATCH, "projection_dim": 64,
        },
        text_config={
            "model_type": "llama", "vocab_size": VOCABULARY, "hidden_size": WIDTH,
            "intermediate_size": 2 * WIDTH, "num_hidden_layers": 3, "num_attention_heads": HEADS,
            "num_key_value_heads": HEADS, "max_position_embeddings": 2048, **_ids(tokenizer),
        },
        image_token_index=tokenizer.convert_tokens_to_ids(IMAGE["video"]),
        video_token_index=tokenizer.convert_tokens_to_ids(VIDEO),
        image_grid_pinpoints=[[EDGE, EDGE]], vision_feature_layer=-1, tie_word_embeddings=False,
    )  # fmt: skip
    return transformers.LlavaNextVideoForConditionalGeneration(config)


def _mllama(tokenizer: Any) -> transformers.PreTrainedModel:
    config = transformers.MllamaConfig(
        vision_config={
            "hidden_size": WIDTH, "num_hidden_layers": 3, "num_global_layers": 1,
            "attention_heads": HEADS, "intermediate_size": 2 * WIDTH, "image_size": EDGE,
            "vision_output_dim": 2 * WIDTH, "patch_size": PATCH, "max_num_tiles": 1,
            "intermediate_layers_indices": [2], "supported_aspect_ratios": [[1, 1]],
        },
        text_config={
            "vocab_size": VOCABULARY, "hidden_size": WIDTH, "intermediate_size": 2 * WIDTH,
            "num_hidden_layers": 6, "num_attention_heads": HEADS, "num_key_value_heads": HEADS,
            "cross_attention_layers": [1, 3, 5], "max_position_embeddings": 2048,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}, **_ids(tokenizer),
        },
        image_token_index=VOCABULARY,
    )  # fmt: skip
    return transformers.MllamaForConditionalGeneration(config)


def _begin_well(model: torch.nn.Module) -> None:
    """Start from weights of a size at which so narrow a model learns.

    The usual 0.02 lets positions drown beside the patches, and closed gates hide the picture.
    """
    for name, weight in model.named_parameters():
        if (
            "position" in name
            and name.endswith(("embedding", "embedding.weight"))
            and (weight.dim() == 2 and "tile" not in name)
        ):
            torch.nn.init.normal_(weight, std=0.5)
        elif "gate" in name and "proj" not in name:
            torch.nn.init.constant_(weight, 0.0 if "embedding" in name else 1.0)
        elif weight.dim() == 4:
            torch.nn.init.normal_(weight, std=0.5 / math.sqrt(weight[0].numel()))
        elif weight.dim() == 2 and "embed" not in name:
            torch.nn.init.normal_(weight, std=1 / math.sqrt(weight.shape[1]))
