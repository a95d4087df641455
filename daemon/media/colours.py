"""From any kind of pixels to small 8-bit RGB: depth, palettes, inks and transparency."""

import math

import numpy as np
from PIL import Image, ImageCms

_SEE_THROUGH = 8
_DEEP = ("I", "F")
_DIRECT = {"RGB", "RGBA", "L", "LA", "CMYK", "YCbCr", "La", "RGBa", "RGBX"}


_NEARLY = 0.9
"""To average whole pixels takes a seventh of the time of resizing, so this much less will do."""


def draft(image: Image.Image, side: int) -> None:
    """Have a JPEG decoded at the fraction of its size that is still about *side* pixels long.

    For six or 24 million pixels that takes a quarter less time than to average them afterwards.
    """
    image.draft("RGB", within(image.size, math.ceil(side * _NEARLY)))


def to_small(image: Image.Image, side: int, most: int | None = None) -> Image.Image:
    """Decode *image* and shrink it to about *side* pixels, and to *most* (else *side*) at most."""
    image.load()
    if image.mode.startswith(_DEEP):
        image = _shallow(image)
    elif image.has_transparency_data and image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    elif image.mode not in _DIRECT and image.mode != "LAB":
        image = image.convert("RGB")
    factor = _factor(max(image.size), side)
    if factor >= 2 and image.mode != "LAB":
        image = image.reduce(factor)
    if max(image.size) > (most or side):
        image = image.resize(within(image.size, side), Image.Resampling.BOX)
    return image


def _factor(length: int, side: int) -> int:
    """Choose how many pixels become one: a little too small is better than too large."""
    nearest = round(length / side)
    return nearest if nearest and length / nearest >= _NEARLY * side else length // side


def within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Shrink *size* in proportion until it is at most *side* long, and never to nothing."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def on_white(image: Image.Image) -> tuple[Image.Image, float]:
    """Lay a transparent picture on white, and tell the share of see-through pixels (0 to 1)."""
    if image.mode not in ("RGBA", "LA"):
        return image, 0.0
    image = image.convert("RGBA")
    opacity = image.getchannel("A").histogram()
    share = sum(opacity[:_SEE_THROUGH]) / (image.width * image.height)
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper, share


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert to RGB."""
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
        converted = ImageCms.applyTransform(image, transform)
        return converted or image
    return image if image.mode == "RGB" else image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    """Bring 16 and 32 bits to 8: true 16-bit as a viewer shows it, the others stretched.

    32-bit pictures have no agreed white, so their darkest and lightest half per cent are the ends.
    """
    pixels = np.asarray(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((pixels.astype(np.uint16) >> 8).astype(np.uint8))
    values = np.nan_to_num(pixels.astype(np.float32))
    low, high = np.percentile(values, (0.5, 99.5))
    grey = np.clip((values - low) / max(float(high - low), 1e-6), 0, 1) * 255
    return Image.fromarray(grey.astype(np.uint8))
