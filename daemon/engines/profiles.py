"""Which models belong together, and where they lie; not how they are run."""

import importlib.resources
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

Dtype = Literal["auto", "bfloat16", "float16", "float32"]


PROMPTED = ("caption", "alt", "tags", "sentiment", "creative", "moderation", "quality", "summary")
"""The tasks that are put to a model as prompts, in the order in which they are asked."""
SPEECH = "speech"
"""The task of writing down what is said, which takes a model of its own."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model by *name* (a hub repository, or a folder) and how it is meant to be run.

    *quantization* is what is done to its weights while they are loaded; nothing where the
    checkpoint itself is quantized or stays as it is. Pictures are shown to it with at most *side*
    pixels, videos as *frames* of them. *gb* is the memory of its weights in 10^9 bytes,
    *download_gb* what has to come for it, where that is another figure. *tried* tells whether its
    real weights were ever run by us.
    """

    name: str
    revision: str = ""
    dtype: Dtype = "auto"
    quantization: Literal["", "nf4", "int8"] = ""
    runtime: Literal["transformers", "ctranslate2"] = "transformers"
    side: int = 1024
    frames: int = 8
    gb: float = 0.0
    download_gb: float = 0.0
    licence: str = ""
    gated: bool = False
    tried: bool = False


class Installed(msgspec.Struct, frozen=True):
    """A model whose files are here, in *folder*; *label* names it with its version.

    *tasks* are those that it can be asked for; only ``speech`` for a model that hears.
    """

    model: Model
    folder: Path
    label: str
    tasks: tuple[str, ...] = PROMPTED


class Models(msgspec.Struct, frozen=True):
    """The models that one captiond uses; None where there is none for a purpose.

    Without one for videos the one for images is shown their frames. *speech* writes down what is
    said in videos.
    """

    image: Installed | None = None
    video: Installed | None = None
    translation: Installed | None = None
    speech: Installed | None = None

    @property
    def each(self) -> tuple[Installed, ...]:
        """List the models that there are, each once."""
        every = (self.image, self.video, self.translation, self.speech)
        return tuple(dict.fromkeys(m for m in every if m))


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Models that belong together, and what a device must have to run them.

    *vram_gb* is the memory that must be free, in 10^9 bytes; with 0 the processor will do.
    *capability* is the least CUDA compute capability.
    """

    name: str
    good_at: str
    vram_gb: float
    image: Model
    video: Model | None = None
    translation: Model | None = None
    speech: Model | None = None
    capability: float = 0.0

    @property
    def models(self) -> tuple[Model, ...]:
        """List the models that there are."""
        every = (self.image, self.video, self.translation, self.speech)
        return tuple(m for m in every if m)


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A profile as the table has it: models by their keys."""

    name: str
    good_at: str
    vram_gb: float
    image: str
    video: str = ""
    translation: str = ""
    speech: str = ""
    capability: float = 0.0


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    models: dict[str, Model]
    profiles: list[_Row]


def known_profiles() -> Sequence[Profile]:
    """List the profiles of ``profiles.toml``, in its order."""
    table = _table()
    return tuple(
        Profile(
            name=row.name,
            good_at=row.good_at,
            vram_gb=row.vram_gb,
            image=table.models[row.image],
            video=table.models[row.video] if row.video else None,
            translation=table.models[row.translation] if row.translation else None,
            speech=table.models[row.speech] if row.speech else None,
            capability=row.capability,
        )
        for row in table.profiles
    )


def known_model(name: str) -> Model:
    """Describe the model *name* as ``profiles.toml`` does, or with defaults when it has none.

    A name may end in ``@`` and a revision.
    """
    plain, _, revision = name.partition("@")
    known = next((m for m in _table().models.values() if m.name == plain), Model(name=plain))
    return msgspec.structs.replace(known, revision=revision) if revision else known


def _table() -> _Table:
    text = importlib.resources.files("daemon.engines").joinpath("profiles.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Table)
