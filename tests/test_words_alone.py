"""Models asked about words alone, or once more in another manner; and the tokens they take."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from daemon.engines.hosted import Shown
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.onward import PENALTY, PHRASE, Onward, ending
from daemon.wire import Question
from metadata.asset import MediaKind
from tests.alone import NAMES, QUESTIONS, alone_with, loads, pictures, quiet, still, together

CHATS = [name for name in NAMES if name != "blip2"]
ABOUT = ("a house by the sea, taken in May.", "nothing is known", "0123 !?")


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    return loads(tmp_path_factory.mktemp("tinies"))


def words(about: str, count: int = 3) -> Shown:
    """Ask *count* questions with what is known about an asset before them."""
    asked = [Question(q.task, q.text, q.max_tokens, about) for q in QUESTIONS[:count]]
    return Shown(MediaKind.IMAGE, (), (), tuple(asked))


def each_alone(loaded: Loaded, batch: Sequence[Shown]) -> list[list[tuple[int, ...]]]:
    return [
        [
            alone_with(loaded, Question(q.task, q.whole, q.max_tokens), [], {})
            for q in shown.questions
        ]
        for shown in batch
    ]


@pytest.mark.parametrize(
    ("name", "count"), [*((name, 2) for name in CHATS), ("mllama", 1), ("qwen3_vl", 1)]
)
def test_every_answer_is_as_if_it_had_been_asked_alone(
    load: Callable[[str], Loaded], name: str, count: int
) -> None:
    loaded, asker = load(name), Asker(load(name))
    seen = [still(picture, QUESTIONS[:1]) for picture in pictures()[:2]]
    before = together(asker, seen)  # what is left of it must not count
    batch = [words(about, count) for about in ABOUT]
    prepared = asker.prepare(batch)
    assert (prepared.rests is not None) == (count > 1), "what is known is read once"
    assert not [key for key in prepared.inputs if "pixel" in key or "cross" in key]
    said = together(asker, batch)
    assert said == each_alone(loaded, batch)
    assert len({str(mine) for mine in said}) == len(batch)
    assert together(asker, seen) == before, "and it sees again"


@pytest.mark.parametrize("name", ["mllama", "qwen3_vl"])
def test_what_is_known_is_read_once_with_the_picture(
    load: Callable[[str], Loaded], name: str
) -> None:
    asked = [replace(still(picture), questions=words(ABOUT[0]).questions) for picture in pictures()]
    prepared = Asker(load(name)).prepare(asked)
    assert prepared.rests is not None
    known = load(name).processor.tokenizer(ABOUT[0])["input_ids"]
    assert max(map(len, prepared.rests)) < len(known) + 40
    told = load(name).processor.tokenizer.decode(prepared.rests[0])
    assert ABOUT[0] not in told and "describe" in told


def test_a_model_that_only_captions_pictures_says_nothing(load: Callable[[str], Loaded]) -> None:
    asker = Asker(load("blip2"))
    (told,) = asker.answer(asker.prepare([words(ABOUT[0])]), quiet)
    assert [(reply.text, reply.tokens) for reply in told.replies] == [("", 0)] * 3
    assert told.prompt == 0


def test_words_alone_and_what_is_asked_again_have_buckets_of_their_own(
    load: Callable[[str], Loaded],
) -> None:
    asker, seen = Asker(load("mllama")), still(pictures()[0], QUESTIONS[:3])
    every = [seen, replace(seen, again=True), words("a"), replace(words("a"), again=True)]
    assert len({asker.bucket(shown) for shown in every}) == 4
    assert asker.bucket(words("a")) == asker.bucket(words("b"))
    assert asker.most(asker.bucket(words("a")), words("a")) >= 1


@pytest.mark.parametrize("name", ["llava", "llava_next"])
def test_an_answer_that_loops_is_another_one_when_asked_again(
    load: Callable[[str], Loaded], name: str
) -> None:
    long = (Question("caption", "you see a picture. describe it", 40),)
    first = [still(picture, long) for picture in pictures()[:2]]
    again = [replace(shown, again=True) for shown in first]
    asker = Asker(load(name))
    before, after = together(asker, first), together(asker, again)
    assert any(comes_back(said) for (said,) in before), "this model is not one that loops"
    assert not any(comes_back(said) for (said,) in after)
    assert before != after
    assert after == [together(asker, [shown])[0] for shown in again], "whatever the company"


def comes_back(said: tuple[int, ...]) -> bool:
    phrases = [said[at : at + PHRASE] for at in range(len(said) - PHRASE + 1)]
    return len(set(phrases)) < len(phrases)


def test_asked_again_with_dice_these_are_others(load: Callable[[str], Loaded]) -> None:
    asker, shown = Asker(load("mllama"), temperature=1.5), words(ABOUT[0])
    first, again = together(asker, [shown]), together(asker, [replace(shown, again=True)])
    assert first != again
    assert first == together(asker, [words("b"), shown])[1:], "whatever the company"


def test_only_what_an_answer_itself_has_said_is_held_against_it() -> None:
    import torch

    phrase = list(range(10, 10 + PHRASE))
    prompt = [*phrase, 7, 8]
    ids = torch.tensor([[*prompt, *phrase, 9, *phrase[:-1]], [*prompt, *range(12, 24)]])
    scores = torch.ones(2, 30)
    scores[:, 9] = -1.0
    held = Onward(len(prompt))(ids, scores)
    assert held[0, phrase[-1]] == float("-inf") and held[1].isfinite().all()
    assert held[0, 9] == -PENALTY and held[0, 10] == pytest.approx(1 / PENALTY)
    assert held[0, 7] == held[1, 10] == 1.0, "the prompt may be quoted"
    assert scores[0, 10] == 1.0


def test_a_phrase_is_known_by_all_but_its_last_token() -> None:
    assert ending([1, 2, 3]) == []
    assert ending([5] * PHRASE) == [5]
    assert ending([*range(PHRASE), 99, *range(PHRASE - 1)]) == [PHRASE - 1]
    assert ending(list(range(50))) == []


@pytest.mark.parametrize("name", ["mllama", "qwen3_vl", "llava_next_video"])
def test_tokens_are_counted_as_the_model_reads_them(
    load: Callable[[str], Loaded], name: str
) -> None:
    loaded, asker = load(name), Asker(load(name))
    prepared = asker.prepare([still(picture, QUESTIONS[:2]) for picture in pictures()])
    assert prepared.rests is not None
    for number, picture in enumerate(pictures()):
        whole = [encoded(asker, still(picture, (q,))) for q in QUESTIONS[:2]]
        one = asker.prepare([still(picture, QUESTIONS[:1])])
        assert one.read == whole[:1]
        shared = sum(whole) - prepared.read[number]
        assert 20 < shared < min(whole), "what both share is read once"
    told = asker.answer(prepared, quiet)
    assert [answered.prompt for answered in told] == prepared.read
    assert loaded.processor.tokenizer.padding_side == "left"


def encoded(asker: Asker, shown: Shown) -> int:
    inputs: dict[str, Any] = asker.prepare([shown]).inputs
    return int(inputs["attention_mask"].sum())
