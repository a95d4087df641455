"""Stretches of sound through a Whisper of transformers; what they mean is up to others.

generate() of transformers' Whisper is not used: it runs a stretch again from its last time on, and
keeps the scores of all steps, which takes gigabytes. What it is built on is, the generate() of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from daemon.engines import EngineError
from daemon.engines.hosted import Beat
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.onward import Onward
from daemon.engines.transformers_engine.places import free_bytes
from daemon.engines.transformers_engine.signs import Signs
from daemon.media.frames import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    import torch

LISTENING_S = 600.0
"""How long a processor may be silent over a batch before its first word."""
FEWEST_TOKENS, TOKENS_A_SECOND = 40, 30
"""Nobody speaks faster, in whatever script."""
FIRST_S = 1.0
"""A stretch begins with speech: the first line begins so early."""
_ROWS_ON_PROCESSOR = 4
_ROWS = 32
_SPARE = 0.5


@dataclass(frozen=True, slots=True)
class Impression:
    """What a model makes of a stretch before it writes a word.

    *states* is what its encoder gives, on the processor; *languages* how likely each is, *silence*
    how likely it is that nobody speaks.
    """

    states: "torch.Tensor"
    languages: dict[str, float]
    silence: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Said:
    """The tokens that a stretch was written down with, and their mean logarithmic likelihood.

    It is *whole* where the model ended it, and not its limit.
    """

    tokens: tuple[int, ...]
    likelihood: float
    whole: bool


class Ear:
    """A Whisper on its device; what it gives for a stretch does not depend on the batch."""

    def __init__(self, loaded: Loaded, signs: Signs) -> None:
        """Take the model, whose own settings for generating are put aside but for its *signs*."""
        self._loaded = loaded
        self._model = loaded.model
        self._signs = signs
        self._theirs = loaded.model.generation_config
        self._model.generation_config = _greedy(self._theirs, signs)

    def rows(self) -> int:
        """Tell how many stretches fit into the memory that is free now."""
        device = self._loaded.device
        most = _ROWS if device.type == "cuda" else _ROWS_ON_PROCESSOR
        return max(1, min(most, int(free_bytes(device) * _SPARE) // self._row_bytes()))

    def listen(self, batch: Sequence[Samples], beat: Beat) -> list[Impression]:
        """Listen to a batch; raises OutOfMemory, DeviceLost, or EngineError for broken weights."""
        import torch

        beat(f"listening to {len(batch)} stretches", LISTENING_S)
        with self._device(f"listening to {len(batch)} stretches"), torch.inference_mode():
            states = self._model.get_encoder()(self._features(batch)).last_hidden_state
            logits = self._first(states).float()
            if not bool(logits.isfinite().all()):
                raise EngineError(_broken(self._loaded.name))
            numbers = list(self._signs.languages.values())
            spoken = logits[:, numbers].softmax(-1).tolist()
            silence = logits.softmax(-1)[:, self._signs.silent].tolist()
            kept = states.cpu()
        return [
            Impression(
                kept[row],
                dict(zip(self._signs.languages, spoken[row], strict=True)),
                silence[row],
                len(samples) / SAMPLE_RATE,
            )
            for row, samples in enumerate(batch)
        ]

    def write(
        self,
        batch: Sequence[tuple[Impression, str | None]],
        beat: Beat,
        onward: bool = False,
    ) -> list[Said]:
        """Write down each impression in its language; *onward* for what came out as a loop."""
        import torch

        with self._device(f"writing down {len(batch)} stretches"), torch.inference_mode():
            return self._written(batch, beat, onward)

    def _written(
        self, batch: Sequence[tuple[Impression, str | None]], beat: Beat, onward: bool
    ) -> list[Said]:
        import torch
        from transformers import GenerationMixin, LogitsProcessorList, StoppingCriteriaList
        from transformers.modeling_outputs import BaseModelOutput

        device = self._loaded.device
        states = torch.stack([impression.states for impression, _ in batch]).to(device)
        begun = torch.tensor([self._signs.prompt(lang) for _, lang in batch], device=device)
        start = begun.shape[1]
        limits = [self._limit(impression.length_s, start) for impression, _ in batch]
        likely = _Likely()
        more = [Onward(start)] if onward else []
        made = GenerationMixin.generate(
            self._model,
            encoder_outputs=BaseModelOutput(last_hidden_state=states),
            attention_mask=states.new_ones(states.shape[:2]),  # silence is to be heard as well
            decoder_input_ids=begun,
            max_new_tokens=max(limits),
            logits_processor=LogitsProcessorList([self._timing(start), likely, *more]),
            stopping_criteria=StoppingCriteriaList(
                [_Paced(torch.tensor(limits, device=device), start, beat)]
            ),
        )
        likely.after(made)
        sure = torch.stack(likely.steps, 1).tolist()
        rows = zip(made[:, start:].tolist(), sure, limits, strict=True)
        return [self._said(tokens[:limit], chances[:limit]) for tokens, chances, limit in rows]

    def _said(self, tokens: list[int], chances: list[float]) -> Said:
        whole = self._signs.end in tokens
        end = tokens.index(self._signs.end) if whole else len(tokens)
        counted = chances[: end + 1]
        likelihood = sum(counted) / len(counted)
        if isnan(likelihood):
            raise EngineError(_broken(self._loaded.name))
        return Said(tuple(tokens[:end]), likelihood, whole)

    def _features(self, batch: Sequence[Samples]) -> "torch.Tensor":
        """Give the spectrogram of each stretch, filled up to half a minute with silence."""
        made = self._loaded.processor.feature_extractor(
            list(batch), sampling_rate=SAMPLE_RATE, return_tensors="pt"
        )
        features: torch.Tensor = made["input_features"]
        return features.to(self._loaded.device, self._loaded.dtype)

    def _first(self, states: "torch.Tensor") -> "torch.Tensor":
        """Give the logits of what follows the very first token: rows x vocabulary."""
        import torch
        from transformers.modeling_outputs import BaseModelOutput

        begun = torch.full((len(states), 1), self._signs.begin, device=states.device)
        encoded = BaseModelOutput(last_hidden_state=states)
        out = self._model(encoder_outputs=encoded, decoder_input_ids=begun, use_cache=False)
        logits: torch.Tensor = out.logits[:, -1]
        return logits

    def _timing(self, start: int) -> Any:
        from transformers import GenerationConfig, WhisperTimeStampLogitsProcessor

        first = getattr(self._theirs, "max_initial_timestamp_index", None) or round(FIRST_S / 0.02)
        told = GenerationConfig(
            no_timestamps_token_id=self._signs.timeless, eos_token_id=self._signs.end,
            max_initial_timestamp_index=first,
        )  # fmt: skip
        return WhisperTimeStampLogitsProcessor(told, begin_index=start)

    def _limit(self, length_s: float, start: int) -> int:
        room = int(self._model.config.max_target_positions) - start
        return min(room, FEWEST_TOKENS + int(TOKENS_A_SECOND * length_s))

    def _device(self, doing: str) -> Any:
        return torch_faults(str(self._loaded.device), doing)

    def _row_bytes(self) -> int:
        """Estimate what one stretch takes: the encoder's widest layer, its states, the caches."""
        config, width = self._model.config, self._loaded.dtype.itemsize
        places, written = config.max_source_positions, config.max_target_positions
        widest = places * (8 * config.d_model + 3 * config.encoder_ffn_dim)
        heads = places**2 * config.encoder_attention_heads if self._explicit else 0
        caches = 2 * config.decoder_layers * config.d_model * (places + written)
        return int((widest + heads + caches) * width + config.vocab_size * (width + 16))

    @property
    def _explicit(self) -> bool:
        return self._loaded.attention == "eager"


