"""Where a film cuts and how much moves in it, judged on every picture at thumbnail size."""

from collections.abc import Sequence
from statistics import median

import av
from av.video.frame import VideoFrame

from daemon.media.changes import Change, Eye, Stride
from daemon.media.frames import Motion, Shots
from daemon.media.glance import glance
from daemon.media.video import Film, FilmPacket

LONGEST_S = 600.0
"""Longer films are not looked at picture by picture, and then no shot count is claimed."""
_CHANGE, _RATIO, _SHORTEST_S = 12.0, 3.0, 0.3
"""A cut changes more than 12 of 255, three times more than its neighbours, 0.3 s after the last."""
_LASTING = 0.5
"""After a flash the picture is what it was; after a cut this much of the change remains."""
_FADING = 0.3
_REPAINTED, _CLEARLY = 0.4, 1.2
"""While everything moves, a cut still brings other colours, and changes more than any neighbour."""
_BROKEN_SHARE = 0.01
_FEWEST_STRIDES = 3


def find_shots(film: Film, duration_s: float | None) -> Shots | None:
    """Find the cuts; None when the film is too long or too broken to have seen every picture.

    *film* must stand at its start. The rule is that of PySceneDetect's content detector (mean
    change of hue, saturation and value) held against the neighbours, redone on thumbnails; a
    change of colours counts where all moves, a change of light alone never.
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
        soon = cuts and found.at_s - cuts[-1] <= _SHORTEST_S
        if found.amount <= _CHANGE or soon or not _is_another(found):
            continue
        if _jumps(found, before, after) or _repaints(found, before, after):
            cuts.append(round(found.at_s, 3))
    return cuts


def _is_another(found: Change) -> bool:
    """Tell a change for good from a flash or a lamp, after which the same is to be seen."""
    return found.lasting > _LASTING * found.amount and not found.relit


def _jumps(found: Change, before: Sequence[Change], after: Sequence[Change]) -> bool:
    """Tell a jump from a movement, and from a fade, which goes on for three pictures or more."""
    near = [change.amount for change in (*before, *after)]
    fades = any(
        len(side) == 2 and min(change.amount for change in side) > _FADING * found.amount
        for side in (before, after)
    )
    return found.amount > _RATIO * (sum(near) / len(near) + 1e-3) and not fades


def _repaints(found: Change, before: Sequence[Change], after: Sequence[Change]) -> bool:
    """Tell whether the colours change at once, as no movement changes them."""
    near = (*before, *after)
    painted = sum(change.repainted for change in near) / len(near)
    return found.repainted > max(_REPAINTED, _RATIO * painted) and found.amount > _CLEARLY * max(
        change.amount for change in near
    )


def motion_in(strides: Sequence[Stride], cuts: Sequence[float]) -> Motion | None:
    """Give the median movement of the strides that no cut lies in; None of fewer than three."""
    within = [
        stride
        for stride in strides
        if not any(stride.start_s < cut <= stride.end_s + 1e-3 for cut in cuts)
    ]
    if len(within) < _FEWEST_STRIDES:
        return None
    share, quick = (median(values) for values in zip(*map(_movement, within), strict=True))
    return Motion(round(share, 3), round(quick, 3))


def _movement(stride: Stride) -> tuple[float, float]:
    return stride.share, stride.quick


class _Watched:
    """One pass over a film, with counts of what was seen."""

    def __init__(self) -> None:
        self.pictures = self.broken = 0
        self.eye = Eye()

    def through(self, film: Film) -> None:
        """Decode every picture and look at it."""
        for packet in film.container.demux(film.stream):
            for frame in self._decoded(packet):
                self.eye.see(glance(film.second(frame.pts), frame))
                self.pictures += 1

    def _decoded(self, packet: "FilmPacket") -> list[VideoFrame]:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            self.broken += 1
            return []
        self.broken += sum(frame.is_corrupt for frame in frames)
        return frames
