"""Speech is heard where there is some, denied where there is none, and else left open."""

import numpy as np
import pytest

from daemon.engines.builtin.voice import Voice
from daemon.media.decode import open_frames
from daemon.media.frames import SAMPLE_RATE, Heard, Wanted
from daemon.media.identify import identify
from tests import sounding

LIMIT = 100_000_000
DICE = np.random.default_rng(4)
SECONDS = np.arange(6 * SAMPLE_RATE) / SAMPLE_RATE
VOICE = Voice()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    path = sounding.film(tmp_path_factory.mktemp("a") / "a.mkv", sounding.spoken(), 48_000, "aac")
    asset = identify(path, LIMIT, lambda path: None)
    heard = open_frames(asset, Wanted(count=1, shots=False), LIMIT, lambda path: None).heard
    assert heard is not None and heard.whole
    return heard.passages[0]


def facts(*passages: np.ndarray, whole: bool = True) -> dict[str, object]:
    heard = Heard(tuple(np.asarray(one, np.float32) for one in passages), whole)
    return {fact.name: fact.value for fact in VOICE.facts(heard)}


def chord(*pitches: float) -> np.ndarray:
    tones = [np.sin(2 * np.pi * f * k * SECONDS) / k for f in pitches for k in range(1, 6)]
    return 0.1 * np.sum(tones, axis=0)


def drums() -> np.ndarray:
    beat = SECONDS % 0.25
    return 0.3 * DICE.normal(0, 1, len(SECONDS)) * np.exp(-beat * 40)


def test_a_synthesizer_speaks(spoken: np.ndarray) -> None:
    found = facts(spoken)
    assert found["speech"] is True and float(str(found["speech_share"])) > 0.7


@pytest.mark.parametrize("decibels", [-12, -26])
def test_speech_is_heard_however_low(spoken: np.ndarray, decibels: int) -> None:
    assert facts(spoken * 10 ** (decibels / 20))["speech"] is True


def test_speech_is_heard_over_noise_and_chords(spoken: np.ndarray) -> None:
    behind = chord(220, 277, 330)[: len(spoken)] * 0.3
    assert facts(np.resize(behind, len(spoken)) + spoken)["speech"] is True
    assert facts(DICE.normal(0, 0.03, len(spoken)) + spoken)["speech"] is True


@pytest.mark.parametrize(
    "sound",
    [
        0.3 * np.sin(2 * np.pi * 440 * SECONDS),
        DICE.normal(0, 0.1, len(SECONDS)),
        chord(220, 277, 330),
        drums(),
        np.zeros(len(SECONDS)),
        0.3 * np.sin(2 * np.pi * (100 * SECONDS + 150 * SECONDS**2)),
    ],
    ids=["tone", "noise", "chord", "drums", "silence", "sweep"],
)
def test_what_is_no_speech_is_not_taken_for_it(sound: np.ndarray) -> None:
    found = facts(sound)
    assert found.get("speech") is not True
    assert float(str(found["speech_share"])) < 0.05


@pytest.mark.parametrize("sound", [np.zeros(len(SECONDS)), 0.3 * np.sin(2764.6 * SECONDS)])
def test_no_speech_is_said_of_a_film_that_was_heard_whole(sound: np.ndarray) -> None:
    assert facts(sound)["speech"] is False
    assert "speech" not in facts(sound, sound, whole=False)


def test_a_word_now_and_then_is_left_open(spoken: np.ndarray) -> None:
    found = facts(np.concatenate([np.zeros(20 * SAMPLE_RATE), spoken[: 3 * SAMPLE_RATE]]))
    assert "speech" not in found and 0.05 < float(str(found["speech_share"])) < 0.3


def test_too_short_to_tell(spoken: np.ndarray) -> None:
    assert facts(spoken[: 2 * SAMPLE_RATE]) == {}
    assert list(VOICE.facts(None)) == []


def test_passages_do_not_hang_on_each_other(spoken: np.ndarray) -> None:
    quiet = DICE.normal(0, 0.02, 4 * SAMPLE_RATE)
    alone = facts(quiet)["speech_share"]
    after = Voice()
    list(after.facts(Heard((np.asarray(spoken, np.float32),), True)))
    found = {f.name: f.value for f in after.facts(Heard((quiet.astype(np.float32),), True))}
    assert found["speech_share"] == alone


def test_odd_lengths_do_no_harm(spoken: np.ndarray) -> None:
    parts = [spoken[: 3 * SAMPLE_RATE + 1], spoken[:511], spoken[:1], spoken[:0]]
    assert facts(*parts)["speech"] is True
