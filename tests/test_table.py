"""Tables: nothing is lost where a terminal is narrow, and columns stand below one another."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.cli.table import table


def test_what_fits_stands_on_one_line() -> None:
    assert table(("file", "tags"), [("a.jpg", "red, blue")], width=40) == (
        "file   tags\n----------------\na.jpg  red, blue"
    )


def test_what_does_not_fit_is_wrapped_between_words() -> None:
    drawn = table(("file", "caption"), [("a.jpg", "Photo in mostly red and blue.")], width=24)
    assert drawn.splitlines()[2:] == ["a.jpg  Photo in mostly", "       red and blue."]


def test_a_long_path_breaks_after_a_slash() -> None:
    drawn = table(("file", "n"), [("/photographs/inbox/a.jpg", "1")], width=22)
    assert drawn.splitlines()[2:] == ["/photographs/inbox/  1", "a.jpg"]


def test_wide_characters_count_twice() -> None:
    drawn = table(("name", "n"), [("日本", "1"), ("a", "2")], width=40).splitlines()
    assert drawn[2] == "日本  1" and drawn[3] == "a     2"


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.lists(WORDS, min_size=1, max_size=12), st.integers(30, 80))
def test_nothing_is_lost_and_no_line_is_too_long(words: list[str], width: int) -> None:
    lines = table(("file", "text"), [("a.jpg", " ".join(words))], width).splitlines()
    told = "".join(line[7:] for line in lines[2:])
    assert "".join(told.split()) == "".join("".join(words).split())
    assert len(lines[1]) <= width
