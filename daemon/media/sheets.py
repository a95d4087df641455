"""Hand pictures to another process through a private file, which lives as long as they travel.

A file in the scratch folder rather than a memory segment: what a killed process leaves there is
cleared at the next start, and what is read at once and removed hardly ever reaches the disk.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from daemon.engines import EngineError
from daemon.media.frames import Frames, Picture
from daemon.wire import SHEETS, Sheets


def hand_over(pictures: Sequence[Picture], times_s: Sequence[float], scratch: Path) -> Sheets:
    """Write *pictures* into a new file in *scratch*; raises EngineError."""
    path = scratch / f"{SHEETS}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            for picture in pictures:
                file.write(np.ascontiguousarray(picture).data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EngineError(f"{path}: {error.strerror}; make room in state_dir") from error
    sizes = tuple((picture.shape[1], picture.shape[0]) for picture in pictures)
    return Sheets(path, sizes, tuple(times_s))


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
