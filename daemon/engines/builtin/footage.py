"""State what the tracks of a film tell: how much moves, and the languages of its subtitles."""

from collections.abc import Iterator

from daemon.media.frames import Frames
from metadata.asset import Asset, MediaKind
from metadata.description import Fact, Video

UNTOLD = "und"
_STILL, _MUCH = 0.3, 20.0
"""Changes (of 255) within half a second. On panned, shaken and grainy films of 5 photographs: no
movement at all 0 to 0.5, a pan of 1 % of the width a second 0.2 to 1.7, of 30 % 8 to 29, a nodding
head 0.4 to 1.2. Grain looks like movement, so "still" is said of clean films only."""


def facts(frames: Frames) -> Iterator[Fact]:
    """State the facts that hold; those that are not known are left out."""
    if frames.shots and frames.shots.motion is not None:
        yield Fact("motion", _motion(frames.shots.motion), "measured")
    if frames.subtitles:
        told = dict.fromkeys(line.lang or UNTOLD for line in frames.subtitles)
        yield Fact("subtitles", ", ".join(told), "metadata")


def video(asset: Asset, frames: Frames) -> Video | None:
    """Sum up how a video is made; None for a still."""
    if asset.kind is not MediaKind.VIDEO:
        return None
    shots, cuts = (frames.shots.count, frames.shots.cuts_s) if frames.shots else (None, ())
    return Video(frames.fps, frames.sound, shots, cuts)


def _motion(change: float) -> str:
    if change < _STILL:
        return "still"
    return "much" if change > _MUCH else "some"
