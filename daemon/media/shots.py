"""Where a film cuts, judged on every picture at thumbnail size."""

from collections.abc import Iterator, Sequence
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from daemon.media.frames import Shots
from daemon.media.video import Film, FilmPacket

LONGEST_S = 600.0
"""Longer films are not looked at picture by picture, and then no shot count is claimed."""
_WIDTH, _HEIGHT = 96, 54
_CHANGE, _RATIO, _SHORTEST_S = 12.0, 3.0, 0.3
"""A cut changes more than 12 of 255, three times more than its neighbours, 0.3 s after the last."""
_BROKEN_SHARE = 0.01
Change = tuple[float, float]
"""A second, and how much the picture then differs from the one before."""


def find_shots(film: Film, duration_s: float | None) -> Shots | None:
    """Find the cuts; None when the film is too long or too broken to have seen every picture.

    *film* must stand at its start. The rule is that of PySceneDetect's content detector (mean
    change of hue, saturation and value) held against the neighbours, redone on thumbnails.
    """
    if duration_s is None or duration_s > LONGEST_S:
        return None
    watched = _Watched()
    changes = list(watched.changes(film))
    if not watched.pictures or watched.broken > _BROKEN_SHARE * watched.pictures:
        return None
    return Shots(tuple(cuts_in(changes)))


def cuts_in(changes: Sequence[Change]) -> list[float]:
    """Judge which of *changes* are cuts; gives their seconds."""
    cuts: list[float] = []
    for number in range(2, len(changes)):
        at, change = changes[number]
        around = [c for _, c in (*changes[number - 2 : number], *changes[number + 1 : number + 3])]
        stands_out = change > _CHANGE and change > _RATIO * (sum(around) / len(around) + 1e-3)
        if stands_out and (not cuts or at - cuts[-1] > _SHORTEST_S):
            cuts.append(round(at, 3))
    return cuts


class _Watched:
    """One pass over a film, with counts of what was seen."""

    def __init__(self) -> None:
        self.pictures = self.broken = 0

    def changes(self, film: Film) -> Iterator[Change]:
        """Decode every picture and yield how it differs from the one before."""
        before: NDArray[np.float32] | None = None
        for packet in film.container.demux(film.stream):
            for frame in self._decoded(packet):
                small = frame.reformat(_WIDTH, _HEIGHT, "rgb24", interpolation="AREA", threads=1)
                now = _hue_saturation_value(small.to_ndarray())
                if before is not None:
                    yield film.second(frame.pts), float(np.abs(now - before).mean())
                before = now
                self.pictures += 1

    def _decoded(self, packet: "FilmPacket") -> list[VideoFrame]:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            self.broken += 1
            return []
        self.broken += sum(frame.is_corrupt for frame in frames)
        return frames


def _hue_saturation_value(rgb: NDArray[Any]) -> NDArray[np.float32]:
    """Give hue (0 to 180), saturation and value (0 to 255) of each pixel."""
    red, green, blue = np.ascontiguousarray(rgb.reshape(-1, 3).T, np.float32)
    value = np.maximum(np.maximum(red, green), blue)
    chroma = value - np.minimum(np.minimum(red, green), blue)
    sixth = 30 / np.maximum(chroma, 1)
    towards_red, towards_green = (green - blue) * sixth, (blue - red) * sixth + 60
    hue = np.where(value == green, towards_green, (red - green) * sixth + 120)
    hue = np.where(value == red, towards_red, hue)
    hue[hue < 0] += 180
    return np.stack([hue, chroma * 255 / np.maximum(value, 1), value])
