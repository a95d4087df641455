"""RAW files by the JPEG their camera put into them; the sensor data is not developed."""

import io
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PIL import Image

from daemon.media.boxes import Box, top_boxes
from daemon.media.faults import DECODER_FAULTS
from daemon.media.frames import Frames, Wanted
from daemon.media.ifd import HEIGHT, SUBFILE, WIDTH, Directory, directories
from daemon.media.opened import Opened
from daemon.media.still import Header, read_frames, read_header, upright
from daemon.media.told import Told, told_by, told_by_exif
from metadata.reasons import Reason

Preview = Callable[[Path], bytes | None]
"""Gives the embedded JPEG of a RAW file, None when it holds none."""

_TIFF_BASED = {"cr2", "nef", "arw", "orf", "dng", "pef", "srw"}
_EXIF_ROOM = 2**20
_DEFAULT_CROP = 0xC620
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def read_raw_header(file: Opened, format: str, max_pixels: int, preview: Preview) -> Header:
    """Read the size and what the maker's tags say; where they cannot be read, the preview's."""
    told, size = _told(file, format), _sensor_size(file, format)
    if size and told:
        return Header(*upright(size, told.orientation), told)
    inside = read_header(io.BytesIO(_embedded(file, preview)), "jpeg", max_pixels)
    if not told:
        return inside
    if inside.told.orientation == 1:
        inside = Header(*upright((inside.width, inside.height), told.orientation))
    return replace(inside, told=told)


def read_raw_frames(
    file: Opened, format: str, wanted: Wanted, max_pixels: int, preview: Preview
) -> Frames:
    """Decode the embedded preview upright."""
    told = _told(file, format)
    stream = io.BytesIO(_embedded(file, preview))
    return read_frames(stream, "jpeg", wanted, max_pixels, told.orientation if told else None)


def _embedded(file: Opened, preview: Preview) -> bytes:
    content = preview(file.path)
    if not content:
        raise file.fault(Reason.UNSUPPORTED, "this RAW file holds no preview")
    return content


def _told(file: Opened, format: str) -> Told | None:
    with suppress(*DECODER_FAULTS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd tags are no reason to refuse the picture
        if format == "cr3":
            return _told_by_canon(file)
        if format in _TIFF_BASED:
            return _told_by_tiff(file)
    return None


def _told_by_tiff(file: Opened) -> Told:
    head = file.read(0, _EXIF_ROOM)
    plain = (b"II*\0" if head[:2] == b"II" else b"MM\0*") + head[4:]  # Olympus writes another mark
    exif = Image.Exif()
    exif.load(plain)
    told = told_by_exif(exif)
    return replace(told, taken_at=told.taken_at or told_by(exif, exif, {}).taken_at)


def _told_by_canon(file: Opened) -> Told | None:
    """Read the three TIFF blocks that Canon keeps in its own box."""
    for moov in (box for box in top_boxes(file) if box.name == b"moov"):
        for own in moov.find(b"uuid"):
            if file.read(own.start, 16) == _CANON:
                blocks = {box.name: _block(box) for box in own.children(skipped=16)}
                empty = Image.Exif()
                return told_by(*(blocks.get(name, empty) for name in (b"CMT1", b"CMT2", b"CMT4")))
    return None


def _block(box: Box) -> Image.Exif:
    exif = Image.Exif()
    if box.name.startswith(b"CMT"):
        exif.load(box.body())
    return exif


def _sensor_size(file: Opened, format: str) -> tuple[int, int] | None:
    """Give the largest full picture of the directories, as the camera crops it."""
    if format not in _TIFF_BASED:
        return None
    sizes = [_size(entry) for entry in directories(file) if not entry.number(SUBFILE) & 1]
    largest = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return largest if all(largest) else None


def _size(entry: Directory) -> tuple[int, int]:
    crop = entry.numbers(_DEFAULT_CROP)
    if len(crop) == 2 and all(crop):
        return crop[0], crop[1]
    return entry.number(WIDTH), entry.number(HEIGHT)
