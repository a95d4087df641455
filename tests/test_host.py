"""Engine processes with a scripted engine: batches, overlap, faults of files and of the machine."""

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import scripted_engine
from engine_process import EngineProcess

from daemon.wire import Numbered, Render, Rendered
from metadata.stats import Tokens

Starts = Callable[..., EngineProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    started: list[EngineProcess] = []

    def one(**setup: object) -> EngineProcess:
        started.append(EngineProcess(tmp_path, **setup))  # type: ignore[arg-type]
        return started[-1]

    yield one
    for each in started:
        each.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    process = EngineProcess(tmp_path_factory.mktemp("shared"))
    yield process
    process.close()


@pytest.fixture
def host(shared: EngineProcess) -> EngineProcess:
    """Give a process that has answered other tests before, and has forgotten what happened."""
    shared.forget()
    return shared


# What is asked together


def test_what_comes_together_is_asked_together_and_each_gets_its_own_answer(
    host: EngineProcess,
) -> None:
    consulted = host.consulted(host.consult("one", "two", "three"))
    assert host.batches() == [["one", "two", "three"]]
    for answer, text in zip(consulted, ("one", "two", "three"), strict=True):
        assert [reply.task for reply in answer.replies] == ["caption", "tags"]
        assert answer.replies[0].text.startswith(f"{text} | 4x3:")
    first = int(consulted[0].replies[0].text.split("4x3:")[1].split()[0])
    assert f" 4x3:{first + 2} " in consulted[2].replies[0].text, "each sees its own picture"


def test_no_batch_is_larger_than_the_model_says_and_kinds_are_not_mixed(
    host: EngineProcess,
) -> None:
    texts = [f"{n} most:3 bucket:three" for n in range(5)]
    numbers = host.consult(*texts, "odd bucket:b") + host.consult("film", "film", frames=4)
    assert len(host.consulted(numbers)) == 8
    asked = host.batches()
    assert asked[0] == texts[:3] and sorted(asked[1:], key=str) == sorted(
        [texts[3:], ["odd bucket:b"], ["film", "film"]], key=str
    )
    assert {event["model"] for event in host.events("answer")} == {"image", "video"}


def test_a_video_goes_to_the_image_model_where_there_is_none_for_videos(start: Starts) -> None:
    host = start(models=scripted_engine.models(video=""))
    (answer,) = host.consulted(host.consult("film", frames=3))
    assert answer.replies[0].text.split(" | ")[1] == "4x3:1,4x3:1,4x3:1"
    assert [event["model"] for event in host.events("load")] == ["image"]


def test_what_a_moment_later_comes_is_still_asked_with_it(host: EngineProcess) -> None:
    one, two = host.about("one"), host.about("two")
    host.consulted(host.ask(one) + host.ask(two))
    assert host.batches() == [["one", "two"]]


def test_a_batch_prepared_too_early_is_formed_anew_when_many_more_have_come(
    host: EngineProcess,
) -> None:
    first = host.consult("first slow:0.8")
    host.until("answer")
    early = host.consult("early")
    host.until("prepared", 2)
    numbers = first + early + host.consult("late", "later")
    host.consulted(numbers)
    assert host.batches() == [["first slow:0.8"], ["early", "late", "later"]]


def test_how_many_fit_is_estimated_once_for_a_bucket(host: EngineProcess) -> None:
    host.consulted(host.consult(*(f"{n} most:2 bucket:once" for n in range(8))))
    assert len(host.batches()) == 4
    assert len([e for e in host.events("most") if "once" in e["bucket"]]) == 1


# Overlap and memory


def test_the_next_batch_is_prepared_while_this_one_is_answered(host: EngineProcess) -> None:
    texts = [f"{n} most:2 bucket:two slow:0.15 prepare:0.05" for n in range(8)]
    host.consulted(host.consult(*texts))
    begins = {event["asked"][0]: event["at"] for event in host.events("prepare")}
    answers = host.events("answer")
    assert len(answers) == 4
    for this, after in pairwise(answers):
        done = next(e["at"] for e in host.events("answered") if e["asked"] == this["asked"])
        assert this["at"] - 0.05 < begins[after["asked"][0]] < done


def test_no_more_than_two_batches_are_ever_prepared(start: Starts) -> None:
    host = start()
    texts = [f"{n} most:2 slow:0.02" for n in range(12)]
    texts += [f"{n} most:4 oom:1 slow:0.02 bucket:tight" for n in range(4)]
    texts += [f"{n} raise bucket:bad" for n in range(3)]
    host.wait(host.consult(*texts))
    counts = [event["alive"] for event in host.events("answer")]
    assert max(counts) == 2
    assert len(counts) > 10


def test_an_answer_says_what_its_share_took(host: EngineProcess) -> None:
    for answer in host.consulted(host.consult("a slow:0.2 prepare:0.1", "b prepare:0.1")):
        assert 0.09 < answer.seconds["generate"] < 0.2
        assert 0.09 < answer.seconds["prepare"] < 0.2


# Translations


def test_texts_of_all_assets_are_said_together_each_once(host: EngineProcess) -> None:
    one, two = host.rendered(host.render("a house", "a tree"))
    assert host.batches("render") == [["a house", "red", "a tree"]]
    assert one.texts == ({"es": "es<a house>", "fr": "fr<a house>"},)
    assert two.texts == ({"es": "es<a tree>", "fr": "fr<a tree>"},)
    assert one.words == two.words == {"red": {"es": "es<red>", "fr": "fr<red>"}}
    assert set(one.seconds) == {"translate"}


def test_each_word_is_said_in_its_own_languages(host: EngineProcess) -> None:
    asset = host.about("x").asset
    words = {"red": ("es",), "sky": ("fr", "de"), "known": ()}
    (answer,) = host.rendered(host.ask(Render(asset, (), words, ("es", "fr", "de"))))
    assert answer == Rendered(
        (),
        {"red": {"es": "es<red>"}, "sky": {"fr": "fr<sky>", "de": "de<sky>"}, "known": {}},
        answer.seconds,
        Tokens(10, 4),
    )
    assert host.batches("render") == [["red", "sky"]], "nothing without a language is said"


def test_nothing_to_say_is_said_at_once(start: Starts) -> None:
    host = start(models=scripted_engine.models(translation="missing"))
    (answer,) = host.rendered(host.ask(Render(host.about("x").asset, (), {}, ("es",))))
    assert answer == Rendered((), {}, {})


def test_translations_are_taken_ahead_of_new_pictures(host: EngineProcess) -> None:
    pictures = host.consult(*(f"{n} most:2 bucket:ahead slow:0.1" for n in range(8)))
    host.until("answer")
    text = host.render("a house")
    host.wait(pictures + text)
    assert host.order.index(text[0]) < 5


def test_models_that_have_no_room_beside_each_other_are_not_changed_all_the_time(
    start: Starts,
) -> None:
    models = scripted_engine.models(image="slow:0.4", translation="nllb")
    host = start(models=models, device="small")
    for ask in (lambda: host.consult("1"), lambda: host.render("a"), lambda: host.consult("2")):
        host.wait(ask())
    pictures = host.consult(*(f"{n} most:2 slow:0.05" for n in range(8)))
    host.until("answer", 3)
    texts = host.render("b", "c")
    host.wait(pictures + texts)
    assert set(host.order[-2:]) == set(texts), "they wait until no picture is left"
    assert [e["model"] for e in host.events("load")] == ["slow:0.4", "nllb"] * 2


# Memory runs out


def test_a_batch_without_room_is_halved_and_the_size_remembered(start: Starts) -> None:
    host = start()
    texts = [f"{n} oom:2" for n in range(8)]
    host.consulted(host.consult(*texts))
    sizes = [len(batch) for batch in host.batches()]
    assert sizes[:2] == [8, 4] and sizes[2:] == [2, 2, 2, 2]
    before = len(sizes)
    host.consulted(host.consult(*texts))
    assert [len(batch) for batch in host.batches()][before:] == [2, 2, 2, 2]
    host.consulted(host.consult(*(f"{n} bucket:other" for n in range(8))))
    assert len(host.batches()[-1]) == 8, "another bucket has its own size"
    assert not host.events("make_room")


def test_a_file_for_which_alone_there_is_no_room_is_to_blame_where_others_work(
    start: Starts,
) -> None:
    host = start()
    numbers = host.consult("good", "huge oom", "also good")
    host.wait(numbers)
    (failure,) = host.failures(numbers[1:2])
    assert failure.reason == "OUT_OF_MEMORY" and not failure.lasting
    assert "1.0 of 24.0 GB are free" in failure.detail
    assert len(host.consulted([numbers[0], numbers[2]])) == 2
    assert len(host.events("make_room")) == 1
    assert host.batches().count(["huge oom"]) == 2, "once more after making room"
    host.consulted(host.consult("a", "b", "c"))
    assert host.batches()[-1] == ["a", "b", "c"], "what it did to others is forgotten"


def test_where_nothing_has_ever_worked_the_device_is_full(start: Starts) -> None:
    host = start(device="cpu")
    for failure in host.failures(host.consult("a oom", "b oom")):
        assert failure.reason is None and not failure.lasting
        assert "cpu is full: 1.0 of 24.0 GB are free; free some memory" in failure.detail


def test_a_device_that_fills_up_costs_no_more_than_one_file_an_attempt(start: Starts) -> None:
    host = start()
    host.consulted(host.consult("good"))
    failures = host.failures(host.consult(*(f"{n} oom" for n in range(4))))
    assert [failure.reason for failure in failures].count("OUT_OF_MEMORY") == 1
    assert [failure.reason for failure in failures].count(None) == 3
    host.consulted(host.consult("good again"))
    assert host.failures(host.consult("next oom"))[0].reason == "OUT_OF_MEMORY"


def test_translations_without_room_are_said_in_smaller_parts(start: Starts) -> None:
    host = start()
    texts = [f"text {n} oom:2" for n in range(3)]
    answers = host.rendered(host.render(*texts))
    assert [answer.texts[0]["es"] for answer in answers] == [f"es<{text}>" for text in texts]
    assert [len(batch) for batch in host.batches("render")] == [4, 2, 2, 2]
    many = Render(host.about("x").asset, tuple(f"{n} oom:1" for n in range(4)), {}, ("es",))
    (answer,) = host.rendered(host.ask(many))
    assert len(answer.texts) == 4, "one asset with many texts is divided too"


# One file, or the machine


@pytest.mark.parametrize(
    ("bad", "reason", "told"),
    [
        ("refuse", "UNSUPPORTED", "a picture of 20:1 cannot be shown"),
        ("raise", "CRASHED", "RuntimeError: size mismatch"),
        ("value", "CRASHED", "ValueError: no sense in it"),
        ("engine", None, "the logits are not finite"),
    ],
)
def test_only_the_guilty_one_of_a_batch_fails(
    bad: str, reason: str | None, told: str, host: EngineProcess
) -> None:
    numbers = host.consult("one", f"two {bad}", "three")
    (failure,) = host.failures(numbers[1:2])
    assert (failure.reason, failure.lasting) == (reason, False)
    assert told in failure.detail
    one, three = host.consulted([numbers[0], numbers[2]])
    assert one.replies[0].text.startswith("one | ")
    assert three.replies[0].text.startswith("three | ")
    texts = host.render("uno", f"dos {bad}")
    host.wait(texts)
    assert host.rendered(texts[:1])[0].texts[0]["es"] == "es<uno>"


def test_an_engine_that_fails_at_everything_blames_no_file(start: Starts) -> None:
    host = start()
    assert {f.reason for f in host.failures(host.consult("a raise", "b raise"))} == {None}
    assert {f.reason for f in host.failures(host.render("c raise"))} == {None}


def test_pictures_that_are_not_there_any_more_are_nobodys_fault(host: EngineProcess) -> None:
    gone, short, good = host.about("gone"), host.about("short"), host.about("good")
    gone.views.path.unlink()
    short.views.path.write_bytes(b"12")
    numbers = host.ask(gone, short, good)
    for failure, asked in zip(host.failures(numbers[:2]), (gone, short), strict=True):
        assert failure.reason is None
        assert str(asked.views.path) in failure.detail
    host.consulted(numbers[2:])


def test_whoever_asks_removes_the_pictures(host: EngineProcess) -> None:
    asked = [host.about(text) for text in ("one", "two raise", "three refuse")]
    host.wait(host.ask(*asked))
    assert all(each.views.path.exists() for each in asked)


def test_a_model_that_cannot_be_loaded_is_not_loaded_for_each_file_anew(start: Starts) -> None:
    host = start(models=scripted_engine.models(image="missing"))
    failures = host.failures(host.consult("one", "two")) + host.failures(host.consult("three"))
    for failure in failures:
        assert failure.reason is None and failure.lasting
        assert "pull the model again" in failure.detail
    assert len(host.events("load")) == 1
    assert host.rendered(host.render("a house")), "others work"


@pytest.mark.parametrize("word", ["raise", "engine", "oom"])
def test_whatever_happens_while_a_model_is_loaded_no_file_is_to_blame(
    word: str, start: Starts
) -> None:
    host = start(models=scripted_engine.models(image=word))
    (failure,) = host.failures(host.consult("one"))
    assert failure.reason is None
    assert failure.lasting == (word == "raise")
    assert len(host.events("load")) == (2 if word == "oom" else 1), "once more with room made"


@pytest.mark.parametrize(("device", "lasting"), [("missing", True), ("gone", False)])
def test_a_device_that_cannot_be_opened(device: str, lasting: bool, start: Starts) -> None:
    host = start(device=device)
    (failure,) = host.failures(host.consult("one"))
    assert (failure.reason, failure.lasting) == (None, lasting)


def test_an_engine_that_is_not_installed_says_what_to_do(start: Starts) -> None:
    host = start(engine="no_such_engine")
    (failure,) = host.failures(host.consult("one"))
    assert failure.lasting
    assert "no_such_engine cannot be loaded" in failure.detail
    assert "captiond[models]" in failure.detail


def test_a_profile_without_a_model_for_it_says_so(start: Starts) -> None:
    host = start(models=scripted_engine.models(image="", video="", translation=""))
    for failure in host.failures(host.consult("one") + host.render("a")):
        assert failure.lasting and "the profile has no model" in failure.detail


# Ends


def test_a_lost_device_ends_the_process_with_a_status_of_its_own(start: Starts) -> None:
    host = start()
    numbers = host.consult("fine", "cuda bucket:b", "after bucket:c")
    assert host.ended() == 74
    while host.hear(1):
        pass
    assert list(host.answers) == numbers[:1], "nothing is answered that was not done"
    assert "lost" in host.beats[-1][1].doing
    assert "illegal memory access" in host.words()


@pytest.mark.parametrize(("word", "status"), [("crash", -11), ("abort", -6), ("exit:5", 5)])
def test_a_crash_simply_ends_it(word: str, status: int, start: Starts) -> None:
    host = start()
    host.consult(word)
    assert host.ended() == status


def test_it_answers_what_was_asked_when_the_pipe_is_closed_and_ends(start: Starts) -> None:
    host = start()
    numbers = host.consult("one slow:0.2", "two bucket:b") + host.render("three")
    assert host.process.stdin
    host.process.stdin.close()
    host.wait(numbers)
    assert host.ended() == 0
    assert host.process.stderr and host.process.stderr.read() == b""


def test_it_ends_when_nobody_listens(start: Starts) -> None:
    host = start()
    assert host.process.stdout
    host.process.stdout.close()
    host.consult("one")
    assert host.ended() == 1


def test_what_is_no_request_ends_it_after_what_was_asked(start: Starts) -> None:
    host = start()
    number = host.consult("one")
    host.send("nonsense")
    host.wait(number)
    assert host.ended() == 0
    assert "ValidationError" in host.words()


def test_what_is_printed_becomes_no_answer(host: EngineProcess) -> None:
    host.consulted(host.consult("one print"))
    host.consulted(host.consult("two"))
    assert host.process.stderr
    assert b"printed to stdout" in os.read(host.process.stderr.fileno(), 2**16)


# Signs of life


def test_long_work_gives_signs_of_life_at_most_once_a_second(start: Starts) -> None:
    host = start(models=scripted_engine.models(image="slow:1.2"))
    host.consulted(host.consult("one slow:1.2"))
    told = [(at, beat) for at, beat in host.beats if beat.doing == "being slow"]
    assert 2 <= len(told) <= 3
    loading = next(beat for _, beat in host.beats if "loading" in beat.doing)
    assert loading.doing == "loading slow:1.2@1"
    assert loading.patience_s >= 600


def test_a_longer_silence_is_announced_at_once(start: Starts) -> None:
    host = start()
    host.wait(host.consult("one"))
    host.wait(host.consult("two"))
    announced = [(beat.doing, beat.patience_s) for _, beat in host.beats]
    assert announced == [
        ("loading image@1", 900.0),
        ("preparing pictures", 300.0),
        ("asking about 1 assets", 600.0),
    ]


def test_hundreds_of_requests_at_once_are_all_answered(start: Starts) -> None:
    host = start()
    numbers = host.consult(*(f"{n} bucket:{n % 7}" for n in range(150)))
    numbers += host.render(*(f"text {n}" for n in range(150)))
    assert len(host.wait(numbers)) == 300
    texts = [host.consulted([n])[0].replies[0].text.split()[0] for n in numbers[:150]]
    assert texts == [str(n) for n in range(150)]


def test_a_request_that_is_asked_again_after_a_death_is_answered(start: Starts) -> None:
    host = start()
    asked = host.about("crash once:a")
    host.ask(asked)
    assert host.ended() == -11
    another = start()
    another.send(Numbered(1, asked))
    another.consulted([1])
