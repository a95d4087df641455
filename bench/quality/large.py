"""Pictures as large as cameras take them, to time every stage on: 12 megapixels as JPEG."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

from bench.labelled.dice import dice
from bench.labelled.headers import Shot, exif_of
from bench.labelled.phrases import ENGLISH
from bench.labelled.prints import fitting
from bench.labelled.views import detailed, things

_SIZE = (4000, 3000)
_QUARTER = (1000, 750)


def large(count: int, folder: Path) -> Iterator[Path]:
    """Draw *count* photos with grain, every other one with a sign of two lines."""
    for number in range(count):
        chance = dice(f"large-{number}")
        view = detailed(chance, _QUARTER) if number % 4 else things(chance, _QUARTER, 60)
        if number % 2:
            words = tuple(chance.choice(ENGLISH, 2, replace=False).tolist())
            view.paste(fitting(words, number, (700, 300), 60, ((250, 248, 240), (20, 20, 30))))
        image = view.resize(_SIZE, Image.Resampling.BICUBIC)
        grain = chance.standard_normal((_SIZE[1], _SIZE[0], 1), np.float32) * np.float32(4)
        pixels = (np.asarray(image, np.float32) + grain).clip(0, 255).astype(np.uint8)
        path = folder / f"IMG_{number:04}.jpg"
        shot = Shot(datetime(2024, 7, 3, 18, 20, tzinfo=UTC), True, 48.857, 2.352)
        Image.fromarray(pixels).save(path, quality=90, exif=exif_of(shot, number))
        yield path