def _greedy(theirs: Any, signs: Signs) -> Any:
    """Keep of a checkpoint's settings only which tokens are never written: notes and cries."""
    from transformers import GenerationConfig

    return GenerationConfig(
        do_sample=False,
        use_cache=True,
        eos_token_id=signs.end,
        pad_token_id=signs.end,
        decoder_start_token_id=signs.begin,
        suppress_tokens=_numbers(getattr(theirs, "suppress_tokens", None)),
        begin_suppress_tokens=_numbers(getattr(theirs, "begin_suppress_tokens", None)),
    )


def _numbers(told: Any) -> list[int] | None:
    numbers = [number for number in told or () if isinstance(number, int) and number >= 0]
    return numbers or None


@dataclass(slots=True)
class _Likely:
    """Notes how likely each token was that a row was continued with, before it was steered on."""

    steps: "list[torch.Tensor]"
    _next: "torch.Tensor | None"

    def __init__(self) -> None:
        self.steps, self._next = [], None

    def __call__(self, ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        self.after(ids)
        self._next = scores.float().log_softmax(-1)
        return scores

    def after(self, ids: "torch.Tensor") -> None:
        """Note it of the last of *ids*."""
        if self._next is not None:
            self.steps.append(self._next.gather(1, ids[:, -1:])[:, 0])


@dataclass(frozen=True, slots=True)
class _Paced:
    """Stops each row at its own limit, and tells that the work goes on."""

    limits: "torch.Tensor"
    start: int
    beat: Beat

    def __call__(self, ids: "torch.Tensor", scores: Any, **_: Any) -> "torch.Tensor":
        new = ids.shape[1] - self.start
        self.beat(f"writing down speech, token {new}")
        return self.limits <= new


def _broken(name: str) -> str:
    return (
        f"{name} computes numbers that are not finite, so its weights are broken; "
        "download it again, or choose another speech model"
    )
