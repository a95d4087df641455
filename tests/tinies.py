"""Tiny random checkpoints in the real classes, written as folders the way the hub has them.

Random weights are not made to be right but to be alive: a gate that is closed, tied embeddings or
a small deviation make answers that do not depend on the pictures, and a test of them says nothing.
Widths are multiples of 64 and vocabularies of 32, as 4-bit weights need them.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

CORPUS = (
    "a red circle left of a blue square on a white background",
    "describe the image in detail. list five tags. what is the sentiment?",
    "un cercle rouge à gauche d'un carré bleu sur un fond blanc",
    "ein roter Kreis links von einem blauen Quadrat auf weißem Hintergrund",
    "the quick brown fox jumps over the lazy dog 0123456789 !?.,:;-()[]{}\"'",
) * 20
SPECIALS = (
    "<pad>", "<s>", "</s>", "<unk>", "<image>", "<video>", "<|image|>", "<|im_start|>",
    "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
TURNS = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}IMAGE{% elif c['type'] == 'video' %}VIDEO"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LLAMA = {
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 4096,
    "initializer_range": 0.1, "tie_word_embeddings": False, "pad_token_id": 0, "bos_token_id": 1,
}  # fmt: skip
CLIP = {
    "model_type": "clip_vision_model", "hidden_size": 64, "intermediate_size": 128,
    "num_hidden_layers": 3, "num_attention_heads": 4, "image_size": 56, "patch_size": 14,
    "projection_dim": 64, "initializer_factor": 2.0,
}  # fmt: skip
CROPPED = {"size": {"shortest_edge": 56}, "crop_size": {"height": 56, "width": 56}}
PINPOINTS = [[56, 112], [112, 56], [112, 112]]


def byte_pairs(image: str = "<image>", video: str = "<video>") -> Any:
    """Train a tokenizer whose chat template says *image* and *video* where pictures belong."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    pairs = Tokenizer(models.BPE())
    pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pairs.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    pairs.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=480, special_tokens=list(SPECIALS), initial_alphabet=alphabet,
            show_progress=False,
        ),
    )  # fmt: skip
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=pairs, bos_token="<s>", eos_token="<|im_end|>", pad_token="<pad>",
        unk_token="<unk>", padding_side="left",
        chat_template=TURNS.replace("IMAGE", image).replace("VIDEO", video),
    )  # fmt: skip


def mllama(folder: Path) -> Path:
    """Write a Llama 3.2 Vision with four tiles, open gates and cross-attention in two layers."""
    import torch
    import transformers

    words = byte_pairs("<|image|>")
    text = {
        "vocab_size": rounded(len(words)), "hidden_size": 64, "intermediate_size": 128,
        "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2,
        "cross_attention_layers": [1, 3], "initializer_range": 0.2, "pad_token_id": 0,
        "bos_token_id": 1, "eos_token_id": ident(words, "<|im_end|>"),
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    }  # fmt: skip
    vision = {
        "hidden_size": 64, "num_hidden_layers": 2, "num_global_layers": 1, "attention_heads": 2,
        "intermediate_size": 128, "vision_output_dim": 192, "image_size": 56, "patch_size": 14,
        "intermediate_layers_indices": [0, 1], "max_num_tiles": 4, "initializer_range": 0.05,
    }  # fmt: skip
    config = transformers.MllamaConfig(
        vision_config=vision, text_config=text, image_token_index=ident(words, "<|image|>")
    )
    model = seeded(transformers.MllamaForConditionalGeneration, config)
    for name, weights in model.named_parameters():
        if "gate" in name and "proj" not in name:  # they start at nothing: pictures are ignored
            torch.nn.init.constant_(weights, 0.8)
    pictures = transformers.MllamaImageProcessorPil(
        size={"height": 56, "width": 56}, max_image_tiles=4
    )
    chat = words.chat_template
    return write(folder, model, transformers.MllamaProcessor(pictures, words, chat_template=chat))


def llava(folder: Path) -> Path:
    """Write a LLaVA 1.5: one picture of a fixed size."""
    import transformers

    words = byte_pairs("<image>\n")
    config = transformers.LlavaConfig(
        vision_config=CLIP,
        text_config={**LLAMA, "vocab_size": rounded(len(words)), "eos_token_id": 8},
        image_token_index=ident(words, "<image>"),
    )
    processor = transformers.LlavaProcessor(
        image_processor=transformers.CLIPImageProcessorPil(**CROPPED), tokenizer=words,
        patch_size=14, vision_feature_select_strategy="default", num_additional_image_tokens=1,
        chat_template=words.chat_template,
    )  # fmt: skip
    return write(folder, seeded(transformers.LlavaForConditionalGeneration, config), processor)


