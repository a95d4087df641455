"""Questions to models that see: every asset looked at once, all its answers in one decode."""

import copy
from collections.abc import Hashable, Sequence
from math import log2
from typing import Any

from daemon.engines.hosted import Answered, Beat, Shown
from daemon.engines.transformers_engine.answering import Answering
from daemon.engines.transformers_engine.asked import Asked, Preparing
from daemon.engines.transformers_engine.decoding import Answer, Decoder
from daemon.engines.transformers_engine.families import family_of
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.memory import Build, Meal, most_in
from daemon.engines.transformers_engine.showing import Showing
from daemon.wire import Reply


class Asker:
    """A loaded model that is shown pictures and asked about them; implements Asks.

    A question that a model of this kind cannot be asked has an empty reply of no tokens.
    """

    def __init__(self, loaded: Loaded, temperature: float = 0.0) -> None:
        """Take a model; raises EngineMissing where it cannot be asked anything."""
        model, processor = loaded.model, loaded.processor
        self._loaded = loaded
        self._family = family_of(model.config, processor)
        # Its own: the one that encodes in another thread is locked while it does.
        self._words = copy.deepcopy(processor.tokenizer)
        decoder = Decoder(model, self._words, loaded.name, temperature)
        self._answering = Answering(model, self._family, decoder)
        showing = Showing(processor, self._family, loaded.name)
        self._preparing = Preparing(
            showing, self._family, _places(model.config, processor), temperature > 0
        )
        self._build = Build.of(model.config, loaded.dtype.itemsize)

    def takes(self, task: str) -> bool:
        """Tell whether the model can be asked to do *task*."""
        return self._family.takes(task)

    def bucket(self, shown: Shown) -> Hashable:
        """Name the kind of batch that *shown* may be part of: equal names, one batch."""
        asked = tuple(question.task for question in shown.questions)
        if not shown.pictures:
            return ("words", shown.again, asked)
        one = self._family.films == "sheet"
        height, width = shown.pictures[0].shape[:2]
        return (
            shown.kind,
            1 if one else len(shown.pictures),
            round(log2(height * width)) if self._family.sized else 0,
            shown.again,
            asked,
        )

    def most(self, bucket: Hashable, shown: Shown) -> int:
        """Estimate how many assets like *shown* fit into the device's free memory at once."""
        meal = _meal(self._preparing.prepare([shown]))
        return most_in(self._build.bytes_for(meal), self._loaded.device)

    def prepare(self, batch: Sequence[Shown]) -> Asked:
        """Turn a batch into tensors on the processor; called from another thread, ahead of time.

        Raises ValueError for pictures that the model cannot be shown.
        """
        return self._preparing.prepare(batch)

    def answer(self, prepared: Asked, beat: Beat) -> list[Answered]:
        """Answer every question of every asset, in order.

        Raises OutOfMemory, DeviceLost, or EngineError when what comes out cannot be right.
        """
        said = {
            (row.asset, row.question): answer
            for row, answer in zip(prepared.rows, self.answers(prepared, beat), strict=True)
        }
        return [
            Answered(
                tuple(
                    self._reply(question.task, said.get((asset, number)))
                    for number, question in enumerate(shown.questions)
                ),
                prepared.read[asset],
            )
            for asset, shown in enumerate(prepared.batch)
        ]

    def answers(self, prepared: Asked, beat: Beat) -> list[Answer]:
        """Answer as *answer* does, in tokens: one for each of the *prepared* rows."""
        import torch

        doing = f"{len(prepared.rows)} answers of {self._loaded.name}"
        with torch_faults(str(self._loaded.device), doing), torch.inference_mode():
            return self._answering.answers(prepared, self._moved(prepared.inputs), beat)

    def _moved(self, inputs: dict[str, Any]) -> dict[str, Any]:
        dtype = self._loaded.dtype
        return {
            name: value.to(self._loaded.device, dtype if value.is_floating_point() else None)
            for name, value in inputs.items()
        }

    def _reply(self, task: str, answer: Answer | None) -> Reply:
        if answer is None:
            return Reply(task, "", 0, True)
        text = self._words.decode(answer.tokens, skip_special_tokens=True)
        return Reply(task, text.strip(), len(answer.tokens), answer.whole)


def _places(config: Any, processor: Any) -> frozenset[int]:
    """Give the tokens that stand for what is seen, by all the names that they go by."""
    names = [f"{kind}_token_{end}" for kind in ("image", "video") for end in ("id", "index")]
    numbers = {getattr(of, name, None) for of in (config, processor) for name in names}
    return frozenset(number for number in numbers if isinstance(number, int))


def _meal(asked: Asked) -> Meal:
    width = asked.inputs["input_ids"].shape[1]
    seen = [value for name, value in asked.inputs.items() if name.startswith("pixel_values")]
    return Meal(
        rows=len(asked.rows),
        shared=width if asked.rests else 0,
        own=max(map(len, asked.rests)) if asked.rests else width,
        new=max(row.limit for row in asked.rows),
        pixels=tuple(seen[0].shape) if seen else (),
    )
