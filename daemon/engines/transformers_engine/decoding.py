"""Greedy decoding of many rows at once, each with its own end; knows no pictures."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daemon.engines import EngineError
from daemon.engines.hosted import Beat
from daemon.engines.transformers_engine.onward import Onward

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Row:
    """One answer to be: at most *limit* tokens, for asset and question by their numbers.

    *seed* is what its dice begin with where there are any.
    """

    asset: int
    question: int
    limit: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The tokens of an answer with the one that ends it; *whole* is False where none does."""

    tokens: tuple[int, ...]
    whole: bool


class Decoder:
    """Answers rows by one model; a sampled answer depends on its own seed alone."""

    def __init__(self, model: Any, words: Any, name: str, temperature: float = 0.0) -> None:
        """Take *model*, whose own settings for generating are put aside, and its tokenizer."""
        self._model = model
        self._name = name
        self._temperature = temperature
        # What a configuration leaves open is filled in from the model's own.
        self._config = model.generation_config = _greedy(model, words)

    def decode(
        self,
        rows: Sequence[Row],
        inputs: dict[str, Any],
        beat: Beat,
        again: bool = False,
        **more: Any,
    ) -> list[Answer]:
        """Continue each of the prompts in *inputs*; raises EngineError for broken weights.

        *again* asks for answers that do not come back to what they have said.
        """
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        ids = inputs["input_ids"]
        limits = torch.tensor([row.limit for row in rows], device=ids.device)
        steps: list[Any] = [Finite(self._name, ids.shape[1])]
        if again:
            steps.append(Onward(ids.shape[1]))
        if self._temperature > 0:
            seeds = [row.seed for row in rows]
            steps.append(_Dice.of(self._temperature, seeds, ids.device))
        said = self._model.generate(
            **inputs,
            **more,
            generation_config=self._until(max(row.limit for row in rows)),
            logits_processor=LogitsProcessorList(steps),
            stopping_criteria=StoppingCriteriaList([_Limited(limits, ids.shape[1], beat)]),
        )
        return [
            self._answer(tokens, row.limit)
            for tokens, row in zip(said[:, ids.shape[1] :].tolist(), rows, strict=True)
        ]

    @property
    def pad(self) -> int:
        """Give the token for places that are masked."""
        return int(self._config.pad_token_id)

    def _until(self, limit: int) -> Any:
        config = copy.copy(self._config)
        config.max_new_tokens = limit
        return config

    def _answer(self, tokens: list[int], limit: int) -> Answer:
        ends = self._config.eos_token_id
        kept = tokens[:limit]
        end = next((at for at, token in enumerate(kept) if token in ends), None)
        return Answer(tuple(kept if end is None else kept[: end + 1]), end is not None)


def _greedy(model: Any, words: Any) -> Any:
    """Keep of a checkpoint's settings only which tokens are special.

    Many come with sampling or repetition penalties, which change what a greedy decoder says.
    """
    from transformers import GenerationConfig

    theirs, text = model.generation_config, model.config.get_text_config(decoder=True)
    ends = _first(theirs.eos_token_id, getattr(text, "eos_token_id", None), words.eos_token_id)
    ends = ends if isinstance(ends, list) else [ends]
    return GenerationConfig(
        do_sample=False,
        use_cache=True,
        eos_token_id=ends,
        pad_token_id=_first(theirs.pad_token_id, words.pad_token_id, ends[0]),
        bos_token_id=_first(theirs.bos_token_id, words.bos_token_id, ends[0]),
    )


def _first(*numbers: Any) -> Any:
    return next(number for number in numbers if number is not None)


@dataclass(frozen=True, slots=True)
class _Limited:
    """Stops each row at its own limit, and tells that the work goes on."""

    limits: "torch.Tensor"
    start: int
    beat: Beat

    def __call__(self, ids: "torch.Tensor", scores: Any, **_: Any) -> "torch.Tensor":
        new = ids.shape[1] - self.start
        self.beat(f"answering, token {new}")
        return self.limits <= new


@dataclass(frozen=True, slots=True)
class Finite:
    """Looks at the first logits only: what is broken in the weights shows there."""

    name: str
    start: int

    def __call__(self, ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Give the *scores* as they are."""
        if ids.shape[1] == self.start and not bool(scores.isfinite().all()):
            raise EngineError(
                f"{self.name} computes numbers that are not finite, so its weights are broken or "
                "wrongly quantized; download it again, or choose another profile"
            )
        return scores


@dataclass(frozen=True, slots=True)
class _Dice:
    """Adds Gumbel noise, so that the largest logit is a fair sample; each row has its own dice."""

    temperature: float
    dice: "tuple[torch.Generator, ...]"

    @classmethod
    def of(cls, temperature: float, seeds: Sequence[int], device: "torch.device") -> "_Dice":
        import torch

        return cls(temperature, tuple(torch.Generator(device).manual_seed(seed) for seed in seeds))

    def __call__(self, ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        noise = scores.new_empty(scores.shape)
        for row, generator in enumerate(self.dice):
            noise[row].exponential_(generator=generator)
        return scores / self.temperature - noise.log()
