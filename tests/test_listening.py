"""Speech is found where the synthesizer put it, in stretches that a model takes.

The timeline is the synthesizer's own: dialogue.py counts its samples and measures what is audible.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from bench.labelled.dialogue import Dialogue, Turn, dialogue
from daemon.engines import EngineError
from daemon.engines.builtin import listening, spoken
from daemon.engines.builtin.voice import Follower
from daemon.media import passages
from daemon.media.frames import SAMPLE_RATE, Block
from daemon.media.identify import identify
from daemon.media.opened import opened
from daemon.media.passages import SoundTrack
from daemon.media.stretches import hand_over, read_sound
from daemon.media.video import opened_film
from daemon.wire import SOUND, Listen, Listened, Observe, Setup, Sound, Stretch
from daemon.worker.bench import Bench
from daemon.worker.handlers.sound import listened
from daemon.workers import Workers
from daemon.workers.patience import is_short, patience
from metadata.asset import AssetError
from metadata.description import Stamp
from tests import drawn, sounding

LIMIT = 100_000_000
NEAR_S = 0.3
TURNS = (
    Turn("The big room was not free.", "en"),
    Turn("La casa de mi abuelo.", "es+f2", 140),
)
PAUSES_S = (0.8, 0.7, 0.6)
DICE = np.random.default_rng(7)
Talks = Callable[[int], Dialogue]
Ask = Callable[..., Listened]


@pytest.fixture(scope="module")
def talks() -> Talks:
    made: dict[int, Dialogue] = {}

    def talk(rate: int) -> Dialogue:
        if rate not in made:
            made[rate] = dialogue(TURNS, PAUSES_S, rate)
        return made[rate]

    return talk


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with Bench(Setup(tmp_path_factory.mktemp("scratch"), (), "exiftool")) as bench:

        def listen(path: Path, from_s: float = 0.0) -> Listened:
            asset = identify(path, LIMIT, lambda path: None)
            return listened(Listen(asset, from_s), bench)

        yield listen


def film(path: Path, wave: np.ndarray, rate: int, codec: str, late_s: float = 0.0) -> Path:
    lasts_s = max(1.0, wave.shape[-1] / rate + late_s)
    wave = np.atleast_2d(wave).astype(np.float32)
    return sounding.film(path, wave, rate, codec, film_s=lasts_s, late_s=late_s)


def check(heard: Listened, talk: Dialogue, late_s: float = 0.0) -> None:
    """Compare with the timeline, and the samples handed over with the stretches."""
    assert heard.until_s is None and heard.sound
    assert len(heard.spoken) == len(talk.spoken)
    for found, true in zip(heard.spoken, talk.spoken, strict=True):
        assert found == pytest.approx([each + late_s for each in true], abs=NEAR_S)
    spans = [(s.start_s, s.start_s + s.samples / SAMPLE_RATE) for s in heard.sound.stretches]
    assert all(any(a <= x and y <= b for a, b in spans) for x, y in heard.spoken)
    assert [len(one) for one in read_sound(heard.sound)] == [
        stretch.samples for stretch in heard.sound.stretches
    ]
    heard.sound.path.unlink()


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "late_s"),
    [
        ("mp4", "aac", 8_000, 0.0),
        ("mkv", "libmp3lame", 22_050, 0.0),
        ("mov", "aac", 44_100, 1.5),
        ("mp4", "libmp3lame", 48_000, 1.5),
        ("mkv", "libopus", 48_000, 1.5),
        ("ts", "aac", 48_000, 1.5),
    ],
)
def test_speech_is_found_where_it_is(
    tmp_path: Path, talks: Talks, ask: Ask, suffix: str, codec: str, rate: int, late_s: float
) -> None:
    talk = talks(rate)
    check(ask(film(tmp_path / f"a.{suffix}", talk.wave, rate, codec, late_s)), talk, late_s)


def test_speech_is_found_in_noise(tmp_path: Path, talks: Talks, ask: Ask) -> None:
    talk = talks(22_050)
    noisy = talk.wave + DICE.normal(0, 0.012, len(talk.wave))
    check(ask(film(tmp_path / "a.mkv", noisy, 22_050, "aac")), talk)


def test_dialogue_in_the_middle_of_loud_music_is_heard(
    tmp_path: Path, talks: Talks, ask: Ask
) -> None:
    talk = talks(48_000)
    music = 0.5 * np.sin(2 * np.pi * 330 * np.arange(len(talk.wave)) / 48_000)
    still = np.zeros(len(talk.wave))
    wave = np.stack([music, -music, talk.wave, still, music, music])
    check(ask(film(tmp_path / "a.mov", wave, 48_000, "pcm_s16le")), talk)


def test_what_is_handed_over_is_what_was_said(tmp_path: Path, talks: Talks, ask: Ask) -> None:
    talk = talks(48_000)
    heard = ask(film(tmp_path / "a.mov", talk.wave, 48_000, "pcm_s16le"))
    assert heard.sound and heard.sound.path.name.startswith(SOUND)
    assert heard.sound.path.stat().st_mode & 0o777 == 0o600
    (first,) = read_sound(heard.sound)
    start = round(heard.sound.stretches[0].start_s * 48_000)
    true = talk.wave[start::3][: len(first)]
    assert np.corrcoef(first, true)[0, 1] > 0.97
    assert abs(first).max() == pytest.approx(abs(true).max(), rel=0.05)
    assert first.dtype == np.float32
    heard.sound.path.unlink()


def chord(seconds: float) -> np.ndarray:
    at = np.arange(int(seconds * 48_000)) / 48_000
    return 0.2 * sum(np.sin(2 * np.pi * f * k * at) / k for f in (220, 277) for k in (1, 2, 3))


@pytest.mark.parametrize(
    "wave",
    [np.zeros(6 * 48_000), chord(6), DICE.normal(0, 0.1, 6 * 48_000), chord(1)[:1]],
    ids=["silence", "music", "noise", "one-sample"],
)
def test_where_nobody_speaks_there_is_nothing_to_hear(
    tmp_path: Path, ask: Ask, wave: np.ndarray
) -> None:
    heard = ask(film(tmp_path / "a.mov", wave, 48_000, "pcm_s16le"))
    assert replace_seconds(heard) == Listened(None, None, (), {})
    assert heard.seconds["listen"] > 0


def replace_seconds(heard: Listened) -> Listened:
    return Listened(heard.sound, heard.until_s, heard.spoken, {})


def test_a_film_without_sound(tmp_path: Path, ask: Ask) -> None:
    heard = ask(drawn.clip(tmp_path / "a.mp4", seconds=1))
    assert replace_seconds(heard) == Listened(None, None, (), {})


def test_a_track_that_cannot_be_decoded(tmp_path: Path, talks: Talks, ask: Ask) -> None:
    path = film(tmp_path / "a.mov", talks(48_000).wave, 48_000, "ac3")
    sounding.spoil(path, every=1)
    assert replace_seconds(ask(path)) == Listened(None, None, (), {})


def test_broken_packets_cost_what_is_in_them_and_move_nothing(
    tmp_path: Path, talks: Talks, ask: Ask
) -> None:
    talk = talks(48_000)
    path = film(tmp_path / "a.mov", talk.wave, 48_000, "ac3")
    sounding.spoil(path, every=40)
    heard = ask(path)
    assert heard.sound and heard.spoken[0][0] == pytest.approx(talk.spoken[0][0], abs=NEAR_S)
    assert heard.spoken[-1][1] == pytest.approx(talk.spoken[-1][1], abs=NEAR_S)
    heard.sound.path.unlink()


def test_a_file_that_is_gone_is_the_files_fault(tmp_path: Path, talks: Talks, ask: Ask) -> None:
    path = film(tmp_path / "a.mov", talks(8_000).wave, 8_000, "pcm_s16le")
    asset = identify(path, LIMIT, lambda path: None)
    path.unlink()
    with Bench(Setup(tmp_path, (), "exiftool")) as bench, pytest.raises(AssetError):
        listened(Listen(asset), bench)


def gapped(path: Path, talk: Dialogue, gap_s: float) -> Path:
    """Draw a film whose sound track has a gap after the first turn."""
    middle = round((talk.spoken[0][1] + talk.spoken[1][0]) / 2 * talk.rate)
    with av.open(str(path), "w") as out:
        pictures = drawn._video_stream(out, "libx264", 4, (64, 48), 4)
        track = out.add_stream("pcm_s16le", rate=talk.rate, layout="mono")
        for number in range(round((len(talk.wave) / talk.rate + gap_s) * 4)):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")
            frame.pts = number
            out.mux(pictures.encode(frame))
        out.mux(pictures.encode())
        for piece in sounding._pieces(talk.wave[None], talk.rate, 0):
            piece.pts += round(gap_s * talk.rate) if piece.pts > middle else 0
            out.mux(track.encode(piece))
    return path


@pytest.mark.parametrize("gap_s", [0.3, 20.0])
def test_a_gap_in_the_track_moves_what_comes_after(
    tmp_path: Path, talks: Talks, ask: Ask, gap_s: float
) -> None:
    talk = talks(22_050)
    first, *rest = talk.spoken
    moved = replace(talk, spoken=(first, *((a + gap_s, b + gap_s) for a, b in rest)))
    check(ask(gapped(tmp_path / "a.mkv", talk, gap_s)), moved)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_long_film_is_heard_in_passages(
    tmp_path: Path, talks: Talks, ask: Ask, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FILM_S", 4.0)
    monkeypatch.setattr(passages, "BLOCK_S", 1.0)
    talk = talks(48_000)
    path = film(tmp_path / f"a.{suffix}", talk.wave, 48_000, "aac", 1.5)
    true = [(a + 1.5, b + 1.5) for a, b in talk.spoken]
    spans, starts, from_s = [], [], 0.0
    while True:
        heard = ask(path, from_s)
        spans += heard.spoken
        if heard.sound:
            starts += [s.start_s for s in heard.sound.stretches]
            assert from_s - 1e-3 <= starts[-1] <= from_s + 9
            heard.sound.path.unlink()
        if heard.until_s is None:
            break
        assert heard.until_s > from_s
        from_s = heard.until_s
    assert len(spans) == len(true) and starts == sorted(starts)
    for found, wanted in zip(spans, true, strict=True):
        assert found == pytest.approx(wanted, abs=NEAR_S)


@pytest.mark.parametrize(
    ("codec", "at_s", "every_s"),
    [("aac", 70.0, 2), ("wavpack", 70.0, 2), ("flac", 600.0, 60)],
)
def test_few_pictures_and_long_packets_move_and_hide_nothing(
    tmp_path: Path, talks: Talks, ask: Ask, codec: str, at_s: float, every_s: int
) -> None:
    talk, path = talks(8_000), tmp_path / "a.mkv"
    sounding.podcast(path, {at_s: talk.wave}, 8_000, at_s + 30, codec, every_s)
    for from_s in (0.0, at_s - 1, at_s + talk.spoken[0][0] - 0.2):
        check(ask(path, from_s), talk, at_s)


def test_much_speech_ends_a_passage_too(
    tmp_path: Path, talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = talks(8_000)
    wave = np.repeat(talk.wave, 2).astype(np.float32)
    blocks = [Block(at / 16_000, wave[at : at + 8_000]) for at in range(0, len(wave), 8_000)]
    monkeypatch.setattr(listening, "SPEECH_S", 2.5)
    heard = listening.listened(blocks, Follower(), 0.0)
    assert heard.until_s is not None and heard.until_s < blocks[-1].start_s
    assert sum(b - a for a, b in heard.spoken) < 4


def test_no_more_than_a_passage_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "FILM_S", 2.0)
    monkeypatch.setattr(passages, "BLOCK_S", 0.5)
    taken = []

    def blocks() -> Iterator[Block]:
        for number in range(100):
            taken.append(number)
            yield Block(number * 0.5, np.zeros(8_000, np.float32))

    assert listening.listened(blocks(), Follower(), 0.0) == listening.Passage((), (), 2.0)
    assert len(taken) == 4


@pytest.mark.parametrize(
    ("told", "heard_at"),
    [
        ([0.0, 1.0, 2.0], [0, 1, 2]),
        ([0.0, 1.04, 1.96], [0, 1, 2]),  # hasty stamps
        ([5.0, 6.0, 9.5], [5, 6, 9.5]),
        ([None, None, None], [0, 1, 2]),
        ([0.0, 0.0, 0.0], [0, 1, 2]),
        ([0.0, 1.0, 1.2, 2.0], [0, 1, None, 2]),  # heard before
        ([20.0, 21.0, 0.0, 1.0, 30.0], [20, 21, 22, 23, 30]),  # set back
        ([0.0, 9e9, 9e9 + 1], [0, 1, 2]),  # beyond the film
        ([9e9, 9e9 + 1], [0, 1]),
        ([-1.0, 0.0], [-1, 0]),
    ],
)  # fmt: skip
def test_when_a_piece_sounds(told: list[float | None], heard_at: list[float | None]) -> None:
    clock = passages._Clock(0.0, 100.0)
    assert [clock.at(second, 1.0) for second in told] == heard_at


def chances(*parts: tuple[int, float]) -> list[float]:
    return [chance for count, chance in parts for _ in range(count)]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (((10, 0.1), (20, 0.9), (10, 0.1)), [(10, 30)]),
        (((10, 0.1), (20, 0.9), (5, 0.4), (20, 0.9)), [(10, 55)]),  # goes on
        (((20, 0.9), (9, 0.1), (20, 0.9)), [(0, 49)]),  # a breath
        (((20, 0.9), (12, 0.1), (20, 0.9)), [(0, 20), (32, 52)]),  # a pause
        (((10, 0.1), (5, 0.95), (20, 0.1)), []),  # too short
        (((10, 0.1), (30, 0.7), (20, 0.1)), []),  # never certain
        (((30, 0.4),), []),  # never begun
        ((), []),
    ],
)
def test_from_chances_to_speech(
    parts: tuple[tuple[int, float], ...], found: list[tuple[int, int]]
) -> None:
    assert list(spoken.spans(chances(*parts))) == [(a * 512, (b - 2) * 512) for a, b in found]


def seconds(*spans: tuple[float, float]) -> list[tuple[int, int]]:
    return [(round(a * SAMPLE_RATE), round(b * SAMPLE_RATE)) for a, b in spans]


def test_neighbours_go_together_as_long_as_they_fit() -> None:
    said = seconds((1, 10), (11, 20), (20.5, 29), (30, 40), (45, 46), (46.1, 47))
    found = spoken.stretches(said, np.zeros(48 * SAMPLE_RATE, np.int16))
    assert found == seconds((0.8, 29.2), (29.8, 40.2), (44.8, 47.2))


def test_a_long_speech_is_cut_at_the_quietest_place() -> None:
    loud = DICE.normal(0, 5000, 100 * SAMPLE_RATE).astype(np.int16)
    breaths = (27.3, 50.1, 72.4)
    for at in breaths:
        loud[round((at - 0.1) * SAMPLE_RATE) : round((at + 0.1) * SAMPLE_RATE)] //= 20
    found = spoken.stretches(seconds((1, 95)), loud)
    assert [a / SAMPLE_RATE for a, _ in found[1:]] == pytest.approx(breaths, abs=0.1)
    assert [b for _, b in found[:-1]] == [a for a, _ in found[1:]]
    assert found[0][0] == seconds((0.8, 1))[0][0] and found[-1][1] == seconds((0, 95.2))[0][1]


@pytest.mark.parametrize("lasts_s", [29.7, 30.0, 31.0, 200.0])
def test_no_stretch_is_longer_than_a_model_takes(lasts_s: float) -> None:
    loud = DICE.normal(0, 5000, round((lasts_s + 2) * SAMPLE_RATE)).astype(np.int16)
    found = spoken.stretches(seconds((1, 1 + lasts_s)), loud)
    assert all(0 < b - a <= 30 * SAMPLE_RATE for a, b in found)
    assert all(left[1] == right[0] for left, right in pairwise(found))


def test_stretches_end_with_the_sound() -> None:
    assert spoken.stretches(seconds((0, 2)), np.zeros(2 * SAMPLE_RATE, np.int16)) == [(0, 32_000)]
    assert spoken.stretches([], np.zeros(0, np.int16)) == []


def test_where_there_is_no_room_the_machine_is_at_fault(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="make room in state_dir"):
        hand_over([(0.0, np.zeros(9, np.int16))], tmp_path / "none")


@pytest.mark.parametrize("counts", [(5, 5), (0,), (-1,), (30 * SAMPLE_RATE + 1,), (10**15,)])
def test_a_file_of_sound_is_not_believed_blindly(tmp_path: Path, counts: tuple[int, ...]) -> None:
    path = tmp_path / "sound-1"
    path.write_bytes(np.zeros(9, np.int16).tobytes())
    with pytest.raises(ValueError, match="samples"):
        read_sound(Sound(path, tuple(Stretch(0.0, count) for count in counts)))


def test_a_worker_listens_inside_the_sandbox(tmp_path: Path, talks: Talks) -> None:
    talk = talks(8_000)
    for name in ("scratch", "hot"):
        (tmp_path / name).mkdir()
    path = film(tmp_path / "hot" / "a.mp4", talk.wave, 8_000, "aac")
    asset = identify(path, LIMIT, lambda path: None)
    with Workers(1, Setup(tmp_path / "scratch", (tmp_path / "hot",), "exiftool")) as workers:
        workers.submit(Listen(asset), "it")
        while not (finished := workers.poll(60)):
            pass
    heard = finished[0].answer
    assert isinstance(heard, Listened), heard
    assert heard.sound and heard.sound.path.parent == tmp_path / "scratch"
    check(heard, talk)


def test_patience_grows_with_the_passage_not_with_the_film(tmp_path: Path) -> None:
    asset = identify(drawn.clip(tmp_path / "a.mp4", seconds=1), LIMIT, lambda path: None)
    long = replace(asset, duration_s=5 * 3600.0)
    assert patience(Listen(long)) == patience(Listen(asset)) > listening.FILM_S / 2
    assert patience(Listen(long)) < patience(Observe(long, Stamp("", ""), LIMIT))
    assert not is_short(Listen(asset))


def test_a_sound_track_knows_what_it_could_not_read(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=1)
    with opened(path) as file, opened_film(file, "mp4", LIMIT) as inside:
        track = SoundTrack(inside, 1.0)
        assert list(track.blocks()) == [] and track.understood
