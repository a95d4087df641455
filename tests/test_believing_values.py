"""Whatever a model writes: JSON however bad, 5 MB, any sign; what is written has its bounds."""

import json
import random
import time
import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.believing import Grounds, Unusable, believed, with_alt
from daemon.believing.clean import printable
from daemon.believing.guards import LONGEST_ANSWER, loops
from daemon.believing.lenient import read
from daemon.believing.sentences import sentences
from daemon.believing.tags import LONGEST_LIST
from daemon.believing.texts import LONGEST_TEXT, alt_of
from daemon.wire import Reply
from metadata.asset import MediaKind
from metadata.change import Ours
from metadata.description import Description, Fact, Look, Provenance
from metadata.keywords import MOST_TAGS
from metadata.mirror import mirror, mirrored
from metadata.spelling import LONGEST_ALT, LONGEST_TAG, same
from metadata.vocabulary import Entry, Vocabulary
from tests.believable import question, value

TASKS = ("caption", "alt", "summary", "creative", "tags", "sentiment", "moderation", "quality")
PIECES = (
    "A dog runs. ",
    "dog, ",
    "sea",
    "\n",
    "\n\n",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\\",
    "**",
    "# ",
    "- ",
    "1. ",
    "<think>",
    "</think>",
    "<b>",
    "<|eot_id|>",
    "```json\n",
    "```",
    '{"caption": "',
    '"tags": [',
    "positive, 0.5\n",
    "calm, joyful\n",
    "alcohol: beer\n",
    "none",
    "Sure! ",
    "Tags: ",
    "The image shows ",
    "I'm sorry, ",
    "can be heard. ",
    "\u202e",
    "\x00",
    "\x1b[1m",
    "\ud83d",
    "é",
    "東京",
    "&lt;",
    "a " * 30,
    "…",
    "_",
    "x" * 70,
    "User: ",
)
pieces = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
answers = st.one_of(st.text(max_size=300), pieces)
seen = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)


# JSON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "b", "c": [1, -2.5e1, true, null]}', {"a": "b", "c": [1, -25, True, None]}),
        ('{"a": "b",}', {"a": "b"}),
        ('["a", "b",,]', ["a", "b"]),
        ("{'a': 'it's', 'b': None}", {"a": "it's", "b": None}),
        ('{a: "b", c d: False}', {"a": "b", "c d": False}),
        ('{"a": "says "no", then goes"}', {"a": 'says "no", then goes'}),
        ('{"a": "\\u00e9\\ud83d\\ude00\\n\\"\\/"}', {"a": 'é😀\n"/'}),
        ('{"a": "half \\ud83d of \\udfff it", "\\ud800b": 1}', {"a": "half  of  it", "b": 1}),
        ('{"a": {"b": ["c', {"a": {"b": ["c"]}}),
        ('{"a": "b", "c', {"a": "b"}),
        ('{"a": "b", "c":', {"a": "b"}),
        ('{"a": 1, "a": 2}', {"a": 1}),
        ("[]", []),
    ],
)
def test_json_is_read_however_badly_it_is_written(text: str, expected: Any) -> None:
    found = read(text)
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize("text", ["", "dog", "[A dog] runs", "{dog}", "{1: 2}", "[" * 50, "{a b}"])
def test_what_is_no_json_is_none(text: str) -> None:
    assert read(text) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9999, 9999) | seen,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(seen, inner, max_size=3),
        max_leaves=12,
    )
)
@settings(max_examples=60)
def test_json_that_is_right_is_read_as_it_is(made: Any) -> None:
    wrapped = {"value": made}
    text = json.dumps(wrapped)
    found = read(text)
    assert found is not None and (found.value, found.end, found.whole) == (wrapped, len(text), True)


def test_a_cut_off_value_says_so() -> None:
    for text in ('{"a": "b', '["a"', '{"a": "b"', '{"a'):
        found = read(text)
        assert found is not None and not found.whole


# Any text at all


def _is_seen(text: str) -> bool:
    return all(unicodedata.category(c)[0] != "C" or c in "\n\u200c\u200d" for c in text)


def _is_written_whole(word: str) -> bool:
    return 0 < len(word.encode()) <= LONGEST_TAG and _is_seen(word) and not set(word) & set(",|/;")


