"""The promises of METADATA section 1 about one file: what breaks them, in a line each.

Nothing here knows how captiond comes to what it writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lifecycle.hands import (
    CAPTION,
    IPTC_WORDS,
    LISTS,
    TAKEN_OUT,
    Done,
    words,
)
from tests.lifecycle.library import Case
from tests.lifecycle.reading import Seen, Shelf
from tests.lifecycle.views import (
    CODED,
    IPTC_CAPTION,
    Values,
    View,
    beside,
    human_captions,
    human_steps,
    human_words,
    may_be_ours,
)

_CONTENT = "XMP-captiond:Content"
_OURS = "XMP-captiond:"
_IPTC_BYTES = 64
_MERGED = (*LISTS, IPTC_WORDS, *CODED)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says of every picture; *above* are words that only lead to its keywords."""

    caption: str
    tags: Sequence[str]
    above: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One file on trial: *base* is the shelf before captiond's last deed, *done* a human's last."""

    case: Case
    folder: Path
    view: View
    base: Shelf
    now: Shelf
    done: Done | None = None

    @property
    def media(self) -> Path:
        return self.folder / self.case.name

    @property
    def targets(self) -> list[Path]:
        """List the files that are to hold captiond's values."""
        inside = [self.media] if self.case.embeds else []
        return [*inside, *(self.folder / name for name in self.case.sidecars)]


def written(trial: Trial, answer: Answer) -> Iterator[str]:
    """Judge a description that was written."""
    wanted = {trial.media, *trial.targets, *trial.view}
    yield from _names(wanted, set(beside(trial.case, trial.folder, trial.now)))
    yield from _media(trial, written=trial.case.embeds)
    for target in filter(trial.now.__contains__, trial.targets):
        values = trial.now[target].values
        said = [*_foreign(trial.view.get(target, {}), values), *_listed(trial, target, answer)]
        said += [*_captioned(trial, target, answer)]
        said += [] if _CONTENT in values else ["captiond's own account is not there"]
        yield from (f"{target.name!r}: {each}" for each in said)


def unchanged(before: Mapping[Path, object], after: Mapping[Path, object]) -> Iterator[str]:
    """Judge what was written again, which is to leave every file alone."""
    for path in {**before, **after}:
        if before.get(path) != after.get(path):
            yield f"{path.name!r}: written again: {before.get(path)} -> {after.get(path)}"


def undone(trial: Trial, start: Shelf) -> Iterator[str]:
    """Judge what stands there after undo; *start* is what stood there before captiond came."""
    wanted = {path for path, values in trial.view.items() if path in start or values}
    yield from _names(wanted, set(beside(trial.case, trial.folder, trial.now)))
    yield from _media(trial, written=trial.case.embeds)
    hand = trial.done.target if trial.done and trial.done.did else None
    for path in filter(trial.now.__contains__, wanted):
        yield from (f"{path.name!r}: {each}" for each in _same(trial.view[path], trial.now[path]))
        untouched = path in start and path not in (hand, trial.media)
        if untouched and trial.now[path].sha256 != start[path].sha256:
            yield f"{path.name!r}: nobody else wrote, and the bytes are not those of before"


def _names(wanted: set[Path], found: set[Path]) -> Iterator[str]:
    yield from (f"{path.name!r} is missing" for path in wanted - found)
    yield from (f"{path.name!r} is there" for path in found - wanted)


def _media(trial: Trial, *, written: bool) -> Iterator[str]:
    """Compare what belongs to the media file, and everything where nothing was to be written."""
    then, now = trial.base[trial.media], trial.now.get(trial.media)
    if now is None:
        return
    names = ["kept", "mtime_ns", "picture", "blocks", *([] if written else ["sha256", "identity"])]
    for name in names:
        if (one := getattr(then, name)) != (other := getattr(now, name)):
            yield f"the media file's {name}: {_parted(one, other)}"
    for path in beside(trial.case, trial.folder, trial.now):
        if path in trial.base and trial.base[path].kept != trial.now[path].kept:
            yield f"{path.name!r}: {trial.base[path].kept} -> {trial.now[path].kept}"


