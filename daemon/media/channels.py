"""From decoded sound of any rate, depth and number of channels to one channel of SAMPLE_RATE."""

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from daemon.media.frames import SAMPLE_RATE, Samples

_SLOWEST, _FASTEST = 4_000, 768_000
"""Samples a second of sound that is none else, and that would swell to gigabytes."""
_MOST_CHANNELS = 8
_CANCELLED = 0.5
_FRONT_CENTRE = "FC"
_AUDIBLE = 0.003
"""Of a channel that has no sample above -50 dBFS nothing is heard."""
Planes = NDArray[np.float32]
"""Channels x samples."""


class Mixer:
    """Puts decoded pieces together; rate, depth and layout may change in between.

    *voices* asks for the front centre channel alone where there is one with sound: it is where
    films have their dialogue, and between five others it would drown in their music.
    """

    def __init__(self, voices: bool = False) -> None:
        self._voices = voices
        self._centres: list[int | None] = []
        self._shape: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None
        self._runs: list[list[Planes]] = []
        self.samples = 0

    def add(self, frame: AudioFrame) -> None:
        """Take a piece; raises ValueError for a rate that no sound has, and FFmpegError."""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            self._drain()
            self._resampler = _resampler(frame)
            self._shape = shape
            self._runs.append([])
            self._centres.append(_centre(frame) if self._voices else None)
        frame.pts = None  # pieces follow each other, whatever their time stamps say
        self._take(frame)

    def mixed(self) -> Samples:
        """Give everything as one channel, -1 to 1."""
        self._drain()
        runs = [
            _one_channel(np.concatenate(run, axis=1), centre)
            for run, centre in zip(self._runs, self._centres, strict=True)
            if run
        ]
        return np.concatenate(runs) if runs else np.empty(0, np.float32)

    def _drain(self) -> None:
        if self._resampler is not None:
            self._take(None)
            self._resampler = self._shape = None

    def _take(self, frame: AudioFrame | None) -> None:
        assert self._resampler is not None
        for piece in self._resampler.resample(frame):
            channels = piece.layout.nb_channels
            planes = piece.to_ndarray().reshape(-1, channels).T.astype(np.float32, copy=False)
            self._runs[-1].append(planes)
            self.samples += planes.shape[1]


def _resampler(frame: AudioFrame) -> AudioResampler:
    """Make a resampler to packed samples: with 8 planes PyAV 18 reads past the end and dies."""
    if not _SLOWEST <= frame.sample_rate <= _FASTEST:
        raise ValueError(f"{frame.sample_rate} samples a second")
    layout = "mono" if frame.layout.nb_channels > _MOST_CHANNELS else None
    return AudioResampler(format="flt", layout=layout, rate=SAMPLE_RATE)


def _centre(frame: AudioFrame) -> int | None:
    """Say which channel is the front centre one among others, where they are kept apart."""
    names = [channel.name for channel in frame.layout.channels]
    kept = 2 < len(names) <= _MOST_CHANNELS and _FRONT_CENTRE in names
    return names.index(_FRONT_CENTRE) if kept else None


def _one_channel(planes: Planes, centre: int | None) -> Samples:
    """Average the channels; where they cancel out, or only one sounds, take the loudest."""
    planes = np.clip(np.nan_to_num(planes, posinf=1.0, neginf=-1.0), -1, 1)
    if centre is not None and np.abs(planes[centre]).max(initial=0.0) > _AUDIBLE:
        return np.ascontiguousarray(planes[centre])
    mean = planes.mean(axis=0)
    loudest = planes[int(np.argmax(np.square(planes).mean(axis=1)))]
    quiet = np.square(mean).mean() <= _CANCELLED**2 * np.square(loudest).mean() * 1.001
    return np.ascontiguousarray(loudest if quiet else mean)
