"""Sound tracks of every kind are heard, long ones in passages, and none brings a film down."""

from pathlib import Path

import av
import numpy as np
import pytest

from daemon.engines.builtin import loudness
from daemon.media import sound as sound_room
from daemon.media.channels import Mixer
from daemon.media.decode import open_frames
from daemon.media.frames import SAMPLE_RATE, Frames, Heard, Wanted
from daemon.media.identify import identify
from daemon.media.opened import opened
from daemon.media.sound import listen
from daemon.media.video import opened_film
from tests import drawn, sounding

LIMIT = 100_000_000


def frames(path: Path) -> Frames:
    asset = identify(path, LIMIT, lambda path: None)
    return open_frames(asset, Wanted(count=1, shots=False), LIMIT, lambda path: None)


def heard(path: Path) -> Heard:
    found = frames(path).heard
    assert found is not None
    return found


def facts(*passages: object, whole: bool = True) -> dict[str, object]:
    found = Heard(tuple(np.asarray(one, np.float32) for one in passages), whole)
    return {fact.name: fact.value for fact in loudness.facts(found)}


def tone(seconds: float, level: float = 0.25, rate: int = SAMPLE_RATE) -> "np.ndarray":
    return (level * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype("f4")


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm", "avi", "ts", "mpg", "wmv", "flv"])
def test_every_container_is_heard_from_end_to_end(tmp_path: Path, suffix: str) -> None:
    found = heard(drawn.clip(tmp_path / f"a.{suffix}", seconds=3, sound=True))
    assert found.whole and found.seconds == pytest.approx(3, abs=0.2)
    assert loudness.loudness(found.passages) == pytest.approx(-15.3, abs=1)
    (only,) = found.passages
    assert only.dtype == np.float32


def test_a_silent_film_has_nothing_to_hear(tmp_path: Path) -> None:
    seen = frames(drawn.clip(tmp_path / "a.mp4", seconds=1))
    assert seen.sound is False and seen.heard is None


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (48_000, 2), (44_100, 6), (48_000, 8)])
def test_any_rate_and_number_of_channels(tmp_path: Path, rate: int, channels: int) -> None:
    wave = np.tile(tone(2, rate=rate), (channels, 1))
    found = heard(sounding.film(tmp_path / "a.mov", wave, rate))
    assert found.seconds == pytest.approx(2, abs=0.05)
    assert loudness.loudness(found.passages) == pytest.approx(-15, abs=0.5)


@pytest.mark.parametrize("voices", [(1, -1), (0, 1), (1, 0)])
def test_channels_that_cancel_out_are_not_silence(tmp_path: Path, voices: tuple[int, int]) -> None:
    wave = np.stack([tone(2, rate=48_000) * voice for voice in voices])
    found = heard(sounding.film(tmp_path / "a.mov", wave, 48_000))
    assert loudness.loudness(found.passages) == pytest.approx(-15, abs=0.5)


def test_one_sample_is_no_sound_to_speak_of(tmp_path: Path) -> None:
    seen = frames(sounding.film(tmp_path / "a.mov", tone(1)[None, :1], 48_000))
    assert seen.sound is True
    assert not list(loudness.facts(seen.heard))


@pytest.mark.parametrize("seconds", [1.0, 9.0])
def test_sound_may_be_shorter_or_longer_than_the_film(tmp_path: Path, seconds: float) -> None:
    wave = tone(seconds, rate=48_000)[None]
    found = heard(sounding.film(tmp_path / "a.mkv", wave, 48_000, film_s=4))
    assert found.seconds == pytest.approx(seconds, abs=0.1)


def test_broken_packets_are_left_out(tmp_path: Path) -> None:
    path = sounding.film(tmp_path / "a.mov", tone(4, rate=48_000)[None], 48_000, codec="ac3")
    sounding.spoil(path, every=20)
    found = heard(path)
    assert 2 < found.seconds < 4


