"""What an engine is: the Protocols that stages ask, and the error that says it is not ready."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from daemon.media.frames import Frames
from metadata.asset import Asset
from metadata.description import Code, Description, Fact, Look, Sentiment, Spoken, TextLine, Video


class EngineError(Exception):
    """The machine, not the file: the job goes back to pending and spends no attempt."""


class EngineMissing(EngineError):
    """A part of the machine that will be missing until somebody installs or mends it."""


class OutOfMemory(EngineError):
    """The device has no room for a batch of this size; a smaller one may fit."""


class DeviceLost(EngineError):
    """The device failed, and nothing more can be computed on it in this process."""


@dataclass(frozen=True, slots=True)
class Work:
    """One asset on its way through the stages, with what has been said of it so far."""

    asset: Asset
    frames: Frames
    description: Description

    def with_description(self, description: Description) -> "Work":
        """Take the next step's description along."""
        return replace(self, description=description)


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at the pictures, and listening, gave; *transcript* is that of subtitles.

    *codes* are None where they were not looked for.
    """

    look: Look
    video: Video | None
    codes: tuple[Code, ...] | None = ()
    transcript: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class Legible:
    """The texts that were read in pictures, in reading order, and what is known of them."""

    lines: tuple[TextLine, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentiment, and the facts that it rests on."""

    sentiment: Sentiment
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """A caption and its one-sentence alternative text, in one language."""

    caption: str
    alt: str


class Engine(Protocol):
    """What answers stages; it has as many of the abilities below as it can do."""

    @property
    def name(self) -> str:
        """Name the engine: builtin, transformers or openai."""

    @property
    def model(self) -> str:
        """Name the model with its version, such as ``builtin@0.1.0``."""


@runtime_checkable
class Looks(Engine, Protocol):
    """An engine that measures pictures."""

    def look(self, batch: Sequence[Work]) -> list[Seen]:
        """Say how each item looks."""


@runtime_checkable
class Reads(Engine, Protocol):
    """An engine that reads texts in pictures."""

    def read(self, batch: Sequence[Work]) -> list[Legible]:
        """Read what stands in the sheets of each item."""


@runtime_checkable
class Judges(Engine, Protocol):
    """An engine that judges the sentiment."""

    def judge(self, batch: Sequence[Work]) -> list[Judged]:
        """Judge each item by what has been said of it so far."""


@runtime_checkable
class Captions(Engine, Protocol):
    """An engine that writes English captions."""

    def caption(self, batch: Sequence[Work]) -> list[Texts]:
        """Write a caption and an alternative text for each item."""


@runtime_checkable
class Tags(Engine, Protocol):
    """An engine that finds keywords."""

    def tags(self, batch: Sequence[Work]) -> list[tuple[str, ...]]:
        """List English keywords for each item, most prominent first."""


@runtime_checkable
class Translates(Engine, Protocol):
    """An engine that says the same in other languages."""

    def speaks(self, language: str) -> bool:
        """Tell whether there is a way to say anything in *language*."""

    def translate(self, batch: Sequence[Work], language: str) -> list[Texts]:
        """Give the texts of each item in *language*."""

    def translate_tags(self, names: Sequence[str], language: str) -> dict[str, str]:
        """Give each keyword in *language*; one that has no translation is left out."""
