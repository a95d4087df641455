import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metadata.asset import MediaKind, Stat
from metadata.description import Fact, Look, Sentiment, Spoken, Tag, TextLine
from metadata.index import Index
from metadata.search import MOST_PHRASES, IndexReader, Query, match_expression
from tests.catalogued import record

RECORDS = [
    record("sky.jpg", "Sky", caption={"en": "A red sky"}, asset={"taken_at": "2023-01-05"}),
    record(
        "dog.jpg",
        Tag("dog", "builtin", {"de": "Hund", "fr": "chien"}),
        caption={"en": "A dog", "hi": "एक लाल कुत्ता की", "x-default": "Rex!"},
        sentiment=Sentiment("positive", 0.9, ("calm", "Very Happy")),
        asset={"camera": "OLYMPUS E-M5"},
    ),
    record(
        "heart.png",
        caption={"fr": "Un cœur de l'été, déjà vu à Noël", "de": "Die große Straße"},
        alt={"es": "el niño en la montaña", "vi": "Việt Nam"},
    ),
    record(
        "tokyo.mp4",
        caption={"ja": "東京都の桜", "ko": "서울에서", "th": "ทะเลสวย"},
        asset={"kind": MediaKind.VIDEO},
        transcript=(Spoken(0.0, 1.0, "en", "good morning"),),
    ),
    record(
        "note.jpg",
        "sticky note",
        text=(TextLine("BYE BYE CREDIT CARD DEBT"),),
        look=Look((), (Fact("season", "winter", "rule"), Fact("blurry", True, "measured"))),
    ),
    record("IMG_0815.jpg", "dogma", caption={"en": "reddish reduction"}),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    path = tmp_path_factory.mktemp("search") / "index.db"
    with Index.open(path) as index:
        index.write(RECORDS)
    with IndexReader.open(path) as reader:
        yield reader


def names(reader: IndexReader, **query: object) -> list[str]:
    return [hit.asset.path.stem for hit in reader.find(Query(**query))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("nino", "heart"),
        ("MONTANA", "heart"),
        ("deja noel", "heart"),
        ("de\u0301ja\u0300", "heart"),
        ("viet", "heart"),
        ("coeur", "heart"),
        ("CŒUR", "heart"),
        ("strasse", "heart"),
        ("Straße große", "heart"),
        ("l'été", "heart"),
        ("ete", "heart"),
        ("कुत्ता", "dog"),
        ("लाल", "dog"),
        ("कुत्ती", ""),
        ("का", ""),
        ("東京", "tokyo"),
        ("東京都", "tokyo"),
        ("桜", "tokyo"),
        ("京東", ""),
        ("서울", "tokyo"),
        ("ทะเล", "tokyo"),
        ("good", "tokyo"),
        ("debt card", "note"),
        ("note.jpg", "note"),
        ("winter", "note"),
        ("0815", "IMG_0815"),
        ("olympus", "dog"),
        ("Hund", "dog"),
        ("rex", "dog"),
        ("sky dog", ""),
        ("happy", "dog"),
    ],
)
def test_words_are_found_in_every_language(reader: IndexReader, words: str, expected: str) -> None:
    assert names(reader, words=words) == expected.split()


def test_a_whole_word_comes_before_the_beginning_of_one(reader: IndexReader) -> None:
    assert names(reader, words="red") == ["sky", "IMG_0815"]
    assert names(reader, words="dog") == ["dog", "IMG_0815"]


def test_two_letters_are_no_beginning(reader: IndexReader) -> None:
    assert names(reader, words="re") == []


