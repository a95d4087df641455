"""What describing cost, file by file and summed up, from the one JSON shape; nothing is printed."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from metadata.asset import MediaKind
from metadata.stats import Tokens, total

TRANSLATING = "translate"
"""The stage that is no part of the description itself."""
AT_TEMPERATURE = ("transformers", "openai")
"""The engines whose models are asked at a temperature."""
_DONE, _SKIPPED = "done", "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One file: what it is, who described it *at* which time (UTC), and what that cost.

    *size* is in bytes, None where the file cannot be looked at; *made_by* is (engine, model).
    """

    path: str
    state: str
    kind: MediaKind | None = None
    content: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    fps: float | None = None
    at: str = ""
    made_by: tuple[str, str] | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    tokens: Tokens | None = None

    @classmethod
    def of(cls, file: Mapping[str, Any]) -> Self:
        """Take the figures out of the one JSON shape."""
        made, stats, video = file["provenance"].get("caption"), file["stats"], file["video"]
        tokens = stats["tokens"]
        return cls(
            path=file["path"],
            state=file["state"] or "",
            kind=MediaKind(file["kind"]) if file["kind"] else None,
            content=file["content"],
            size=_size(file["path"]),
            width=file["width"],
            height=file["height"],
            duration_s=file["duration_s"],
            fps=video and video["fps"],
            at=made["at"] if made else "",
            made_by=(made["engine"], made["model"]) if made else None,
            seconds=stats["seconds"],
            tokens=Tokens(tokens["prompt"], tokens["completion"]) if tokens else None,
        )

    @property
    def failed(self) -> bool:
        """Tell whether it is not described."""
        return self.state not in (_DONE, _SKIPPED)

    @property
    def took_s(self) -> float:
        """Give the seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def described_s(self) -> float:
        """Give the seconds of the description alone, without its translations."""
        return self.took_s - self.seconds.get(TRANSLATING, 0.0)

    @property
    def frames(self) -> int | None:
        """Count the pictures of a video: its length times its mean rate."""
        if self.duration_s is None or self.fps is None:
            return None
        return round(self.duration_s * self.fps)


@dataclass(frozen=True, slots=True)
class Sums:
    """Several files together; *seconds* are those at work by stage, not those on the clock."""

    described: int
    known: int
    failed: int
    seconds: dict[str, float]
    tokens: Tokens | None

    @property
    def took_s(self) -> float:
        """Give the seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def each_s(self) -> float | None:
        """Give the seconds at work for one file; None where none was described."""
        return self.took_s / self.described if self.described else None


def summed(files: Iterable[Figures], begun: str = "") -> Sums:
    """Sum up *files*; what was described before *begun* (UTC) is known and cost nothing now.

    So is what has the content of another one: both share a description.
    """
    every = list(files)
    ended = [file for file in every if file.state == _DONE]
    fresh = list({file.content: file for file in ended if file.at and file.at >= begun}.values())
    seconds: dict[str, float] = {}
    for file in fresh:
        for stage, took in file.seconds.items():
            seconds[stage] = seconds.get(stage, 0.0) + took
    return Sums(
        described=len(fresh),
        known=len(ended) - len(fresh),
        failed=sum(file.failed for file in every),
        seconds=seconds,
        tokens=total(file.tokens for file in fresh),
    )


def models_of(files: Sequence[Figures]) -> list[tuple[str, str]]:
    """List who described *files*, as (engine, model), most files first."""
    made = [file.made_by for file in files if file.made_by]
    return sorted(set(made), key=lambda by: (-made.count(by), by))


def _size(path: str) -> int | None:
    """Look at a file of which the escaped path is told; one with odd bytes in it is not found."""
    with suppress(OSError, ValueError):
        return Path(path).stat().st_size
    return None
