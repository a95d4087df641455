"""Where a film cuts and how much moves in it, judged on every picture at thumbnail size."""

from collections.abc import Sequence
from statistics import median

import av
from av.video.frame import VideoFrame

from daemon.media.changes import Change, Eye, Stride
from daemon.media.frames import Shots
from daemon.media.video import Film, FilmPacket

LONGEST_S = 600.0
"""Longer films are not looked at picture by picture, and then no shot count is claimed."""
_CHANGE, _RATIO, _SHORTEST_S = 12.0, 3.0, 0.3
"""A cut changes more than 12 of 255, three times more than its neighbours, 0.3 s after the last."""
_LASTING = 0.5
"""After a flash the picture is what it was; after a cut this much of the change remains."""
_FADING = 0.3
_BROKEN_SHARE = 0.01
_FEWEST_STRIDES = 3


def find_shots(film: Film, duration_s: float | None) -> Shots | None:
    """Find the cuts; None when the film is too long or too broken to have seen every picture.

    *film* must stand at its start. The rule is that of PySceneDetect's content detector (mean
    change of hue, saturation and value) held against the neighbours, redone on thumbnails.
    """
    if duration_s is None or duration_s > LONGEST_S:
        return None
    watched = _Watched()
    watched.through(film)
    if not watched.pictures or watched.broken > _BROKEN_SHARE * watched.pictures:
        return None
    cuts = cuts_in(watched.eye.changes())
    return Shots(tuple(cuts), motion_in(watched.eye.strides, cuts))


def cuts_in(changes: Sequence[Change]) -> list[float]:
    """Judge which of *changes* are cuts; gives their seconds."""
    cuts: list[float] = []
    for number in range(2, len(changes)):
        found = changes[number]
        before, after = changes[number - 2 : number], changes[number + 1 : number + 3]
        lasts = found.lasting > _LASTING * found.amount
        soon = cuts and found.at_s - cuts[-1] <= _SHORTEST_S
        if lasts and not soon and _stands_out(found, before, after):
            cuts.append(round(found.at_s, 3))
    return cuts


def _stands_out(found: Change, before: Sequence[Change], after: Sequence[Change]) -> bool:
    """Tell a jump from a movement, and from a fade, which goes on for three pictures or more."""
    near = [change.amount for change in (*before, *after)]
    fades = any(
        len(side) == 2 and min(change.amount for change in side) > _FADING * found.amount
        for side in (before, after)
    )
    limit = max(_CHANGE, _RATIO * (sum(near) / len(near) + 1e-3))
    return found.amount > limit and not fades


def motion_in(strides: Sequence[Stride], cuts: Sequence[float]) -> float | None:
    """Give the median change within half a second, those apart that a cut lies in."""
    within = [
        amount
        for start, end, amount in strides
        if not any(start < cut <= end + 1e-3 for cut in cuts)
    ]
    return round(median(within), 2) if len(within) >= _FEWEST_STRIDES else None


class _Watched:
    """One pass over a film, with counts of what was seen."""

    def __init__(self) -> None:
        self.pictures = self.broken = 0
        self.eye = Eye()

    def through(self, film: Film) -> None:
        """Decode every picture and look at it."""
        for packet in film.container.demux(film.stream):
            for frame in self._decoded(packet):
                self.eye.see(film.second(frame.pts), frame)
                self.pictures += 1

    def _decoded(self, packet: "FilmPacket") -> list[VideoFrame]:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            self.broken += 1
            return []
        self.broken += sum(frame.is_corrupt for frame in frames)
        return frames
