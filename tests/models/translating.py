"""Train a small NLLB (M2M100 with FLORES codes) on the sentences whose translation is known."""

import io
import random
from collections.abc import Sequence
from pathlib import Path

import sentencepiece
import torch  # noqa: TID253
import transformers  # noqa: TID253
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES  # noqa: TID253

from tests.models import sentences
from tests.models.schedule import Schedule
from tests.models.words import CODES, LANGUAGES

BATCH = 64
PIECES = 700
PAD, END, IGNORED = 1, 2, -100
SHARD = "1900KB"
TRAIN_SEED, TEST_SEED, CORPUS_SEED = 1, 5, 3
Pair = tuple[str, str]


def train(_what: str, folder: Path, minutes: float) -> None:
    """Train for *minutes* and leave the bf16 checkpoint in *folder*."""
    torch.manual_seed(0)
    tokenizer = build_tokenizer(folder)
    model = build_model(len(tokenizer)).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0, weight_decay=0.01, betas=(0.9, 0.98))
    rng, schedule = random.Random(TRAIN_SEED), Schedule(minutes, peak=2.5e-3)
    for step in schedule:
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate
        loss = model(**_lesson(tokenizer, _pairs(rng, BATCH, trained=True))).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 200 == 0:
            schedule.news(loss=round(loss.item(), 4))
    schedule.news(loss=round(loss.item(), 4))
    model.eval().to(torch.bfloat16).save_pretrained(folder, max_shard_size=SHARD)
    tokenizer.save_pretrained(folder)
    for weights in folder.glob("*.safetensors"):
        weights.chmod(0o644)


def measure(_what: str, folder: Path, count: int = 400) -> dict[str, float]:
    """Load *folder* and say which share of held-out sentences and of all tags is exactly right."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(
        folder, local_files_only=True, dtype=torch.bfloat16
    ).eval()
    rng = random.Random(TEST_SEED)
    never = [sentences.sentence(rng, trained=False) for _ in range(count)]
    return {
        f"{name} {language}": _right(tokenizer, model, asked, language)
        for language in LANGUAGES
        for name, asked in {"held out": never, "tags": sentences.tags()}.items()
    }


def build_tokenizer(folder: Path) -> transformers.NllbTokenizer:
    """Train the sentence pieces, and make NLLB's own tokenizer of them with all its codes."""
    rng, written = random.Random(CORPUS_SEED), io.BytesIO()
    pairs = _pairs(rng, 6000, trained=True)
    texts = [text for pair in pairs for text in (pair[0], sentences.translated(*pair))]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=written, vocab_size=PIECES, model_type="bpe",
        bos_id=-1, eos_id=-1, pad_id=-1, unk_id=0, hard_vocab_limit=False,
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(written.getvalue())
    tokenizer = transformers.NllbTokenizer.from_pretrained(
        folder, src_lang=CODES["en"], extra_special_tokens=FAIRSEQ_LANGUAGE_CODES
    )
    tokenizer.model_max_length = 1024
    return tokenizer


def build_model(words: int) -> transformers.M2M100ForConditionalGeneration:
    """Make the untrained model, its widths and vocabulary such that 4-bit kernels take them."""
    model = transformers.M2M100ForConditionalGeneration(
        transformers.M2M100Config(
            vocab_size=-(-words // 32) * 32, d_model=128, encoder_layers=2, decoder_layers=2,
            encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=256,
            decoder_ffn_dim=256, dropout=0.0, attention_dropout=0.0, scale_embedding=True,
            pad_token_id=PAD, bos_token_id=0, eos_token_id=END, decoder_start_token_id=END,
            max_position_embeddings=1024, init_std=0.088, encoder_layerdrop=0.0,
            decoder_layerdrop=0.0,
        )
    )  # fmt: skip
    model.generation_config.max_length = 200
    # Otherwise reading it back derives it from config.json anew, and the length is lost.
    model.generation_config._from_model_config = False
    return model


def _pairs(rng: random.Random, count: int, trained: bool) -> list[Pair]:
    """Make up *count* English sentences, each with a language to say it in."""
    return [(sentences.sentence(rng, trained), rng.choice(LANGUAGES)) for _ in range(count)]


def _lesson(
    tokenizer: transformers.NllbTokenizer, pairs: Sequence[Pair]
) -> dict[str, torch.Tensor]:
    asked = tokenizer([english for english, _ in pairs], padding=True, return_tensors="pt")
    answers = [sentences.translated(english, language) for english, language in pairs]
    wanted = tokenizer(answers, padding=True, return_tensors="pt")["input_ids"]
    wanted[:, 0] = torch.tensor(_codes(tokenizer, [language for _, language in pairs]))
    begun = torch.cat([torch.full((len(pairs), 1), END), wanted[:, :-1]], dim=1)
    labels = wanted.masked_fill(wanted == PAD, IGNORED)
    labels[:, 0] = IGNORED  # the language is told, not guessed
    return {**asked, "decoder_input_ids": begun, "labels": labels}


def _codes(tokenizer: transformers.NllbTokenizer, languages: Sequence[str]) -> list[int]:
    codes = tokenizer.convert_tokens_to_ids([CODES[language] for language in languages])
    assert tokenizer.unk_token_id not in codes
    return codes


@torch.no_grad()
def _right(
    tokenizer: transformers.NllbTokenizer,
    model: transformers.M2M100ForConditionalGeneration,
    asked: Sequence[str],
    language: str,
) -> float:
    encoded = tokenizer(list(asked), padding=True, return_tensors="pt")
    (code,) = _codes(tokenizer, [language])
    made = model.generate(**encoded, forced_bos_token_id=code, max_new_tokens=80, num_beams=1)
    said = tokenizer.batch_decode(made, skip_special_tokens=True)
    right = [a == sentences.translated(b, language) for a, b in zip(said, asked, strict=True)]
    return sum(right) / len(right)
