"""Speech of several assets on its way through a model: stretches in, lines of the films out."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from daemon.engines import EngineError
from daemon.engines.hosted import Beat, Hears, Line, Speech, Written
from daemon.host.buckets import Waiting
from daemon.host.showing import weight_of
from daemon.host.wall import Fault, attempt
from daemon.media.frames import SAMPLE_RATE
from daemon.media.stretches import read_sound
from daemon.wire import Stretch, Transcribe, Transcribed
from metadata.description import Spoken
from metadata.spelling import clean

HEARING_S = 600.0
"""A model says nothing before its first word: a processor listens to half a minute for seconds."""
MOST_STRETCHES = 64
"""So many at once are enough for any device; a model divides them as it can."""
_DIGITS = 3


class Hearing:
    """One loaded model that hears, for as long as it is used."""

    most = MOST_STRETCHES

    def __init__(self, hears: Hears, beat: Beat, clock: Callable[[], float]) -> None:
        self._hears = hears
        self._beat = beat
        self._clock = clock

    def size(self, items: tuple[Waiting, ...]) -> int:
        """Count the stretches of *items*; those of one asset are a single thing to the model."""
        return sum(item.weight for item in items) if len(items) > 1 else 1

    def do(self, items: tuple[Waiting, ...]) -> list[Transcribed] | Fault:
        """Write down what *items* ask for."""
        asked = [item.request for item in items if isinstance(item.request, Transcribe)]
        return attempt(partial(self._transcribed, asked))

    def _transcribed(self, batch: list[Transcribe]) -> list[Transcribed]:
        begun, whole = self._clock(), sum(map(weight_of, batch))
        self._beat(f"listening to {whole} stretches of speech", HEARING_S)
        written = self._hears.hear([_speech(asked) for asked in batch], self._beat)
        heard = [len(each.stretches) for each in written]
        if heard != [len(asked.sound.stretches) for asked in batch]:
            raise EngineError(f"the model wrote down {heard} of {whole} stretches of speech")
        took = self._clock() - begun
        share = [{"transcribe": took * weight_of(asked) / whole} for asked in batch]
        return [transcribed(a, w, s) for a, w, s in zip(batch, written, share, strict=True)]


def transcribed(asked: Transcribe, written: Written, seconds: dict[str, float]) -> Transcribed:
    """Say in seconds of the film what was *written*, whatever times a model gives.

    No line leaves its stretch or begins before the one before it has ended; one without words or
    without any time is left out.
    """
    both = zip(asked.sound.stretches, written.stretches, strict=True)
    lines: list[Spoken] = []
    for stretch, said in sorted(both, key=lambda pair: pair[0].start_s):
        for start_s, end_s, text in _within(stretch, said):
            start_s = max(start_s, lines[-1].end_s if lines else start_s)
            if start_s < end_s:
                lines.append(Spoken(start_s, end_s, written.language, text))
    return Transcribed(tuple(lines), written.language, seconds)


def _within(stretch: Stretch, said: Sequence[Line]) -> Iterator[tuple[float, float, str]]:
    length_s = stretch.samples / SAMPLE_RATE
    for line in sorted(said, key=lambda line: line.start_s):
        start_s = stretch.start_s + min(max(line.start_s, 0.0), length_s)
        end_s = stretch.start_s + min(max(line.end_s, 0.0), length_s)
        if text := " ".join(clean(line.text).split()):
            yield round(start_s, _DIGITS), round(end_s, _DIGITS), text


def _speech(asked: Transcribe) -> Speech:
    try:
        return Speech(read_sound(asked.sound), asked.language)
    except (OSError, ValueError) as error:
        told = f"{asked.sound.path} does not hold the speech of {asked.asset.path}: {error}"
        raise EngineError(f"{told}; it is listened to again") from error
