"""What a dry run shows: each value that goes or comes, on one line, safe for any terminal."""

from pathlib import Path

import msgspec
import pytest

from daemon.framing import pack
from daemon.wire import Answer, Compare
from daemon.workers.answers import take_answer
from metadata.difference import LONGEST, MOST, Difference, difference
from metadata.fields import Properties, Value

SUBJECT = "XMP-dc:Subject"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (["dog", "Oma"], ["Oma", "cat"], ["- dog", "+ cat"]),
        (["a", "b"], ["b", "a"], []),
        (["a", "a"], ["a"], ["- a"]),
        ("a", ["a"], []),
        ("a", "b", ["- a", "+ b"]),
        ([], None, []),
        (["a\nb\x1b[2J", "\u202eexe"], None, ["- a\\nb\\x1b[2J", "- \\u202eexe"]),
        ([{"name": "dog", "lang": ["a", "b"]}], None, ["- name dog; lang a, b"]),
        ("\udcff", None, ["- \\xed\\xb3\\xbf"]),
    ],
)
def test_a_list_differs_word_by_word(before: Value, after: Value | None, lines: list[str]) -> None:
    told = difference({SUBJECT: before}, {} if after is None else {SUBJECT: after}).lines
    assert told == tuple(f"{line[0]} {SUBJECT}: {line[2:]}" for line in lines)


def test_what_is_too_long_or_too_much_says_how_much_was_cut() -> None:
    (line,) = difference({"XMP-dc:Title": "x" * (LONGEST + 1234)}, {}).lines
    assert line == f"- XMP-dc:Title: {'x' * LONGEST} … (1234 more characters)"
    lines = difference({SUBJECT: [str(n) for n in range(MOST + 7)]}, {}).lines
    assert len(lines) == MOST + 1
    assert lines[-1] == f"- {SUBJECT}: … and 7 more"


def test_what_others_read_comes_first_and_the_writer_is_no_value() -> None:
    before: Properties = {"XMP-captiond:Content": "c", "XMP-x:XMPToolkit": "t", SUBJECT: "dog"}
    assert difference(before, {}).lines == (f"- {SUBJECT}: dog", "- XMP-captiond:Content: c")


@pytest.mark.parametrize("line", ["- XMP-dc:Subject: \x1b[2J", "- a\n+ b", "- \u202eexe"])
def test_no_worker_can_make_a_terminal_do_anything(line: str) -> None:
    request = Compare(None, Path("/in/a.xmp"), None)

    def answered(*lines: str) -> Answer:
        return Answer(None, msgspec.Raw(pack(Difference(lines))))

    assert take_answer(request, answered("- a b: ñ")) == Difference(("- a b: ñ",))
    with pytest.raises(ValueError, match="another file"):
        take_answer(request, answered("- a", line))
