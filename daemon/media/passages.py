"""The sound track of a film from any second on, as blocks of one channel that know their time.

What is decoded is given away block by block, so that of a film of hours little is ever held.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from daemon.media.channels import Mixer
from daemon.media.faults import DECODER_FAULTS
from daemon.media.frames import SAMPLE_RATE, Block
from daemon.media.video import AnyPacket, Film

BLOCK_S = 10.0
APART_S = 0.1
"""Time stamps of whole milliseconds, or of hasty recorders, are taken for correct up to here."""
_RUN_UP_S = 1.0
"""Decoders need what comes before: Opus 80 ms, AAC a packet, MP3 a few."""
_BACK_S = (0.0, 60.0, 600.0)
"""Pictures show the way in files without an index; where they are few, the sound that belongs to
one may lie this long before it."""
_STARTED_ANEW_S = 10.0
_BEYOND_S = 60.0
_LONGEST_S = 24 * 3600.0
"""Films whose length nobody tells are listened to for a day."""
_BROKEN_SHARE = 0.2


class SoundTrack:
    """The first sound track of *film*, which must not have been read before, from *from_s* on."""

    def __init__(self, film: Film, duration_s: float | None, from_s: float = 0.0) -> None:
        tracks = film.container.streams.audio
        # PyAV gives no codec context where FFmpeg has no decoder
        self._track = tracks[0] if tracks and tracks[0].codec_context else None
        self._film, self._from_s = film, from_s
        self._clock = _Clock(from_s, (duration_s or _LONGEST_S) + _BEYOND_S)
        self._packets = self._broken = 0

    @property
    def understood(self) -> bool:
        """Tell whether enough could be decoded so far to say anything."""
        return self._broken <= _BROKEN_SHARE * self._packets

    def blocks(self) -> Iterator[Block]:
        """Decode block by block; nothing where there is no track, or none that can be decoded."""
        if self._track is None:
            return
        self._track.codec_context.thread_count = 1
        self._film.attend(self._track)
        with suppress(*DECODER_FAULTS):
            yield from self._blocks(self._track)

    def _blocks(self, track: AudioStream) -> Iterator[Block]:
        mixer, start_s, end_s = Mixer(voices=True), 0.0, 0.0
        for frame, at_s in self._timed(track):
            if mixer.samples and (
                abs(at_s - end_s) > APART_S or mixer.samples > BLOCK_S * SAMPLE_RATE
            ):
                yield self._block(start_s, mixer)
                mixer = Mixer(voices=True)
            if not mixer.samples:
                start_s = at_s
            length_s = frame.samples / frame.sample_rate
            try:
                mixer.add(frame)
            except (av.error.FFmpegError, ValueError):
                self._broken += 1
            end_s = at_s + length_s
        if mixer.samples:
            yield self._block(start_s, mixer)

    def _block(self, start_s: float, mixer: Mixer) -> Block:
        early = max(0, round((self._from_s - start_s) * SAMPLE_RATE))
        return Block(start_s + early / SAMPLE_RATE, mixer.mixed()[early:])

    def _timed(self, track: AudioStream) -> Iterator[tuple[AudioFrame, float]]:
        """Give the pieces from the second that was asked for on, and when they sound.

        What sounds before the first picture is left out.
        """
        for frame in self._decoded(track):
            length_s = frame.samples / frame.sample_rate if frame.sample_rate > 0 else 0.0
            at_s = self._clock.at(self._told_s(frame), length_s) if length_s else None
            if at_s is not None and at_s + length_s > self._from_s:
                yield frame, at_s

    def _decoded(self, track: AudioStream) -> Iterator[AudioFrame]:
        for packet in self._sought(track):
            self._packets += 1
            try:
                yield from track.decode(packet)
            except (av.error.FFmpegError, ValueError):
                self._broken += 1

    def _sought(self, track: AudioStream) -> Iterator[AnyPacket]:
        """Give the packets from a little before on; where seeking fails the way there is read."""
        start_s = self._from_s - _RUN_UP_S
        before: AnyPacket | None = None
        for packet in self._packets_from(track, start_s):
            if packet.pts is not None and self._film.second_of(packet) < start_s:
                # may last until then: those of WavPack have up to ten seconds, and tell no length
                before = packet
                continue
            if before is not None:
                yield before
                before = None
            yield packet

    def _packets_from(self, track: AudioStream, start_s: float) -> Iterator[AnyPacket]:
        """Go back in the file until the packets begin before *start_s*, if they do at all."""
        container = self._film.container
        if start_s <= 0:
            return container.demux(track)
        by = track if self._film.indexed else self._film.stream
        for back_s in _BACK_S:
            with suppress(av.error.FFmpegError):
                at = (max(start_s - back_s, 0.0) + self._film.start_s) / (by.time_base or 1)
                container.seek(int(at), stream=by)
            packets = container.demux(track)
            first = next(packets, None)
            if first and first.pts is not None and self._film.second_of(first) <= start_s:
                break
        return chain((first,) if first else (), packets)

    def _told_s(self, frame: AudioFrame) -> float | None:
        """Give the second of the film that the time stamp of *frame* means."""
        if frame.pts is None:
            return None
        return float(frame.pts * (frame.time_base or 0)) - self._film.start_s


class _Clock:
    """When each piece sounds: by its time stamp, else right after the one before."""

    def __init__(self, begins_s: float, ends_s: float) -> None:
        self._begins_s, self._ends_s = begins_s, ends_s
        self._next_s: float | None = None
        self._told_s = float("-inf")
        self._shift_s = 0.0

    def at(self, told_s: float | None, length_s: float) -> float | None:
        """Give the second at which a piece begins, None for one that was heard before."""
        at_s = self._first(told_s) if self._next_s is None else self._after(told_s, self._next_s)
        if self._next_s is not None and self._next_s - at_s > APART_S:
            return None
        self._next_s = at_s + length_s
        return at_s

    def _first(self, told_s: float | None) -> float:
        if told_s is None or told_s > self._ends_s:
            return self._begins_s
        self._told_s = told_s
        return told_s

    def _after(self, told_s: float | None, next_s: float) -> float:
        """Take stamps that run back, or beyond the film, for those of a clock that was set anew."""
        if told_s is None or told_s <= self._told_s:
            return next_s
        self._told_s = told_s
        at_s = told_s + self._shift_s
        if at_s > self._ends_s or next_s - at_s > _STARTED_ANEW_S:
            self._shift_s += next_s - at_s
            return next_s
        return at_s if abs(next_s - at_s) > APART_S else next_s
