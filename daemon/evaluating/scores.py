"""How good an engine's captions and tags are, by labels; pure. All shares are 0 to 1."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

from daemon.believing.language import other_language
from daemon.evaluating.chrf import chrf
from daemon.evaluating.labels import ENGLISH, Label
from metadata.asset import Asset
from metadata.description import Description
from metadata.fold import fold, tokens
from metadata.wordform import form


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said of one labelled file."""

    label: Label
    asset: Asset
    said: Description

    @property
    def caption(self) -> str:
        """Give the caption in the language of the label; empty where there is none."""
        return self.said.caption.get(self.label.language, "")

    @property
    def tags(self) -> list[str]:
        """Give the tags in the language of the label, as far as they are known in it."""
        language = self.label.language
        return [tag.translations.get(language, tag.name) for tag in self.said.tags]


@dataclass(frozen=True, slots=True)
class TagScore:
    """Tags of the files that have some by label, all counted together.

    *right* are those *given* that are *labelled*, whatever their case, number and order of words.
    """

    files: int
    right: int
    given: int
    labelled: int

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Self:
        """Count the tags of *answers*."""
        judged = [answer for answer in answers if answer.label.tags]
        pairs = [({*map(form, a.tags)}, {*map(form, a.label.tags)}) for a in judged]
        return cls(
            files=len(judged),
            right=sum(len(given & labelled) for given, labelled in pairs),
            given=sum(len(given) for given, _ in pairs),
            labelled=sum(len(labelled) for _, labelled in pairs),
        )

    @property
    def precision(self) -> float | None:
        """Give the share of the tags given that are labelled; None without any."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Give the share of the labelled tags that were given; None without any."""
        return self.right / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        """Give the harmonic mean of both; None where nothing was labelled."""
        both = self.given + self.labelled
        return 2 * self.right / both if self.labelled else None


@dataclass(frozen=True, slots=True)
class CaptionScore:
    """Captions against those that are labelled: *overlap* is chrF, 0 to 100.

    *missing* files are labelled in a language that the engine gave no caption in.
    """

    files: int
    missing: int
    overlap: float | None

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Self:
        """Compare the captions of *answers*."""
        judged = [answer for answer in answers if answer.label.caption]
        pairs = [(answer.caption, answer.label.caption) for answer in judged if answer.caption]
        return cls(len(pairs), len(judged) - len(pairs), chrf(pairs))


@dataclass(frozen=True, slots=True)
class Manner:
    """How the English captions are written: their language, their length, and how many are alike.

    *within* is the share with at most *most_words*; *alike* counts the files whose caption another
    file has, too, that shows something else, and *commonest* is such a caption.
    """

    files: int
    english: float | None
    most_words: int
    within: float | None
    words: float | None
    alike: int
    commonest: str | None

    @classmethod
    def of(cls, answers: Iterable[Answer], most_words: int) -> Self:
        """Look at the captions of *answers*."""
        said = [(a.asset.content, a.said.caption[ENGLISH]) for a in answers if _english(a)]
        lengths = [len(text.split()) for _, text in said]
        groups = _alike(said)
        return cls(
            files=len(said),
            english=_share([other_language(text) is None for _, text in said]),
            most_words=most_words,
            within=_share([length <= most_words for length in lengths]),
            words=median(lengths) if lengths else None,
            alike=sum(map(len, groups)),
            commonest=max(groups, key=len)[0] if groups else None,
        )


@dataclass(frozen=True, slots=True)
class Score:
    """All that labels say of one engine."""

    tags: TagScore
    caption: CaptionScore
    manner: Manner


def score(answers: Sequence[Answer], most_words: int) -> Score:
    """Judge *answers*."""
    return Score(TagScore.of(answers), CaptionScore.of(answers), Manner.of(answers, most_words))


def _english(answer: Answer) -> bool:
    return bool(answer.said.caption.get(ENGLISH, "").strip())


def _share(judged: Sequence[bool]) -> float | None:
    return sum(judged) / len(judged) if judged else None


def _alike(said: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Group the captions that differ in case and signs alone and were given different contents."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for content, text in said:
        groups[" ".join(tokens(fold(text)))].setdefault(content, text)
    return [list(texts.values()) for texts in groups.values() if len(texts) > 1]
