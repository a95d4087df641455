"""Sounds whose kind is known because they are computed here: instruments, noises, silences.

All are one channel of float64 at RATE, by a seeded generator; loudness is set by `at_level`.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Wave: TypeAlias = NDArray[np.float64]
Dice: TypeAlias = np.random.Generator
Voice: TypeAlias = Callable[[Dice, float, float], Wave]
"""An instrument: dice, pitch in Hz, seconds."""
RATE = 48_000
A4 = 440.0


def times(seconds: float) -> Wave:
    """Give the second of each sample."""
    return np.arange(round(seconds * RATE)) / RATE


def at_level(wave: Wave, dbfs: float) -> Wave:
    """Bring the root mean square to *dbfs* and clip what sticks out."""
    loudness = np.sqrt(np.mean(wave**2)) if len(wave) else 0.0
    return np.clip(wave * (10 ** (dbfs / 20) / max(loudness, 1e-12)), -0.99, 0.99)


def shaped(wave: Wave, gain: Callable[[Wave], Wave]) -> Wave:
    """Multiply the spectrum by *gain* of the frequency in Hz."""
    spectrum = np.fft.rfft(wave)
    return np.fft.irfft(spectrum * gain(np.fft.rfftfreq(len(wave), 1 / RATE)), len(wave))


def band(wave: Wave, low: float, high: float, steep: float = 4.0) -> Wave:
    """Keep *low* to *high* Hz."""
    return shaped(
        wave,
        lambda hz: (
            1
            / np.sqrt(1 + (low / np.maximum(hz, 1e-3)) ** (2 * steep))
            / np.sqrt(1 + (hz / high) ** (2 * steep))
        ),
    )


def sine(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Play a flute-like tone: a sine with a little of its octave."""
    at = times(seconds)
    tone = np.sin(2 * np.pi * pitch * at) + 0.2 * np.sin(4 * np.pi * pitch * at)
    return tone * _envelope(at, seconds, 0.05, 0.1)


