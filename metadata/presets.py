"""Which tool reads a folder's files, and therefore where values go (METADATA section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from metadata.change import SidecarName

# XMP inside these is read by every tool that reads embedded metadata at all.
STILLS = ("jpeg", "tiff", "png", "psd")
FILMS = ("mp4", "mov")


@dataclass(frozen=True, slots=True)
class Preset:
    """How one tool wants files: *embeds* names formats, *name* is for the sidecars of others."""

    embeds: tuple[str, ...]
    name: SidecarName


_BESIDE = Preset((), SidecarName.APPEND)
_INSIDE = Preset(STILLS, SidecarName.REPLACE)

PRESETS: Mapping[str, Preset] = {
    "any": _BESIDE,
    "digikam": _BESIDE,
    "darktable": _BESIDE,
    "immich": _BESIDE,
    "photoprism": _BESIDE,
    "lightroom": _INSIDE,
    "bridge": Preset((*STILLS, *FILMS), SidecarName.REPLACE),
    "capture-one": _INSIDE,
    "photo-mechanic": _INSIDE,
    "premiere": Preset(FILMS, SidecarName.REPLACE),
}
"""The presets by their names in the configuration."""
