"""State what the outside of a picture tells: its shape, see-through parts, pages, other half."""

from collections.abc import Iterator

from daemon.media.frames import Frames
from metadata.asset import Asset, MediaKind
from metadata.description import Fact

# Wider than a phone's screen (2.22:1) and narrower than the panoramic film formats (2.7:1).
_PANORAMA = 2.3
_ANIMATED = frozenset({"gif", "webp", "png", "avif"})
_SEE_THROUGH = 0.005


def facts(asset: Asset, frames: Frames) -> Iterator[Fact]:
    """State the facts that hold for *asset*; those that do not apply are left out."""
    yield Fact("aspect", aspect(asset), "measured")
    if frames.transparent >= _SEE_THROUGH:
        yield Fact("transparent", round(frames.transparent, 2), "measured")
    if asset.kind is MediaKind.IMAGE and asset.frames > 1:
        yield _several(asset)
    if asset.companion is not None:
        yield Fact("companion", asset.companion, "metadata")


def aspect(asset: Asset) -> str:
    """Name the shape; a film is wide without being a panorama."""
    ratio = asset.width / asset.height
    if 0.97 < ratio < 1.03:
        return "square"
    if ratio < 1:
        return "portrait"
    still = asset.kind is MediaKind.IMAGE
    return "panorama" if still and ratio >= _PANORAMA else "landscape"


def _several(asset: Asset) -> Fact:
    if asset.format in _ANIMATED:
        return Fact("animated", True, "metadata")
    return Fact("pages", asset.frames, "metadata")
