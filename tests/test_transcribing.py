"""Speech through a real engine process with a scripted model: times, batches, faults."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import scripted_engine
from engine_process import EngineProcess
from msgspec.structs import replace
from planted import asset_at

from daemon.engines.hosted import Line, Written
from daemon.framing import pack
from daemon.host.hearing import transcribed
from daemon.media.frames import SAMPLE_RATE
from daemon.media.stretches import hand_over, pcm
from daemon.wire import Answer, Sound, Stretch, Transcribe, Transcribed
from daemon.workers.answers import take_answer
from metadata.description import Spoken

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


def heard(host: EngineProcess) -> list[list[str]]:
    return [event["asked"] for event in host.events("hear")]


# When


def test_three_chunks_of_thirty_seconds_are_told_in_seconds_of_the_film(
    host: EngineProcess,
) -> None:
    """Each chunk begins and ends with tones of its own, and there are pauses between them."""
    starts_s, loud = (1.25, 40.0, 70.0), (0.1, 0.2, 0.3)
    chunks = []
    for volume in loud:
        chunk = np.zeros(30 * SAMPLE_RATE, np.float32)
        chunk[:SAMPLE_RATE], chunk[-SAMPLE_RATE:] = volume, volume + 0.05
        chunks.append(pcm(chunk))
    sound = hand_over(list(zip(starts_s, chunks, strict=True)), host.scratch)
    (answer,) = host.transcribed(host.ask(replace(host.spoken("de"), sound=sound)))
    assert answer.lines == tuple(
        line
        for start_s, volume in zip(starts_s, loud, strict=True)
        for line in (
            Spoken(start_s, start_s + 1, "de", f"first {volume:.3f}"),
            Spoken(start_s + 29, start_s + 30, "de", f"last {volume + 0.05:.3f}"),
        )
    )
    assert answer.language == "de"
    assert [event["stretches"] for event in host.events("hear")] == [3]


def test_lines_stay_in_their_stretch_in_order_and_never_overlap() -> None:
    stretches = (Stretch(100.0, 2 * SAMPLE_RATE), Stretch(101.5, 2 * SAMPLE_RATE))
    said = (Line(1.0, 9.0, "two"), Line(0.2, 1.4, "one"), Line(1.9, 2.4, "three"))
    other = (
        Line(0.0, 1.5, "four \u202f\n\x00five"),
        Line(0.1, 0.3, "within"),
        Line(1.6, 1.8, " \t"),
        Line(1.6, 1.6, "never"),
        Line(float("nan"), 1.0, "?"),
    )
    told = transcribed(asked(stretches), Written((said, other), None), {})
    assert told.lines == (
        Spoken(100.2, 101.4, None, "one"),
        Spoken(101.4, 102.0, None, "two"),
        Spoken(102.0, 103.0, None, "four five"),
    )


def asked(stretches: tuple[Stretch, ...]) -> Transcribe:
    return Transcribe(asset_at(Path("/hot/a.mp4")), Sound(Path("/nowhere"), stretches))


@pytest.mark.parametrize(
    ("start_s", "end_s", "believed"),
    [(100.0, 103.5, True), (99.0, 101.0, False), (103.0, 104.0, False), (102.0, 101.0, False)],
)
def test_the_daemon_believes_no_line_outside_of_the_sound(
    start_s: float, end_s: float, believed: bool
) -> None:
    request = asked((Stretch(101.5, 2 * SAMPLE_RATE), Stretch(100.0, SAMPLE_RATE)))
    told = Transcribed((Spoken(start_s, end_s, None, "yes"),), None, {})
    answer = Answer(None, msgspec.Raw(pack(told)))
    if believed:
        assert take_answer(request, answer) == told
    else:
        with pytest.raises(ValueError, match="another file"):
            take_answer(request, answer)


# Together


def test_sounds_of_several_films_are_heard_together_and_each_gets_its_own_lines(
    host: EngineProcess,
) -> None:
    one, two, three = host.transcribed(host.transcribe("de", "fr", "it", starts_s=(5.0, 60.0)))
    assert heard(host) == [["de", "fr", "it"]]
    assert [each.language for each in (one, two, three)] == ["de", "fr", "it"]
    loud = [{float(line.text.split()[1]) for line in each.lines} for each in (one, two, three)]
    assert [len(each) for each in loud] == [1, 1, 1] and len(set.union(*loud)) == 3
    assert [line.start_s for line in one.lines] == [5.0, 6.0, 60.0, 61.0]
    assert one.seconds["transcribe"] == pytest.approx(two.seconds["transcribe"])


def test_long_films_fill_a_batch_sooner(host: EngineProcess) -> None:
    starts_s = tuple(3.0 * number for number in range(30))
    answers = host.transcribed(host.transcribe("a", "b", "c", starts_s=starts_s, length_s=0.5))
    assert [len(each.lines) for each in answers] == [30, 30, 30]
    assert heard(host) == [["a", "b"], ["c"]]


def test_nothing_to_hear_is_answered_at_once(start: Starts) -> None:
    host = start(models=scripted_engine.models(speech="missing"))
    empty = replace(host.spoken("de"), sound=Sound(Path("/nowhere"), ()))
    assert host.transcribed(host.ask(empty)) == [Transcribed((), "de", {})]
    assert not host.events()


def test_pictures_texts_and_speech_are_all_answered(host: EngineProcess) -> None:
    numbers = host.consult(*(f"{n} most:2 bucket:mixed slow:0.05" for n in range(6)))
    speech = host.transcribe("slow:0.05", "de")
    texts = host.render("a house")
    host.consulted(numbers)
    assert [bool(each.lines) for each in host.transcribed(speech)] == [True, True]
    assert host.rendered(texts)


def test_models_that_have_no_room_beside_each_other_take_turns(start: Starts) -> None:
    host = start(device="small", models=scripted_engine.models(image="image slow:0.4"))
    for _ in range(2):
        numbers, speech = host.consult("one", "two"), host.transcribe("de")
        assert host.consulted(numbers) and host.transcribed(speech)
    loaded = [event["model"].split()[0] for event in host.events("load")]
    assert loaded in (["image", "whisper"] * 2, ["image", "whisper", "image"])


# Faults


def test_too_little_memory_halves_the_batch_and_is_remembered(start: Starts) -> None:
    host = start()
    three = (0.0, 10.0, 20.0)
    assert len(host.transcribed(host.transcribe(*["oom:6"] * 4, starts_s=three))) == 4
    assert [event["stretches"] for event in host.events("hear")] == [12, 6, 6]
    host.forget()
    host.transcribed(host.transcribe(*["oom:6"] * 4, starts_s=three))
    assert [event["stretches"] for event in host.events("hear")] == [6, 6]


def test_a_sound_without_room_alone_is_to_blame_where_others_work(start: Starts) -> None:
    host = start()
    assert host.transcribed(host.transcribe("de"))
    (failure,) = host.failures(host.transcribe("oom"))
    assert failure.reason == "OUT_OF_MEMORY"
    assert host.events("make_room"), "it was tried with all the memory there is"
    assert host.transcribed(host.transcribe("de"))


@pytest.mark.parametrize("bad", ["raise", "value", "engine"])
def test_only_the_guilty_one_of_a_batch_fails(bad: str, start: Starts) -> None:
    host = start()
    first, failing, last = host.transcribe("de", bad, "fr")
    assert [each.language for each in host.transcribed([first, last])] == ["de", "fr"]
    (failure,) = host.failures([failing])
    assert failure.reason == (None if bad == "engine" else "CRASHED")


@pytest.mark.parametrize("change", ["gone", "short", "long"])
def test_a_sound_that_is_not_there_any_more_is_nobodys_fault(
    change: str, host: EngineProcess
) -> None:
    good, bad = host.spoken("de"), host.spoken("fr")
    if change == "gone":
        bad.sound.path.unlink()
    elif change == "short":
        bad.sound.path.write_bytes(b"\x00" * 7)
    else:
        bad = replace(bad, sound=replace(bad.sound, stretches=(Stretch(0.0, 31 * SAMPLE_RATE),)))
    one, other = host.ask(good, bad)
    assert host.transcribed([one])[0].language == "de"
    (failure,) = host.failures([other])
    assert failure.reason is None and not failure.lasting
    assert "does not hold the speech of /hot/" in failure.detail
    assert "it is listened to again" in failure.detail
    assert good.sound.path.exists(), "whoever asks removes it"


def test_without_a_model_that_hears_it_is_said_so(start: Starts) -> None:
    host = start(models=scripted_engine.models(speech=""))
    (failure,) = host.failures(host.transcribe("de"))
    assert failure.lasting and "no model to hear with" in failure.detail


def test_a_model_that_cannot_be_loaded_blames_no_film(start: Starts) -> None:
    host = start(models=scripted_engine.models(speech="missing"))
    for failure in host.failures(host.transcribe("de", "fr")):
        assert failure.reason is None and failure.lasting and "pull the model" in failure.detail
    assert host.consulted(host.consult("one"))


def test_long_listening_gives_signs_of_life(start: Starts) -> None:
    host = start()
    host.transcribed(host.transcribe("de"))
    host.forget()
    host.transcribed(host.transcribe("slow:1.3"))
    told = {beat.doing: beat.patience_s for _, beat in host.beats}
    assert told["listening to 1 stretches of speech"] >= 600
    assert "being slow" in told


def test_a_lost_device_ends_the_process(start: Starts) -> None:
    host = start()
    host.transcribe("cuda")
    assert host.ended() == 74
