"""The clips of the bench: the same every time, true as they say, and enough of each kind."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from bench.labelled import films, music, plots, reel, speech, titles, tracks
from bench.labelled.clips import clips
from bench.labelled.dice import dice
from bench.labelled.example import Example, Shown
from bench.labelled.films import CONTAINERS, Line, Subtitles
from bench.labelled.languages import UNDECIDABLE, texts
from bench.labelled.sounds import INSTRUMENTS, NOISES, RATE, at_level

ENOUGH = 60


@pytest.fixture(scope="module")
def dealt() -> list[Example]:
    return list(clips())


def level(wave: np.ndarray) -> float:
    return float(20 * np.log10(max(1e-9, np.sqrt(np.mean(wave**2)))))


def one(dealt: list[Example], kind: str) -> Example:
    return next(clip for clip in dealt if clip.kind.split()[0] == kind)


def test_there_are_enough_for_and_against_each_claim(dealt: list[Example]) -> None:
    for claim in (
        "motion:still", "motion:some", "motion:much", "silent:true", "speech:false",
        *(("speech:true",) if speech.available() else ()),
    ):  # fmt: skip
        truths = Counter(clip.truths.get(claim) for clip in dealt)
        assert truths[True] >= ENOUGH and truths[False] >= ENOUGH, claim


def test_there_are_enough_cuts_subtitles_and_texts(dealt: list[Example]) -> None:
    cuts = [clip.truths["cuts"] for clip in dealt]
    assert sum(map(len, cuts)) >= 2 * ENOUGH and cuts.count(()) >= ENOUGH
    named = [clip.truths["subtitles"] for clip in dealt]
    assert named.count(None) >= ENOUGH and len(named) - named.count(None) >= ENOUGH
    shown = [line for clip in dealt for line in clip.truths.get("text", ())]
    assert len(shown) >= ENOUGH


def test_names_are_used_once_and_truths_do_not_contradict(dealt: list[Example]) -> None:
    assert len({clip.name for clip in dealt}) == len(dealt)
    for clip in dealt:
        for name in ("speech", "silent"):
            assert clip.truths.get(f"{name}:true") is not clip.truths.get(f"{name}:false") or (
                f"{name}:true" not in clip.truths
            )
        assert not (clip.truths.get("speech:true") and clip.truths.get("silent:true"))
        if "shots" in clip.truths:
            assert clip.truths["shots"] == len(clip.truths["cuts"]) + 1


def test_the_deal_is_the_same_every_time(dealt: list[Example]) -> None:
    for before, again in zip(dealt, clips(), strict=True):
        assert (before.name, before.kind, before.truths) == (again.name, again.kind, again.truths)


def test_what_is_seen_says_nothing_about_what_is_heard(dealt: list[Example]) -> None:
    still = [clip for clip in dealt if clip.truths.get("motion:still")]
    silent = sum(clip.truths.get("silent:true") is True for clip in still)
    assert 0.1 < silent / len(still) < 0.4


def test_a_clip_is_the_same_twice(dealt: list[Example], tmp_path: Path) -> None:
    clip = one(dealt, "slides")
    (tmp_path / "again").mkdir()
    path = clip.make(tmp_path)
    assert path.parent == tmp_path and path.stem == clip.name
    pictures = decoded(path)
    for first, second in zip(pictures, decoded(clip.make(tmp_path / "again")), strict=True):
        assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", ["calm-cuts", "wild-cuts"])
def test_a_clip_cuts_where_it_says(kind: str, dealt: list[Example], tmp_path: Path) -> None:
    clip = one(dealt, kind)
    pictures = decoded(clip.make(tmp_path))
    changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    for cut in clip.truths["cuts"]:
        assert changes[round(cut * clip.fps) - 1] > 1.5 * np.median(changes)


@pytest.mark.parametrize("kind", ["flash", "strobe", "lamp", "fade", "cloud", "whip", "near"])
def test_one_shot_is_one_shot(kind: str, dealt: list[Example]) -> None:
    truths = one(dealt, kind).truths
    assert (truths["cuts"], truths["shots"]) == ((), 1.0)
    assert not any(claim.startswith("motion") for claim in truths)


def test_how_many_shots_melt_into_each_other_is_not_said(dealt: list[Example]) -> None:
    truths = one(dealt, "melt").truths
    assert truths["cuts"] == () and "shots" not in truths


@pytest.mark.parametrize(("kind", "least", "most"), [("still", 0, 0.01), ("much", 4, 255)])
def test_motion_is_what_it_is_called(kind: str, least: float, most: float) -> None:
    for number in range(2):
        film = plots.plain(kind, 0, 0)(dice(f"{kind} {number}")).reel
        calm = reel.Reel(film.shots, film.size, film.fps)
        pictures = [one.astype(float) for one in calm.pictures(dice("no grain"))]
        changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
        assert least <= np.median(changes) <= most


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_holds_what_is_put_in(container: str, tmp_path: Path) -> None:
    into = CONTAINERS[container]
    wanted = (Subtitles("fra", (Line(0.2, 0.9, "Bonjour à tous"),)),) if into.subtitles else ()
    path = films.write(
        tmp_path / f"a{into.suffix}",
        into,
        [np.full((90, 160, 3), 9 * number, np.uint8) for number in range(24)],
        12,
        at_level(NOISES["pink"](dice("a"), 2.0), -20),
        wanted,
    )
    with av.open(str(path)) as inside:
        assert len(list(inside.decode(video=0))) == 24
        inside.seek(0)
        heard = np.concatenate(
            [loud.to_ndarray().ravel().astype(float) for loud in inside.decode(audio=0)]
        )
        assert abs(heard).max() > 0
        assert [track.language for track in inside.streams.subtitles] == ["fra"] * len(wanted)


def test_subtitles_can_be_read_back(tmp_path: Path) -> None:
    lines = (Line(0.2, 0.9, "One line"), Line(1.1, 1.9, "and another, with a comma"))
    for name in ("mp4", "mkv", "mkv-ass", "webm"):
        into = CONTAINERS[name]
        black = [np.zeros((90, 160, 3), np.uint8)] * 24
        path = tmp_path / f"{name}{into.suffix}"
        films.write(path, into, black, 12, None, (Subtitles("eng", lines),))
        with av.open(str(path)) as inside:
            packets = [packet for packet in inside.demux(subtitles=0) if packet.size > 2]
            at = [float(packet.pts * packet.time_base) for packet in packets]
            said = [bytes(packet).decode("utf-8", "replace") for packet in packets]
        assert at == pytest.approx([0.2, 1.1], abs=0.01)
        assert all(text.endswith(line.text) for text, line in zip(said, lines, strict=True))


def test_titles_fit_and_stand_in_their_shot() -> None:
    for number in range(6):
        plot = titles.titled(dice(f"title {number}"))
        for shown in plot.truths["text"]:
            assert isinstance(shown, Shown)
            assert (shown.from_s, shown.to_s) in plot.reel.spans_s
        for shot in plot.reel.shots:
            for label, left, top in shot.stuck:
                assert 0 <= left <= plot.reel.size[0] - label.shape[1]
                assert 0 <= top <= plot.reel.size[1] - label.shape[0]


@pytest.mark.parametrize("kind", [*INSTRUMENTS, "drums", "band"])
def test_music_sounds_and_is_as_long_as_it_should_be(kind: str) -> None:
    heard = music.piece(dice(kind), 2.0, kind)
    assert len(heard) == 2 * RATE and np.isfinite(heard).all() and level(heard) > -60


def test_levels_are_as_dealt() -> None:
    for group, low, high in ((tracks.UNSPOKEN, -45.0, -8.0), (tracks.SILENT, -300.0, -60.0)):
        for name, (_, track) in group.items():
            assert low <= level(track(dice(name), 2.0)) <= high, name


def test_sentences_are_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if speech.available():
        said = speech.talk(dice("someone"), 3.0)
        assert len(said) == 3 * RATE and level(said) > -40
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not speech.available()
    with pytest.raises(RuntimeError, match=r"did not read .*scripts/setup --dev"):
        speech.talk(dice("nobody"), 1.0)


def test_without_the_synthesizer_nobody_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not any(clip.truths.get("speech:true") for clip in clips())


def test_the_texts_are_many_and_stand_there_once() -> None:
    counts = Counter(language for language, _ in texts())
    assert all(
        counts[language] >= 40 for language in ("en", "es", "fr", "de", "it", "pt", "ja", "zh")
    )
    assert counts[UNDECIDABLE] >= 100
    assert len({text for _, text in texts()}) == len(texts())
    assert all(text == text.strip() and text for _, text in texts())


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as inside:
        return [
            frame.to_ndarray(format="rgb24").astype(np.int16) for frame in inside.decode(video=0)
        ]
