"""What keywords are called in files: lists, renames, the library's spelling, moods, languages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config
from daemon.naming import Naming, as_described
from metadata.database import Database, open_writable
from metadata.description import HUMAN, Description, Provenance, Sentiment, Tag
from metadata.renames import Renames
from metadata.schema import STATE

LIST = """Animal
\tDogs
\t\t{dog}
\t\t{hound}
\tCat
Golden Hour
"""
MADE = Provenance("builtin", "builtin@0.1.0", None, "2024-07-03T18:20:11Z", "run-1")
SAID = Description(
    tags=(Tag("hound", "builtin", {"es": "sabueso"}), Tag("kite", "builtin", {"es": "cometa"})),
    sentiment=Sentiment("positive", 0.9, ("calm", "a, b")),
    provenance={"tags": MADE, "sentiment": MADE},
)


class Shelf:
    """A library whose humans spell keywords as they are given."""

    def __init__(self, *words: str) -> None:
        self._words = {word.casefold(): word for word in words}

    def spellings(self, words: Iterable[str]) -> Mapping[str, str]:
        asked = {word.casefold() for word in words}
        return {key: word for key, word in self._words.items() if key in asked}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Database]:
    with open_writable(tmp_path / "state.db", STATE) as database:
        yield database


@pytest.fixture
def renames(state: Database) -> Renames:
    return Renames(state)


@pytest.fixture
def listed(tmp_path: Path) -> Config:
    (tmp_path / "words.txt").write_text(LIST)
    return Config(vocabulary=str(tmp_path / "words.txt"))


def named(naming: Naming, *words: str) -> list[tuple[str, ...]]:
    said = Description(tags=tuple(Tag(word, "builtin") for word in words))
    return [(*tag.above, tag.name) for tag in naming.named(said).tags]


def call(renames: Renames, *words: str, into: str) -> None:
    renames.put(words, into, into)
    renames.read()


def test_a_list_gives_spelling_and_place_and_synonyms_their_word(
    listed: Config, renames: Renames
) -> None:
    naming = Naming(listed, Shelf("KITE"), renames)
    found = named(naming, "hound", "kite", "golden hours", "CAT", "dog")
    dogs, cat = ("Animal", "Dogs"), ("Animal", "Cat")
    assert found == [dogs, ("kite",), ("Golden Hour",), cat]


def test_only_the_list_where_the_user_wants_so(listed: Config, renames: Renames) -> None:
    naming = Naming(replace(listed, vocabulary_mode="only"), Shelf(), renames)
    assert named(naming, "kite", "hound") == [("Animal", "Dogs")]
    assert named(naming, "kite") == []


def test_without_a_list_the_spelling_of_the_library_is_taken(renames: Renames) -> None:
    naming = Naming(Config(), Shelf("Kite", "OMA"), renames)
    assert named(naming, "kite", "oma", "red") == [("Kite",), ("OMA",), ("red",)]
    call(renames, "kite", into="kite flying")
    call(renames, "red", into="oma")
    assert named(naming, "kite", "red") == [("kite flying",), ("oma",)]


def test_what_it_was_described_with_is_had_back(listed: Config, renames: Renames) -> None:
    config = replace(listed, mood_keywords=True, translated_tags=True, languages=("es",))
    call(renames, "kite", into="Dogs")
    found = Naming(config, Shelf(), renames).named(SAID)
    assert [(tag.name, tag.above, tag.said) for tag in found.tags] == [
        ("Dogs", ("Animal",), ("hound", "kite")),
        ("mood calm", ("AI", "Mood"), ("",)),
        ("mood a b", ("AI", "Mood"), ("",)),
        ("sabueso", (), ("", "Dogs")),
    ]
    assert {tag.source for tag in found.tags} == {"builtin"}
    human = replace(found, tags=(*found.tags, Tag("Oma", HUMAN)))
    described = as_described(human).tags
    assert [tag.name for tag in described] == ["hound", "kite"]
    assert described[0].translations == {"es": "sabueso"}
    assert as_described(SAID) == SAID


def test_additions_are_not_doubled(renames: Renames) -> None:
    config = replace(Config(), translated_tags=True, languages=("es", "pt", "en"))
    tags = (
        Tag("animal", "x", {"es": "animal", "pt": "animal"}),
        Tag("red", "x", {"es": "Rojo", "pt": "rojo", "en": "red", "hi": "लाल"}),
    )
    found = Naming(config, Shelf(), renames).named(Description(tags=tags)).tags
    assert [tag.name for tag in found] == ["animal", "red", "Rojo"]


def test_a_rename_is_found_before_and_after_the_list(listed: Config, renames: Renames) -> None:
    naming = Naming(listed, Shelf(), renames)
    call(renames, "kite", into="cat")
    call(renames, "Dogs", into="Canines")
    assert named(naming, "Kite", "dog") == [("Animal", "Cat"), ("Canines",)]


def test_renaming_back_leaves_nothing(renames: Renames, state: Database) -> None:
    call(renames, "dog", into="animal")
    call(renames, "animal", into="beast")
    assert (renames.get("Dog"), renames.get("ANIMAL")) == ("beast", "beast")
    call(renames, "beast", into="animal")
    assert (renames.get("dog"), renames.get("animal")) == ("animal", None)
    call(renames, "animal", into="dog")
    call(renames, "red", into="Red")
    call(renames, "Red", into="red")
    assert state.rows("SELECT * FROM renames") == []


def test_each_word_of_a_merge_is_had_back_by_itself(renames: Renames, state: Database) -> None:
    call(renames, "puppy", "hound", "Dog", into="dog")
    assert [renames.get(word) for word in ("Puppy", "hound", "dog")] == ["dog", "dog", "dog"]
    assert renames.put(["dog"], "puppy", "puppy") is True
    renames.read()
    assert [renames.get(word) for word in ("puppy", "hound")] == [None, "dog"]
    assert renames.put(["dog"], "cat", "cat") is False
    renames.read()
    assert [renames.get(word) for word in ("hound", "dog")] == ["cat", "cat"]


def test_another_spelling_than_usual_is_remembered(renames: Renames) -> None:
    renames.put(["red"], "crimson", "crimson")
    renames.read()
    renames.put(["crimson"], "red", "Red")
    renames.read()
    assert (renames.get("RED"), renames.get("crimson")) == ("red", None)
    assert Naming(Config(), Shelf("Red"), renames).usual("red") == "Red"


def test_another_spelling_is_a_rename(renames: Renames) -> None:
    call(renames, "red", into="Red")
    assert renames.get("red") == "Red"
    call(renames, "Red", into="RED")
    assert renames.get("red") == "RED"


def test_files_that_say_otherwise_are_found(listed: Config, renames: Renames) -> None:
    plain = Naming(Config(), Shelf(), renames)
    written = plain.named(SAID)
    human = replace(written, tags=(*written.tags, Tag("Oma", HUMAN)))
    assert not plain.is_stale(human)
    assert Naming(listed, Shelf(), renames).is_stale(human)
    assert Naming(Config(), Shelf("KITE"), renames).is_stale(human)
    moods = Naming(Config(mood_keywords=True), Shelf(), renames)
    assert moods.is_stale(human) and not moods.is_stale(moods.named(SAID))
    assert plain.is_stale(moods.named(SAID))
    call(renames, "kite", into="dragon")
    assert plain.is_stale(human) and not plain.is_stale(plain.named(SAID))


def test_words_that_no_list_can_hold_are_refused(listed: Config, renames: Renames) -> None:
    naming = Naming(replace(listed, vocabulary_mode="only"), Shelf(), renames)
    assert "writes 'hound' as 'Dogs'" in (naming.refusal("hound") or "")
    assert "does not have 'kite'" in (naming.refusal("kite") or "")
    assert naming.refusal("Cat") is None
    assert Naming(listed, Shelf(), renames).refusal("kite") is None


def test_hostile_names_are_only_words(renames: Renames) -> None:
    naming = Naming(Config(), Shelf(), renames)
    many = Description(tags=tuple(Tag(f"tag{number}", "x") for number in range(10_000)))
    assert len(naming.named(many).tags) == 100
    assert named(naming, "a|b/c", "\x00", " ", "a b c") == [("a b c",)]
