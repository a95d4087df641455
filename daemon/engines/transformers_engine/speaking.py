"""Sentences by an NLLB-style model of transformers: many languages in one batch; knows no text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from daemon.engines import EngineError
from daemon.engines.hosted import Beat
from daemon.engines.transformers_engine.decoding import Finite
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.places import free_bytes

if TYPE_CHECKING:
    import torch

_ROWS_ON_PROCESSOR = 32
_ROWS = 512
"""Rows at once on a GPU: more take memory for their logits and gain little."""
_SPARE = 0.5
"""The part of the free memory that a batch may take: beams and the allocator want some, too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The pieces of one sentence, and the codes of its languages."""

    source: tuple[int, ...]
    languages: tuple[int, ...]

    @property
    def limit(self) -> int:
        """Say how many pieces a translation may have; scripts with many pieces a word have room."""
        return 3 * len(self.source) + 24


@dataclass(frozen=True, slots=True)
class Said:
    """The pieces of a translation without code and end; *whole* is False where it had no end."""

    pieces: tuple[int, ...]
    whole: bool


class Says(Protocol):
    """A model that says sentences in other languages."""

    def rows(self, longest: Asked) -> int:
        """Tell how many translations of sentences as long as *longest* are made at once."""

    def say(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[tuple[Said, ...]]:
        """Give each sentence in each of its languages; 1 beam is greedy.

        What is said does not depend on the rest of the batch; several beams want one sentence.
        Raises OutOfMemory, DeviceLost, or EngineError for what cannot be right.
        """


class Speaker:
    """A model loaded by transformers; implements Says."""

    def __init__(self, loaded: Loaded) -> None:
        """Take the model; what its folder says of decoding is put aside."""
        from transformers import GenerationConfig

        self._loaded = loaded
        self._model = loaded.model
        config = loaded.model.config
        self._end, self._pad = int(config.eos_token_id), int(config.pad_token_id)
        self._start = int(config.decoder_start_token_id)
        self._model.generation_config = GenerationConfig(
            do_sample=False, use_cache=True, eos_token_id=self._end, pad_token_id=self._pad,
            decoder_start_token_id=self._start,
        )  # fmt: skip

    def rows(self, longest: Asked) -> int:
        """Tell how many translations fit into the memory that is free now."""
        device = self._loaded.device
        most = _ROWS if device.type == "cuda" else _ROWS_ON_PROCESSOR
        fitting = int(free_bytes(device) * _SPARE) // self._row_bytes(longest)
        return max(1, min(most, fitting))

    def say(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[tuple[Said, ...]]:
        """Run the encoder once for each sentence, and the decoder once for each language."""
        import torch

        doing = f"translating {len(batch)} sentences"
        with torch_faults(str(self._loaded.device), doing), torch.inference_mode():
            said = self._generated(batch, beams, beat)
        return self._parted(batch, said)

    def _generated(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[list[int]]:
        from transformers import LogitsProcessorList, StoppingCriteriaList
        from transformers.modeling_outputs import BaseModelOutput

        each = self._tensor([len(asked.languages) for asked in batch])
        limits = self._tensor([asked.limit for asked in batch]).repeat_interleave(each)
        sources, mask = self._padded(batch)
        states = self._model.get_encoder()(input_ids=sources, attention_mask=mask)
        begun = [[self._start, code] for asked in batch for code in asked.languages]
        watched: list[Any] = [_Watched(limits if beams == 1 else None, len(begun[0]), beat)]
        made = self._model.generate(
            encoder_outputs=BaseModelOutput(
                last_hidden_state=states.last_hidden_state.repeat_interleave(each, dim=0)
            ),
            attention_mask=mask.repeat_interleave(each, dim=0),
            decoder_input_ids=self._tensor(begun),
            num_beams=beams,
            max_new_tokens=int(limits.max()) + 1,  # the one that ends it
            logits_processor=LogitsProcessorList([Finite(self._loaded.name, len(begun[0]))]),
            stopping_criteria=StoppingCriteriaList(watched),
        ).tolist()
        if [row[: len(begun[0])] for row in made] != begun:
            raise EngineError(f"{self._loaded.name} did not begin as it was told: a bug of ours")
        return [row[len(begun[0]) :] for row in made]

    def _parted(self, batch: Sequence[Asked], made: list[list[int]]) -> list[tuple[Said, ...]]:
        rows = iter(made)
        return [
            tuple(ended(next(rows), self._end, asked.limit) for _ in asked.languages)
            for asked in batch
        ]

    def _padded(self, batch: Sequence[Asked]) -> "tuple[torch.Tensor, torch.Tensor]":
        width = max(len(asked.source) for asked in batch)
        filled = [[*asked.source, *[self._pad] * (width - len(asked.source))] for asked in batch]
        there = [[place < len(asked.source) for place in range(width)] for asked in batch]
        return self._tensor(filled), self._tensor(there).long()

    def _tensor(self, values: Any) -> "torch.Tensor":
        import torch

        return torch.tensor(values, device=self._loaded.device)

    def _row_bytes(self, asked: Asked) -> int:
        """Estimate what one row takes: its caches, its logits, its share of the encoder."""
        config, width = self._model.config, self._loaded.dtype.itemsize
        source, new = len(asked.source), asked.limit
        cache = 2 * config.decoder_layers * config.d_model * (source + new) * width
        encoder = source * (8 * config.d_model + 3 * config.encoder_ffn_dim) * width
        return int(cache + encoder + config.vocab_size * (width + 8))


def ended(row: Sequence[int], end: int, limit: int) -> Said:
    """Cut what was generated for one sentence at its end, or at its own *limit*."""
    kept = list(row[: limit + 1])
    whole = end in kept
    return Said(tuple(kept[: kept.index(end)] if whole else kept[:limit]), whole)


@dataclass(frozen=True, slots=True)
class _Watched:
    """Stops each row at its own limit, if they have any, and tells that the work goes on."""

    limits: "torch.Tensor | None"
    start: int
    beat: Beat

    def __call__(self, ids: "torch.Tensor", scores: Any, **_: Any) -> "torch.Tensor":
        made = ids.shape[1] - self.start
        self.beat(f"translating, piece {made}")
        return ids[:, 0] < 0 if self.limits is None else self.limits < made
