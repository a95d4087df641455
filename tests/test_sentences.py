import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.engines.transformers_engine.sentences import Cut, cut, whole


def never(_text: str) -> bool:
    return False


def longer_than(words: int) -> Callable[[str], bool]:
    return lambda text: len(text.split()) > words or len(text) > 12 * words


def sentences(text: str) -> list[str]:
    return list(cut(text, never).sentences)


# Each line is one sentence, and stays one when they are set side by side.
WHOLE = [
    "Dr. Kumar met Mr. Brown and Mrs. J. R. Smith at 3 p.m. on Friday.",
    "She paid $3.50 for No. 5 and 1.000 for the rest.",
    '"Come in," she said.',
    '"Now."',
    '"Is it red?" Anna asked.',
    '"Stop!" said Mr. Brown.',
    '"Stop!"',
    "The man ran.",
    "The U.S. Army moved from Washington, D.C. to St. Louis.",
    "We live in the U.S.",
    "The flag, e.g. this one, is red, i.e. not blue.",
    "Prof. A. B. Miller, Jr. and Anna Lee, Ph.D. look at Fig. 3 on p. 12.",
    "At 3 p.m. Anna left.",
    "They came at 9 a.m. Monday.",
    "See IMG_1.jpg, video.mp4 or https://example.com/a.b?q=1!x for more.",
    "Mail anna.lee@example.com about version 2.5.1.",
    "Wait... what is that?",
    "The file is big...",
    "And it is red!",
    'The sign says "No entry. Keep out." and hangs on a wall.',
    "He said: “It is late, Dr. Kumar.”",
    "A house (see p. 3. It is old.) stands near Mt. Fuji.",
    "(It rained all day.)",
    "Really?!",
    "It was the 3rd.",
    "George W. Bush spoke.",
    "Two rules: 1. Red is good.",
    "2. Blue is not.",
    "The train leaves at 18:05.",
    "12 boats came on Oct. 4 and Dec. 12.",
    "That was plan B.",
    "They left Acme Inc. behind — and why not?",
    "She was born c. 1900 approx. 5 km from Paris.",
    "A dog, a cat, etc.",
    "Anna is vs. Bob today; he sleeps: good.",
    "– A dash begins this one.",
    "Visit www.example.com.",
    "Photo by A. Miller.",
    "A 1967 Ford, ca. 4.7 m long, is parked at 12 St. James St. London.",
    "Anna Lee was No. 1.",
    "No. 2 was Paul.",
    "It's 5 a.m. on Jan. 3, 2020.",
    "The U.K. vs. the U.S. match ended 3-2.",
    "It reads 'OPEN.'",
    "No.",
    "It stands on Main St.",
    "The end.",
]


def test_sentences_stay_whole_side_by_side() -> None:
    text = " ".join(WHOLE)
    assert sentences(text) == WHOLE
    assert cut(text, never).text == text