def llava_next(folder: Path) -> Path:
    """Write a LLaVA-NeXT (1.6): pictures in tiles."""
    import transformers

    words = byte_pairs("<image>\n")
    config = transformers.LlavaNextConfig(
        vision_config=CLIP,
        text_config={**LLAMA, "vocab_size": rounded(len(words)), "eos_token_id": 8},
        image_token_index=ident(words, "<image>"), image_grid_pinpoints=PINPOINTS,
    )  # fmt: skip
    pictures = transformers.LlavaNextImageProcessorPil(image_grid_pinpoints=PINPOINTS, **CROPPED)
    processor = transformers.LlavaNextProcessor(
        image_processor=pictures, tokenizer=words, patch_size=14,
        vision_feature_select_strategy="default", num_additional_image_tokens=1,
        chat_template=words.chat_template,
    )  # fmt: skip
    return write(folder, seeded(transformers.LlavaNextForConditionalGeneration, config), processor)


def llava_next_video(folder: Path) -> Path:
    """Write a LLaVA-NeXT-Video: pictures in tiles, and videos."""
    import transformers

    words = byte_pairs("<image>\n", "<video>\n")
    config = transformers.LlavaNextVideoConfig(
        vision_config=CLIP,
        text_config={**LLAMA, "vocab_size": rounded(len(words)), "eos_token_id": 8},
        image_token_index=ident(words, "<image>"), video_token_index=ident(words, "<video>"),
        image_grid_pinpoints=PINPOINTS,
    )  # fmt: skip
    model = seeded(transformers.LlavaNextVideoForConditionalGeneration, config)
    write(folder, model, words)
    pictures = transformers.LlavaNextImageProcessorPil(image_grid_pinpoints=PINPOINTS, **CROPPED)
    pictures.save_pretrained(folder)
    # The class of the videos' part cannot be built without torchvision: its file is written here.
    spell(
        folder / "video_preprocessor_config.json",
        video_processor_type="LlavaNextVideoVideoProcessor", processor_class=LNV,
        do_convert_rgb=True, do_resize=True, do_center_crop=True, do_rescale=True,
        do_normalize=True, resample=3, rescale_factor=1 / 255, image_mean=pictures.image_mean,
        image_std=pictures.image_std, **CROPPED,
    )  # fmt: skip
    return spell(
        folder / "processor_config.json", processor_class=LNV, patch_size=14,
        vision_feature_select_strategy="default", num_additional_image_tokens=1,
        image_token="<image>", video_token="<video>",
    ).parent  # fmt: skip


LNV = "LlavaNextVideoProcessor"


def blip2(folder: Path) -> Path:
    """Write a BLIP-2: its language model is an OPT, and it has no chat template."""
    import transformers

    words = byte_pairs()
    words.chat_template = None
    wide = {
        "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
        "num_attention_heads": 4, "initializer_range": 0.1,
    }  # fmt: skip
    text = {
        "model_type": "opt", "vocab_size": rounded(len(words)), "hidden_size": 64, "ffn_dim": 128,
        "num_hidden_layers": 2, "num_attention_heads": 4, "word_embed_proj_dim": 64,
        "max_position_embeddings": 512, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
        "init_std": 0.1, "tie_word_embeddings": False,
    }  # fmt: skip
    config = transformers.Blip2Config(
        vision_config={**wide, "image_size": 56, "patch_size": 14}, text_config=text,
        qformer_config={**wide, "vocab_size": 64, "encoder_hidden_size": 64},
        num_query_tokens=8, image_token_index=ident(words, "<image>"), tie_word_embeddings=False,
    )  # fmt: skip
    model = seeded(transformers.Blip2ForConditionalGeneration, config)
    pictures = transformers.BlipImageProcessorPil(size={"height": 56, "width": 56})
    return write(folder, model, transformers.Blip2Processor(pictures, words, num_query_tokens=8))


def qwen3_vl(folder: Path) -> Path:
    """Write a Qwen3-VL: where a picture lies is remembered in the model between two calls."""
    import transformers

    words, marks = _qwen_words()
    text = {**_QWEN_TEXT, "vocab_size": rounded(len(words)), "num_hidden_layers": 3}
    vision = {**_QWEN_VISION, "depth": 3, "deepstack_visual_indexes": [0, 1]}
    config = transformers.Qwen3VLConfig(
        text_config=text, vision_config=vision, tie_word_embeddings=False, **marks
    )
    return _qwen(folder, seeded(transformers.Qwen3VLForConditionalGeneration, config), words)


