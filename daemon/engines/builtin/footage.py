"""State what the tracks of a film tell: how much moves, and the languages of its subtitles."""

from collections.abc import Iterator

from daemon.media.frames import Frames
from metadata.asset import Asset, MediaKind
from metadata.description import Fact, Video

UNTOLD = "und"
_STILL, _MUCH = 1.5, 20.0


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
