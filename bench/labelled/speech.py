"""Speech from a synthesizer: eSpeak NG reads sentences of ours, in many languages and voices."""

import io
import shutil
import subprocess
import wave
from importlib import resources

import numpy as np

from bench.labelled.sounds import RATE, Dice, Wave, at_level, band, white

PROGRAM = "espeak-ng"
_VARIANTS = ("", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5")
_PAUSE_S = 0.35
_QUICK = 1024
REMEDY = "install Debian's package espeak-ng (scripts/setup --dev does)"


def available() -> bool:
    """Tell whether the synthesizer is there."""
    return shutil.which(PROGRAM) is not None


def sentences() -> list[tuple[str, str]]:
    """Read our sentences: language, text."""
    table = resources.files(__package__).joinpath("spoken.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines() if not line.startswith("#"))
    return [(language, text) for language, _, text in rows]


def talk(dice: Dice, seconds: float) -> Wave:
    """Have one voice read one sentence after the other for *seconds*."""
    known = sentences()
    language = known[dice.integers(len(known))][0]
    texts = [text for spoken, text in known if spoken == language]
    voice = language + str(dice.choice(_VARIANTS))
    pace, pitch = int(dice.integers(125, 196)), int(dice.integers(25, 76))
    heard: list[Wave] = [np.zeros(round(dice.uniform(0, 0.3) * RATE))]
    while sum(map(len, heard)) < seconds * RATE:
        text = texts[dice.integers(len(texts))]
        heard += [_resampled(*read(text, voice, pace, pitch)), np.zeros(round(_PAUSE_S * RATE))]
    return np.concatenate(heard)[: round(seconds * RATE)]


def in_room(dice: Dice, dry: Wave) -> Wave:
    """Add the echo of a room: noise that dies away within half a second."""
    length = round(dice.uniform(0.2, 0.5) * RATE)
    echo = dice.standard_normal(length) * np.exp(-np.arange(length) / (length / 6))
    room = 2 ** (len(dry) + length).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, room) * np.fft.rfft(echo, room), room)[: len(dry)]
    return at_level(dry, -20) + at_level(wet, -28)


def by_telephone(dry: Wave) -> Wave:
    """Leave what a telephone lets through: 300 to 3400 Hz."""
    return band(dry, 300, 3400)


def over(dry: Wave, beneath: Wave, decibels: float) -> Wave:
    """Put *beneath* that many decibels below the speech."""
    return at_level(dry, -20) + at_level(beneath, -20 - decibels)


def hissing(dice: Dice, dry: Wave) -> Wave:
    """Add the hiss of a cheap microphone, 25 dB below."""
    return over(dry, white(dice, len(dry) / RATE), 25)


def read(text: str, voice: str, pace: int = 160, pitch: int = 50) -> tuple[Wave, int]:
    """Read *text* aloud: samples, -1 to 1, and how many of them there are a second."""
    command = [PROGRAM, "-v", voice, "-s", str(pace), "-p", str(pitch), "--stdout"]
    try:
        spoken = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"{PROGRAM} did not read {text!r}: {error}; {REMEDY}") from error
    with wave.open(io.BytesIO(spoken.stdout)) as inside:
        rate = inside.getframerate()
    return np.frombuffer(spoken.stdout[44:], "<i2") / 32_768, rate


def _resampled(samples: Wave, rate: int) -> Wave:
    """Resample by the spectrum, in a length that is quick to transform."""
    count = round(len(samples) * RATE / rate)
    padded = _QUICK * (rate // 150) * (len(samples) // (_QUICK * (rate // 150)) + 1)
    wider_count = padded * RATE // rate
    spectrum = np.fft.rfft(samples, padded)
    wider = np.zeros(wider_count // 2 + 1, complex)
    wider[: len(spectrum)] = spectrum
    return np.fft.irfft(wider, wider_count)[:count] * (wider_count / padded)
