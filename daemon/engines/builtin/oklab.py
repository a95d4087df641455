"""The Oklab colour space (B. Ottosson 2020): colours as the eye orders them."""

import numpy as np
from numpy.typing import NDArray

from daemon.media.frames import Picture

Lab = NDArray[np.float32]
"""Colours, ... x 3: lightness 0 to 1, green to red, blue to yellow."""

_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)


def oklab(rgb: Picture) -> Lab:
    """Convert sRGB bytes, ... x 3."""
    return np.asarray(np.cbrt(_LINEAR[rgb] @ _TO_CONES.T) @ _TO_LAB.T, np.float32)


def chroma(lab: Lab) -> NDArray[np.float32]:
    """Give the distance from grey: 0 to about 0.32 within sRGB."""
    return np.asarray(np.hypot(lab[..., 1], lab[..., 2]), np.float32)
