"""What a model wrote becomes values, or nothing: never a word that is only half there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.engines.answers import (
    LONGEST_ALT,
    LONGEST_TAG,
    Unusable,
    alt_of,
    loops,
    sentiment_of,
    tags_of,
    text_of,
)
from daemon.wire import Reply


def reply(text: str, whole: bool = True, task: str = "caption") -> Reply:
    return Reply(task, text, 9, whole)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\u202e"])
def test_an_empty_answer_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="is empty"):
        text_of(reply(text))


def test_an_answer_that_never_ends_is_refused_or_ends_with_its_last_whole_sentence() -> None:
    with pytest.raises(Unusable, match="never came to an end"):
        text_of(reply("A dog and a cat and a dog and", whole=False))
    cut = 'A dog runs. It says "wuff." Then it'
    assert text_of(reply(cut, whole=False)) == 'A dog runs. It says "wuff."'
    assert text_of(reply("A dog costs 3.50 euros. It", whole=False)) == "A dog costs 3.50 euros."


@pytest.mark.parametrize(
    "text", ["ha " * 8, "A dog. " + "It is a dog. " * 4, "x " + "one two three four five " * 5]
)
def test_an_answer_that_goes_round_in_circles_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="round in circles"):
        text_of(reply(text))


def test_words_that_come_again_are_no_circle() -> None:
    assert not loops("Very, very, very bright. The dog sees the dog, and the dog sees the dog.")


def test_paragraphs_stay_and_what_cannot_be_seen_goes() -> None:
    assert text_of(reply("One\x07  dog.\n\n\nTwo \u202ecats.\n")) == "One dog.\n\nTwo cats."
    assert text_of(reply("\u0915\u094d\u200d\u0937 \u0939\u0948\u0964")) == "क्‍ष है।"


@given(st.text(max_size=400))
def test_an_alternative_text_is_short_and_one_line(text: str) -> None:
    alt = alt_of(text)
    assert len(alt) <= LONGEST_ALT
    assert "\n" not in alt


def test_an_alternative_text_takes_as_many_whole_sentences_as_fit() -> None:
    first = "A dog runs along a beach at sunset, and its owner follows it."
    assert alt_of(f"{first} {'It is large. ' * 30}").startswith(f"{first} It is large.")
    assert alt_of(f"{first} {'very ' * 60}large.") == first
    assert alt_of("very " * 90 + "large.").endswith("very…")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("red, circle,blue , square.", ("red", "circle", "blue", "square")),
        ("1. Dog\n2. Beach\n- sea\n* **sand**", ("Dog", "Beach", "sea", "sand")),
        ('"dog", Dog, DOG, cat', ("dog", "cat")),
        ("Tags: dog", ("Tags: dog",)),
        ("a/b, c|d; e", ("a b", "c", "d", "e")),
        (f"{'x' * (LONGEST_TAG + 1)}, dog", ("dog",)),
        ("this is a whole sentence about a dog, dog", ("dog",)),
    ],
)
def test_tags_are_cleaned_and_keep_their_order(text: str, tags: tuple[str, ...]) -> None:
    assert tags_of(reply(text)) == tags


def test_the_last_tag_of_an_answer_that_was_cut_off_is_left_out() -> None:
    assert tags_of(reply("dog, bea", whole=False)) == ("dog",)
    with pytest.raises(Unusable, match="no keyword"):
        tags_of(reply("bea", whole=False))


@pytest.mark.parametrize(
    ("text", "label", "analysis"),
    [
        ("positive", "positive", None),
        ("**Neutral.**", "neutral", None),
        ("Sentiment: mixed\n\nIt is dark. A child smiles.", "mixed", "It is dark. A child smiles."),
        ("Negative: it is dark and cold here.", "negative", "Negative: it is dark and cold here."),
    ],
)
def test_a_sentiment_has_a_label_and_may_have_an_analysis(
    text: str, label: str, analysis: str | None
) -> None:
    told = sentiment_of(reply(text))
    assert (told.label, told.analysis.get("en")) == (label, analysis)


@pytest.mark.parametrize("text", ["", "happy", "The picture is not at all positive"])
def test_a_sentiment_without_a_label_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="does not begin with"):
        sentiment_of(reply(text))
