"""A few pictures, evenly spread over a film, with as little decoding as possible."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from math import inf

import av
import numpy as np
from av.video.frame import VideoFrame

from daemon.media.frames import Picture
from daemon.media.video import Film, FilmPacket, decoded

Shown = tuple[float, VideoFrame]
"""A second and the decoded picture shown then."""
Wish = tuple[float, float]
"""A moment, and the second from which on a picture will do for it."""

_MOST_DECODED = 3000
"""Pictures decoded on the way to others, for films with hardly any keyframe."""
_LONG_S = 60.0
_NEAR_S = 0.05
_STEPS_BACK_S = (0.0, 2.0, 10.0)
"""Where there is no index a seek may land behind the last keyframe: begin earlier."""


def moments(film: Film, duration_s: float | None, count: int) -> list[Shown]:
    """Take up to *count* pictures, evenly spread over the film, in order.

    A picture is the last keyframe before its moment; only where two moments share a keyframe
    are the pictures between them decoded.
    """
    length = duration_s or 0.0
    wanted = [length * (2 * number + 1) / (2 * count) for number in range(count)]
    found = shown(film, [(moment, -inf) for moment in wanted])
    return found or list(_from_start(film, wanted))


def shown(film: Film, wishes: Sequence[Wish]) -> list[Shown]:
    """Seek the pictures of *wishes*, which are in order; empty where seeking is impossible."""
    with suppress(av.error.FFmpegError):
        return list(_sought(film, wishes))
    return []


def scaled(frame: VideoFrame, side: int) -> Picture:
    """Make an upright RGB picture, at most *side* pixels long."""
    scale = min(1.0, side / max(frame.width, frame.height))
    width, height = (max(1, round(length * scale)) for length in (frame.width, frame.height))
    small = frame.reformat(width, height, "rgb24", interpolation="AREA", threads=1)
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), round(frame.rotation / 90) % 4))


def _sought(film: Film, wishes: Sequence[Wish]) -> Iterator[Shown]:
    last, budget = -1.0, _MOST_DECODED
    run: _Run | None = None
    for moment, earliest in wishes:
        frame = run.until(moment) if run else None
        if frame is None:
            packets, key = _key_before(film, moment)
            behind = key is not None and film.stamp(key) <= max(last, earliest)
            run = _Run(film, packets, key) if key and behind else None
            frame = _shown(film, key, run, moment, budget)
        if run:
            budget -= run.spent()
        if frame is not None and film.second(frame.pts) > last:
            last = film.second(frame.pts)
            yield last, frame


def _shown(
    film: Film, key: "FilmPacket | None", run: "_Run | None", moment: float, budget: int
) -> VideoFrame | None:
    if key is None:
        return None
    if run is None:
        return _alone(film, key)
    return run.until(moment) if budget > 0 else None


def _key_before(film: Film, moment: float) -> tuple[Iterator[FilmPacket], "FilmPacket | None"]:
    """Seek to *moment* and find the keyframe there; None when there is none from there on."""
    for back in _STEPS_BACK_S:
        packets, key = _key_from(film, moment - back)
        if key is not None and film.stamp(key) <= moment + _NEAR_S:
            break
    return packets, key


def _key_from(film: Film, second: float) -> tuple[Iterator[FilmPacket], "FilmPacket | None"]:
    at = (max(0.0, second) + film.start_s) / (film.stream.time_base or 1)
    film.container.seek(int(at), stream=film.stream, backward=True)
    packets = film.container.demux(film.stream)
    return packets, next((one for one in packets if one.is_keyframe and one.size), None)


def _alone(film: Film, key: FilmPacket) -> VideoFrame | None:
    """Decode one keyframe and ask for it at once instead of feeding what follows."""
    frames = decoded(key)
    if not frames:
        frames = film.stream.codec_context.decode(None)
    return frames[0] if frames else None


class _Run:
    """The pictures from a keyframe on."""

    def __init__(self, film: Film, packets: Iterator[FilmPacket], key: FilmPacket) -> None:
        self._film, self._packets = film, chain((key,), packets)
        self._key_s = film.stamp(key)
        self._waiting: deque[VideoFrame] = deque()
        self._spent = 0

    def until(self, moment: float) -> VideoFrame | None:
        """Decode up to *moment*; None at the end, or when a later keyframe is the shorter way."""
        while True:
            while self._waiting:
                frame = self._waiting.popleft()
                if self._film.second(frame.pts) >= moment:
                    return frame
            packet = next(self._packets, None)
            if packet is None or self._is_passed(packet, moment):
                return None
            self._waiting.extend(decoded(packet))
            self._spent += len(self._waiting)

    def spent(self) -> int:
        """Tell how many pictures were decoded since the last question."""
        spent, self._spent = self._spent, 0
        return spent

    def _is_passed(self, packet: FilmPacket, moment: float) -> bool:
        if not packet.is_keyframe or not packet.size:
            return False
        return self._key_s < self._film.stamp(packet) <= moment


def _from_start(film: Film, wanted: Sequence[float]) -> Iterator[Shown]:
    """Read on and on where seeking is impossible; of long films only the keyframes."""
    if wanted[-1] > _LONG_S:
        film.stream.codec_context.skip_frame = "NONKEY"
    with suppress(av.error.FFmpegError):
        film.container.seek(0)
    ahead = deque(wanted)
    for packet in film.container.demux(film.stream):
        for frame in decoded(packet):
            if ahead and film.second(frame.pts) >= ahead[0]:
                yield film.second(frame.pts), frame
                while ahead and film.second(frame.pts) >= ahead[0]:
                    ahead.popleft()
        if not ahead:
            return
