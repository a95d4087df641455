"""Sound tracks in which it is known to the sample when somebody speaks.

Voices of the synthesizer take turns with silences between; what is audible of each is measured,
because the synthesizer leaves silence of its own before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.labelled.sounds import Dice, Wave, at_level
from bench.labelled.speech import read, sentences

_WINDOW_S = 0.01
_AUDIBLE = 10 ** (-40 / 20)
"""A hundredth of a second counts from here on, beside the loudest one."""
VARIANTS = ("", "+f2", "+m3", "+f4", "+m7")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One channel of *rate* samples a second, and when somebody speaks in it, in seconds."""

    wave: Wave
    rate: int
    spoken: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice says."""

    text: str
    voice: str = "en"
    pace: int = 160


def dealt(dice: Dice, count: int) -> tuple[Turn, ...]:
    """Deal turns in several languages, voices and paces."""
    known = sentences()
    chosen = (known[dice.integers(len(known))] for _ in range(count))
    return tuple(
        Turn(text, language + str(dice.choice(VARIANTS)), int(dice.integers(125, 196)))
        for language, text in chosen
    )


def dialogue(
    turns: Sequence[Turn], pauses_s: Sequence[float], rate: int, dbfs: float = -20
) -> Dialogue:
    """Let *turns* be taken; of *pauses_s* the first is before them, the last one after them."""
    parts, spoken, at = [_quiet(pauses_s[0], rate)], [], round(pauses_s[0] * rate)
    for turn, pause_s in zip(turns, pauses_s[1:], strict=True):
        said = at_level(_at_rate(*read(turn.text, turn.voice, turn.pace), rate), dbfs)
        begin, end = audible(said, rate)
        spoken.append(((at + begin) / rate, (at + end) / rate))
        parts += [said, _quiet(pause_s, rate)]
        at += len(said) + len(parts[-1])
    return Dialogue(np.concatenate(parts), rate, tuple(spoken))


def audible(wave: Wave, rate: int) -> tuple[int, int]:
    """Give the samples from which on, and up to which, something is heard."""
    size = round(_WINDOW_S * rate)
    windows = wave[: len(wave) // size * size].reshape(-1, size)
    loud = np.sqrt(np.mean(windows**2, axis=1))
    heard = np.flatnonzero(loud > _AUDIBLE * loud.max())
    return int(heard[0]) * size, (int(heard[-1]) + 1) * size


def _quiet(seconds: float, rate: int) -> Wave:
    return np.zeros(round(seconds * rate))


def _at_rate(wave: Wave, rate: int, wanted: int) -> Wave:
    """Resample by the spectrum; what a lower rate cannot hold is left out."""
    count = round(len(wave) * wanted / rate)
    spectrum = np.fft.rfft(wave)
    kept = np.zeros(count // 2 + 1, complex)
    most = min(len(kept), len(spectrum))
    kept[:most] = spectrum[:most]
    return np.fft.irfft(kept, count) * (count / len(wave))
