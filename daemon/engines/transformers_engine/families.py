"""How kinds of models differ in what can be shared among the questions about one asset."""

from dataclasses import dataclass, replace
from typing import Any, Literal

Films = Literal["video", "pictures", "sheet"]


@dataclass(frozen=True, slots=True)
class Family:
    """What holds for all models of one kind.

    With *shares* the cache of what the prompts of an asset have in common can be continued by each
    of them; *gaps* says that masked places between that and the rest leave no trace, which they do
    where a running state goes through every place. *sliced* are the inputs with one column for each
    token, *continued* those among them that also follow the rest, as their last column was. Where
    *positions* holds, a call of the model must be told them for padded rows, and where *turned*
    does, the model itself remembers how far pictures have moved them. *films* is how a video goes
    in, *chats* whether prompts are put as a conversation, *tasks* what alone it can be asked (None:
    anything). Of *sized* ones a larger picture takes more tokens.
    """

    shares: bool = False
    gaps: bool = True
    sliced: tuple[str, ...] = ("input_ids", "attention_mask")
    continued: tuple[str, ...] = ()
    positions: bool = True
    turned: bool = False
    films: Films = "sheet"
    chats: bool = True
    tasks: tuple[str, ...] | None = None
    sized: bool = True

    def takes(self, task: str, seeing: bool = True) -> bool:
        """Tell whether models of this kind can be asked to do *task*, without *seeing* as well."""
        return (self.tasks is None or task in self.tasks) and (seeing or self.chats)


UNKNOWN = Family()
"""Every question in a row of its own, with the picture once more: slower, and right for all."""
_TYPED = ("input_ids", "attention_mask", "mm_token_type_ids")
_QWEN = Family(shares=True, sliced=_TYPED, positions=False, turned=True, films="video")
_FAMILIES = {
    "mllama": Family(
        shares=True,
        sliced=("input_ids", "attention_mask", "cross_attention_mask"),
        continued=("cross_attention_mask",),
        sized=False,
    ),
    "llava": Family(shares=True, sized=False),
    "llava_next": Family(shares=True),
    "llava_next_video": Family(shares=True, films="video"),
    "blip-2": Family(chats=False, tasks=("caption",), sized=False),
    "qwen3_vl": _QWEN,
    "qwen3_5": replace(_QWEN, gaps=False),  # linear attention in most layers
}
"""By ``model_type`` of the configuration; what stands here was compared token by token."""


def family_of(config: Any, processor: Any) -> Family:
    """Tell the kind of the model with *config*, as far as *processor* can serve it."""
    family = _FAMILIES.get(config.model_type, UNKNOWN)
    if family.films == "video" and getattr(processor, "video_processor", None) is None:
        return replace(family, films="pictures")
    return family
