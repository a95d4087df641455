"""The messages between the daemon and its workers; how they become bytes is framing's."""

from pathlib import Path
from typing import Literal

import msgspec

from daemon.endpoints import Endpoint
from daemon.engines.profiles import Models
from metadata.asset import Asset
from metadata.change import Change, Ours, Placed, Prepared, Rules
from metadata.description import Description, Record, Spoken, Stamp
from metadata.difference import Difference
from metadata.stats import Tokens

SHEETS = "sheets-"
"""How the names of files begin in which pictures travel from worker to worker."""
SOUND = "sound-"
"""The same of files with speech."""
DEVICE_LOST = 74
"""The exit status of an engine process whose device failed: nothing can be computed in it."""


class Setup(msgspec.Struct, frozen=True):
    """What a worker is told first: where it may write, and the bytes of memory it may ask for."""

    scratch: Path
    writable: tuple[Path, ...]
    exiftool: str
    memory: int = 4 * 2**30


class HostSetup(msgspec.Struct, frozen=True):
    """What an engine process is told first.

    *kept* is the folder for converted weights, *device* is ``cuda:0`` and the like or ``cpu``,
    *temperature* 0 stands for greedy decoding; *threads* are for the processor.
    """

    scratch: Path
    kept: Path
    device: str
    models: Models
    temperature: float = 0.0
    threads: int = 1


class CallSetup(msgspec.Struct, frozen=True):
    """What the process that calls servers is told first; it reads the keys of *endpoints* itself.

    *hold_s* is how long a request waits for a server while none can be asked.
    """

    scratch: Path
    endpoints: tuple[Endpoint, ...]
    temperature: float = 0.0
    hold_s: float = 15.0


class Measure(msgspec.Struct, frozen=True):
    """One measure that keeps a worker in bounds, and whether this machine could take it."""

    name: str
    holds: bool
    detail: str = ""


class Ready(msgspec.Struct, frozen=True):
    """The first thing a worker says."""

    measures: tuple[Measure, ...]


class Identify(msgspec.Struct, frozen=True, tag=True):
    """Find out what a file is; answered with an Asset."""

    path: Path
    max_pixels: int


class Sheets(msgspec.Struct, frozen=True):
    """Pictures on their way from one worker to another: RGB bytes one after the other in *path*.

    *sizes* has width and height of each in pixels, *times_s* the second of each one of a video.
    With *ends* they are JPEG files instead: the byte of *path* where each one ends.
    """

    path: Path
    sizes: tuple[tuple[int, int], ...]
    times_s: tuple[float, ...] = ()
    ends: tuple[int, ...] = ()


class Views(msgspec.Struct, frozen=True):
    """What a model is to be shown: *frames* pictures of a video, none longer than *side* pixels.

    They are handed over as JPEG files where *encoded*, to be sent to a server as they are.
    """

    side: int
    frames: int
    encoded: bool = False


class Observe(msgspec.Struct, frozen=True, tag=True):
    """Decode an asset and measure it; answered with Described.

    That has sheets to read in when *hand_over*, and *views* for a model where they are asked for;
    *codes* are looked for where those are wanted.
    """

    asset: Asset
    stamp: Stamp
    max_pixels: int
    tentative: tuple[str, ...] = ()
    hand_over: bool = False
    views: Views | None = None
    codes: bool = True


class ReadText(msgspec.Struct, frozen=True, tag=True):
    """Read the texts in *sheets* and remove these; answered with Described."""

    asset: Asset
    description: Description
    sheets: Sheets
    stamp: Stamp
    tentative: tuple[str, ...] = ()


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of speech: the second of the film where it begins, and how many samples it has."""

    start_s: float
    samples: int


class Sound(msgspec.Struct, frozen=True):
    """Speech on its way to a model: the samples of all *stretches* one after the other in *path*.

    They are one channel of 16 kHz, 16 bits signed, little endian; no stretch is over 30 s long.
    """

    path: Path
    stretches: tuple[Stretch, ...]


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Find speech in the sound track of a video from second *from_s* on; answered with Listened."""

    asset: Asset
    from_s: float = 0.0


class Listened(msgspec.Struct, frozen=True, tag=True):
    """The speech of one passage of a film, None where there is none in it, and the seconds it took.

    *until_s* is where the next passage begins, None at the end: long films are heard bit by bit.
    Whoever asked removes the file of *sound*. *spoken* lists what a voice detector found, each
    (start, end) in seconds of the film.
    """

    sound: Sound | None
    until_s: float | None
    spoken: tuple[tuple[float, float], ...]
    seconds: dict[str, float]


class Transcribe(msgspec.Struct, frozen=True, tag=True):
    """Have *sound* written down by a model; answered with Transcribed.

    *language* is BCP 47 where it is known, of an earlier passage of the same film.
    """

    asset: Asset
    sound: Sound
    language: str | None = None


class Transcribed(msgspec.Struct, frozen=True, tag=True):
    """What was said, in order, in seconds of the film; the language of it, and what it took."""

    lines: tuple[Spoken, ...]
    language: str | None
    seconds: dict[str, float]


AnswerShape = Literal["text", "line", "tags", "sentiment", "flags"]
"""What an answer is: paragraphs, one sentence, a list of keywords, a judgement, findings."""


