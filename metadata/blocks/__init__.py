"""What a media file holds besides XMP and IPTC, block by block; reads bytes and knows no values."""

from collections.abc import Mapping
from pathlib import Path


def others(path: Path, format: str) -> Mapping[str, str]:
    """Give a digest by name of every block that holds neither XMP nor IPTC."""
    return {}


def manifest(path: Path, format: str) -> bool:
    """Tell whether a C2PA manifest seals the file."""
    return False
