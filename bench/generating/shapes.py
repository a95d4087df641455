"""How large the made-up models are, and how much they are given to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seeing:
    """A model that sees: a language model of *layers*, and a tower of *vision_layers*.

    A picture is cut in *tiles* of *side* pixels, or is one of them; a patch has *patch* pixels.
    """

    width: int
    layers: int
    heads: int
    kv_heads: int
    inner: int
    vision_width: int
    vision_layers: int
    vision_heads: int
    vision_inner: int
    side: int
    vocabulary: int
    patch: int = 14


@dataclass(frozen=True, slots=True)
class Saying:
    """A translator with *layers* in its encoder, and as many in its decoder."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """The three models, and what they have to do.

    *images* and *videos* are described at once by us; the seed's way has one at a time, and needs
    only *seed_images* and *seed_videos* of them for a fair figure. An answer has *tokens*, a clip
    is *seconds* long and *size* large.
    """

    image: Seeing
    video: Seeing
    translation: Saying
    images: int
    seed_images: int
    videos: int
    seed_videos: int
    tokens: int
    seconds: int
    size: tuple[int, int]


TINY = Shapes(
    image=Seeing(64, 4, 4, 2, 128, 64, 2, 2, 128, 56, 1024),
    video=Seeing(64, 2, 4, 2, 128, 64, 2, 2, 128, 56, 1024),
    translation=Saying(128, 2, 2, 256, 1024),
    images=2, seed_images=2, videos=2, seed_videos=2, tokens=8, seconds=6, size=(320, 240),
)  # fmt: skip
QUICK = Shapes(
    image=Seeing(384, 6, 6, 2, 1536, 384, 4, 6, 1536, 112, 4096),
    video=Seeing(384, 6, 6, 2, 1536, 384, 4, 6, 1536, 112, 4096),
    translation=Saying(256, 4, 4, 1024, 4096),
    images=8, seed_images=4, videos=4, seed_videos=2, tokens=32, seconds=12, size=(960, 540),
)  # fmt: skip
MID = Shapes(
    image=Seeing(768, 12, 12, 3, 2688, 768, 8, 12, 3072, 224, 8192),
    video=Seeing(768, 12, 12, 12, 2048, 768, 8, 12, 3072, 168, 8192),
    translation=Saying(512, 6, 8, 2048, 16384),
    images=8, seed_images=4, videos=4, seed_videos=2, tokens=64, seconds=30, size=(1280, 720),
)  # fmt: skip
REAL = Shapes(
    image=Seeing(4096, 40, 32, 8, 14336, 1280, 40, 16, 5120, 560, 128256),
    video=Seeing(4096, 32, 32, 32, 11008, 1024, 24, 16, 4096, 336, 32064),
    translation=Saying(1024, 12, 16, 4096, 256206),
    images=64, seed_images=4, videos=32, seed_videos=3, tokens=256, seconds=30, size=(1920, 1080),
)  # fmt: skip
"""Llama-3.2-11B-Vision, LLaVA-NeXT-Video-7B and NLLB-200-distilled-600M, by their config.json."""
SHAPES = {"tiny": TINY, "quick": QUICK, "mid": MID, "real": REAL}
