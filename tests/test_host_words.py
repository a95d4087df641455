"""Engine processes that are asked about words alone, or once more; and what is counted of that."""

import dataclasses
from collections.abc import Iterator

import pytest
import scripted_engine
from engine_process import EngineProcess
from msgspec.structs import replace

from metadata.asset import MediaKind
from metadata.stats import Tokens


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    process = EngineProcess(tmp_path_factory.mktemp("shared"), models=scripted_engine.models())
    yield process
    process.close()


@pytest.fixture
def host(shared: EngineProcess) -> EngineProcess:
    shared.forget()
    return shared


def test_an_answer_says_how_many_tokens_its_share_took(host: EngineProcess) -> None:
    one, two = host.consulted(host.consult("one", "two"))
    assert one.tokens == two.tokens == Tokens(100, 6)


def test_words_alone_are_asked_apart_and_no_picture_is_looked_for(host: EngineProcess) -> None:
    plain = [host.about(text) for text in ("one", "two")]
    words = [replace(host.about(text), views=None) for text in ("a", "b")]
    consulted = host.consulted(host.ask(*plain, *words))
    assert host.batches() == [["one", "two"], ["a", "b"]]
    shown = [each.replies[0].text.split(" | ")[1] for each in consulted]
    assert [bool(seen) for seen in shown] == [True, True, False, False]


def test_what_is_asked_again_is_asked_apart(host: EngineProcess) -> None:
    again = [replace(host.about(text), again=True) for text in ("a", "b")]
    host.consulted(host.ask(host.about("one"), *again))
    assert host.batches() == [["one"], ["a", "b"]]


def test_words_alone_are_for_the_model_that_has_seen_the_asset(host: EngineProcess) -> None:
    words = replace(host.about("still"), views=None)
    film = dataclasses.replace(words.asset, kind=MediaKind.VIDEO)
    host.consulted(host.ask(words, replace(words, asset=film)))
    assert [event["model"] for event in host.events("answer")] == ["image", "video"]
