"""The seam between the engine process and an engine whose models it hosts; knows no library."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from daemon.engines.profiles import Installed
from daemon.media.frames import Picture, Samples
from daemon.wire import HostSetup, Question, Reply
from metadata.asset import MediaKind
from metadata.stats import Tokens


class Beat(Protocol):
    """What long work calls at least once a second, so that its parent knows that it goes on."""

    def __call__(self, doing: str, patience_s: float = 60.0) -> None:
        """Tell what is being *done*, and how long there may be silence from now on."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One asset as a model sees it: upright RGB pictures, first to last, and what is asked.

    A still has one picture and no times; of a video each picture has its second. Without any
    picture it is asked about words alone. *again* asks for other answers than the model gave first.
    """

    kind: MediaKind
    pictures: tuple[Picture, ...]
    times_s: tuple[float, ...]
    questions: tuple[Question, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The replies to all questions about one asset, and the tokens of what they were put with.

    *prompt* counts what the model reads: the places of pictures where it has such, and what several
    questions share only once where it is computed only once.
    """

    replies: tuple[Reply, ...]
    prompt: int


@dataclass(frozen=True, slots=True)
class Wording:
    """One English text, of one or several paragraphs, or one keyword, and its languages."""

    text: str
    languages: tuple[str, ...]
    keyword: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """A text by language, and the tokens it took; a sentence of two texts counts for both."""

    said: dict[str, str]
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Speech:
    """Stretches of speech of one asset, at most 30 seconds each, and its language if known."""

    stretches: tuple[Samples, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is said in one breath, in seconds from the beginning of its stretch."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of each stretch, none where nothing was understood, and the language of all.

    The *language* is BCP 47, None where the model is not sure of it.
    """

    stretches: tuple[tuple[Line, ...], ...]
    language: str | None


class Asks(Protocol):
    """A loaded model that is shown pictures and asked about them."""

    def bucket(self, shown: Shown) -> Hashable:
        """Name the kind of batch that *shown* may be part of: equal names, one batch."""

    def most(self, bucket: Hashable, shown: Shown) -> int:
        """Estimate how many assets like *shown* fit into the device's free memory at once."""

    def prepare(self, batch: Sequence[Shown]) -> Any:
        """Turn a batch into tensors on the processor; called from another thread, ahead of time.

        Raises ValueError for pictures that the model cannot be shown.
        """

    def answer(self, prepared: Any, beat: Beat) -> list[Answered]:
        """Answer every question of every asset, in order.

        Raises OutOfMemory, DeviceLost, or EngineError when what comes out cannot be right.
        """


class Renders(Protocol):
    """A loaded model that translates from English."""

    def render(self, batch: Sequence[Wording], beat: Beat) -> list[Worded]:
        """Give each text in each of its languages, complete and in order.

        A text that cannot be said whole in a language has no entry for it. Raises OutOfMemory,
        DeviceLost, or EngineError for a language that the model does not know.
        """


class Hears(Protocol):
    """A loaded model that writes down what is said."""

    def hear(self, batch: Sequence[Speech], beat: Beat) -> list[Written]:
        """Write down the speech of each asset, in order, as if it had been alone.

        Raises OutOfMemory where not even one stretch fits, DeviceLost, or EngineError when what
        comes out cannot be right.
        """


class Hosted(Protocol):
    """An engine on one device; it loads models at first need and drops what has no room."""

    def asker(self, installed: Installed, beat: Beat) -> Asks:
        """Give the model, loaded; raises EngineMissing with what is wrong with it."""

    def translator(self, installed: Installed, beat: Beat) -> Renders:
        """Give the translation model, loaded; raises EngineMissing with what is wrong with it."""

    def listener(self, installed: Installed, beat: Beat) -> Hears:
        """Give the model that hears, loaded; raises EngineMissing with what is wrong with it."""

    def make_room(self) -> None:
        """Drop every model but the one used last, and what the allocator keeps for later."""


class Opens(Protocol):
    """What a module offers as ``open_engine`` so that an engine process can host it."""

    def __call__(self, setup: HostSetup) -> Hosted:
        """Open the device; raises EngineError when it is not there."""