class Question(msgspec.Struct, frozen=True):
    """A prompt ready to be put to a model, for one *task*; the answer has at most *max_tokens*.

    *preamble* stands before *text* and is the same in all questions about an asset, so that a model
    takes it in once. *choices* are the only words that may be in the answer, where there are any.
    """

    task: str
    text: str
    max_tokens: int
    preamble: str = ""
    answer: AnswerShape = "text"
    choices: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Give the prompt as it is put to a model that is asked one question at a time."""
        return f"{self.preamble}\n\n{self.text}" if self.preamble else self.text


class Consult(msgspec.Struct, frozen=True, tag=True):
    """Put *questions* about the pictures in *views* to a model; answered with Consulted.

    One picture is a still, several with their times are a video, None at all is a question about
    words alone. Whoever asks removes the file of *views*, once answered: a request is asked again
    when an engine process has died of another. *again* marks questions whose first answers could
    not be believed: they are asked one by one, and in another manner than before.
    """

    asset: Asset
    views: Sheets | None
    questions: tuple[Question, ...]
    again: bool = False


class Render(msgspec.Struct, frozen=True, tag=True):
    """Say English *texts* in *languages*, and each of *words* in its own; answered with Rendered.

    Texts may have several paragraphs; words are keywords. Languages are BCP 47.
    """

    asset: Asset
    texts: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    languages: tuple[str, ...]


class Say(msgspec.Struct, frozen=True, tag=True):
    """Put what was observed and read into words; answered with Described."""

    asset: Asset
    description: Description
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    stamp: Stamp
    tentative: tuple[str, ...] = ()


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read everything known of an asset from its files; answered with a Record."""

    asset: Asset
    rules: Rules


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Merge a description with what is in the files; answered with Prepared.

    The journal says what captiond wrote: *base* in all, for a file whose own mirror is gone, and
    *within* the media file.
    """

    asset: Asset
    description: Description
    rules: Rules
    base: Ours
    within: Ours = Ours()


class Place(msgspec.Struct, frozen=True, tag=True):
    """Make one change; answered with Placed, or refused as busy when the target has changed."""

    change: Change


class Strip(msgspec.Struct, frozen=True, tag=True):
    """Take our values, or *fields* of them, out of *target*; answered with Prepared: one change."""

    asset: Asset
    target: Path
    base: Ours
    fields: tuple[str, ...]
    rules: Rules


class Compare(msgspec.Struct, frozen=True, tag=True):
    """Tell what *staged* (None: no file) would change at *target*; answered with Difference."""

    asset: Asset | None
    target: Path
    staged: Path | None


Modelled = Consult | Render | Transcribe
"""What an engine process is asked, or a server."""
Writing = Prepare | Place | Strip | Compare
Request = Identify | Observe | ReadText | Listen | Modelled | Say | Read | Writing


class Described(msgspec.Struct, frozen=True, tag=True):
    """A description so far, what each stage cost, and what is yet to be read or shown."""

    description: Description
    seconds: dict[str, float]
    sheets: Sheets | None = None
    views: Sheets | None = None
    tokens: Tokens | None = None


class Reply(msgspec.Struct, frozen=True):
    """What a model answered to the question of one *task*, word for word.

    *tokens* counts those that it took; *whole* is False where the limit cut it off.
    """

    task: str
    text: str
    tokens: int
    whole: bool


class Consulted(msgspec.Struct, frozen=True, tag=True):
    """The replies, in the order of the questions, and what the asset's share cost.

    *model* names who answered where that is not known before: one of several servers.
    """

    replies: tuple[Reply, ...]
    seconds: dict[str, float]
    tokens: Tokens | None = None
    model: str = ""


class Rendered(msgspec.Struct, frozen=True, tag=True):
    """The texts in the order asked, each by language; the words by language; what it cost.

    *model* names who translated where that is not known before: one of several servers.
    """

    texts: tuple[dict[str, str], ...]
    words: dict[str, dict[str, str]]
    seconds: dict[str, float]
    tokens: Tokens | None = None
    model: str = ""


class Failure(msgspec.Struct, frozen=True, tag=True):
    """Why there is no answer: a reason by name for a file, none when the machine is at fault.

    *lasting* faults of the machine remain until somebody mends it: a part cannot be loaded.
    """

    reason: str | None
    detail: str
    lasting: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What a worker sends back: a failure, or a value whose type follows from the request."""

    failure: Failure | None
    value: msgspec.Raw


class Numbered(msgspec.Struct, frozen=True):
    """A request to an engine process, which has several at a time."""

    number: int
    request: Modelled


class Told(msgspec.Struct, frozen=True):
    """What an engine process says: an answer to request *number*, or with None that it is alive.

    *doing* says what it is at, *patience_s* how long it may be silent from now on.
    """

    number: int | None
    answer: Answer | None = None
    doing: str = ""
    patience_s: float = 60.0


ANSWERS: dict[type[msgspec.Struct], type] = {
    Identify: Asset,
    Observe: Described,
    ReadText: Described,
    Listen: Listened,
    Consult: Consulted,
    Render: Rendered,
    Transcribe: Transcribed,
    Say: Described,
    Read: Record,
    Prepare: Prepared,
    Place: Placed,
    Strip: Prepared,
    Compare: Difference,
}
