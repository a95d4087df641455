"""What a film sounds like: its first sound track as one channel, all of it or passages of it.

A long film is never read whole: a few seconds are sought all over it.
"""

from collections.abc import Iterator
from contextlib import suppress

import av
from av.audio.stream import AudioStream

from daemon.media.channels import Mixer
from daemon.media.faults import DECODER_FAULTS
from daemon.media.frames import SAMPLE_RATE, Heard, Samples
from daemon.media.video import AnyPacket, Film

WHOLE_S = 120.0
"""Sound tracks of films up to this length are listened to from end to end."""
PASSAGES, PASSAGE_S = 12, 10.0
_BROKEN_SHARE = 0.2
_TOO_FAR_S = 60.0
"""Where a seek lands further away than this, the way to the passage costs too much."""
_AFTER_S = 2.0
"""How far pictures may lie before the sound that belongs to them."""


def listen(film: Film, duration_s: float | None) -> Heard | None:
    """Decode the first sound track of *film*; None where there is none or it cannot be decoded.

    *film* must stand at its start. Broken packets are left out, cameras write such; where more
    than a fifth are broken nothing counts as heard.
    """
    if not film.container.streams.audio:
        return None
    track = film.container.streams.audio[0]
    if track.codec_context is None:  # PyAV gives none where FFmpeg has no decoder
        return None
    track.codec_context.thread_count = 1
    ear = _Ear(film, track)
    whole = (duration_s or 0.0) <= WHOLE_S
    passages: tuple[Samples, ...] = ()
    with suppress(*DECODER_FAULTS):
        passages = tuple(ear.beginning() if whole else ear.passages(duration_s or 0.0))
    return Heard(passages, whole) if passages and ear.understood else None


class _Ear:
    """One way through a sound track, with counts of what could be decoded."""

    def __init__(self, film: Film, track: AudioStream) -> None:
        self._film, self._track = film, track
        self._packets = self._broken = 0
        film.attend(track)

    @property
    def understood(self) -> bool:
        """Tell whether enough could be decoded to say anything."""
        return self._broken <= _BROKEN_SHARE * self._packets

    def beginning(self) -> Iterator[Samples]:
        """Decode everything, or WHOLE_S where it turns out to be longer."""
        yield from self._heard(float("-inf"), WHOLE_S, WHOLE_S)

    def passages(self, duration_s: float) -> Iterator[Samples]:
        """Decode PASSAGES stretches of PASSAGE_S, evenly spread over the film."""
        by = self._track if self._film.indexed else self._film.stream
        for number in range(PASSAGES):
            start = duration_s * (2 * number + 1) / (2 * PASSAGES) - PASSAGE_S / 2
            at = (start + self._film.start_s) / (by.time_base or 1)
            self._film.container.seek(int(at), stream=by)
            yield from self._heard(start, start + PASSAGE_S, PASSAGE_S)

    def _heard(self, start_s: float, end_s: float, most_s: float) -> Iterator[Samples]:
        mixer = Mixer()
        for packet in self._between(start_s, end_s):
            self._packets += 1
            try:
                for frame in self._track.decode(packet):
                    mixer.add(frame)
            except (av.error.FFmpegError, ValueError):
                self._broken += 1
            if mixer.samples > most_s * SAMPLE_RATE:  # whatever the time stamps say
                break
        if mixer.samples:
            yield mixer.mixed()[: int(most_s * SAMPLE_RATE)]

    def _between(self, start_s: float, end_s: float) -> Iterator[AnyPacket]:
        """Give the packets of the sound track from *start_s* on; pictures show the way."""
        tracks = (self._track,) if self._film.indexed else (self._track, self._film.stream)
        for packet in self._film.container.demux(tracks):
            heard = packet.stream.index == self._track.index
            at = self._film.second_of(packet)
            if at > (end_s if heard else end_s + _AFTER_S) or start_s - at > _TOO_FAR_S:
                return
            if heard and at >= start_s:
                yield packet