def test_without_words_the_newest_come_first(reader: IndexReader) -> None:
    assert names(reader) == ["IMG_0815", "note", "tokyo", "heart", "dog", "sky"]
    assert names(reader, limit=2) == ["IMG_0815", "note"]
    assert names(reader, limit=0) == []
    assert len(names(reader, limit=None)) == 6


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tag": ("SKY",)}, ["sky"]),
        ({"tag": ("sk",)}, []),
        ({"tag": ("Sticky  Note",)}, ["note"]),
        ({"tag": ("sticky",)}, []),
        ({"tag": ("hund", "CHIEN")}, ["dog"]),
        ({"tag": ("hund", "sky")}, []),
        ({"kind": MediaKind.VIDEO}, ["tokyo"]),
        ({"kind": MediaKind.VIDEO, "words": "dog"}, []),
        ({"sentiment": "positive"}, ["dog"]),
        ({"mood": "very happy"}, ["dog"]),
        ({"lang": "DE"}, ["heart"]),
        ({"lang": "x-default"}, []),
        ({"lang": "es"}, []),
        ({"since": date(2024, 1, 1), "words": "sky"}, []),
        ({"since": date(2023, 1, 5), "words": "sky"}, ["sky"]),
        ({"since": date(2024, 7, 3), "tag": ("dog",)}, ["dog"]),
        ({"since": date(2024, 7, 4)}, []),
        ({"tag": ("\udcff",)}, []),
    ],
)
def test_filters_hold_together(
    reader: IndexReader, query: dict[str, object], expected: list[str]
) -> None:
    assert names(reader, **query) == expected


def test_keywords_are_counted_as_spelled(reader: IndexReader) -> None:
    assert {each.word: each.files for each in reader.keywords()} == {
        "Sky": 1,
        "dog": 1,
        "dogma": 1,
        "sticky note": 1,
    }
    assert reader.count() == len(RECORDS)
    assert reader.get(RECORDS[0].asset.path) == RECORDS[0]


@pytest.mark.parametrize(
    "words",
    [
        *('"', "cat AND", "-cat", "NEAR(", "*", "caption : x", "{a b}", "^red", "a\0b", "\udcff"),
        *("(" * 5000, "a " * 5000, "x" * 100_000, "'; DROP TABLE assets; --", "東" * 5000, "!!!"),
    ],
)
def test_X4_signs_are_never_operators(reader: IndexReader, words: str) -> None:
    reader.find(Query(words=words, tag=(words,), mood=words))


def test_X4_random_queries_never_fail_and_are_quick(reader: IndexReader) -> None:
    dice = random.Random(4)
    signs = "\"'*^:+-(){}[]ANDORTE\0 \t\nNEAR,;éœß東京ทะक्\udcff\u202e\U0001f600" * 3 + "red dog"
    slowest = 0.0
    for _ in range(4000):
        words = "".join(dice.choices(signs, k=dice.randrange(1, 60)))
        started = time.perf_counter()
        reader.find(Query(words=words))
        slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 0.5


def test_nobody_needs_more_words_than_sqlite_can_take() -> None:
    many = match_expression(" ".join(f"word{n}" for n in range(1000)), beginnings=True)
    assert many.count(" AND ") == MOST_PHRASES - 1


def test_only_the_newest_hits_of_a_common_word_are_ranked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metadata.search.RANKED", 5)
    with Index.open(tmp_path / "index.db") as index:
        index.write([record("best.jpg", "fog", caption={"en": "fog fog"})])
        index.write([record(f"{n}.jpg", caption={"en": "fog"}) for n in range(9)])
    with IndexReader.open(tmp_path / "index.db") as reader:
        assert names(reader, words="fog", limit=3) == ["8", "7", "6"]
        assert names(reader, words="fog", limit=None)[0] == "best"


def test_a_file_without_a_date_counts_from_the_day_it_arrived(tmp_path: Path) -> None:
    old = record("old.jpg")
    old = replace(old, asset=replace(old.asset, stat=Stat(1, 2, 3, 4, 86400 * 10**9)))
    with Index.open(tmp_path / "index.db") as index:
        index.write([old])
    with IndexReader.open(tmp_path / "index.db") as reader:
        assert names(reader, since=date(1970, 1, 2)) == ["old"]
        assert names(reader, since=date(1970, 1, 3)) == []
