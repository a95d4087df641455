"""Pieces of music without voices, composed by dice: chords, a melody, a beat."""

from collections.abc import Sequence

import numpy as np

from bench.labelled.sounds import A4, INSTRUMENTS, RATE, Dice, Voice, Wave, drum

_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))
_PROGRESSIONS = ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 4, 0), (0, 2, 3, 4))


def piece(dice: Dice, seconds: float, kind: str) -> Wave:
    """Play *kind*: an instrument's name, ``drums``, or ``band`` for several at once."""
    if kind == "drums":
        return _beat(dice, seconds)
    if kind == "band":
        names = dice.choice(sorted(INSTRUMENTS), 2, replace=False)
        voices = [_piece(dice, seconds, INSTRUMENTS[name]) for name in names]
        return voices[0] + 0.7 * voices[1] + 2 * _beat(dice, seconds)
    return _piece(dice, seconds, INSTRUMENTS[kind])


def whistled(dice: Dice, seconds: float) -> Wave:
    """Slide a whistled tune: one sine from note to note, nobody singing."""
    notes = np.repeat(dice.integers(60, 84, 40), round(0.25 * RATE))[: round(seconds * RATE)]
    pitch = np.convolve(440 * 2 ** ((notes - 69) / 12), np.ones(1200) / 1200, "same")
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE)


def _piece(dice: Dice, seconds: float, voice: Voice) -> Wave:
    heard = np.zeros(round((seconds + 3) * RATE))
    scale = _SCALES[dice.integers(len(_SCALES))]
    beat, key = dice.uniform(0.25, 0.6), dice.integers(-12, 5)
    progression = _PROGRESSIONS[dice.integers(len(_PROGRESSIONS))]
    for bar, start in enumerate(np.arange(0, seconds, 4 * beat)):
        root = progression[bar % 4]
        for step in (0, 2, 4):
            tone = voice(dice, _pitch(scale, root + step, key), 4 * beat)
            _add(heard, start, 0.5 * tone)
        for turn in range(4):
            if dice.random() < 0.75:
                pitch = _pitch(scale, root + int(dice.integers(0, 8)), key + 12)
                _add(heard, start + turn * beat, voice(dice, pitch, beat * 1.2))
    return heard[: round(seconds * RATE)]


def _beat(dice: Dice, seconds: float) -> Wave:
    heard = np.zeros(round((seconds + 1) * RATE))
    eighth = dice.uniform(0.15, 0.28)
    for number, start in enumerate(np.arange(0, seconds, eighth)):
        if number % 4 == 0 or dice.random() < 0.1:
            _add(heard, start, drum(dice, "kick"))
        if number % 4 == 2:
            _add(heard, start, drum(dice, "snare"))
        _add(heard, start, drum(dice, "hat"))
    return heard[: round(seconds * RATE)]


def _pitch(scale: Sequence[int], step: int, key: int) -> float:
    octave, place = divmod(step, len(scale))
    return float(A4 * 2 ** ((scale[place] + 12 * octave + key - 9) / 12))


def _add(heard: Wave, start: float, tone: Wave) -> None:
    first = round(start * RATE)
    room = heard[first : first + len(tone)]
    room += tone[: len(room)]
