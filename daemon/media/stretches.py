"""Hand speech to another process through a private file, which lives as long as it travels."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.engines import EngineError
from daemon.media.frames import SAMPLE_RATE, Samples
from daemon.wire import SOUND, Sound, Stretch

Pcm: TypeAlias = NDArray[np.int16]
"""One channel of sound, 16 bits, SAMPLE_RATE samples a second."""
LONGEST_S = 30.0
"""What a speech model takes at once."""
_LOUDEST = 32_767


def pcm(samples: Samples) -> Pcm:
    """Write samples, -1 to 1, in 16 bits."""
    return np.clip(np.rint(samples * _LOUDEST), -_LOUDEST, _LOUDEST).astype("<i2")


def hand_over(spoken: Sequence[tuple[float, Pcm]], scratch: Path) -> Sound:
    """Write what is *spoken*, seconds with their samples, into a new file in *scratch*.

    Raises EngineError.
    """
    path = scratch / f"{SOUND}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for _, samples in spoken:
                file.write(np.ascontiguousarray(samples).data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise EngineError(f"{path}: {error.strerror}; make room in state_dir") from error
    return Sound(path, tuple(Stretch(start_s, len(samples)) for start_s, samples in spoken))


def read_sound(sound: Sound) -> tuple[Samples, ...]:
    """Read the stretches, -1 to 1, and leave the file to whoever asked.

    Raises OSError, and ValueError where the file is not what *sound* says.
    """
    counts = [stretch.samples for stretch in sound.stretches]
    if not all(0 < count <= LONGEST_S * SAMPLE_RATE for count in counts):
        raise ValueError(f"{sound.path}: stretches of {counts} samples")
    with sound.path.open("rb") as file:
        written = np.fromfile(file, "<i2", sum(counts))
    if len(written) != sum(counts):
        raise ValueError(f"{sound.path}: {len(written)} samples, {sum(counts)} expected")
    heard = (written / _LOUDEST).astype(np.float32)
    return tuple(np.split(heard, np.cumsum(counts)[:-1]))