def strings(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Play three detuned saws through a soft filter, with vibrato."""
    at = times(seconds)
    sway = 0.004 * np.sin(2 * np.pi * dice.uniform(4.5, 6) * at) / 5
    saws = sum(
        (pitch * detuned * (at + sway) + dice.random()) % 1 - 0.5 for detuned in (0.997, 1.0, 1.003)
    )
    return band(saws, 60, dice.uniform(2000, 4500), 1.0) * _envelope(at, seconds, 0.12, 0.15)


def organ(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Add seven pipes."""
    at = times(seconds)
    stops = ((0.5, 0.5), (1, 1.0), (1.5, 0.4), (2, 0.7), (3, 0.4), (4, 0.5), (6, 0.2))
    pipes = sum(share * np.sin(2 * np.pi * pitch * over * at) for over, share in stops)
    return pipes * _envelope(at, seconds, 0.02, 0.05)


def bell(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Strike a bell: partials out of tune that die away one by one."""
    at = times(seconds)
    partials = (0.56, 0.92, 1.19, 1.71, 2.0, 2.74, 3.0, 3.76)
    return sum(
        np.sin(2 * np.pi * pitch * partial * at) * np.exp(-at * (1.2 + 1.1 * partial)) / (1 + place)
        for place, partial in enumerate(partials)
    )


def pluck(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Pluck a string (Karplus and Strong 1983): noise that is averaged while it goes round."""
    period = max(2, round(RATE / pitch))
    turn = dice.uniform(-1, 1, period)
    turns = []
    for _ in range(round(seconds * RATE) // period + 1):
        turns.append(turn)
        turn = 0.498 * (turn + np.roll(turn, 1))
    return np.concatenate(turns)[: round(seconds * RATE)]


def piano(dice: Dice, pitch: float, seconds: float) -> Wave:
    """Strike harmonics that die away, the higher the sooner."""
    at = times(seconds)
    stiff = 0.0004
    return sum(
        np.sin(2 * np.pi * pitch * n * np.sqrt(1 + stiff * n * n) * at)
        * np.exp(-at * (1.0 + 0.5 * n))
        / n
        for n in range(1, 9)
    ) * _envelope(at, seconds, 0.003, 0.05)


INSTRUMENTS: dict[str, Voice] = {
    "flute": sine, "strings": strings, "organ": organ, "bell": bell, "guitar": pluck,
    "piano": piano,
}  # fmt: skip


def drum(dice: Dice, kind: str) -> Wave:
    """Beat a kick, a snare or a hi-hat, a third of a second."""
    at = times(0.3)
    if kind == "kick":
        return np.sin(2 * np.pi * (45 * at + 4 * (1 - np.exp(-at * 30)))) * np.exp(-at * 12)
    hiss = dice.standard_normal(len(at))
    if kind == "snare":
        return 0.5 * band(hiss, 900, 7000, 1) * np.exp(-at * 16) + 0.3 * np.sin(
            2 * np.pi * 190 * at
        ) * np.exp(-at * 22)
    return 0.3 * band(hiss, 6000, 16_000, 2) * np.exp(-at * 45)


def white(dice: Dice, seconds: float) -> Wave:
    """Hiss: all frequencies alike."""
    return dice.standard_normal(round(seconds * RATE))


def pink(dice: Dice, seconds: float) -> Wave:
    """Rush like a waterfall: less of the high."""
    return shaped(white(dice, seconds), lambda hz: 1 / np.sqrt(np.maximum(hz, 20)))


def wind(dice: Dice, seconds: float) -> Wave:
    """Blow: deep noise that swells and falls."""
    at = times(seconds)
    gusts = 1 + 0.6 * np.sin(2 * np.pi * dice.uniform(0.1, 0.4) * at + dice.uniform(0, 6))
    return band(pink(dice, seconds), 40, dice.uniform(250, 600), 1) * gusts


def rain(dice: Dice, seconds: float) -> Wave:
    """Rain: a hiss and a few hundred drops a second."""
    fallen = band(white(dice, seconds), 1000, 9000, 1) * 0.3
    drops = np.zeros(len(fallen))
    at = dice.integers(0, len(fallen), round(300 * seconds))
    drops[at] = dice.exponential(1, len(at)) * 6
    return fallen + band(drops, 1500, 12_000, 1)


def applause(dice: Dice, seconds: float) -> Wave:
    """Clap with a hundred hands: short bursts, each with a tone of its own."""
    count = round(seconds * RATE)
    heard = np.zeros(count + RATE)
    for _ in range(round(90 * seconds)):
        start, length = dice.integers(0, count), dice.integers(300, 900)
        clap = dice.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))
        heard[start : start + length] += clap * dice.uniform(0.2, 1)
    return band(heard, 500, 5000, 1)[:count]


def hum(dice: Dice, seconds: float) -> Wave:
    """Hum as a machine does: mains harmonics and a little rush."""
    at = times(seconds)
    base = dice.choice([50.0, 60.0]) * dice.uniform(0.98, 1.02)
    tones = sum(np.sin(2 * np.pi * base * n * at + n) / n for n in (1, 2, 3, 4, 6, 8, 12))
    return tones + 0.15 * pink(dice, seconds) / 0.02


def engine(dice: Dice, seconds: float) -> Wave:
    """Run an engine: pulses whose pace rises and falls."""
    at = times(seconds)
    pace = dice.uniform(25, 60) * (1 + 0.3 * np.sin(2 * np.pi * 0.3 * at))
    turn = np.cumsum(pace) / RATE
    return band(np.exp(-((turn % 1) * 9)) * (1 + 0.3 * white(dice, seconds)), 30, 3000, 1)


def siren(dice: Dice, seconds: float) -> Wave:
    """Sweep up and down as a siren does."""
    at = times(seconds)
    pitch = 900 + 350 * np.sin(2 * np.pi * dice.uniform(0.3, 1.2) * at)
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE)


def beeps(dice: Dice, seconds: float) -> Wave:
    """Beep: short tones with pauses."""
    at = times(seconds)
    return np.sin(2 * np.pi * dice.uniform(500, 2500) * at) * ((at * dice.uniform(1, 4)) % 1 < 0.3)


def ticking(dice: Dice, seconds: float) -> Wave:
    """Tick like a clock or type like a typist, over a very low rush."""
    at = times(seconds)
    ticks = np.zeros(len(at))
    for start in np.arange(0, seconds - 0.1, dice.uniform(0.12, 0.5)):
        first = round((start + dice.uniform(0, 0.05)) * RATE)
        click = dice.standard_normal(1200) * np.exp(-np.arange(1200) / 150)
        ticks[first : first + 1200] += click[: len(ticks) - first]
    return band(ticks, 400, 9000, 1) + 0.002 * white(dice, seconds)


NOISES: dict[str, Callable[[Dice, float], Wave]] = {
    "white": white, "pink": pink, "wind": wind, "rain": rain, "applause": applause, "hum": hum,
    "engine": engine, "siren": siren, "beeps": beeps, "ticking": ticking,
}  # fmt: skip


def _envelope(at: Wave, seconds: float, rise: float, fall: float) -> Wave:
    return np.minimum(1, at / rise) * np.clip((seconds - at) / fall, 0, 1)
