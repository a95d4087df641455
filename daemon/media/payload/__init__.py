"""Where the media data of a file lies, without its metadata; one module for each layout."""

from collections.abc import Callable

from daemon.media.faults import DECODER_FAULTS
from daemon.media.opened import Opened
from daemon.media.payload.ebml import ebml_payload
from daemon.media.payload.gif import gif_payload
from daemon.media.payload.iso import iso_payload
from daemon.media.payload.jpeg import jpeg_payload
from daemon.media.payload.png import png_payload
from daemon.media.payload.psd import psd_payload
from daemon.media.payload.raf import raf_payload
from daemon.media.payload.riff import avi_payload, webp_payload
from daemon.media.payload.spans import Payload, whole
from daemon.media.payload.tiff import tiff_payload

_BY_FORMAT: dict[str, Callable[[Opened], Payload]] = {
    "jpeg": jpeg_payload,
    "png": png_payload,
    "gif": gif_payload,
    "webp": webp_payload,
    "avi": avi_payload,
    "psd": psd_payload,
    "raf": raf_payload,
    **dict.fromkeys(("mkv", "webm"), ebml_payload),
    **dict.fromkeys(("heic", "avif", "cr3", "mp4", "mov", "3gp"), iso_payload),
    **dict.fromkeys(("tiff", "cr2", "nef", "arw", "orf", "dng", "pef", "srw"), tiff_payload),
}


def payload_of(file: Opened, format: str) -> Payload:
    """Find the media data of *file*.

    The whole file where its layout keeps no metadata apart, or where an oddity that decoders may
    well forgive makes its layout unreadable. Raises AssetError TRUNCATED when not all is there.
    """
    try:
        return _BY_FORMAT.get(format, whole)(file)
    except DECODER_FAULTS:
        return whole(file)
