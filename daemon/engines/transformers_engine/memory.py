"""How much memory a batch takes on its device, from the shapes of model and prompts.

What the caches take follows from the shapes to the byte. What lives only during a layer is counted
for the widest one, and rounded up: an estimate that is too large costs speed, one that is too small
an attempt.
"""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ON_PROCESSOR = 8
"""Assets at once without a GPU: larger batches are hardly faster there (docs/performance.md)."""
MOST = 64
"""Assets at once on a GPU: more would wait in memory for no gain in speed."""
_SPARE = 0.9
_WIDE = 8, 3
"""Hidden and intermediate states that are alive at once in the widest layer."""


@dataclass(frozen=True, slots=True)
class Meal:
    """The sizes of one asset's prompts in tokens, and of its pictures.

    *shared* tokens are computed once and kept for each of *rows* answers, *own* and then *new*
    tokens in each; *pixels* is the shape of the pictures' tensor, empty for words alone.
    """

    rows: int
    shared: int
    own: int
    new: int
    pixels: tuple[int, ...]

    @property
    def length(self) -> int:
        """Count the tokens of a row when it is full."""
        return self.shared + self.own + self.new


@dataclass(frozen=True, slots=True)
class Tower:
    """The widths of a stack of layers: *hidden* and *intermediate* values for each token."""

    hidden: int
    intermediate: int


@dataclass(frozen=True, slots=True)
class Build:
    """The sizes of a model, in values unless said otherwise.

    *kept* is what the cache keeps for a token of a row, *state* what it keeps for a row whatever
    its length (in bytes), *crossed* what it keeps of a picture for a row, *seen* the picture's
    places that text looks at by cross-attention; a value has *width* bytes.
    """

    text: Tower
    vision: Tower
    vocabulary: int
    patch: int
    kept: int
    state: int
    crossed: int
    seen: int
    width: int

    @classmethod
    def of(cls, config: Any, width: int) -> "Build":
        """Read the sizes from a model's *config*."""
        text = config.get_text_config(decoder=True)
        vision = config.vision_config
        crossing = len(getattr(text, "cross_attention_layers", None) or ())
        linear = _count(text, "linear_attention")
        entry = 2 * _heads(text) * _head_size(text)
        seen = _patches(vision) * vision.max_num_tiles if crossing else 0
        return cls(
            text=_tower(text),
            vision=_tower(vision),
            vocabulary=text.vocab_size,
            patch=3 * getattr(vision, "patch_size", 14) ** 2,
            kept=(text.num_hidden_layers - crossing - linear) * entry,
            state=linear * _running(text, width) if linear else 0,
            crossed=crossing * seen * entry,
            seen=seen,
            width=width,
        )

    def cache(self, meal: Meal) -> int:
        """Give the bytes that the cache of one asset has when its answers are full.

        The last token of an answer is never put in.
        """
        crossed = self.crossed if meal.pixels else 0
        row = self.kept * (meal.length - 1) + crossed
        return meal.rows * (row * self.width + self.state)

    def bytes_for(self, meal: Meal) -> int:
        """Estimate all bytes that one asset takes in a batch, at the worst moment."""
        looking = max(self._vision(meal), self._reading(meal))
        return self.cache(meal) + self._logits(meal) + looking

    def _vision(self, meal: Meal) -> int:
        if not meal.pixels:
            return 0
        patches = meal.pixels[0] if len(meal.pixels) == 2 else prod(meal.pixels) // self.patch
        masked = self.seen**2  # pictures in tiles are looked at with a mask
        return (_widest(self.vision, patches) + masked) * self.width + prod(meal.pixels) * 4

    def _reading(self, meal: Meal) -> int:
        together = meal.shared or meal.rows * meal.own
        masks = together * (together + 2 * self.seen)
        return (_widest(self.text, together) + masks) * self.width

    def _logits(self, meal: Meal) -> int:
        return meal.rows * self.vocabulary * (self.width + 8)


def most_in(each: int, device: "torch.device") -> int:
    """Tell how many assets of *each* so many bytes *device* has room for now, at least one."""
    if device.type != "cuda":
        return ON_PROCESSOR
    import torch

    free, _ = torch.cuda.mem_get_info(device)
    held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return fitting(each, free + held)


def fitting(each: int, free: int) -> int:
    """Tell how many assets of *each* so many bytes *free* bytes hold, at least one."""
    return max(1, min(MOST, int(free * _SPARE) // each))


def _widest(tower: Tower, tokens: int) -> int:
    hidden, intermediate = _WIDE
    return tokens * (hidden * tower.hidden + intermediate * tower.intermediate)


def _tower(config: Any) -> Tower:
    inner = getattr(config, "intermediate_size", None) or getattr(config, "ffn_dim", None)
    return Tower(config.hidden_size, inner or 4 * config.hidden_size)


def _heads(text: Any) -> int:
    return int(getattr(text, "num_key_value_heads", None) or text.num_attention_heads)


def _head_size(text: Any) -> int:
    return int(getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads)


def _patches(vision: Any) -> int:
    return int(vision.image_size // vision.patch_size) ** 2 + 1


def _count(text: Any, kind: str) -> int:
    return list(getattr(text, "layer_types", None) or ()).count(kind)


def _running(text: Any, width: int) -> int:
    """Give the bytes of a linear-attention layer's state: that of its convolution and its own."""
    keys = text.linear_num_key_heads * text.linear_key_head_dim
    values = text.linear_num_value_heads * text.linear_value_head_dim
    convolved = (2 * keys + values) * text.linear_conv_kernel_dim
    return int(convolved * width + values * text.linear_key_head_dim * 4)
