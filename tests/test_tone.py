"""The tone of texts: right where it is told, and silent about signs, adverts, news and jokes."""

from pathlib import Path

import pytest

from daemon.engines import Judges
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.tone import Tone, ToneWords, judged
from metadata.description import Description, Sentiment, Spoken, TextLine
from tests.paintings import plain, work

TEXTS = Path(__file__).parent.parent / "bench/labelled/texts_tone.tsv"
GLAD = "We stayed three nights and loved every minute of it. I was happy with the lovely room."
ANGRY = "I hate this phone. The battery is awful and I am furious with the rude support."


@pytest.fixture(scope="module")
def words() -> ToneWords:
    return ToneWords()


def label(words: ToneWords, text: str) -> str | None:
    found = words.tone(text)
    return found.label if found else None


def lines(text: str, lang: str | None = "en") -> tuple[TextLine, ...]:
    return tuple(TextLine(part, lang) for part in split(text))


def split(text: str) -> list[str]:
    half = text.index(" ", len(text) // 3)  # as lines do, in the middle of a sentence
    return [text[:half], text[half + 1 :]]


def test_a_verdict_is_right_on_the_labelled_texts(words: ToneWords) -> None:
    rows = [row.split("\t") for row in TEXTS.read_text("utf-8").splitlines()]
    for verdict in ("positive", "negative"):
        truths = [truth for truth, text in rows if label(words, text) == verdict]
        assert len(truths) >= 100
        assert truths.count(verdict) / len(truths) >= 0.98
        assert len([1 for truth, _ in rows if truth == verdict]) >= 150


@pytest.mark.parametrize(
    "text",
    [
        "NO PARKING",
        "Emergency exit",
        "Killer deals on all summer shoes. This week only! Everything must go before Sunday.",
        "Cancer research fundraiser, Saturday 3 pm at the town hall. Everybody is welcome to come.",
        "Unbelievable prices! We love our customers. Beautiful sofas and wonderful beds for less.",
        "Don't miss the final days of our great winter sale. We are happy to see you there.",
        "DANGER High voltage. Risk of death. Keep out. I mean it. Terrible injuries may follow.",
        "Two people were killed and six injured in a terrible crash near Leeds. Police were sad.",
        "The minister said: “I am proud of our excellent record. I am happy and grateful.”",
        "I met Joy and Grace at the Lovely Cup on Friday. We had tea at the Happy Pig at three.",
        "I love my job and I hate my commute. It is wonderful and awful and I am moving house.",
        "I was happy.",
        "",
        "\0\n \t",
        "12 34 56 78 90 12 34 56 78 90 12",
    ],
)
def test_signs_adverts_news_and_names_have_no_verdict(words: ToneWords, text: str) -> None:
    assert label(words, text) not in ("positive", "negative")


def test_not_turns_a_verdict_round(words: ToneWords) -> None:
    assert label(words, "I am happy with the lovely soup. I am happy with the good bread too.")
    turned = "I am not happy with the soup. I was not happy with the bread, it was not good either."
    assert label(words, turned) == "negative"


def test_a_capital_in_a_text_of_capitals_makes_no_name(words: ToneWords) -> None:
    assert label(words, ANGRY.upper()) == label(words, ANGRY) == "negative"


def test_long_texts_do_not_reach_extremes(words: ToneWords) -> None:
    once, often = words.tone(GLAD), words.tone(" ".join([GLAD] * 50))
    assert once == often
    assert once is not None
    assert 0.3 <= once.score < 0.95


def test_a_text_without_a_rated_word_is_neutral(words: ToneWords) -> None:
    text = "The bus to the station leaves at nine from the yard behind the town hall."
    assert words.tone(text) == Tone("neutral", 0.0)


@pytest.mark.parametrize(("text", "found"), [(GLAD, "positive"), (ANGRY, "negative")])
def test_the_sentiment_is_that_of_the_text(words: ToneWords, text: str, found: str) -> None:
    told = judged(Description(text=lines(text)), words)
    assert told.sentiment.label == found
    assert told.sentiment.moods == ()
    assert told.sentiment.analysis == {}
    assert [(fact.name, fact.value, fact.basis) for fact in told.facts] == [
        ("text_tone", found, "ocr")
    ]


def test_subtitles_are_judged_where_no_text_was_read(words: ToneWords) -> None:
    spoken = tuple(Spoken(n, n + 1, "en", part) for n, part in enumerate(split(GLAD)))
    told = judged(Description(transcript=spoken), words)
    assert (told.sentiment.label, told.facts[0].basis) == ("positive", "rule")


@pytest.mark.parametrize(
    "text",
    [
        (),
        lines(GLAD, "de"),
        lines(GLAD, None),
        (*lines(GLAD), TextLine("Bienvenue à Paris", "fr")),
        (TextLine("I am happy.", "en"), *lines(GLAD, None)),
    ],
)
def test_only_what_is_english_for_certain_is_judged(
    words: ToneWords, text: tuple[TextLine, ...]
) -> None:
    told = judged(Description(text=text), words)
    assert (told.sentiment, told.facts) == (Sentiment(), ())


def test_a_line_of_unknown_language_among_english_ones_is_read_along(words: ToneWords) -> None:
    text = (*lines(GLAD), TextLine("Ben", None))
    assert judged(Description(text=text), words).sentiment.label == "positive"


def test_the_engine_judges_texts_and_nothing_else() -> None:
    engine = Builtin()
    assert isinstance(engine, Judges)
    item = work(plain((250, 240, 20)))
    read = item.with_description(Description(text=lines(GLAD)))
    silent, told = engine.judge([item, read])
    assert silent.sentiment == Sentiment()
    assert told.sentiment.label == "positive"
    assert engine.judge([item, read]) == Builtin().judge([item, read])