def _in_bounds(task: str, made: Any) -> bool:
    if task == "tags":
        few = 0 < len(made) <= MOST_TAGS and len(set(map(same, made))) == len(made)
        return few and all(map(_is_written_whole, made))
    if task == "sentiment":
        text = made.analysis.get("en", "")
        return (made.score is None or -1 <= made.score <= 1) and _is_seen(text)
    if task in ("moderation", "quality"):
        return all(v is True or (0 < len(v) <= LONGEST_ALT and _is_seen(v)) for v in made.values())
    longest = LONGEST_ALT if task == "alt" else LONGEST_TEXT
    return (
        bool(made.strip()) and len(made) <= longest and _is_seen(made) and "<|eot_id|>" not in made
    )


@pytest.mark.parametrize("task", TASKS)
@given(text=answers, whole=st.booleans(), heard=st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_is_written_has_its_bounds(task: str, text: str, whole: bool, heard: bool) -> None:
    try:
        made = value(task, text, whole=whole, heard=heard)
    except Unusable as error:
        assert 0 < len(str(error)) < 120
        return
    assert _in_bounds(task, made)


HUGE = {
    "brackets": "[",
    "braces": '{"a":',
    "quotes": "\"'",
    "space": " ",
    "marks": "**a *b `c _d ",
    "tags": "<a",
    "thoughts": "<think>x ",
    "commas": "dog,",
    "lines": "\n",
    "backslashes": "\\",
    "digits": "1",
    "dots": ".",
    "words": "a dog ran ",
    "hashes": "#",
    "strange": "\u0301",
    "ands": "&amp;",
}


@pytest.mark.parametrize("name", HUGE)
def test_no_answer_takes_long_however_it_is_made(name: str) -> None:
    started = time.process_time()
    for task, size in (("tags", LONGEST_ANSWER), *((task, LONGEST_TEXT - 50) for task in TASKS)):
        with pytest.raises(Unusable):
            value(task, (HUGE[name] * (size // len(HUGE[name]) + 1))[:size])
    assert time.process_time() - started < 2


@pytest.mark.parametrize("task", TASKS)
def test_five_megabytes_are_not_even_looked_at(task: str) -> None:
    text = "a dog runs, " * 420_000
    started = time.process_time()
    with pytest.raises(Unusable, match="runs on for"):
        value(task, text)
    assert time.process_time() - started < 0.1


# Sentences, loops, alternative texts


def test_sentences_end_where_they_do() -> None:
    text = 'Dr. No. 7 sits. A sign says "Stop. Go." He waits for 3.50! St. Paul\'s is far… Is it'
    assert list(sentences(text)) == [
        "Dr. No. 7 sits.",
        'A sign says "Stop. Go."',
        "He waits for 3.50!",
        "St. Paul's is far…",
        "Is it",
    ]


def test_words_that_come_again_are_no_circle() -> None:
    assert not loops("Very, very, very bright. The dog sees the dog, and the dog sees the dog.")
    assert not loops("1, 2, 3, 4, 5, 6, 7, 8: the numbers on the doors of a long, long corridor.")


@pytest.mark.parametrize("length", range(1, 60, 7))
def test_a_loop_of_any_length_is_found_wherever_it_stands(length: int) -> None:
    words = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(length)]
    times = 8 if length == 1 else 4
    start, end = "A dog runs to the sea", "and that is the end of it"
    assert loops(" ".join([start, *words * times, end]))
    assert not loops(" ".join([start, *words * (times - 2), end]))


@given(st.text(max_size=400))
@settings(max_examples=60)
def test_an_alternative_text_is_short_and_one_line(text: str) -> None:
    alt = alt_of(text)
    assert len(alt) <= LONGEST_ALT
    assert "\n" not in alt


def test_an_alternative_text_takes_as_many_whole_sentences_as_fit() -> None:
    first = "A dog runs along a beach at sunset, and its owner follows it."
    assert alt_of(f"{first} {'It is large. ' * 30}").startswith(f"{first} It is large.")
    assert alt_of(f"{first} {'Very ' * 60}large.") == first
    assert alt_of("very " * 90 + "large.").endswith("very…")
    assert len(alt_of("x" * 400)) == LONGEST_ALT


def test_an_alternative_text_is_taken_from_the_caption_where_there_is_none() -> None:
    made = Provenance("openai", "m", "caption@1", "2026-01-01T00:00:00Z", "run")
    said = with_alt(Description(caption={"en": "A dog.\n\nA sea."}, provenance={"caption": made}))
    assert (said.alt, said.provenance["alt"]) == ({"en": "A dog. A sea."}, made)
    assert with_alt(Description()) == Description()
    told = Description(caption={"en": "A dog."}, alt={"en": "A cat."})
    assert with_alt(told) == told


def test_joiners_stay_and_other_hidden_signs_go() -> None:
    assert printable("क्‍ष\u200b\u2066है।\r\n\x85x") == "क्‍षहै।\n\nx"
    assert printable("hid\ufe01den\U000e0101 ❤️") == "hidden ❤️"


# Keywords


def test_of_too_many_keywords_the_first_that_differ_stay() -> None:
    kinds = [f"{first}{last}ob" for first in "bdgklm" for last in "aei"]
    many = [f"beach {kind}" for kind in kinds] + kinds + [f"{kind} beach" for kind in kinds]
    told = value("tags", ", ".join(many))
    assert len(told) <= MOST_TAGS
    assert sum("beach" in word for word in told) == 4
    assert told == [*(f"beach {kind}" for kind in kinds[:4]), *kinds]


def test_sixty_different_keywords_are_cut_and_never_reordered() -> None:
    letters = random.Random(5)
    words = ["".join(letters.choices("bdgklmnprt", k=7)) for _ in range(60)]
    assert value("tags", ", ".join(words)) == words[:MOST_TAGS]
    assert len(", ".join(words)) < LONGEST_LIST


VOCABULARY = Vocabulary.of(
    [Entry("Dogs", ("hound", "Canis lupus")), Entry("Golden Hour"), Entry("Women"), Entry("Beach")]
)


def test_keywords_take_the_spelling_of_the_vocabulary() -> None:
    text = "hounds, dog, hour golden, woman, kite"
    assert value("tags", text, vocabulary=VOCABULARY) == ["Dogs", "Golden Hour", "Women", "kite"]


def test_only_the_vocabulary_is_taken_where_the_user_wants_so() -> None:
    text = "kite, hounds, DOG, canis lupus, beaches"
    assert value("tags", text, vocabulary=VOCABULARY, only=True) == ["Dogs", "Beach"]
    assert value("tags", "kite, sea", vocabulary=VOCABULARY, only=True) == []
    with pytest.raises(Unusable, match="no keyword"):
        value("tags", "[]", vocabulary=VOCABULARY, only=True)


def test_a_word_of_the_vocabulary_may_be_long_foreign_or_little() -> None:
    words = ("Собака", "This is the end", "Other", "Museum of the History of Old Clocks")
    vocabulary = Vocabulary.of(map(Entry, words))
    assert value("tags", ", ".join(words), vocabulary=vocabulary) == list(words)


def test_the_last_keyword_of_a_cut_off_answer_is_left_out() -> None:
    assert value("tags", "dog, bea", whole=False) == ["dog"]
    with pytest.raises(Unusable, match="no keyword"):
        value("tags", "bea", whole=False)


# Judgements


@pytest.mark.parametrize(
    ("text", "label", "score", "moods", "analysis"),
    [
        ("positive", "positive", None, (), None),
        ("**Neutral.**", "neutral", None, (), None),
        ("neutral, 0\nnone\n\nA wall.", "neutral", 0.0, (), "A wall."),
        (
            "Sentiment: mixed\n\nIt is dark. A child smiles.",
            "mixed",
            None,
            (),
            "It is dark. A child smiles.",
        ),
        (
            "**Sentiment: Positive (0.8)**\n\nMoods: calm\n\nAnalysis: It is warm.",
            "positive",
            0.8,
            ("calm",),
            "It is warm.",
        ),
        (
            "negative, −0.5\ngloomy, sad, wicked\nIt is dark.",
            "negative",
            -0.5,
            ("gloomy", "sad"),
            "It is dark.",
        ),
        ("negative, 0.5\n\nIt is dark.", "negative", None, (), "It is dark."),
        (
            "Positive\n0.8\ncalm, joyful\nIt is warm.",
            "positive",
            0.8,
            ("calm", "joyful"),
            "It is warm.",
        ),
        ("Sentiment: **Positive**, Score: 0.8, Mood: calm", "positive", 0.8, ("calm",), None),
        (
            "The sentiment of this picture is mostly positive.",
            "positive",
            None,
            (),
            "The sentiment of this picture is mostly positive.",
        ),
        ("positive, 7", "positive", None, (), None),
        (
            '{"label": "negative", "score": "-0.5", "moods": "sad, evil",'
            ' "analysis": ["It is dark.", "It rains."]}',
            "negative",
            -0.5,
            ("sad",),
            "It is dark.\n\nIt rains.",
        ),
        (
            '{"sentiment": {"label": "Positive", "score": 1e999}, "moods": ["Calm", 3]}',
            "positive",
            None,
            ("calm",),
            None,
        ),
        ("positive 0,8\ncalm", "positive", 0.8, ("calm",), None),
        ('{"label": "negative", "score": "-0,25"}', "negative", -0.25, (), None),
        (
            "Negative: it is dark and cold here.",
            "negative",
            None,
            (),
            "Negative: it is dark and cold here.",
        ),
        (
            "positive, 0.5\ncalm, cosy, tender, joyful, playful, festive",
            "positive",
            0.5,
            ("calm", "cosy", "tender"),
            None,
        ),
    ],
)
def test_a_judgement_is_read(
    text: str, label: str, score: float | None, moods: tuple[str, ...], analysis: str | None
) -> None:
    told = value("sentiment", text)
    assert (told.label, told.score, told.moods) == (label, score, moods)
    assert told.analysis.get("en") == analysis


@pytest.mark.parametrize("sign", ["-", "- ", "&", "'", "=", ":", "a-", "- a"])
def test_an_answer_of_marks_alone_is_read_at_once(sign: str) -> None:
    begun = time.process_time()
    with suppress(Unusable):
        value("tags", sign * (LONGEST_LIST // len(sign)))
    assert time.process_time() - begun < 2, "the daemon stands still meanwhile"


# Findings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("none", {}),
        ("None.", {}),
        ("[]", {}),
        ('{"findings": []}', {}),
        ('{"moderation": "none"}', {}),
        ('{"nudity": false, "alcohol": "beer"}', {"alcohol": "beer"}),
        ('{"weapon": true}', {"weapon": True}),
        ('{"weapon": {"evidence": "a knife"}}', {"weapon": "a knife"}),
        ("weapon, alcohol", {"weapon": True, "alcohol": True}),
        ("dangerous act: no helmet on the ladder", {"dangerous_act": "no helmet on the ladder"}),
        ("weapon: no weapon is visible\nblood: on a shirt", {"blood_or_injury": "on a shirt"}),
        ('{"moderation": {"nudity": null, "death": "a grave"}}', {"death": "a grave"}),
        (r'[{"name": "death", "evidence": "a\u0000 gr\u202eave"}]', {"death": "a grave"}),
        ("Self-harm (a cut arm)", {"self_harm": "a cut arm"}),
        ("child: a face\nchild: another", {"child": "a face"}),
        ("child: " + "a face " * 3 + "\x07", {"child": "a face a face a face"}),
    ],
)
def test_findings_are_read(text: str, found: dict[str, Any]) -> None:
    assert value("moderation", text) == {f"moderation_{name}": why for name, why in found.items()}


def test_findings_come_back_from_files_and_replace_those_of_before() -> None:
    measured, before = Fact("blurry", True, "measured"), Fact("quality_noisy", True, "model")
    said = Description(look=Look((), (measured, before)))
    grounds = Grounds(question("quality"), MediaKind.IMAGE, False)
    told = believed(
        said, Reply("quality", "tilted: yes\nblurred: the dog", 9, True), grounds, "openai"
    )
    assert told.look.facts == (
        measured,
        Fact("quality_tilted", True, "model"),
        Fact("quality_blurred", "the dog", "model"),
    )
    read_back = mirror(mirrored(told, Ours(), "blake2:00"))
    assert read_back is not None and read_back.said.look == told.look


def test_a_finding_that_was_cut_off_is_left_out() -> None:
    assert value("quality", "tilted: the horizon\nblurred: the do", whole=False) == {
        "quality_tilted": "the horizon"
    }
