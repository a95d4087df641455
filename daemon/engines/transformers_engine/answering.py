"""Batches answered by a model on its device: pictures looked at once, then all rows decoded."""

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from daemon.engines.hosted import Beat
from daemon.engines.transformers_engine.asked import Asked
from daemon.engines.transformers_engine.caches import stacked
from daemon.engines.transformers_engine.decoding import Answer, Decoder
from daemon.engines.transformers_engine.families import Family
from daemon.engines.transformers_engine.prefix import Tokens

if TYPE_CHECKING:
    import torch

LOOKING_S = 600.0
"""How long a model may take to look at a batch before its first word, on a slow processor."""


class Answering:
    """Continues the prompts of a batch by one model."""

    def __init__(self, model: Any, family: Family, decoder: Decoder) -> None:
        """Take *model* with what is known of its *family*."""
        self._model = model
        self._family = family
        self._decoder = decoder

    def answers(self, asked: Asked, inputs: dict[str, Any], beat: Beat) -> list[Answer]:
        """Answer each row of *asked*, whose *inputs* are on the device."""
        if not asked.rows:
            return []
        beat("looking at pictures", LOOKING_S)
        if asked.rests is None:
            return self._decoder.decode(asked.rows, inputs, beat, asked.again)
        cache, turn = self._look(inputs, asked.words_alone)
        # Rows whose rests are equally long stand together.
        order = sorted(range(len(asked.rows)), key=[len(rest) for rest in asked.rests].__getitem__)
        rests = [asked.rests[number] for number in order]
        owners = self._owners(asked, order, inputs)
        prompts = self._continued(inputs, owners, rests)
        if self._family.gaps:
            cache.reorder_cache(owners)
        else:
            cache = self._caught_up(cache, turn, prompts, owners, rests)
        if turn is not None:
            self._turning.rope_deltas = turn[owners]
        rows = [asked.rows[number] for number in order]
        said = self._decoder.decode(rows, prompts, beat, asked.again, past_key_values=cache)
        found = dict(zip(order, said, strict=True))
        return [found[number] for number in range(len(order))]

    def _look(self, inputs: dict[str, Any], words_alone: bool) -> "tuple[Any, torch.Tensor | None]":
        """Put what prompts share through the model; give the cache, and how far pictures moved it.

        That a model remembers the latter itself is why nothing else may be asked in between.
        """
        more = {}
        if self._family.positions or words_alone:
            more["position_ids"] = (inputs["attention_mask"].cumsum(-1) - 1).clamp(min=0)
        out = self._model(**inputs, **more, use_cache=True, logits_to_keep=1)
        if not self._family.turned:
            return out.past_key_values, None
        turn = self._turning.rope_deltas
        if words_alone:  # what it remembers is of another batch
            turn = inputs["input_ids"].new_zeros(len(inputs["input_ids"]), 1)
        return out.past_key_values, turn

    def _caught_up(
        self,
        cache: Any,
        turn: "torch.Tensor | None",
        prompts: dict[str, Any],
        owners: "torch.Tensor",
        rests: Sequence[Tokens],
    ) -> Any:
        """Put all rests but their last tokens through the model, those of one length at a time.

        A running state would go through places that are masked, so there must be none in between.
        """
        widths = [len(rest) for rest in rests]
        begun = prompts["input_ids"].shape[1] - max(widths)
        caches = []
        for width in sorted(set(widths)):
            rows = [number for number, own in enumerate(widths) if own == width]
            mine = copy.deepcopy(cache) if width < max(widths) else cache
            mine.reorder_cache(owners[rows])
            if width > 1:
                ours = {name: value[rows] for name, value in prompts.items()}
                self._read(mine, None if turn is None else turn[owners[rows]], ours, begun, width)
            caches.append(mine)
        return stacked(caches, begun, begun + max(widths) - 1)

    def _read(
        self,
        cache: Any,
        turn: "torch.Tensor | None",
        prompts: dict[str, Any],
        begun: int,
        width: int,
    ) -> None:
        """Put the last *width* tokens of *prompts*, but the very last, into *cache*."""
        import torch

        mask = prompts["attention_mask"]
        mask = torch.cat([mask[:, :begun], mask[:, -width:-1]], dim=1)
        positions = (mask.cumsum(-1) - 1)[:, begun:]
        self._model(
            input_ids=prompts["input_ids"][:, -width:-1],
            attention_mask=mask,
            position_ids=positions if turn is None else positions[None] + turn,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )

    @property
    def _turning(self) -> Any:
        return self._model.model

    def _owners(self, asked: Asked, order: list[int], inputs: dict[str, Any]) -> "torch.Tensor":
        """Give the row of *inputs* that each row to be answered begins with."""
        import torch

        place = {asset: at for at, asset in enumerate(asked.assets)}
        owners = [place[asked.rows[number].asset] for number in order]
        return torch.tensor(owners, device=inputs["input_ids"].device)

    def _continued(
        self, inputs: dict[str, Any], owners: "torch.Tensor", rests: Sequence[Tokens]
    ) -> dict[str, Any]:
        """Put each rest after its beginning; shorter ones are padded in between."""
        import torch

        width = max(len(rest) for rest in rests)
        gaps = [width - len(rest) for rest in rests]
        both = list(zip(gaps, rests, strict=True))
        ids = [[self._decoder.pad] * gap + list(rest) for gap, rest in both]
        mask = [[0] * gap + [1] * len(rest) for gap, rest in both]
        prompts = {
            name: torch.cat([inputs[name][owners], inputs[name].new_tensor(added)], dim=1)
            for name, added in (("input_ids", ids), ("attention_mask", mask))
        }
        for name in [name for name in self._family.continued if name in inputs]:
            begun = inputs[name][owners]
            last = begun[:, -1:].expand(-1, width, *begun.shape[2:])
            prompts[name] = torch.cat([begun, last], dim=1)
        return prompts
