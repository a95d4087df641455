"""Write pictures as cameras, editors and phones do."""

from pathlib import Path

import numpy as np
from PIL import Image

from bench.labelled.canvas import Pixels, image_of

QUALITIES = (50, 60, 70, 80, 88, 95)


def jpeg(image: Image.Image, path: Path, quality: int, exif: Image.Exif | None = None) -> Path:
    """Save as JPEG, with Exif where there is some."""
    image.save(path, "JPEG", quality=quality, exif=exif or Image.Exif())
    return path


def anyhow(image: Image.Image, folder: Path, name: str, chance: np.random.Generator) -> Path:
    """Save as JPEG of some quality, one in five times as PNG."""
    stem = name.replace("/", "-")
    if chance.uniform() < 0.2:
        path = folder / f"{stem}.png"
        image.save(path, "PNG", compress_level=1)
        return path
    return jpeg(image, folder / f"{stem}.jpg", int(chance.choice(QUALITIES)))


def pixels_saved(picture: Pixels, folder: Path, name: str, chance: np.random.Generator) -> Path:
    """Save an array in the same way."""
    return anyhow(image_of(picture), folder, name, chance)
