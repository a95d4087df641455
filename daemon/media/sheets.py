"""Hand pictures to another process through a private file, which lives as long as they travel.

A file in the scratch folder rather than a memory segment: what a killed process leaves there is
cleared at the next start, and what is read at once and removed hardly ever reaches the disk.
"""

import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image

from daemon.engines import EngineError
from daemon.media.frames import Frames, Picture
from daemon.wire import SHEETS, Sheets

QUALITY = 90
"""Of JPEG files, on Pillow's scale; colours at half the resolution, as cameras save them."""


def hand_over(pictures: Sequence[Picture], times_s: Sequence[float], scratch: Path) -> Sheets:
    """Write *pictures* into a new file in *scratch*; raises EngineError."""
    path = _written((np.ascontiguousarray(picture).data for picture in pictures), scratch)
    return Sheets(path, _sizes(pictures), tuple(times_s))


def hand_over_encoded(
    pictures: Sequence[Picture], times_s: Sequence[float], scratch: Path
) -> Sheets:
    """Write *pictures* as JPEG files, one after the other, into one file; raises EngineError."""
    files = [_jpeg(picture) for picture in pictures]
    path = _written(files, scratch)
    return Sheets(path, _sizes(pictures), tuple(times_s), tuple(accumulate(map(len, files))))


def _jpeg(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _sizes(pictures: Sequence[Picture]) -> tuple[tuple[int, int], ...]:
    return tuple((picture.shape[1], picture.shape[0]) for picture in pictures)


def _written(contents: Iterable[bytes | memoryview], scratch: Path) -> Path:
    path = scratch / f"{SHEETS}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            for content in contents:
                file.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EngineError(f"{path}: {error.strerror}; make room in state_dir") from error
    return path


def read_sheets(sheets: Sheets) -> tuple[Picture, ...]:
    """Read the pictures, and leave the file to whoever asked; raises OSError."""
    return tuple(_pictures(sheets))


def outlines(sheets: Sheets) -> tuple[Picture, ...]:
    """Give black pictures of the same sizes that take no memory, nor a look into the file."""
    black = np.zeros((), np.uint8)
    return tuple(np.broadcast_to(black, (height, width, 3)) for width, height in sheets.sizes)


def taken(sheets: Sheets) -> Frames:
    """Read the pictures of *sheets* and remove their file; raises OSError."""
    pictures = read_sheets(sheets)
    sheets.path.unlink(missing_ok=True)
    return Frames((), sheets=pictures, sheet_times_s=sheets.times_s)


def _pictures(sheets: Sheets) -> Iterator[Picture]:
    with sheets.path.open("rb") as file:
        for width, height in sheets.sizes:
            pixels = np.fromfile(file, np.uint8, width * height * 3)
            yield pixels.reshape(height, width, 3)
