"""A user's keyword list: read as Lightroom and Bridge write it, found in whatever form."""

from pathlib import Path

import pytest

from metadata.vocabulary import MOST_BYTES, Entry, Vocabulary, VocabularyError, load
from metadata.wordform import form, singular

LIGHTROOM = """\
[Animals]
\tDog
\t\t{hound}
\t\t{Canis lupus}
\t\tPoodle
\tCats
[Colours]
\tOrange
Fruits
\tOrange
\t\t{Citrus sinensis}
St. Mary's Church
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "words.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_list_of_lightroom_has_synonyms_categories_and_paths(tmp_path: Path) -> None:
    vocabulary = load(written(tmp_path, LIGHTROOM))
    assert vocabulary.entries == (
        Entry("Dog", ("hound", "Canis lupus"), ("Animals",)),
        Entry("Poodle", (), ("Animals", "Dog")),
        Entry("Cats", (), ("Animals",)),
        Entry("Orange", (), ("Colours",)),
        Entry("Fruits"),
        Entry("Orange", ("Citrus sinensis",), ("Fruits",)),
        Entry("St. Mary's Church"),
    )
    assert vocabulary.words == ("Dog", "Poodle", "Cats", "Orange", "Fruits", "St. Mary's Church")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("DOG", "Dog"), ("dogs", "Dog"), ("Hounds", "Dog"), ("lupus canis", "Dog"),
        ("cat", "Cats"), ("church of St. Mary", "St. Mary's Church"), ("fruit", "Fruits"),
        ("animal", None), ("Animals", None), ("dog house", None), ("", None), ("do", None),
    ],
)  # fmt: skip
def test_a_word_is_found_in_any_form(word: str, found: str | None, tmp_path: Path) -> None:
    entry = load(written(tmp_path, LIGHTROOM)).match(word)
    assert (entry and entry.word) == found


def test_a_word_goes_before_a_synonym_and_the_first_before_others() -> None:
    vocabulary = Vocabulary.of(
        [Entry("Car", ("Jaguar",)), Entry("Jaguar"), Entry("Orange", (), ("A",)), Entry("orange")]
    )
    assert vocabulary.match("jaguars") == Entry("Jaguar")
    assert vocabulary.match("ORANGE") == Entry("Orange", (), ("A",))


@pytest.mark.parametrize(
    "raw",
    [b"dog\nsea\n", b"\xef\xbb\xbfdog\r\nsea", b"dog\rsea\r", b"# mine\n\n  dog  \nsea\t\n\n"],
)
def test_a_plain_list_is_read_as_it_comes(raw: bytes, tmp_path: Path) -> None:
    assert load(written(tmp_path, raw)).words == ("dog", "sea")


def test_a_word_is_spelled_so_that_every_reader_takes_it(tmp_path: Path) -> None:
    assert load(written(tmp_path, "Black/White\nCafe\u0301")).words == ("Black White", "Caf\xe9")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no word"),
        ("[Animals]\n[Plants]", "holds no word"),
        ("dog\n\t\tpoodle", "line 2: it is more than one tab deeper"),
        ("\tdog", "line 1: it is more than one tab deeper"),
        ("{hound}", "line 1: a {synonym} stands below its word"),
        ("dog\n{hound}", "line 2: a {synonym} stands below its word"),
        ("dog\n\n\t{hound", "line 3: { is never closed; end the line with }"),
        ("[Animals\n\tdog", "line 1: [ is never closed; end the line with ]"),
        ("dog, cat, sea", "line 1: a keyword holds no , ; or |"),
        ("dog\nAnimals|Cat", "line 2: a keyword holds no , ; or |"),
        ("dog\n" + "x" * 65, "line 2: a keyword has 1 to 64 bytes"),
        ("[ ]\n\tdog", "line 1: a keyword has 1 to 64 bytes"),
        (b"dog\nc\xe4t", "line 2: not UTF-8; save the list as UTF-8"),
        ("dog\nsea".encode("utf-16"), "line 1: not UTF-8"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_by_file_and_line(
    text: str | bytes, says: str, tmp_path: Path
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(VocabularyError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)


def test_a_film_is_no_list(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * (MOST_BYTES + 1))
    with pytest.raises(VocabularyError, match="is no keyword list: it has more than"):
        load(path)


def test_a_list_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read: Is a directory"):
        load(tmp_path)
    with pytest.raises(VocabularyError, match="cannot be read: No such file"):
        load(tmp_path / "none.txt")


def test_a_list_of_many_thousand_words_is_read_at_once(tmp_path: Path) -> None:
    lines = (f"word{n}\n\t{{other{n}}}" for n in range(20_000))
    vocabulary = load(written(tmp_path, "\n".join(lines)))
    found = vocabulary.match("OTHER19999")
    assert found is not None and found.word == "word19999"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dog", "dogs"), ("berry", "berries"), ("woman", "women"), ("fireman", "firemen"),
        ("child", "children"), ("person", "people"), ("box", "boxes"), ("house", "houses"),
        ("church", "churches"), ("glass bottle", "glass bottles"), ("leaf", "leaves"),
        ("cookie", "cookies"), ("tie", "ties"), ("shoe", "shoes"), ("tomato", "tomatoes"),
        ("horse", "horses"), ("lens", "lenses"), ("bus", "buses"), ("cactus", "cacti"),
        ("wave", "waves"), ("key", "keys"), ("rose", "roses"), ("quiz", "quizes"),
        ("sunset beach", "beach sunset"), ("black-and-white", "Black And White"),
        ("sea view", "view of the sea"), ("palm_tree", "Palm Trees"), ("ZOË", "zoë"),
        ("child's toy", "children’s toys"), ("men's hats", "Hat man"),
    ],
)  # fmt: skip
def test_two_spellings_of_a_word_have_one_form(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cap", "cape"), ("car", "care"), ("plan", "plane"), ("ski", "sky"), ("glass", "glasses"),
        ("wood", "woods"), ("man", "woman"), ("bus", "bush"), ("news", "new"), ("dog", "dog house"),
        ("boat", "boot"), ("specimen", "speciman"), ("Paris", "Pari"), ("1960s", "1970s"),
        ("東京", "京都"), ("🐶", "🐱"), ("the", "of"),
    ],
)  # fmt: skip
def test_words_that_differ_keep_different_forms(one: str, other: str) -> None:
    assert form(one) != form(other)


def test_short_words_and_words_without_a_plural_stay() -> None:
    for word in ("gas", "is", "lens", "grass", "tennis", "bus", "omen"):
        assert singular(word) == word