def qwen3_5(folder: Path) -> Path:
    """Write a Qwen3.5: linear attention in three of four layers, whose cache is of another kind."""
    import transformers

    words, marks = _qwen_words()
    linear = {
        "linear_key_head_dim": 16, "linear_value_head_dim": 16, "linear_num_key_heads": 2,
        "linear_num_value_heads": 4, "num_hidden_layers": 4,
        "layer_types": ["linear_attention"] * 3 + ["full_attention"],
    }  # fmt: skip
    text = {**_QWEN_TEXT, **linear, "vocab_size": rounded(len(words)), "initializer_range": 0.05}
    text["rope_parameters"] = {**text["rope_parameters"], "partial_rotary_factor": 1.0}
    config = transformers.Qwen3_5Config(
        text_config=text, vision_config={**_QWEN_VISION, "depth": 2}, tie_word_embeddings=False,
        **marks,
    )  # fmt: skip
    return _qwen(folder, seeded(transformers.Qwen3_5ForConditionalGeneration, config), words)


_QWEN_TEXT: dict[str, Any] = {
    "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_key_value_heads": 2,
    "head_dim": 16, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 8,
    "initializer_range": 0.1,
    "rope_parameters": {
        "rope_type": "default", "rope_theta": 10000.0, "mrope_section": [4, 2, 2],
        "mrope_interleaved": True,
    },
}  # fmt: skip
_QWEN_VISION = {
    "hidden_size": 64, "intermediate_size": 128, "num_heads": 2, "patch_size": 16,
    "out_hidden_size": 64, "num_position_embeddings": 256, "initializer_range": 0.1,
}  # fmt: skip


def _qwen_words() -> tuple[Any, dict[str, int]]:
    around = "<|vision_start|>{}<|vision_end|>"
    words = byte_pairs(around.format("<|image_pad|>"), around.format("<|video_pad|>"))
    return words, {
        "image_token_id": ident(words, "<|image_pad|>"),
        "video_token_id": ident(words, "<|video_pad|>"),
        "vision_start_token_id": ident(words, "<|vision_start|>"),
        "vision_end_token_id": ident(words, "<|vision_end|>"),
    }


def _qwen(folder: Path, model: Any, words: Any) -> Path:
    import transformers

    cut = {"patch_size": 16, "temporal_patch_size": 2, "merge_size": 2}
    write(folder, model, words)
    transformers.Qwen2VLImageProcessorPil(
        size={"shortest_edge": 32 * 32, "longest_edge": 128 * 128}, **cut
    ).save_pretrained(folder)
    size = {"shortest_edge": 32 * 32, "longest_edge": 64 * 64 * 8}
    kind = "Qwen3VLVideoProcessor"
    spell(folder / "video_preprocessor_config.json", video_processor_type=kind, size=size, **cut)
    return spell(folder / "processor_config.json", processor_class="Qwen3VLProcessor").parent


def nllb(folder: Path, codes: bool = True) -> Path:
    """Write an NLLB; without *codes* its tokenizer takes every language for an unknown word."""
    import sentencepiece
    import transformers
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    pieces = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=pieces, vocab_size=150, model_type="bpe",
        bos_id=-1, eos_id=-1, pad_id=-1, unk_id=0, hard_vocab_limit=False, character_coverage=1.0,
        minloglevel=2,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(pieces.getvalue())
    kind = "NllbTokenizer"
    spell(folder / "tokenizer_config.json", tokenizer_class=kind, src_lang="eng_Latn")
    known = {"extra_special_tokens": FAIRSEQ_LANGUAGE_CODES} if codes else {}
    words = transformers.NllbTokenizer.from_pretrained(folder, local_files_only=True, **known)
    config = transformers.M2M100Config(
        vocab_size=rounded(len(words)), init_std=0.4, d_model=64, encoder_layers=2,
        decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=128, decoder_ffn_dim=128, max_position_embeddings=1024,
        scale_embedding=True, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2,
    )  # fmt: skip
    model = seeded(transformers.M2M100ForConditionalGeneration, config)
    model.generation_config.max_length = 200
    return write(folder, model, words)


TINIES: dict[str, Callable[[Path], Path]] = {
    "mllama": mllama, "llava": llava, "llava_next": llava_next,
    "llava_next_video": llava_next_video, "blip2": blip2,
    "qwen3_vl": qwen3_vl, "qwen3_5": qwen3_5, "nllb": nllb,
}  # fmt: skip
"""Every tiny model by name; each writes its folder and returns it."""


def ident(words: Any, token: str) -> int:
    """Give the number of *token*, which must be known."""
    number = words.convert_tokens_to_ids(token)
    assert number not in (None, words.unk_token_id), f"{token} is unknown"
    return int(number)


def rounded(count: int) -> int:
    """Round up to a multiple of 32."""
    return -(-count // 32) * 32


def seeded(kind: Any, config: Any) -> Any:
    """Build a model of *kind* with the same random weights every time."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return kind(config).eval()


def write(folder: Path, model: Any, processor: Any) -> Path:
    """Save both; what was said of generating is kept as it is instead of being made up again."""
    model.generation_config._from_model_config = False
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def spell(path: Path, **fields: Any) -> Path:
    """Write a JSON file."""
    path.write_text(json.dumps(fields, indent=1), encoding="utf-8")
    return path
