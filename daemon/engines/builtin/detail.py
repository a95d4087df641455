"""State what only single pixels of a still tell: drawn or not, blurred or not, and its hash."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from daemon.engines.builtin.acuity import blurry
from daemon.engines.builtin.graphic import graphic
from daemon.engines.builtin.phash import phash
from daemon.media.frames import Frames
from metadata.asset import Asset, MediaKind
from metadata.description import Fact

_SEE_THROUGH = 0.005


def facts(asset: Asset, frames: Frames) -> Iterator[Fact]:
    """State what can be told for sure; a film is not judged, nor is the focus of a drawing."""
    if asset.kind is not MediaKind.IMAGE or not frames.pictures:
        return
    picture = frames.pictures[0]
    shades = Image.fromarray(picture).convert("L")
    grey = np.asarray(shades)
    drawn = graphic(picture, grey)
    if drawn:
        yield Fact("graphic", True, "measured")
    soft = None if drawn or frames.transparent >= _SEE_THROUGH else blurry(grey)
    if soft is not None:
        yield Fact("blurry", soft, "measured")
    if code := phash(shades):
        yield Fact("phash", code, "measured")
