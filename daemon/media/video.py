"""Films through PyAV: opened so that no other file can be read, and what their headers say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from daemon.media.faults import blamed, explain_decoder
from daemon.media.opened import Opened
from daemon.media.told import Told, told_by_film
from metadata.reasons import Reason

FilmPacket: TypeAlias = "Packet[VideoStream]"
AnyPacket: TypeAlias = "Packet[Any]"
_DEMUXERS = {
    "mp4": "mov", "mov": "mov", "3gp": "mov", "mkv": "matroska", "webm": "matroska",
    "avi": "avi", "mpegts": "mpegts", "wmv": "asf", "flv": "flv", "ogv": "ogg", "mxf": "mxf",
}  # fmt: skip
_ELEMENTARY = b"\0\0\1\xb3"
_MICROSECONDS = 1_000_000
_FASTEST = 1000
_TRIES = 600
"""Packets that may fail before the first picture."""
# Before PyAV 19 a text in a container that is no UTF-8 was an error unless one said otherwise.
_LENIENT: dict[str, Any] = (
    {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "replace"}
)


@dataclass(frozen=True, slots=True)
class Film:
    """An open film and its first real video track, whose own clock begins at *start_s*."""

    file: Opened
    container: InputContainer
    stream: VideoStream
    start_s: float

    @property
    def fps(self) -> float | None:
        """Give the pictures per second, None when the file does not tell."""
        rate = float(self.stream.average_rate or self.stream.guessed_rate or 0)
        return round(rate, 3) if 0 < rate <= _FASTEST else None

    @property
    def sound(self) -> bool:
        """Tell whether there is a sound track."""
        return bool(self.container.streams.audio)

    @property
    def indexed(self) -> bool:
        """Tell whether one track can be read without reading past all the others."""
        return self.container.format.name.startswith("mov")

    def attend(self, *tracks: Stream) -> None:
        """Leave out all tracks but *tracks*, where that saves reading them."""
        wanted = {track.index for track in tracks}
        for other in self.container.streams if self.indexed else ():
            if other.index not in wanted:
                other.discard = Discard.all

    def second(self, pts: int | None) -> float:
        """Turn a time stamp of the track into seconds from its start."""
        return float((pts or 0) * (self.stream.time_base or 0)) - self.start_s

    def second_of(self, packet: AnyPacket) -> float:
        """Give the second of a packet of any track; one without a time is taken for the first."""
        stamp = packet.dts if packet.pts is None else packet.pts
        return float((stamp or 0) * (packet.time_base or 0)) - (self.start_s if stamp else 0.0)

    def stamp(self, packet: FilmPacket) -> float:
        """Give the second of *packet*; some containers only say when to decode it."""
        return self.second(packet.dts if packet.pts is None else packet.pts)


@dataclass(frozen=True, slots=True)
class FilmHeader:
    """The upright size in pixels, the length, and what the tags say."""

    width: int
    height: int
    duration_s: float | None
    told: Told


class _Content:
    """The bytes of a file as FFmpeg asks for them.

    Not `fd:`, which FFmpeg takes for a network: it then reads past 16 MB rather than to seek.
    """

    name = ""

    def __init__(self, file: Opened) -> None:
        self._file, self._at = file, 0

    def read(self, count: int) -> bytes:
        """Read on."""
        content = self._file.read(self._at, count)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to *offset*, from the place that *whence* names."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._file.size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        """Give the place that is read next."""
        return self._at


@contextmanager
def opened_film(file: Opened, format: str, max_pixels: int) -> Iterator[Film]:
    """Open *file* with the demuxer of its *format*, through its descriptor and nothing else.

    A playlist or a reference inside cannot make FFmpeg open another file: it is handed bytes and
    may speak no protocol. Raises AssetError NO_FRAMES, TOO_LARGE, DAMAGED, UNSUPPORTED.
    """
    demuxer = _DEMUXERS.get(format) or _mpeg_demuxer(file)
    options = {"protocol_whitelist": "none", "format_whitelist": demuxer}
    with (
        blamed(file.path),
        _told_apart(file),
        av.open(_Content(file), format=demuxer, options=options, **_LENIENT) as inside,
    ):
        track = _video_track(file, inside, max_pixels)
        # While Matroska is read, FFmpeg changes its mind: pictures that are stored out of their
        # order make it take a later one for the first, and all that comes after would be early.
        start_s = float((track.start_time or 0) * (track.time_base or 0))
        yield Film(file, inside, track, start_s)


@contextmanager
def _told_apart(file: Opened) -> Iterator[None]:
    """Keep FFmpeg's own errors from being taken for those of the file system."""
    try:
        yield
    except av.error.FFmpegError as fault:
        raise file.fault(*explain_decoder(fault)) from fault


def read_film_header(film: Film) -> FilmHeader:
    """Read size, length and tags; the first picture is decoded, as only it tells the rotation."""
    first = first_frame(film)
    width, height = first.width, first.height
    if first.rotation % 180:
        width, height = height, width
    tags = {**film.stream.metadata, **film.container.metadata}
    return FilmHeader(width, height, _duration(film), told_by_film(tags))


def first_frame(film: Film) -> VideoFrame:
    """Decode the first picture; raises AssetError NO_FRAMES when there is none."""
    for number, packet in enumerate(film.container.demux(film.stream)):
        for frame in decoded(packet):
            return frame
        if number > _TRIES:
            break
    raise film.file.fault(Reason.NO_FRAMES)


def decoded(packet: FilmPacket) -> list[VideoFrame]:
    """Decode *packet*; a broken one gives nothing, cameras do write such."""
    try:
        return packet.decode()
    except (av.error.InvalidDataError, av.error.EOFError):
        return []


def _video_track(file: Opened, inside: InputContainer, max_pixels: int) -> VideoStream:
    tracks = [
        track for track in inside.streams.video if not track.disposition & Disposition.attached_pic
    ]
    if not tracks:
        raise file.fault(Reason.NO_FRAMES, "it holds no video track")
    context = tracks[0].codec_context
    if context is None:  # PyAV gives none where FFmpeg has no decoder
        raise file.fault(Reason.UNSUPPORTED, "there is no decoder for its video track")
    if context.width * context.height > max_pixels:
        raise file.fault(Reason.TOO_LARGE, f"{context.width} x {context.height} pixels")
    context.thread_count = 1
    return tracks[0]


def _mpeg_demuxer(file: Opened) -> str:
    return "mpegvideo" if file.read(0, 4) == _ELEMENTARY else "mpeg"


def _duration(film: Film) -> float | None:
    """Take the length from the headers, or count it where they do not tell."""
    if film.container.duration and film.container.duration > 0:
        return round(film.container.duration / _MICROSECONDS, 3)
    last = 0.0
    for packet in film.container.demux(film.stream):
        if packet.pts is not None:
            last = max(last, film.second(packet.pts + (packet.duration or 0)))
    return round(last, 3) or None