@pytest.mark.parametrize("sentence", [one for one in WHOLE if one[:2] not in ("2.", "– ")])
def test_a_sentence_alone_is_one(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


def test_speech_of_several_sentences_is_cut_and_a_title_is_not() -> None:
    said = 'He said: "It is late. We must go." She left.'
    assert sentences(said) == ['He said: "It is late.', 'We must go."', "She left."]
    assert sentences('The book "Who? Me." is red. Yes.') == ['The book "Who? Me." is red.', "Yes."]


def test_a_quotation_that_never_closes_holds_nothing_back() -> None:
    assert sentences('A 6" ruler. A "red dog. A cat.') == ['A 6" ruler.', 'A "red dog.', "A cat."]


def test_lists_headings_and_paragraphs_are_kept() -> None:
    text = (
        "## The harbour\n\n1. First thing\n2. Second thing. With more.\n\n"
        "  - red boats\n  * blue. Green\n(a) one\n\n\nLast paragraph\n"
    )
    made = cut(text, never)
    assert list(made.sentences) == [
        "The harbour", "First thing", "Second thing.", "With more.", "red boats", "blue.", "Green",
        "one", "Last paragraph",
    ]  # fmt: skip
    assert made.filled([str(n) for n in range(9)]) == (
        "## 0\n\n1. 1\n2. 2 3\n\n  - 4\n  * 5 6\n(a) 7\n\n\n8\n"
    )


def test_a_sentence_goes_on_after_a_line_break_and_a_new_one_does_not() -> None:
    text = "A red boat lies in the\nharbour near\nParis. Next one\nis Dr.\nKumar's.\nThe end"
    assert sentences(text) == [
        "A red boat lies in the\nharbour near\nParis.", "Next one\nis Dr.\nKumar's.", "The end",
    ]  # fmt: skip
    assert sentences("red\ngreen\nblue") == ["red", "green", "blue"]
    assert sentences("A boat\r\n\r\nin the harbour") == ["A boat", "in the harbour"]


def test_what_has_no_letters_is_kept_as_it_is() -> None:
    made = cut("🎉 12:30\n***\nA dog! 🐕\n— 3.50 —", never)
    assert made.sentences == ("A dog!",)
    assert made.filled(["Un chien !"]) == "🎉 12:30\n***\nUn chien ! 🐕\n— 3.50 —"
    assert cut("", never) == Cut(("",), ())
    assert cut(" \n", never).filled([]) == " \n"


def test_full_width_stops_take_no_blank() -> None:
    made = cut("A dog. A cat.\n\nA cow.", never)
    assert made.filled(["一只狗。", "一只猫。", "一头牛。"]) == "一只狗。一只猫。\n\n一头牛。"


def test_more_or_fewer_sentences_than_there_are_is_an_error() -> None:
    made = cut("A dog. A cat.", never)
    with pytest.raises(ValueError, match="1 sentences for 2"):
        made.filled(["Un chien."])


def test_a_sentence_too_long_is_cut_at_its_best_places() -> None:
    text = (
        'A man, who is old, says "Look here. See that." to us; a woman goes by, and a dog barks '
        "while it runs over the hill of Dr. Kumar."
    )
    assert [len(part.split()) for part in cut(text, longer_than(30)).sentences] == [29]
    assert list(cut(text, longer_than(14)).sentences) == [
        'A man, who is old, says "Look here.', 'See that." to us;', "a woman goes by,",
        "and a dog barks while it runs over the hill of Dr. Kumar.",
    ]  # fmt: skip
    assert cut(text, longer_than(3)).text == text


def test_a_word_too_long_is_cut_too() -> None:
    made = cut("x" * 5000, lambda text: len(text) > 100)
    assert made.text == "x" * 5000 and max(map(len, made.sentences)) <= 100


def test_a_keyword_is_never_cut() -> None:
    assert whole(" St. Malo. The end ") == Cut((" ", " "), ("St. Malo. The end",))
    assert whole("2024").sentences == ()


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["Dr.", "a", "Dog", "3.50", "3", ".", "!", "?", "...", '"', "(", ")", ",", ";", " ",
             " ", "\n", "\n\n", "- ", "1. ", "U.S.", "e.g.", "red.", "“", "”", "🎉", "said", ":"]
        )
    ).map("".join),
)  # fmt: skip


@given(text=TEXTS, words=st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_nothing_is_dropped_and_nothing_is_empty(text: str, words: int) -> None:
    made = cut(text, longer_than(words))
    assert made.text == text
    assert made.filled(made.sentences) == text
    for sentence in made.sentences:
        assert sentence == sentence.strip() and any(letter.isalpha() for letter in sentence)


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_order_and_paragraphs_are_kept(text: str) -> None:
    made = cut(text, never)
    filled = made.filled([f"<{place}>" for place in range(len(made.sentences))])
    places = [filled.find(f"<{place}>") for place in range(len(made.sentences))]
    assert places == sorted(places) and -1 not in places
    assert filled.count("\n\n") == text.count("\n\n")


def test_long_texts_take_no_time() -> None:
    began = time.process_time()
    text = ('He said "no. 5" to Dr. B. in the U.S. (it rained. We left.) Then: ' * 200).strip()
    assert cut(text, never).text == text
    assert cut("a" * 20_000, longer_than(100)).text == "a" * 20_000
    assert time.process_time() - began < 3
