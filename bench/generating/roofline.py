"""How fast the machine could be at best: its memory and its matrices measured, the work counted.

A step of decoding reads all weights of the language model once, whatever the size of the batch, and
the cache of every row; a token costs two operations for each weight, and four for each place that
it looks at, layer and channel. Each part takes the longer of the two times.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIMES = 15


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes a second to and from memory, and operations a second in products of matrices."""

    bytes_s: float
    flops: float

    def seconds(self, moved: float, computed: float) -> float:
        """Give the least time for so many bytes and operations."""
        return max(moved / self.bytes_s, computed / self.flops)


@dataclass(frozen=True, slots=True)
class Work:
    """One batch: *assets*, each with *rows* answers of *tokens*, in a model of these sizes.

    *language* and *tower* count weights, *weight_bytes* are those of the language model as they
    lie in memory, *output* those of its output alone. A place in the cache takes *kept* bytes, what
    is seen by cross-attention *crossed* bytes for each row. *shared* tokens of the prompts are read
    once for each asset, *own* ones for each row. *seen* are the tower's places for one asset.
    """

    assets: int
    rows: int
    tokens: int
    shared: float
    own: float
    seen: int
    language: int
    weight_bytes: int
    tower: int
    kept: int
    crossed: int

    def looking(self, machine: Machine) -> float:
        """Give the least seconds until the first token: the tower, and reading the prompts."""
        read = self.shared + self.rows * self.own
        computed = 2 * self.assets * (self.tower * self.seen + self.language * read)
        return machine.seconds(self.weight_bytes, computed)

    def decoding(self, machine: Machine) -> float:
        """Give the least seconds for all tokens after that."""
        rows = self.assets * self.rows
        length = self.shared + self.own + self.tokens / 2
        moved = self.weight_bytes + rows * (self.kept * length + self.crossed)
        return self.tokens * machine.seconds(moved, 2.0 * rows * self.language)


def measured(device: Any, dtype: Any) -> Machine:
    """Copy a large block of memory and multiply large matrices on *device*."""
    import torch

    large = device.type == "cuda"
    count, side = (2**31, 8192) if large else (2**26, 1024)
    source = torch.zeros(count, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    one = torch.randn(side, side, dtype=dtype, device=device)
    copying = _quickest(device, lambda: target.copy_(source))
    product = _quickest(device, lambda: one @ one)
    return Machine(2 * count / copying, 2 * side**3 / product)


def work(
    loaded: Any, assets: int, rows: int, tokens: int, prefill: float, own: float, pictures: float
) -> Work:
    """Count the work on a batch; *prefill* and *pictures* are of an asset, *own* is of a row."""
    config = loaded.model.config
    text, model = config.get_text_config(decoder=True), loaded.model.model
    crossing = len(getattr(text, "cross_attention_layers", None) or ())
    heads = text.num_key_value_heads * (text.hidden_size // text.num_attention_heads)
    entry = 2 * heads * loaded.dtype.itemsize
    places = _places(config, crossing)
    tower = getattr(model, "vision_model", None) or model.vision_tower
    return Work(
        assets, rows, tokens, prefill - rows * own, own, round(places * pictures),
        language=_multiplied(model.language_model) + text.vocab_size * text.hidden_size,
        weight_bytes=_bytes(model.language_model) + _bytes(loaded.model.lm_head),
        tower=_multiplied(tower),
        kept=(text.num_hidden_layers - crossing) * entry,
        crossed=crossing * places * entry if crossing else 0,
    )  # fmt: skip


def _places(config: Any, tiles: int) -> int:
    vision = config.vision_config
    each = (vision.image_size // vision.patch_size) ** 2 + 1
    return each * (vision.max_num_tiles if tiles else 1)


def _multiplied(module: Any) -> int:
    """Count the weights that each token is multiplied by, packed ones as they were."""
    import torch

    return sum(
        part.in_features * part.out_features
        for part in module.modules()
        if isinstance(part, torch.nn.Linear)
    )


def _bytes(module: Any) -> int:
    """Count the bytes that are read for a token: the table of words is not, but for one row."""
    import torch

    tables = [part.weight for part in module.modules() if isinstance(part, torch.nn.Embedding)]
    return sum(p.nbytes for p in module.parameters()) - sum(table.nbytes for table in tables)


def _quickest(device: Any, do: Callable[[], object]) -> float:
    import torch

    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        do()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        taken.append(time.perf_counter() - begun)
    return min(taken)
