"""Tokenizers of the made-up models: about as many tokens for a text as a real one has."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any

SPECIALS = ("<pad>", "<s>", "</s>", "<unk>", "<image>", "<video>", "<|image|>", "<end>")
MOST_WORDS = 4096
TURNS = (
    "{% for turn in messages %}<s>{{ turn['role'] }}: {% for part in turn['content'] %}"
    "{% if part['type'] == 'image' %}IMAGE {% elif part['type'] == 'video' %}VIDEO "
    "{% else %}{{ part['text'] }}{% endif %}{% endfor %}<end>{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant: {% endif %}"
)
_SYLLABLES = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]


def asking_words(texts: Iterable[str], vocabulary: int, image: str) -> Any:
    """Make a tokenizer that knows every word of *texts* and as many made-up ones as fit.

    *image* is what its chat template has for a picture.
    """
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers

    known = dict.fromkeys(re.findall(r"\w+|[^\w\s]+", f"user : assistant {' '.join(texts)}"))
    made = (word for word in _made_up() if word not in known)
    every = (*SPECIALS, *known, *islice(made, min(vocabulary, MOST_WORDS)))[:vocabulary]
    tokens = Tokenizer(models.WordLevel({w: n for n, w in enumerate(every)}, unk_token="<unk>"))
    tokens.pre_tokenizer = pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokens, bos_token="<s>", eos_token="</s>", pad_token="<pad>",
        unk_token="<unk>", additional_special_tokens=list(SPECIALS[4:]), padding_side="left",
        chat_template=TURNS.replace("IMAGE", image).replace("VIDEO", "<video>"),
    )  # fmt: skip


def translating_words(folder: Path, texts: Sequence[str]) -> Any:
    """Make an NLLB tokenizer in *folder*, with the codes of all its languages."""
    import sentencepiece
    import transformers
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    pieces = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(list(texts) * 20), model_writer=pieces, vocab_size=700,
        model_type="bpe", bos_id=-1, eos_id=-1, pad_id=-1, unk_id=0, hard_vocab_limit=False,
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(pieces.getvalue())
    return transformers.NllbTokenizer.from_pretrained(
        folder, local_files_only=True, src_lang="eng_Latn",
        extra_special_tokens=FAIRSEQ_LANGUAGE_CODES,
    )  # fmt: skip


def sayable(words: Any) -> list[int]:
    """List the tokens that are made up of letters, which alone a made-up model may say."""
    special = set(words.all_special_ids)
    plain = {n: w.removeprefix("▁") for w, n in words.get_vocab().items() if n not in special}
    return sorted(number for number, word in plain.items() if word.isalpha())


def _made_up() -> Iterator[str]:
    return ("".join(parts) for parts in product(_SYLLABLES, repeat=3))
