"""Judge what was said of one example: one judge for each kind of claim.

A colour is right when at least half of the share that is claimed may be called so; a text line
when its words stand in the picture in this order, letter for letter; a code by value and type; a
cut within one picture; a town by one of its names; a language once a picture.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.labelled.example import Example, Painted, Printed, Shown, Truth
from daemon.engines.builtin.claims import claim_of
from metadata.description import Description, TextLine

# What must be named, and what must not, of a colour: in between it is neither there nor absent.
_THERE, _ABSENT, _SPECK = 0.12, 0.002, 0.01
_SLACK_S = 0.12
"""How far the times of a subtitle may lie from those it was written with."""
_SHARE_SLACK = 0.02
_PHOTO = re.compile(r"\bphoto")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one claim in one example.

    *positives* and *negatives* count the reasons to make it and not to; *claimed* is how often it
    was made, *right* how often rightly; *found* of the *wanted* things there were found.
    """

    claim: str
    positives: int
    negatives: int
    claimed: int
    right: int
    found: int
    wanted: int


Judge = Callable[[Example, Truth, Description], Iterator[Verdict]]


def verdicts(example: Example, said: Description) -> Iterator[Verdict]:
    """Judge every claim that *example* has a truth for; near-duplicates are judged together."""
    made = {claim_of(fact) for fact in said.look.facts}
    for claim, truth in example.truths.items():
        judge = JUDGES.get(claim)
        if judge is not None:
            yield from judge(example, truth, said)
        elif isinstance(truth, bool):
            yield yes_or_no(claim, truth, claim in made)


def yes_or_no(claim: str, truth: bool, made: bool) -> Verdict:
    """Judge a claim that is true or not."""
    right = int(made and truth)
    return Verdict(claim, truth, not truth, made, right, right, truth)


def _several(claim: str, wanted: int, claimed: int, right: int, found: int) -> Verdict:
    return Verdict(claim, int(wanted > 0), int(wanted == 0), claimed, right, found, wanted)


def _colours(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    assert isinstance(truth, Painted)
    claimed = {colour.name: colour.share for colour in said.look.colours}
    for word in truth.possibly.keys() | claimed.keys() | set(_WORDS):
        share, possibly = claimed.get(word), truth.possibly.get(word, 0)
        right = share is not None and possibly >= max(share / 2, _SPECK)
        there = truth.surely.get(word, 0) >= _THERE
        verdict = Verdict(
            f"colour:{word}", there, possibly < _ABSENT, share is not None, right,
            there and right, there,
        )  # fmt: skip
        yield verdict
        yield Verdict("colour", *(getattr(verdict, name) for name in Verdict.__slots__[1:]))


_WORDS = (
    "black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink",
    "brown", "teal", "beige",
)  # fmt: skip


def _texts(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    assert isinstance(truth, tuple)
    standing = [_words_at(line, truth) for line in said.text]
    right = sum(
        _runs(line.text.split(), words) for line, words in zip(said.text, standing, strict=True)
    )
    wanted = [line.text if isinstance(line, Shown) else str(line) for line in truth]
    read = {word for line in said.text for word in line.text.split()}
    words = [word for line in wanted for word in line.split()]
    found = sum(word in read for word in words)
    yield _several("text", len(words), len(said.text), right, found)


def _words_at(line: TextLine, truth: tuple[object, ...]) -> list[str]:
    """List the words that stand in the picture that *line* was read in, in order."""
    told: list[str] = []
    for known in truth:
        if not isinstance(known, Shown):
            told += str(known).split()
        elif line.at_s is not None and known.from_s <= line.at_s < known.to_s:
            told += known.text.split()
    return told


def _runs(words: list[str], standing: list[str]) -> bool:
    ends = range(len(standing) - len(words) + 1)
    return bool(words) and any(standing[at : at + len(words)] == words for at in ends)


def _languages(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    named = {line.lang for line in said.text if line.lang is not None}
    right = int(truth in named)
    yield _several("text_language", int(truth is not None), len(named), right, right)


def _codes(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    assert isinstance(truth, tuple)
    read = [Printed(code.value, code.type) for code in said.codes]
    right = sum(code in truth for code in read)
    yield _several("code", len(truth), len(read), right, sum(code in read for code in truth))


def _cuts(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    assert isinstance(truth, tuple)
    if said.video is None or example.fps is None:
        return
    near = 1 / example.fps + 1e-3
    cuts, true = said.video.cuts_s, [cut for cut in truth if isinstance(cut, float)]
    right = sum(any(abs(cut - at) <= near for at in true) for cut in cuts)
    found = sum(any(abs(cut - at) <= near for cut in cuts) for at in true)
    yield _several("cuts", len(true), len(cuts), right, found)


def _shots(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    count = said.video.shots if said.video else None
    right = int(count == truth)
    yield Verdict(
        "shots", int(truth != 1), int(truth == 1), int(count is not None), right, right, 1
    )


def _subtitles(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    assert isinstance(truth, tuple)
    true = [line for line in truth if isinstance(line, Shown)]
    read = said.transcript
    right = sum(any(_same(line, known) for known in true) for line in read)
    found = sum(any(_same(line, known) for line in read) for known in true)
    yield _several("transcript", len(true), len(read), right, found)


def _same(line: object, known: Shown) -> bool:
    text, start, end = (getattr(line, name) for name in ("text", "start_s", "end_s"))
    late = max(abs(start - known.from_s), abs(end - known.to_s))
    return bool(text.split() == known.text.split() and late <= _SLACK_S)


def _fact(name: str, fits: Callable[[Truth, object], bool]) -> Judge:
    def judge(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
        values = [fact.value for fact in said.look.facts if fact.name == name]
        right = sum(fits(truth, value) for value in values)
        there = int(truth is not None and truth != () and truth is not False)
        yield _several(name, there, len(values), right, right)

    return judge


def _named(truth: Truth, value: object) -> bool:
    return isinstance(truth, tuple) and value in truth


def _equal(truth: Truth, value: object) -> bool:
    return truth is not None and truth == value


def _holds(truth: Truth, value: object) -> bool:
    return isinstance(truth, str) and truth in str(value)


def _close(truth: Truth, value: object) -> bool:
    return isinstance(truth, float) and abs(float(str(value)) - truth) <= _SHARE_SLACK


def _some(truth: Truth, value: object) -> bool:
    return truth is True and bool(value)


def _photo(example: Example, truth: Truth, said: Description) -> Iterator[Verdict]:
    made = bool(_PHOTO.search(said.caption.get("en", "").partition("“")[0].lower()))
    yield yes_or_no("photo", truth is True, made)


JUDGES: dict[str, Judge] = {
    "colour": _colours,
    "text": _texts,
    "text_language": _languages,
    "code": _codes,
    "cuts": _cuts,
    "shots": _shots,
    "transcript": _subtitles,
    "subtitles": _fact("subtitles", _equal),
    "place": _fact("place", _named),
    "country": _fact("country", _equal),
    "lens": _fact("lens", _holds),
    "pages": _fact("pages", _equal),
    "transparent": _fact("transparent", _close),
    "unread_text": _fact("unread_text", _some),
    "photo": _photo,
}
