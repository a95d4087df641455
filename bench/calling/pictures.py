"""Pictures like a camera's, all different: smooth and busy areas, hard edges, grain, and EXIF."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = (3000, 2000)
_ROOM = 600
"""So much larger is the scene that all pictures are cut out of."""
_OCTAVES = ((3, 70.0), (8, 45.0), (25, 28.0), (80, 18.0), (260, 12.0), (900, 11.0), (2400, 12.0))
"""How many waves across, and how strong: as in nature, the finer the weaker."""
_SMOOTH_FROM = 80
"""Waves across from which on smooth areas, such as a sky, have none."""
_GRAIN, _QUALITY = 4.0, 92
_EXIF_IFD = 0x8769
_EXIF = {
    271: "Made-up", 272: "Made-up M6", 274: 1, 282: 72.0, 283: 72.0, 296: 2, 305: "M6 1.0.2",
    306: "2024:07:03 18:20:11",
}  # fmt: skip
_SHOT = {
    0x829A: 0.004, 0x829D: 5.6, 0x8822: 2, 0x8827: 200, 0x9003: "2024:07:03 18:20:11",
    0x9004: "2024:07:03 18:20:11", 0x9011: "+02:00", 0x9209: 16, 0x920A: 35.0, 0xA001: 1,
    0xA402: 0, 0xA403: 0, 0xA434: "Made-up 24-70mm f/2.8",
}  # fmt: skip


_XMP = b"""<?xpacket begin='\xef\xbb\xbf' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/'><xmp:Rating>0</xmp:Rating>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"""
"""Some cameras write a rating that nobody gave, others none: it is in every second picture."""


def draw(folder: Path, count: int, size: tuple[int, int] = SIZE) -> None:
    """Draw *count* pictures of *size* into *folder*, the same ones each time."""
    folder.mkdir(parents=True)
    dice = np.random.default_rng(6)
    scene = _scene(dice, (size[0] + _ROOM, size[1] + _ROOM))
    grain = dice.normal(0, _GRAIN, (size[1], size[0], 1)).round().astype(np.int16)
    for number, cut in zip(range(count), _cuts(scene, size), strict=False):
        pixels = np.clip(cut + np.roll(grain, number * 37, 1), 0, 255).astype(np.uint8)
        path = folder / f"IMG_{number:05}.jpg"
        more = {"xmp": _XMP} if number % 2 else {}
        Image.fromarray(pixels).save(path, quality=_QUALITY, exif=_exif(), **more)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif.update(_EXIF)
    exif.get_ifd(_EXIF_IFD).update(_SHOT)
    return exif


def _cuts(scene: NDArray[np.int16], size: tuple[int, int]) -> Iterator[NDArray[np.int16]]:
    """Give cuttings of *scene* at ever other places."""
    dice = np.random.default_rng(7)
    while True:
        left, top = dice.integers(0, _ROOM, 2)
        yield scene[top : top + size[1], left : left + size[0]]


def _scene(dice: np.random.Generator, size: tuple[int, int]) -> NDArray[np.int16]:
    busy = np.clip(_waves(dice, 5, size, 1)[0] + 0.3, 0, 1)
    sides = np.where(_waves(dice, 12, size, 1)[0] > 0.6, 40.0, 0.0)
    channels = np.zeros((3, size[1], size[0]), np.float32)
    for across, strength in _OCTAVES:
        share = busy if across >= _SMOOTH_FROM else 1.0
        light = _waves(dice, across, size, 1)[0]
        for channel, tint in zip(channels, _waves(dice, min(across, 80), size, 3), strict=True):
            channel += strength * share * (0.8 * light + 0.3 * tint)
    scene = (channels + sides + 118).transpose(1, 2, 0)
    return np.ascontiguousarray(scene.round().astype(np.int16))


def _waves(
    dice: np.random.Generator, across: int, size: tuple[int, int], channels: int
) -> list[NDArray[np.float32]]:
    """Give soft noise with *across* waves in its width, of about -1 to 1."""
    down = across * size[1] // size[0] + 1
    rough = dice.normal(0, 1, (channels, down, across + 1)).astype(np.float32)
    bicubic = Image.Resampling.BICUBIC
    return [np.asarray(Image.fromarray(each).resize(size, bicubic)) for each in rough]
