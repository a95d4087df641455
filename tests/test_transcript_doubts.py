"""What a Whisper's tokens mean, in which language, and which of its sentences are not believed."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.engines import EngineMissing
from daemon.engines.hosted import Line
from daemon.engines.transformers_engine.doubts import is_made_up, packed, why_doubted
from daemon.engines.transformers_engine.signs import Signs
from tests.tiny_whisper import ident_of, whisper_words

SIGNS = Signs(101, 100, 110, 120, {"en": 102, "zh": 103, "no": 104, "jv": 105, "he": 106})


def at(second: float) -> int:
    return SIGNS.times + round(second * 50)


def spell(tokens: Sequence[int]) -> str:
    return " ".join(f"w{token}" for token in tokens) + " "


@pytest.mark.parametrize(
    ("tokens", "lines"),
    [
        ([], []),
        ([at(0), 1, 2, at(1.5), at(2), 3, at(4.04)], [(0, 1.5, "w1 w2"), (2, 4.04, "w3")]),
        ([at(1), 1, 2], [(1, 10, "w1 w2")]),  # cut off by the limit
        ([1, at(2), 2, at(3)], [(0, 2, "w1"), (2, 3, "w2")]),  # no beginning
        ([at(0), 1, at(30)], [(0, 10, "w1")]),  # longer than the stretch
        ([at(12), 1, at(14), at(14), 2], []),  # in the silence that a stretch is filled up with
        ([at(1), at(2), at(3), 1, at(4)], [(3, 4, "w1")]),
        ([at(1), 1, 101, 119, 110, at(2)], [(1, 2, "w1")]),  # signs are no words
        ([at(3), 1, at(3)], []),
    ],
)
def test_lines_are_cut_at_the_times_in_them(tokens: list[int], lines: list[Any]) -> None:
    assert SIGNS.lines(tokens, spell, 10.0) == [Line(*map(pytest.approx, each[:2]), each[2])
                                                for each in lines]  # fmt: skip


def test_the_last_time_tells_how_far_a_stretch_was_written_down() -> None:
    assert SIGNS.last_s([at(0), 1, at(1.5), at(2), 3]) == pytest.approx(2)
    assert SIGNS.last_s([1, 2]) == 0


def test_nothing_is_asked_to_be_translated() -> None:
    assert SIGNS.prompt("no") == (101, 104, 110)
    assert Signs(101, 100, 110, 120).prompt(None) == (101,), "one that knows English only"


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        ("en", "en"), ("en-GB", "en"), ("zh-Hant-TW", "zh"), ("cmn", "zh"), ("nb", "no"),
        ("jv", "jv"), ("jw", "jv"), ("iw", "he"), ("NO", "no"),
        ("tlh", None), ("", None), (None, None), ("x", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_any_of_its_codes(tag: str | None, known: str | None) -> None:
    assert SIGNS.language(tag) == known


def model(vocabulary: int, **told: Any) -> Any:
    return SimpleNamespace(
        config=SimpleNamespace(vocab_size=vocabulary), generation_config=SimpleNamespace(**told)
    )


def test_signs_are_read_from_the_tokenizer() -> None:
    words = whisper_words()
    signs = Signs.of(words, model(len(words), is_multilingual=True), "w@1")
    assert signs.times == ident_of(words, "0.00") and signs.silent == ident_of(words, "nospeech")
    assert set(signs.languages) == {"en", "zh", "de", "es", "no", "jv", "haw"}
    assert signs.languages["jv"] == ident_of(words, "jw")
    assert not Signs.of(words, model(len(words), is_multilingual=False), "w@1").languages
    assert not Signs.of(words, model(51_864), "w.en@1").languages, "by its size, as OpenAI does"
    assert Signs.of(words, model(51_865), "w@1").languages


def test_an_older_tokenizer_names_no_times_but_its_model_has_them() -> None:
    words = whisper_words(times=0)
    signs = Signs.of(words, model(len(words) + 1501), "w@1")
    assert signs.times == len(words)
    with pytest.raises(EngineMissing, match=r"w@1: its \d+ tokens have no room for times"):
        Signs.of(words, model(len(words)), "w@1")


def test_what_is_no_whisper_is_refused_with_a_remedy() -> None:
    words = SimpleNamespace(get_vocab=lambda: {"<|endoftext|>": 5})
    told = r"does not know <\|startoftranscript\|>.*take .* openai/whisper-large-v3-turbo"
    with pytest.raises(EngineMissing, match=told):
        Signs.of(words, model(100), "w@1")


@pytest.mark.parametrize(
    ("text", "likelihood", "silence", "why"),
    [
        ("We meet at eight in front of the station.", -0.3, 0.1, ""),
        ("We meet at eight in front of the station.", -0.3, 0.9, ""),  # sure of the words
        ("We meet at eight in front of the station.", -0.7, 0.9, "nobody seems to speak"),
        ("We meet at eight in front of the station.", -0.7, 0.5, ""),
        ("We meet at eight in front of the station.", -1.2, 0.0, "it is a guess"),
        ("and then " * 20, -0.1, 0.0, "it says the same again and again"),
        ("ああ" * 40, -0.1, 0.0, "it says the same again and again"),
        ("No, no, no, no!", -0.3, 0.0, ""),
        ("", -0.1, 0.0, ""),
    ],
)
def test_loops_guesses_and_silence(text: str, likelihood: float, silence: float, why: str) -> None:
    assert why_doubted(text, likelihood, silence) == why


@pytest.mark.parametrize(
    "line",
    [
        "Subtitles by the Amara.org community", "Untertitel der Amara.org-Community",
        "Sous-titres réalisés par la communauté d'Amara.org", "Untertitelung des ZDF, 2020",
        "Субтитры сделал DimaTorzok", "SUBTITLES BY STEAMTEAMEXTRA", "字幕by索兰娅",
    ],
)  # fmt: skip
def test_who_made_subtitles_is_never_said(line: str) -> None:
    assert is_made_up(line, -0.01, 0.0)


@pytest.mark.parametrize(
    "line",
    [
        "Thanks for watching!", "Thank you.", " you ", "Bye-bye.", "¡Gracias por ver el video!",
        "Merci d'avoir regardé cette vidéo !", "Vielen Dank.", "ご視聴ありがとうございました",
        "Продолжение следует...",
    ],
)  # fmt: skip
def test_what_films_end_with_is_believed_of_a_model_that_is_sure(line: str) -> None:
    assert is_made_up(line, -0.8, 0.0) and is_made_up(line, -0.2, 0.4)
    assert not is_made_up(line, -0.2, 0.0)
    assert not is_made_up(f"He said: {line}", -0.8, 0.4)


def test_how_much_smaller_a_text_gets() -> None:
    assert packed("") == 0
    assert packed("a") < 1 < packed("a" * 50) < packed("a" * 500)
