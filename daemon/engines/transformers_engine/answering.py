"""Batches answered by a model on its device: pictures looked at once, then all rows decoded."""

import copy
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from daemon.engines.hosted import Beat
from daemon.engines.transformers_engine.asked import Asked
from daemon.engines.transformers_engine.decoding import Answer, Decoder
from daemon.engines.transformers_engine.families import Family

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
            return self._decoder.decode(asked.rows, inputs, beat)
        cache, turn = self._look(inputs)
        found: dict[int, Answer] = {}
        groups = list(self._groups(asked.rests))
        for group in groups:
            mine = cache if group is groups[-1] else copy.deepcopy(cache)
            rows = [asked.rows[number] for number in group]
            owners = self._owners(asked, group, inputs)
            mine.reorder_cache(owners)
            if turn is not None:
                self._turning.rope_deltas = turn[owners]
            prompts = self._continued(inputs, owners, [asked.rests[number] for number in group])
            said = self._decoder.decode(rows, prompts, beat, past_key_values=mine)
            found.update(zip(group, said, strict=True))
        return [found[number] for number in range(len(asked.rows))]

    def _look(self, inputs: dict[str, Any]) -> "tuple[Any, torch.Tensor | None]":
        """Put what prompts share through the model; give the cache, and how far pictures moved it.

        That a model remembers the latter itself is why nothing else may be asked in between.
        """
        more = {}
        if self._family.positions:
            more["position_ids"] = (inputs["attention_mask"].cumsum(-1) - 1).clamp(min=0)
        out = self._model(**inputs, **more, use_cache=True, logits_to_keep=1)
        return out.past_key_values, self._turning.rope_deltas if self._family.turned else None

    @property
    def _turning(self) -> Any:
        return self._model.model

    def _groups(self, rests: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Give the rows that may be decoded together, by their numbers."""
        numbers = range(len(rests))
        if self._family.gaps:
            yield list(numbers)
            return
        for _, same in groupby(
            sorted(numbers, key=lambda n: len(rests[n])), lambda n: len(rests[n])
        ):
            yield list(same)

    def _owners(self, asked: Asked, group: list[int], inputs: dict[str, Any]) -> "torch.Tensor":
        import torch

        place = {asset: at for at, asset in enumerate(asked.assets)}
        owners = [place[asked.rows[number].asset] for number in group]
        return torch.tensor(owners, device=inputs["input_ids"].device)

    def _continued(
        self, inputs: dict[str, Any], owners: "torch.Tensor", rests: Sequence[Sequence[int]]
    ) -> dict[str, Any]:
        """Put each rest after its beginning; shorter ones are padded in between."""
        import torch

        width = max(len(rest) for rest in rests)
        pads = [[0] * (width - len(rest)) for rest in rests]
        ids = [
            [self._decoder.pad] * len(pad) + list(rest)
            for pad, rest in zip(pads, rests, strict=True)
        ]
        mask = [pad + [1] * len(rest) for pad, rest in zip(pads, rests, strict=True)]
        prompts = {
            name: torch.cat([inputs[name][owners], inputs[name].new_tensor(added)], dim=1)
            for name, added in (("input_ids", ids), ("attention_mask", mask))
        }
        for name in self._family.continued:
            begun = inputs[name][owners]
            last = begun[:, -1:].expand(-1, width, *begun.shape[2:])
            prompts[name] = torch.cat([begun, last], dim=1)
        return prompts