def test_a_track_of_noise_was_not_heard(tmp_path: Path) -> None:
    path = sounding.film(tmp_path / "a.mov", tone(4, rate=48_000)[None], 48_000, codec="ac3")
    sounding.spoil(path, every=1)
    seen = frames(path)
    assert seen.sound is True and seen.heard is None and len(seen.pictures) == 1


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_of_a_long_film_passages_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(sound_room, "WHOLE_S", 10.0)
    monkeypatch.setattr(sound_room, "PASSAGE_S", 1.0)
    wave = tone(36, rate=48_000)[None]
    wave[:, : 18 * 48_000] = 0
    found = heard(sounding.film(tmp_path / f"a.{suffix}", wave, 48_000, codec="aac"))
    assert not found.whole and len(found.passages) == 12
    assert [bool(abs(one).max() > 0.2) for one in found.passages] == [False] * 6 + [True] * 6
    assert found.seconds == pytest.approx(12, abs=0.5)


def test_a_long_film_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_room, "WHOLE_S", 1.0)
    monkeypatch.setattr(sound_room, "PASSAGE_S", 0.1)
    path = sounding.film(
        tmp_path / "a.mp4", tone(20, rate=48_000)[None], 48_000, "aac", size=(240, 136)
    )
    asset = identify(path, LIMIT, lambda path: None)
    with opened(path) as file, opened_film(file, "mp4", LIMIT) as film:
        read = sounding.bytes_read(lambda: listen(film, asset.duration_s))
    assert read < 0.3 * path.stat().st_size


def test_a_rate_that_no_sound_has_does_not_swell() -> None:
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 44_100), np.float32), "flt", "mono")
    frame.sample_rate = 1
    with pytest.raises(ValueError, match="samples a second"):
        Mixer().add(frame)


def test_rate_and_channels_may_change_on_the_way() -> None:
    mixer = Mixer()
    for rate, layout, count in ((48_000, "mono", 1), (8_000, "stereo", 2), (16_000, "5.1", 6)):
        packed = np.full((1, rate * count), 0.5, np.float32)
        frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
        frame.sample_rate = rate
        mixer.add(frame)
    mixed = mixer.mixed()
    assert len(mixed) == pytest.approx(3 * SAMPLE_RATE, abs=200)
    assert np.median(mixed) == pytest.approx(0.5, abs=0.01)


def test_samples_that_are_no_numbers_do_no_harm() -> None:
    samples = np.full((1, 48_000), 0.5, np.float32)
    samples[0, 100:200] = np.nan
    samples[0, 300:400] = np.inf
    frame = av.AudioFrame.from_ndarray(samples, "flt", "mono")
    frame.sample_rate = 48_000
    mixer = Mixer()
    mixer.add(frame)
    mixed = mixer.mixed()
    assert np.isfinite(mixed).all() and abs(mixed).max() <= 1


def test_how_loud_it_is() -> None:
    found = facts(tone(2, 1.0))
    assert found == {"loudness_dbfs": -3.0, "silence_share": 0.0, "silent": False}


def test_silence_is_called_silent() -> None:
    assert facts(np.zeros(32_000)) == {"loudness_dbfs": -120.0, "silence_share": 1, "silent": True}


def test_a_click_in_silence_is_heard() -> None:
    quiet = np.zeros(32_000)
    quiet[5_000] = 0.1
    assert facts(quiet)["silent"] is False


def test_of_passages_silence_is_not_claimed() -> None:
    found = facts(np.zeros(32_000), np.zeros(32_000), whole=False)
    assert found["silence_share"] == 1 and "silent" not in found


def test_half_a_second_is_too_short_to_say_anything() -> None:
    assert facts(tone(0.5)) == {}
    assert not list(loudness.facts(None))


def test_the_share_of_silence() -> None:
    assert facts(np.concatenate([np.zeros(16_000), tone(3)]))["silence_share"] == 0.25
