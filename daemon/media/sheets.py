"""Hand pictures to another worker through a private file, which lives as long as they travel.

A file in the scratch folder rather than a memory segment: what a killed process leaves there is
cleared at the next start, and what is read at once and removed hardly ever reaches the disk.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from daemon.engines import EngineError
from daemon.media.frames import Frames, Picture
from daemon.wire import SHEETS, Sheets


def hand_over(frames: Frames, scratch: Path) -> Sheets:
    """Write the sheets of *frames* into a new file in *scratch*; raises EngineError."""
    path = scratch / f"{SHEETS}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            for sheet in frames.sheets:
                file.write(np.ascontiguousarray(sheet).data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EngineError(f"{path}: {error.strerror}; make room in state_dir") from error
    sizes = tuple((sheet.shape[1], sheet.shape[0]) for sheet in frames.sheets)
    return Sheets(path, sizes, frames.sheet_times_s)


def taken(sheets: Sheets) -> Frames:
    """Read the pictures of *sheets* and remove their file; raises OSError."""
    pictures = tuple(_pictures(sheets))
    sheets.path.unlink(missing_ok=True)
    return Frames((), sheets=pictures, sheet_times_s=sheets.times_s)


def _pictures(sheets: Sheets) -> Iterator[Picture]:
    with sheets.path.open("rb") as file:
        for width, height in sheets.sizes:
            pixels = np.fromfile(file, np.uint8, width * height * 3)
            yield pixels.reshape(height, width, 3)