def _parted(one: object, other: object) -> str:
    if isinstance(one, tuple) and isinstance(other, tuple):
        gone = [str(each)[:200] for each in one if each not in other]
        new = [str(each)[:200] for each in other if each not in one]
        return f"{gone} -> {new}"
    return f"{one} -> {other}"


def _foreign(view: Values, values: Values) -> Iterator[str]:
    """See that no value of anybody has changed, and that none is new but captiond's."""
    for name, value in view.items():
        if name not in _MERGED and not _is_blank(value) and values.get(name) != value:
            yield f"{name}: {value!r} -> {values.get(name)!r}"
    for name in values:
        if name not in view and not may_be_ours(name):
            yield f"{name} is new: {values[name]!r}"


def _is_blank(value: object) -> bool:
    return value in ("", []) or (isinstance(value, str) and not value.strip())


def _listed(trial: Trial, target: Path, answer: Answer) -> Iterator[str]:
    """See that every list holds every word of people and of the engine, and no other."""
    removed = trial.done is not None and trial.done.removed
    out = {TAKEN_OUT} if removed and trial.done and trial.done.target == target else set()
    maybe = {TAKEN_OUT} if removed else set()
    humans = human_words(trial.view)
    wanted = ({*humans, *answer.tags}) - maybe
    values, view = trial.now[target].values, trial.view.get(target, {})
    known = {*humans, *human_steps(trial.view), *answer.above}
    for name, separator in LISTS.items():
        found = words(values, name)
        yield from _merged(name, found, words(view, name))
        steps = [s for word in found for s in (word.split(separator) if separator else [word])]
        yield from _told(name, wanted, maybe - out, known, steps)
    if any(name.startswith("IPTC:") for name in view) and target == trial.media:
        found = words(values, IPTC_WORDS)
        yield from _merged(IPTC_WORDS, found, words(view, IPTC_WORDS))
        cut = {word.encode()[:_IPTC_BYTES].decode("utf-8", "ignore") for word in wanted}
        yield from _told(IPTC_WORDS, cut, {TAKEN_OUT}, humans | cut, found)


def _merged(name: str, found: list[str], old: list[str]) -> Iterator[str]:
    kept = [word for word in found if word in old]
    if kept != old:
        yield f"{name}: a human's {old} -> {found}"
    if len({word.casefold() for word in found}) < len(found) and len(set(old)) == len(old):
        yield f"{name}: a word stands there twice: {found}"


def _told(
    name: str, wanted: set[str], maybe: set[str], humans: set[str], found: list[str]
) -> Iterator[str]:
    folded = {word.casefold().strip() for word in found}
    if missing := {w for w in wanted if w.casefold().strip() not in folded}:
        yield f"{name}: {sorted(missing)} is missing: {found}"
    known = {word.casefold().strip() for word in wanted | maybe | humans}
    if extra := folded - known:
        yield f"{name}: {sorted(extra)} is nobody's: {found}"


def _captioned(trial: Trial, target: Path, answer: Answer) -> Iterator[str]:
    """See that a human's caption stands, else a copy of one, else the engine's."""
    stands, view = trial.now[target].values.get(CAPTION), trial.view.get(target, {})
    humans = human_captions(trial.view)
    silenced = trial.done is not None and trial.done.silenced
    if not _is_blank(view.get(CAPTION, "")):
        wanted = {view[CAPTION]}
    elif silenced and trial.done and trial.done.target == target:
        wanted = {None}
    else:
        wanted = humans or {answer.caption}
    if stands not in wanted and str(stands).strip() not in wanted:
        yield f"{CAPTION}: {stands!r} is none of {wanted}"
    iptc = trial.now[target].values.get(IPTC_CAPTION)
    if iptc is not None and iptc not in (*humans, answer.caption):
        yield f"{IPTC_CAPTION}: {iptc!r} is nobody's"


def _same(view: Values, now: Seen) -> Iterator[str]:
    """See that a file holds exactly what it would hold without captiond."""
    for name in {**view, **now.values}:
        one, other = (_listed_or_text(name, values) for values in (view, now.values))
        if name not in CODED and one != other:
            yield f"{name}: {one!r} is wanted, and it is {other!r}"


def _listed_or_text(name: str, values: Values) -> object:
    if name in (*LISTS, IPTC_WORDS):
        return words(values, name)
    return values.get(name, "")
