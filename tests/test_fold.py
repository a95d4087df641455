import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.fold import fold, fold_tag, grams, phrases, plain, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cœur", "COEUR"),
        ("Straße", "strasse"),
        ("STRASSE", "ẞtraße".replace("ẞt", "st")),
        ("ÆBLE", "aeble"),
        ("Łódź", "lódź"),
        ("ＡＢＣ", "abc"),
        ("ﬁsh", "fish"),
        ("café", "cafe\u0301"),
        ("ｶﾒﾗ", "カメラ"),
        ("ÐORRANN", "dorrann"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_no_sign_folds_differently_the_second_time() -> None:
    signs = (chr(code) for code in range(sys.maxunicode + 1))
    known = [sign for sign in signs if unicodedata.category(sign) not in ("Cn", "Cs", "Co")]
    assert [sign for sign in known if fold(fold(sign)) != fold(sign)] == []


@given(st.text())
def test_folding_and_cutting_never_fail(text: str) -> None:
    for word in fold(plain(text)).split():
        for phrase, _ in phrases(word):
            assert phrase.strip()
            assert '"' not in phrase
            assert "\0" not in phrase


def test_halves_of_surrogate_pairs_become_question_marks() -> None:
    assert plain("a\udcffb") == "a?b"
    assert fold_tag("\udcff") == "?"


def test_a_tag_folds_whole() -> None:
    assert fold_tag("  Sticky   NOTE ") == "sticky note"


def test_words_of_ascii_are_cut_the_same_beside_others_and_alone() -> None:
    every = "".join(map(chr, range(128)))
    words = ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"]
    assert tokens(every) == words and tokens(f"é {every}") == ["é", *words]


def test_hindi_words_stay_whole() -> None:
    assert tokens("एक लाल कुत्ता") == ["एक", "लाल", "कुत्ता"]


def test_runs_are_spelled_as_pairs_then_singly() -> None:
    assert grams("in 東京都 a 桜!") == "東京 京都 東 京 都 桜"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("red", [("red", False)]),
        ("l'été", [("l été", False)]),
        ("東京都", [("東京 京都", True)]),
        ("桜", [("桜", True)]),
        ("iphoneで撮影", [("で撮 撮影", True), ("iphone", False)]),
        ("ทะเล", [("ทะ ะเ เล", True)]),
        ('"*-!', []),
    ],
)
def test_a_query_word_is_cut_into_phrases(word: str, expected: list[tuple[str, bool]]) -> None:
    assert list(phrases(word)) == expected
