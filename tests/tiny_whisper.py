"""Tiny random Whispers in the real classes, written as folders the way the hub has them.

The order of their tokens is that of the real ones: words first, then the end, the beginning,
languages, tasks, no speech, no times, and the times.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from daemon.media.frames import SAMPLE_RATE, Samples
from tests.tinies import SPECIALS, byte_pairs, seeded, write

LANGUAGES = ("en", "zh", "de", "es", "no", "jw", "haw")
TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")


def whisper(folder: Path, *, english: bool = False, steady: bool = False) -> Path:
    """Write a Whisper, one of those that know *english* only where asked.

    One that is *steady* is sure of what it says, and hardly tells times after three seconds.
    """
    import transformers

    words = whisper_words()
    end, begin = ident_of(words, "endoftext"), ident_of(words, "startoftranscript")
    config = transformers.WhisperConfig(
        vocab_size=len(words), d_model=64, encoder_layers=2, decoder_layers=2,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=128,
        decoder_ffn_dim=128, num_mel_bins=80, decoder_start_token_id=begin, bos_token_id=end,
        eos_token_id=end, pad_token_id=end, suppress_tokens=None, begin_suppress_tokens=None,
        init_std=0.5,
    )  # fmt: skip
    model = seeded(transformers.WhisperForConditionalGeneration, config)
    if steady:
        _steady(model, words)
    told = model.generation_config
    told.is_multilingual, told.max_length, told.return_timestamps = not english, 448, False
    told.no_timestamps_token_id = ident_of(words, "notimestamps")
    told.max_initial_timestamp_index = 50
    told.suppress_tokens, told.begin_suppress_tokens = [1, 2, ident_of(words, "startofprev")], [0]
    if not english:
        told.lang_to_id = {f"<|{code}|>": ident_of(words, code) for code in LANGUAGES}
        told.task_to_id = {task: ident_of(words, task) for task in TASKS[:2]}
    features = transformers.WhisperFeatureExtractor(feature_size=80)
    return write(folder, model, transformers.WhisperProcessor(features, words))


def _steady(model: Any, words: Any) -> None:
    """Sharpen what it says, and take weight from times after three seconds, which most are."""
    import torch

    torch.nn.init.constant_(model.model.decoder.layer_norm.weight, 3.0)
    late = ident_of(words, "3.00")
    torch.nn.init.zeros_(model.model.decoder.embed_tokens.weight.data[late:])


def whisper_words(times: int = 1501) -> Any:
    """Train a tokenizer as Whisper's; older ones name no *times*."""
    import transformers
    from tokenizers import AddedToken

    state = json.loads(byte_pairs().backend_tokenizer.to_str())
    known = sorted(state["model"]["vocab"].items(), key=lambda pair: pair[1])
    pieces = [piece for piece, _ in known if piece not in SPECIALS]
    numbers = {piece: number for number, piece in enumerate([*pieces, "<|endoftext|>"])}
    merges = [tuple(merge) for merge in state["model"]["merges"]]
    words = transformers.WhisperTokenizer(vocab=numbers, merges=merges)
    signs = [f"<|{name}|>" for name in ("startoftranscript", *LANGUAGES, *TASKS)]
    words.add_special_tokens({"additional_special_tokens": signs})
    words.add_tokens([AddedToken(f"<|{n * 0.02:.2f}|>", special=False) for n in range(times)])
    return words


def ident_of(words: Any, name: str) -> int:
    return int(words.get_vocab()[f"<|{name}|>"])


def tone(hertz: float, length_s: float, loud: float = 0.5) -> Samples:
    """Make a tone that swells, so that no two seconds of it are the same."""
    at = np.arange(int(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    swell = 0.2 + 0.8 * np.abs(np.sin(at * (1 + hertz / 500)))
    return (loud * swell * np.sin(2 * np.pi * hertz * at)).astype(np.float32)
