"""All that is taken from a film, in a few passes over it: pictures, cuts, sound, subtitles."""

from dataclasses import replace

from daemon.media.frames import Frames, Wanted
from daemon.media.moments import Shown, moments, shown
from daemon.media.opened import Opened
from daemon.media.shots import find_shots
from daemon.media.sound import listen
from daemon.media.subtitle_files import subtitles_beside
from daemon.media.subtitles import read_subtitles
from daemon.media.video import opened_film
from daemon.media.views import longest, middles, views
from metadata.asset import Asset
from metadata.reasons import Reason


def film_frames(file: Opened, asset: Asset, wanted: Wanted, max_pixels: int) -> Frames:
    """Decode what *wanted* asks; raises AssetError.

    What is missing in a film, or cannot be decoded beside its pictures, is left out.
    """
    with opened_film(file, asset.format, max_pixels) as film:
        fps, sound = film.fps, film.sound
        found = moments(film, asset.duration_s, wanted.count)
    if not found:
        raise file.fault(Reason.NO_FRAMES)
    pictures, times = views(found, wanted.side)
    frames = Frames(pictures, times, fps=fps, sound=sound)
    frames = _shown(frames, file, asset, wanted, max_pixels)
    frames = _heard(frames, file, asset, wanted, max_pixels)
    return _cut(frames, found, file, asset, wanted, max_pixels)


def _shown(frames: Frames, file: Opened, asset: Asset, wanted: Wanted, max_pixels: int) -> Frames:
    """Add what a model is to be shown, which are other moments and sizes."""
    if not wanted.view_count:
        return frames
    with opened_film(file, asset.format, max_pixels) as film:
        found = moments(film, asset.duration_s, wanted.view_count)
    pictures, times = views(found, wanted.view_side)
    return replace(frames, views=pictures, view_times_s=times)


def _heard(frames: Frames, file: Opened, asset: Asset, wanted: Wanted, max_pixels: int) -> Frames:
    """Add what is heard, and what is said in subtitles inside and beside."""
    if not wanted.listen:
        return frames
    with opened_film(file, asset.format, max_pixels) as film:
        heard = listen(film, asset.duration_s)
    with opened_film(file, asset.format, max_pixels) as film:
        inside = read_subtitles(film)
    return replace(frames, heard=heard, subtitles=(*inside, *subtitles_beside(asset.path, inside)))


def _cut(
    frames: Frames,
    found: list[Shown],
    file: Opened,
    asset: Asset,
    wanted: Wanted,
    max_pixels: int,
) -> Frames:
    """Add the cuts, and a sheet of each shot; where shots are unknown, of each moment."""
    shots = None
    if wanted.shots:
        with opened_film(file, asset.format, max_pixels) as film:
            shots = find_shots(film, asset.duration_s)
    if not wanted.sheet_side:
        return replace(frames, shots=shots)
    if shots is not None:
        spans = longest(shots, asset.duration_s or 0.0)
        with opened_film(file, asset.format, max_pixels) as film:
            found = middles(spans, found, lambda wishes: shown(film, wishes)) or found
    sheets, times = views(found, wanted.sheet_side)
    return replace(frames, shots=shots, sheets=sheets, sheet_times_s=times)
