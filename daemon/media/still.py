"""Pictures through Pillow and libheif: what their headers say, and upright RGB pixels.

Never set ImageFile.LOAD_TRUNCATED_IMAGES: half a picture must not pass for a whole one.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import pi_heif
from PIL import AvifImagePlugin, Image, PsdImagePlugin, TiffImagePlugin, WebPImagePlugin

from daemon.media.colours import draft, on_white, to_rgb, to_small
from daemon.media.frames import Frames, Picture, Wanted
from daemon.media.origin import Traces, xmp_comment
from daemon.media.told import Told, orientation_in, told_by_exif

HEIC = "heic"
_ALREADY_UPRIGHT = {HEIC, "tiff"}
"""libheif turns pictures itself, and so does Pillow for TIFF."""
_PHOTOSHOP_EXIF = 1058
_SUBFILE, _PAGE_NUMBER = 0x00FE, 0x0129
_ONE_OF_SEVERAL = 2
_FAX_CODINGS = ("tiff_ccitt", "group3", "group4")
_PLUGINS = (AvifImagePlugin, PsdImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""Imported so that Pillow need not load all of its seventy formats for them."""
_SLACK = 1.28
"""A sheet may be so much longer than asked: resizing one costs more than all else but decoding."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Header:
    """The upright size in pixels and what else the headers say."""

    width: int
    height: int
    told: Told = Told()  # noqa: RUF009 - frozen


def read_header(stream: BinaryIO, format: str, max_pixels: int) -> Header:
    """Read size and EXIF without decoding; raises what Pillow raises, also for too many pixels."""
    with _open_image(stream, format, max_pixels) as image:
        told = _told(image)
        return Header(*upright(image.size, orientation_of(told, format)), told)


def read_frames(
    stream: BinaryIO, format: str, wanted: Wanted, max_pixels: int, orientation: int | None = None
) -> Frames:
    """Decode the first picture once: upright, as a sheet to read in and as a smaller picture.

    *orientation* is used where the file has none of its own.
    """
    with _open_image(stream, format, max_pixels) as image:
        turn = 1 if format in _ALREADY_UPRIGHT else orientation_in(_exif(image))
        if turn == 1 and orientation:
            turn = orientation
        largest = max(wanted.side, wanted.sheet_side, wanted.view_side)
        draft(image, largest)
        small, transparent = on_white(to_small(image, largest, round(largest * _SLACK)))
        pixels = to_rgb(small)
        if turn in _TURNS:
            pixels = pixels.transpose(_TURNS[turn])
    sheets, picture = _views(pixels, wanted)
    # To resize it once more to the same size would cost a fifth of the whole.
    same = wanted.view_side == wanted.side
    views = (picture,) if same else _shown(pixels, wanted.view_side)
    return Frames((picture,), transparent=transparent, sheets=sheets, views=views)


def _views(pixels: Image.Image, wanted: Wanted) -> tuple[tuple[Picture, ...], Picture]:
    """Give *pixels* as a sheet and as a picture: the same array where neither is too large."""
    if not wanted.sheet_side:
        return (), np.asarray(to_small(pixels, wanted.side))
    sheet = np.asarray(to_small(pixels, wanted.sheet_side, round(wanted.sheet_side * _SLACK)))
    small = np.asarray(to_small(pixels, wanted.side))
    return (sheet,), sheet if small.shape == sheet.shape else small


def _shown(pixels: Image.Image, side: int) -> tuple[Picture, ...]:
    """Give what a model is to be shown: never larger than it asks, as it would shrink it anyway."""
    return (np.asarray(to_small(pixels, side)),) if side else ()


def upright(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Swap width and height where the picture is turned on its side."""
    return (size[1], size[0]) if orientation >= 5 else size


def orientation_of(told: Told, format: str) -> int:
    """Tell how the decoded pixels have yet to be turned, as EXIF's 1 to 8."""
    return 1 if format in _ALREADY_UPRIGHT else told.orientation


@contextmanager
def _open_image(stream: BinaryIO, format: str, max_pixels: int) -> Iterator[Image.Image]:
    """Open with the pixel limit on: from the header, and again where a frame says otherwise."""
    before = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = max_pixels
        try:
            if format == HEIC:
                yield _open_heif(stream, max_pixels)
            else:
                with Image.open(stream, formats=(format.upper(),)) as image:
                    yield image
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _open_heif(stream: BinaryIO, max_pixels: int) -> Image.Image:
    picture = pi_heif.open_heif(stream, convert_hdr_to_8bit=True)
    width, height = picture.size
    if width * height > max_pixels:
        raise Image.DecompressionBombError(f"{width} x {height} pixels")
    image: Image.Image = picture.to_pillow()
    return image


def _told(image: Image.Image) -> Told:
    told = told_by_exif(_exif(image))
    return replace(told, traces=_traced(image, told.traces))


def _traced(image: Image.Image, traces: Traces) -> Traces:
    """Add to *traces* what PNG, XMP and TIFF tell beside EXIF of how a picture came about."""
    program, comment = (image.info.get(key) for key in ("Software", "Comment"))
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or ""
    noted = xmp_comment(xmp.decode("utf-8", "replace") if isinstance(xmp, bytes) else xmp)
    return replace(
        traces,
        programs=(*traces.programs, program) if isinstance(program, str) else traces.programs,
        comment=traces.comment or noted or (comment if isinstance(comment, str) else ""),
        faxed=_faxed(image),
    )


def _faxed(image: Image.Image) -> bool:
    """Tell whether this is a page (TIFF says so, or there are more) in a coding of faxes."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile) or image.mode != "1":
        return False
    if image.info.get("compression") not in _FAX_CODINGS:
        return False
    told = image.tag_v2.get(_SUBFILE)
    one_of_several = isinstance(told, int) and bool(told & _ONE_OF_SEVERAL)
    return one_of_several or _PAGE_NUMBER in image.tag_v2 or image.n_frames > 1


def _exif(image: Image.Image) -> Image.Exif:
    if not isinstance(image, PsdImagePlugin.PsdImageFile):
        return image.getexif()
    exif = Image.Exif()
    for number, _, content in image.resources:
        if number == _PHOTOSHOP_EXIF:
            exif.load(content)
    return exif
