"""Sum a picture up in 64 bits that hardly change with its size, compression and light.

The signs of the lowest frequencies of a cosine transform (C. Zauner, Implementation and
Benchmarking of Perceptual Image Hash Functions, 2010). Pictures whose hashes differ in at most 10
bits are likely the same one; a cut-out of a picture is not found.
"""

import numpy as np
from PIL import Image

_SIDE = 32
_LOW = 8
_STEPS = np.arange(_SIDE)
_COSINES = np.cos(np.pi * (2 * _STEPS + 1) * _STEPS[:_LOW, None] / (2 * _SIDE))
_LEAST = 40.0
"""The median strength of the frequencies below which their order is chance."""


def phash(grey: Image.Image) -> str | None:
    """Give 16 hexadecimal digits; None where a picture has too little in it to be told apart."""
    small = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), np.float64)
    low = (_COSINES @ small @ _COSINES.T).ravel()[1:]
    if np.median(np.abs(low)) < _LEAST:
        return None
    bits = np.append(low > np.median(low), False)
    return np.packbits(bits).tobytes().hex()
