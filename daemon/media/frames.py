"""Decoded pictures as values; not how they were decoded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from metadata.description import Spoken

if TYPE_CHECKING:  # the daemon imports this room, and must never carry numpy around
    import numpy as np
    from numpy.typing import NDArray

Picture: TypeAlias = "NDArray[np.uint8]"
"""An upright RGB picture: height x width x 3, 0 to 255."""
Samples: TypeAlias = "NDArray[np.float32]"
"""One channel of sound, -1 to 1, SAMPLE_RATE of them a second."""
SAMPLE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Motion:
    """How much moves: the share of the picture (0 to 1) that is another after a while.

    *share* has changed at all half a second later, *quick* clearly after a twelfth of a second;
    light that changes everywhere is no movement, and cuts are left out.
    """

    share: float
    quick: float


@dataclass(frozen=True, slots=True)
class Shots:
    """The cuts of a video whose every frame was looked at, in seconds.

    *motion* is the median over the film; None where there was too little of it to tell.
    """

    cuts_s: tuple[float, ...]
    motion: Motion | None = None

    @property
    def count(self) -> int:
        """Count the shots between the cuts."""
        return len(self.cuts_s) + 1


@dataclass(frozen=True, slots=True)
class Heard:
    """What was decoded of a sound track: all of it, or passages from all over a long one."""

    passages: "tuple[Samples, ...]"
    whole: bool

    @property
    def seconds(self) -> float:
        """Give the length of what was decoded."""
        return sum(len(passage) for passage in self.passages) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a sound track without a gap, from second *start_s* of the film on."""

    start_s: float
    samples: "Samples"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a description needs: *count* pictures of a video, none longer than *side* pixels.

    *sheet_side* is about the longest side of the larger pictures in which texts and codes are read;
    that of a still may have a quarter more, and there is none when 0. *view_side* and *view_count*
    are what a model is to be shown, nothing when 0.
    """

    count: int = 8
    side: int = 1024
    shots: bool = True
    sheet_side: int = 1600
    listen: bool = True
    view_side: int = 0
    view_count: int = 0


@dataclass(frozen=True, slots=True)
class Frames:
    """The pictures of one asset, first to last.

    *times_s* has the second of each picture of a video and is empty for stills; *transparent* is
    the share of see-through pixels (0 to 1, shown on white); *shots* is None for stills and where
    not every frame was looked at; *fps* and *sound* describe a video. *sheets* are larger pictures
    to read texts and codes in: a still's only one, or one of each shot at *sheet_times_s*. *heard*
    is None where there is no sound, or none that can be decoded; *subtitles* are timed lines.
    *views* are the pictures for a model, those of a video at *view_times_s*.
    """

    pictures: tuple[Picture, ...]
    times_s: tuple[float, ...] = ()
    transparent: float = 0.0
    shots: Shots | None = None
    fps: float | None = None
    sound: bool = False
    sheets: tuple[Picture, ...] = ()
    sheet_times_s: tuple[float, ...] = ()
    heard: Heard | None = None
    subtitles: tuple[Spoken, ...] = ()
    views: tuple[Picture, ...] = ()
    view_times_s: tuple[float, ...] = ()
