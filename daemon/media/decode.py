"""From an identified asset to the pictures that stages look at."""

from daemon.media.faults import blamed
from daemon.media.film import film_frames
from daemon.media.frames import Frames, Wanted
from daemon.media.opened import Opened, opened
from daemon.media.raw import Preview, read_raw_frames
from daemon.media.still import read_frames
from metadata.asset import Asset, MediaKind
from metadata.formats import FORMATS


def open_frames(asset: Asset, wanted: Wanted, max_pixels: int, preview: Preview) -> Frames:
    """Decode what *wanted* asks of *asset*: upright RGB, no side longer than ``wanted.side``.

    Raises AssetError, and MemoryError when the worker's limit is reached.
    """
    with opened(asset.path) as file:
        if asset.kind is MediaKind.VIDEO:
            return film_frames(file, asset, wanted, max_pixels)
        with blamed(asset.path):
            return _still_frames(file, asset, wanted, max_pixels, preview)


def _still_frames(
    file: Opened, asset: Asset, wanted: Wanted, max_pixels: int, preview: Preview
) -> Frames:
    if FORMATS[asset.format].raw:
        return read_raw_frames(file, asset.format, wanted, max_pixels, preview)
    return read_frames(file.stream(), asset.format, wanted, max_pixels)
