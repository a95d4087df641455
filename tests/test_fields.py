"""Spelling, the table of properties, and captiond's own namespace both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.change import Ours
from metadata.description import Description, Fact, Look, Provenance, Sentiment, Tag, TextLine
from metadata.fields import normal, standard, text, texts, words, writable
from metadata.mirror import mirror, mirrored
from metadata.spelling import alternative_text, canonical, clean, is_junk, keyword, same

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1)
SCALAR = st.one_of(
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("EN", "en"),
        ("zh-hans", "zh-Hans"),
        ("zh-HANS-cn", "zh-Hans-CN"),
        ("pt-br", "pt-BR"),
        ("es-419", "es-419"),
        ("yue-Hant", "yue-Hant"),
        ("x-default", "x-default"),
        *((bad, None) for bad in ("", "e", "en\n", "en_US", "../x", "en-", "-all=", "english!")),
    ],
)
def test_languages_are_spelled_as_they_should_be(tag: str, expected: str | None) -> None:
    assert canonical(tag) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("  a \t b ", "a b"),
        ("a,b|c/d;e", "a b c d e"),
        ("|", ""),
        ("e\u0301", "é"),
        ("a\x00\u202eb\u200f", "ab"),
        ("x" * 64, "x" * 64),
        ("x" * 65, ""),
        ("लाल" * 8, ""),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_a_keyword_is_one_word_for_every_reader(word: str, expected: str) -> None:
    assert keyword(word) == expected
    assert keyword(expected) == expected


def test_the_same_word_in_other_letters() -> None:
    assert same("STRASSE  x") == same("straße x")
    assert same("e\u0301") == same("É")


@pytest.mark.parametrize("text", ["OLYMPUS DIGITAL CAMERA", "KODAK Digital Still Camera", " ",
                                  "EPSON DSC picture", "DCF 1.0", "null", "SONY DSC"])  # fmt: skip
def test_what_a_camera_writes_is_junk(text: str) -> None:
    assert is_junk(text + "  ")


def test_what_a_person_writes_is_not() -> None:
    assert not any(map(is_junk, ("My digital camera", "Oma", "null and void", "DSC 1")))


def test_alternative_text_is_cut_at_a_word() -> None:
    cut = alternative_text("word " * 60)
    assert len(cut) <= 250 and cut.endswith("word…")
    assert alternative_text("x" * 250) == "x" * 250


def test_clean_is_done_once() -> None:
    dirty = "a\r\nb\rc\x0b\x85\ud800\uffff\t\n"
    assert clean(dirty) == clean(clean(dirty)) == "a\nb\nc\t\n"


def test_names_are_read_as_they_are_written() -> None:
    read = {
        "XMP-dc:Description": "a",
        "XMP-dc:Description-zh-hans": "b",
        "XMP-captiond:Tag": [{"Name": "x", "Label-pt-BR": "y"}],
        "XMP-dc:Subject": "one",
        "XMP-odd:Thing-x": "z",
    }
    found = normal(read)
    assert texts(found, "XMP-dc:Description") == {"x-default": "a", "zh-Hans": "b"}
    assert text(found, "XMP-dc:Description") == "a"
    assert found["XMP-captiond:Tag"] == [{"name": "x", "label-pt-BR": "y"}]
    assert words(found, "XMP-dc:Subject") == ["one"]
    assert found["XMP-odd:Thing-x"] == "z"


def test_every_language_alternative_has_a_default() -> None:
    said = Description(caption={"de": "d", "fr": "f"}, alt={"en": "e", "de": "d"})
    found = standard(said)
    assert found["XMP-iptcCore:ExtDescrAccessibility"]["x-default"] == "d"
    assert found["XMP-iptcCore:AltTextAccessibility"]["x-default"] == "e"
    assert found["XMP-iptcExt:Transcript"] == {}


def test_what_a_human_said_is_not_written_as_ours() -> None:
    human = Provenance("human", "", None, "", "")
    said = Description(
        caption={"x-default": "Oma", "en": "", "es": "x"},
        tags=(Tag("Oma", "human"), Tag("red", "builtin")),
        provenance={"caption.x-default": human},
    )
    kept = writable(said)
    assert kept == Description(caption={"es": "x"}, tags=(Tag("red", "builtin"),))
    assert writable(kept) == kept


@given(st.lists(st.tuples(TEXT, SCALAR, st.none() | st.floats(0, 1))))
def test_P8_facts_keep_value_and_type(
    facts: list[tuple[str, bool | int | float | str, float]],
) -> None:
    look = Look(facts=tuple(Fact(name, value, "rule", score) for name, value, score in facts))
    found = mirror(mirrored(Description(look=look), Ours(), "c"))
    assert found is not None and found.said.look == look
    kinds = [type(fact.value) for fact in found.said.look.facts]
    assert kinds == [type(fact.value) for fact in look.facts]


@given(
    ours=st.builds(
        Ours,
        copied=st.lists(TEXT.map(lambda w: f"XMP-dc:Subject={w}"), unique=True).map(tuple),
        removed=st.lists(TEXT.filter(str.strip)).map(tuple),
        caption=st.none() | TEXT,
    )
)
def test_P8_what_is_ours_comes_back(ours: Ours) -> None:
    found = mirror(mirrored(Description(), ours, "c"))
    assert found is not None and found.ours == ours


def test_a_copied_caption_is_no_caption_of_ours() -> None:
    found = mirror(mirrored(Description(), Ours(copied_caption="Oma"), "c"))
    assert found is not None and found.ours == Ours(copied_caption="Oma")
    assert found.said == Description()


@pytest.mark.parametrize(
    "odd",
    [
        {"XMP-captiond:Fact": "text"},
        {"XMP-captiond:Fact": [{"value": "[" * 100000}]},
        {"XMP-captiond:Fact": [{"basis": "video", "name": "sound", "value": "{}"}]},
        {"XMP-captiond:Fact": {"value": "1" * 5000, "score": "true"}},
        {"XMP-captiond:Tag": [{"name": {"x": "y"}}, "z"]},
        {"XMP-captiond:Run": [{"field": ["a"]}, {}]},
        {"XMP-captiond:SentimentScore": "1e999"},
        {"XMP-captiond:Transcript": [{"start": "nan"}]},
    ],
)
def test_H8_a_tampered_account_is_read_without_harm(odd: dict[str, object]) -> None:
    found = mirror({"XMP-captiond:Content": "c", **odd})  # type: ignore[dict-item]
    assert found is not None
    assert found.said.sentiment == Sentiment()


def test_without_an_account_nothing_is_ours() -> None:
    assert mirror({"XMP-captiond:Tag": [{"name": "red"}]}) is None


def test_text_lines_that_are_blank_are_not_written() -> None:
    assert writable(Description(text=(TextLine("\x00"), TextLine("a")))).text == (TextLine("a"),)
