"""What a media file holds besides XMP and IPTC, block by block; reads bytes and knows no values.

Where two files give equal digests, nothing but XMP and IPTC tells them apart: pictures, streams,
Exif, maker notes, profiles and what nobody knows are the same.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from metadata.blocks.iso import iso_manifest, iso_others
from metadata.blocks.jpeg import jpeg_manifest, jpeg_others
from metadata.blocks.png import png_manifest, png_others
from metadata.blocks.psd import psd_others
from metadata.blocks.source import BlocksError, Source
from metadata.blocks.tiff import tiff_manifest, tiff_others

__all__ = ["BlocksError", "manifest", "others"]

_OTHERS: Mapping[str, Callable[[Source], dict[str, str]]] = {
    "jpeg": jpeg_others,
    "png": png_others,
    "tiff": tiff_others,
    "psd": psd_others,
    "mp4": iso_others,
    "mov": iso_others,
}
_MANIFESTS: Mapping[str, Callable[[Source], bool]] = {
    "jpeg": jpeg_manifest,
    "png": png_manifest,
    "tiff": tiff_manifest,
    "mp4": iso_manifest,
    "mov": iso_manifest,
}


def others(path: Path, format: str) -> Mapping[str, str]:
    """Give a digest (SHA-256) by name of every block that holds neither XMP nor IPTC.

    Reads the whole file, in pieces. Raises OSError, or BlocksError for what is no such container.
    """
    if format not in _OTHERS:
        raise BlocksError(f"blocks of {format} files are not known here")
    with Source.open(path) as source:
        return _OTHERS[format](source)


def manifest(path: Path, format: str) -> bool:
    """Tell whether a C2PA manifest seals the file, which any change would break.

    Raises OSError, or BlocksError for what is no such container.
    """
    if format not in _MANIFESTS:
        return False
    with Source.open(path) as source:
        return _MANIFESTS[format](source)
