"""State what the tracks of a film tell: how much moves, and the languages of its subtitles."""

from collections.abc import Iterator

from daemon.media.frames import Frames, Motion
from metadata.asset import Asset, MediaKind
from metadata.description import Fact, Video

UNTOLD = "und"
_STILL, _STIRRED, _CALM, _MUCH = 0.01, 0.02, 0.25, 0.4
"""Shares of the picture that move. Drawn films, and films made of photographs: standing still, also
with grain, 0 to 0.014 in half a second, a ball of 1 % of the picture 0.04, a nodding head 0.02; in
a twelfth of a second a pan of 20 % of the width a second up to 0.35, of 90 % from 0.38 on where
there is anything to see."""


def facts(frames: Frames) -> Iterator[Fact]:
    """State the facts that hold; those that are not known are left out."""
    motion = _motion(frames.shots.motion) if frames.shots and frames.shots.motion else None
    if motion:
        yield Fact("motion", motion, "measured")
    if frames.subtitles:
        told = dict.fromkeys(line.lang or UNTOLD for line in frames.subtitles)
        yield Fact("subtitles", ", ".join(told), "metadata")


def video(asset: Asset, frames: Frames) -> Video | None:
    """Sum up how a video is made; None for a still."""
    if asset.kind is not MediaKind.VIDEO:
        return None
    shots, cuts = (frames.shots.count, frames.shots.cuts_s) if frames.shots else (None, ())
    return Video(frames.fps, frames.sound, shots, cuts)


def _motion(motion: Motion) -> str | None:
    """Name how much moves; nothing is said of what lies between two words."""
    if motion.share < _STILL:
        return "still"
    if motion.quick > _MUCH:
        return "much"
    return "some" if motion.share >= _STIRRED and motion.quick <= _CALM else None
