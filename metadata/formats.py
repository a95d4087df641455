"""The media formats by name: kind and file suffixes."""

from dataclasses import dataclass
from pathlib import PurePath

from metadata.asset import MediaKind


@dataclass(frozen=True, slots=True)
class Format:
    """A media format."""

    name: str
    kind: MediaKind
    suffixes: tuple[str, ...]
    raw: bool = False


def _image(name: str, *suffixes: str) -> Format:
    return Format(name, MediaKind.IMAGE, suffixes or (f".{name}",))


def _raw(name: str) -> Format:
    return Format(name, MediaKind.IMAGE, (f".{name}",), raw=True)


def _video(name: str, *suffixes: str) -> Format:
    return Format(name, MediaKind.VIDEO, suffixes or (f".{name}",))


FORMATS = {
    format.name: format
    for format in (
        _image("jpeg", ".jpg", ".jpeg", ".jpe", ".jfif"),
        _image("png"),
        _image("tiff", ".tif", ".tiff"),
        _image("psd"),
        _image("webp"),
        _image("gif"),
        _image("bmp", ".bmp", ".dib"),
        _image("heic", ".heic", ".heif", ".hif"),
        _image("avif"),
        *map(_raw, ("cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "dng", "pef", "srw")),
        _video("mp4", ".mp4", ".m4v"),
        _video("mov", ".mov", ".qt"),
        _video("3gp", ".3gp", ".3g2"),
        _video("mkv"),
        _video("webm"),
        _video("avi"),
        _video("mpegts", ".ts", ".mts", ".m2ts"),
        _video("mpeg", ".mpg", ".mpeg", ".vob"),
        _video("wmv", ".wmv", ".asf"),
        _video("flv"),
        _video("ogv"),
        _video("mxf"),
    )
}
_BY_SUFFIX = {suffix: format for format in FORMATS.values() for suffix in format.suffixes}
SIDECAR_SUFFIX = ".xmp"


def named_format(path: PurePath) -> Format | None:
    """Tell which format the name of *path* claims; None for a name that claims no media."""
    return _BY_SUFFIX.get(path.suffix.lower())


def is_sidecar(path: PurePath) -> bool:
    """Tell whether *path* has the name of an XMP sidecar."""
    return path.suffix.lower() == SIDECAR_SUFFIX
