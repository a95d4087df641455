"""What is said of a media file, as frozen values; not how it is found, written or shown."""

from dataclasses import dataclass, field

from metadata.asset import Asset

FactValue = bool | int | float | str

TASKS = (
    "text", "caption", "alt", "tags", "sentiment", "translate",
    "speech", "summary", "creative", "moderation", "quality",
)  # fmt: skip
HUMAN = "human"
UNKNOWN_LANGUAGE = "x-default"


@dataclass(frozen=True, slots=True)
class Tag:
    """A keyword: its *name* as written into files, who it is from, and its other languages.

    *above* are the keywords that it stands below in a hierarchy, from the top: ``("Animal",)``.
    *said* are the words of the description that it is written for, where they are others; after an
    empty one, those of which it is an addition: a translation, a mood.
    """

    name: str
    source: str
    translations: dict[str, str] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def is_added(self) -> bool:
        """Tell whether it is no keyword of the description, but made of something else in it."""
        return self.said[:1] == ("",)


@dataclass(frozen=True, slots=True)
class Sentiment:
    """A typed judgement; *label* is positive, neutral, negative, mixed or None (nothing known)."""

    label: str | None = None
    score: float | None = None
    moods: tuple[str, ...] = ()
    analysis: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words read in a picture, verbatim; *at_s* is the second of the video they stand in."""

    text: str
    lang: str | None = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A bar code or matrix code: what it holds and its type, such as ``QR``."""

    value: str
    type: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One stretch of speech, in seconds from the start."""

    start_s: float
    end_s: float
    lang: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Colour:
    """A named colour, the share of the picture it covers (0 to 1, two digits), its mean."""

    name: str
    share: float
    hex: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement; *basis* is measured, metadata, ocr, rule or model; *score* is 0 to 1, or None.

    A model's are ``moderation_NAME`` and ``quality_NAME``: what can be seen, in words, or True.
    """

    name: str
    value: FactValue
    basis: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks, by measurement."""

    colours: tuple[Colour, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Video:
    """How a video is made; *shots* is None where not every frame was looked at."""

    fps: float | None
    sound: bool
    shots: int | None
    cuts_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made a value: engine, model with version, prompt with version, when (UTC), which run."""

    engine: str
    model: str
    prompt: str | None
    at: str
    run: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """When (UTC, ISO 8601) and in which run values are made; a run is one start of captiond."""

    run: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Everything that is said of one asset; languages are BCP 47.

    *provenance* has one entry for each task that was looked at, whether or not it found anything:
    a task without one was not run.
    """

    caption: dict[str, str] = field(default_factory=dict)
    alt: dict[str, str] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)
    creative: dict[str, str] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    sentiment: Sentiment = field(default_factory=Sentiment)
    text: tuple[TextLine, ...] = ()
    codes: tuple[Code, ...] = ()
    transcript: tuple[Spoken, ...] = ()
    look: Look = field(default_factory=Look)
    video: Video | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)

    @property
    def not_run(self) -> tuple[str, ...]:
        """Name the tasks that nobody looked at."""
        return tuple(task for task in TASKS if task not in self.provenance)


@dataclass(frozen=True, slots=True)
class Written:
    """A place that holds our values: ``sidecar`` or ``embedded``, and the file."""

    where: str
    path: str


@dataclass(frozen=True, slots=True)
class Record:
    """An asset with all that is known of it, as read back from the files.

    The description holds human values beside ours: tags with source ``human``; a human caption,
    whose language nobody knows, under ``x-default`` with provenance ``caption.x-default``.
    *described* is the content that our values in the files were made from. *author* is who made the
    picture by XMP or IPTC; it is only ever read.
    """

    asset: Asset
    description: Description
    written: tuple[Written, ...] = ()
    described: str | None = None
    author: str | None = None
