"""Decoded pictures as values; not how they were decoded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the daemon imports this room, and must never carry numpy around
    import numpy as np
    from numpy.typing import NDArray

Picture: TypeAlias = "NDArray[np.uint8]"
"""An upright RGB picture: height x width x 3, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Shots:
    """The cuts of a video whose every frame was looked at, in seconds."""

    cuts_s: tuple[float, ...]

    @property
    def count(self) -> int:
        """Count the shots between the cuts."""
        return len(self.cuts_s) + 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a description needs: *count* pictures of a video, none longer than *side* pixels."""

    count: int = 8
    side: int = 1024
    shots: bool = True


@dataclass(frozen=True, slots=True)
class Frames:
    """The pictures of one asset, first to last.

    *times_s* has the second of each picture of a video and is empty for stills; *transparent* is
    the share of see-through pixels (0 to 1, shown on white); *shots* is None for stills and where
    not every frame was looked at; *fps* and *sound* describe a video.
    """

    pictures: tuple[Picture, ...]
    times_s: tuple[float, ...] = ()
    transparent: float = 0.0
    shots: Shots | None = None
    fps: float | None = None
    sound: bool = False
