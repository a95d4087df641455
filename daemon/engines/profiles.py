"""Which models belong together, and where they lie; not how they are run."""

from pathlib import Path
from typing import Literal

import msgspec

Dtype = Literal["auto", "bfloat16", "float16", "float32"]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model by *name* (a hub repository, or a folder) and how it is meant to be run.

    *quantization* is what is done to its weights while they are loaded; nothing where the
    checkpoint itself is quantized or stays as it is. Pictures are shown to it with at most *side*
    pixels, videos as *frames* of them. *gb* is the memory of its weights in 10^9 bytes. *tried*
    tells whether its real weights were ever run by us.
    """

    name: str
    revision: str = ""
    dtype: Dtype = "auto"
    quantization: Literal["", "nf4", "int8"] = ""
    runtime: Literal["transformers", "ctranslate2"] = "transformers"
    side: int = 1024
    frames: int = 8
    gb: float = 0.0
    licence: str = ""
    gated: bool = False
    tried: bool = False


class Installed(msgspec.Struct, frozen=True):
    """A model whose files are here, in *folder*; *label* names it with its version."""

    model: Model
    folder: Path
    label: str


class Models(msgspec.Struct, frozen=True):
    """The models that one captiond uses; None where there is none for a purpose.

    Without one for videos the one for images is shown their frames.
    """

    image: Installed | None = None
    video: Installed | None = None
    translation: Installed | None = None
