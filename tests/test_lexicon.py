"""The keywords of the whole library: counted by whose they are, and spelled as humans do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.asset import Asset, MediaKind, Stat
from metadata.description import HUMAN, Description, Record, Tag
from metadata.index import Index
from metadata.lexicon import Keyword
from metadata.search import IndexReader
from metadata.spelling import keyword, same


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def record(name: str, *human: str, ours: tuple[Tag, ...] = ()) -> Record:
    asset = Asset(
        path=Path("/hot") / name,
        kind=MediaKind.IMAGE,
        format="jpeg",
        content=f"sha256:{name}",
        stat=Stat(1, 2, 3, 4, 5),
        width=8,
        height=8,
    )
    return Record(asset, Description(tags=(*ours, *(Tag(word, HUMAN) for word in human))))


DOG = Tag("Dog", "builtin", {}, ("Animal",))


def test_the_most_frequent_spelling_is_the_usual_one(index: Index) -> None:
    index.write([record("a", "Oma"), record("b", "oma"), record("c", "oma", "Äpfel")])
    assert index.spellings(["OMA", "äpfel", "red"]) == {"oma": "oma", "äpfel": "Äpfel"}
    index.write([record("d", "Oma")])
    assert index.spellings(["oma"]) == {"oma": "Oma"}
    assert index.spellings([]) == {}


def test_what_is_gone_counts_no_longer(index: Index) -> None:
    index.write([record("a", "Oma"), record("b", "oma"), record("c", "oma")])
    index.write([record("b", "Opa")])
    index.remove([Path("/hot/c")])
    assert index.spellings(["oma", "opa"]) == {"oma": "Oma", "opa": "Opa"}
    index.rename(Path("/hot/a"), Path("/hot/z"))
    assert index.with_keyword("OMA", "human") == [Path("/hot/z")]
    index.clear()
    assert index.spellings(["oma", "opa"]) == {}


def test_words_of_ours_are_nobodys_spelling(index: Index) -> None:
    index.write([record("a", "Oma", ours=(DOG,)), record("b", "Dog", "OMA\nand\tOpa")])
    assert index.spellings(["dog", "oma and opa"]) == {"dog": "Dog", "oma and opa": "OMA and Opa"}
    assert index.with_keyword("dog", "ours") == [Path("/hot/a")]
    assert index.spelling("DOG", "ours") == "Dog" and index.spelling("Cat", "ours") == "Cat"


def test_they_are_listed_with_their_places(index: Index, tmp_path: Path) -> None:
    index.write([record("a", "Oma", ours=(DOG,)), record("b", "Dog")])
    with IndexReader.open(tmp_path / "index.db") as reader:
        assert reader.keywords() == [
            Keyword("Dog", 1, 1, ("Animal",)),
            Keyword("Oma", 0, 1),
        ]


@given(st.text(st.characters(codec="ascii"), max_size=70))
def test_plain_words_are_spelled_as_all_others(text: str) -> None:
    # a letter that is not plain, taken off again, shows what the long way does
    assert same(text) == same(f"é {text}").removeprefix("é").strip()
    long = keyword(f"é{text}")
    assert keyword(text) == long.removeprefix("é").strip() or len(text) > 61
