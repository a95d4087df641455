"""Pictures of films: evenly spread, upright, from every container, with little decoding."""

from pathlib import Path

import av
import numpy as np
import pytest

from daemon.media import moments as moments_room
from daemon.media.decode import open_frames
from daemon.media.frames import Frames, Wanted
from daemon.media.identify import identify
from daemon.media.moments import moments
from daemon.media.opened import opened
from daemon.media.told import told_by_film
from daemon.media.video import opened_film
from metadata.asset import Asset, AssetError
from metadata.reasons import Reason
from tests import drawn, sounding

LIMIT = 100_000_000


def known(path: Path) -> Asset:
    return identify(path, LIMIT, lambda path: None)


def frames(path: Path, count: int = 8, side: int = 1024, shots: bool = False) -> Frames:
    return open_frames(known(path), Wanted(count, side, shots), LIMIT, lambda path: None)


@pytest.mark.parametrize(
    "suffix",
    ["mp4", "mov", "mkv", "webm", "avi", "ts", "mts", "mpg", "wmv", "flv", "3gp", "mxf", "ogv"],
)
def test_every_container_gives_pictures_over_its_whole_length(tmp_path: Path, suffix: str) -> None:
    kind = {"3gp": {"size": (176, 144)}, "mxf": {"size": (720, 576), "fps": 25}}.get(suffix, {})
    path = drawn.clip(tmp_path / f"a.{suffix}", seconds=4, sound=suffix != "mxf", **kind)
    seen = frames(path)
    assert 6 <= len(seen.pictures) <= 8
    assert len(seen.times_s) == len(seen.pictures)
    assert list(seen.times_s) == sorted(set(seen.times_s))
    assert seen.times_s[0] < 1 and 3 < seen.times_s[-1] < 4
    assert seen.fps == pytest.approx(kind.get("fps", 12), abs=0.1)
    assert seen.sound is (suffix != "mxf")


def test_the_right_pictures_are_taken(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=8, cuts=range(1, 8), keyframes_s=20)
    seen = frames(path)
    assert len(seen.pictures) == 8
    for at, picture in zip(seen.times_s, seen.pictures, strict=True):
        expected = drawn.SHOT_COLOURS[int(at)]
        assert abs(picture[-1, -1].astype(int) - expected).max() < 12, at


def test_pictures_are_scaled(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=1, size=(160, 90))
    assert frames(path, side=80).pictures[0].shape == (45, 80, 3)
    assert frames(path, side=1024).pictures[0].shape == (90, 160, 3)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_pictures_are_upright(tmp_path: Path, turned: int) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=0.5, turned=turned)
    picture = frames(path, count=1).pictures[0]
    assert picture.shape == ((90, 160, 3) if turned == 180 else (160, 90, 3))
    bar = {90: (4, 53), 180: (53, 155), 270: (155, 36)}[turned]
    assert picture[bar].sum() < picture[80 if turned != 180 else 5, 5].sum()


def decoded_in(film_path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count the pictures that had to be decoded for *count*."""
    asset, decoded = known(film_path), []
    plain = moments_room.decoded

    def counting(packet):  # type: ignore[no-untyped-def]
        decoded.append(packet)
        return plain(packet)

    monkeypatch.setattr(moments_room, "decoded", counting)
    with opened(film_path) as file, opened_film(file, asset.format, LIMIT) as film:
        assert len(moments(film, asset.duration_s, count)) == count
    return len(decoded)


def test_one_picture_is_decoded_for_each_where_keyframes_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=20, keyframes_s=1, size=(64, 48))
    assert decoded_in(path, 8, monkeypatch) == 8


def test_no_picture_is_decoded_much_more_than_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=10, keyframes_s=60, size=(64, 48))
    assert decoded_in(path, 8, monkeypatch) <= 120 + 10


def streamed(path: Path, source: Path) -> Path:
    """Copy a film into a Matroska without length, frame count or index, as live streams are."""
    with (
        av.open(str(source)) as old,
        av.open(str(path), "w", format="matroska", options={"live": "1"}) as new,
    ):
        track = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is not None:
                packet.stream = track
                new.mux(packet)
    return path


def test_a_container_without_length_or_index_works(tmp_path: Path) -> None:
    source = drawn.clip(tmp_path / "a.mp4", seconds=6, keyframes_s=1)
    path = streamed(tmp_path / "live.mkv", source)
    assert known(path).duration_s == pytest.approx(6, abs=0.2)
    assert len(frames(path).pictures) == 8


def test_an_elementary_stream_without_any_clock_works(tmp_path: Path) -> None:
    with av.open(str(drawn.clip(tmp_path / "a.mpg", seconds=2))) as film:
        packets = [bytes(packet) for packet in film.demux(film.streams.video[0]) if packet.size]
    path = tmp_path / "stream.m2v"
    path.write_bytes(b"".join(packets))
    assert known(path).format == "mpeg"
    assert frames(path).pictures


def test_H5_a_broken_packet_costs_no_more_than_itself(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.avi", seconds=4, keyframes_s=0.5)
    content = bytearray(path.read_bytes())
    at = len(content) // 3
    content[at : at + 200] = bytes(200)
    path.write_bytes(content)
    assert len(frames(path).pictures) >= 5


def test_a_film_of_noise_has_no_pictures(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=1)
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    content[start : content.index(b"moov") - 4] = bytes(content.index(b"moov") - 4 - start)
    path.write_bytes(content)
    with pytest.raises(AssetError) as caught:
        known(path)
    assert caught.value.reason is Reason.NO_FRAMES


def test_a_cover_is_no_film(tmp_path: Path) -> None:
    path = drawn.sound_only(tmp_path / "a.mp4")
    with pytest.raises(AssetError) as caught:
        known(path)
    assert caught.value.reason is Reason.NO_FRAMES
    assert "video track" in caught.value.detail


def test_H7_a_playlist_that_passes_for_a_film_opens_no_other_file(tmp_path: Path) -> None:
    drawn.clip(tmp_path / "secret.mp4", seconds=1)
    for number, text in enumerate(
        ("ffconcat version 1.0\nfile secret.mp4\n", "#EXTM3U\n#EXTINF:1,\nsecret.mp4\n")
    ):
        path = tmp_path / f"{number}.mp4"
        path.write_text(text)
        with opened(path) as file, pytest.raises(AssetError), opened_film(file, "mp4", LIMIT):
            pass


def test_phones_tell_place_and_model() -> None:
    told = told_by_film(
        {
            "com.apple.quicktime.location.ISO6709": "+48.8584+002.2945+035.000/",
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.model": "iPhone 15",
            "com.apple.quicktime.creationdate": "2024-07-03T18:20:11+0200",
            "creation_time": "2024-07-03T16:20:11.000000Z",
        }
    )
    assert (told.latitude, told.longitude) == (48.8584, 2.2945)
    assert told.camera == "Apple iPhone 15"
    assert told.taken_at == "2024-07-03T18:20:11+02:00"


def sheet_of(seen: Frames, number: int) -> list[int]:
    return seen.sheets[number][-1, -1].astype(int).tolist()


@pytest.mark.parametrize("keyframes_s", [0.5, 20])
def test_every_shot_has_its_sheet(tmp_path: Path, keyframes_s: float) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=6, cuts=(1, 1.5, 4), keyframes_s=keyframes_s)
    seen = frames(path, count=2, shots=True)
    assert len(seen.sheets) == len(seen.sheet_times_s) == 4
    for number, (start, end) in enumerate(((0, 1), (1, 1.5), (1.5, 4), (4, 6))):
        assert start < seen.sheet_times_s[number] < end
        colour = np.array(sheet_of(seen, number)) - drawn.SHOT_COLOURS[number]
        assert abs(colour).max() < 12


def test_of_many_shots_the_longest_have_sheets(tmp_path: Path) -> None:
    cuts = [0.5 * number for number in range(1, 10)]
    seen = frames(drawn.clip(tmp_path / "a.mp4", seconds=8, cuts=cuts), shots=True)
    assert seen.shots is not None and seen.shots.count == 10
    assert len(seen.sheets) == 8
    assert list(seen.sheet_times_s) == sorted(seen.sheet_times_s)
    assert seen.sheet_times_s[-1] > 4.5


def test_without_shots_each_moment_is_a_sheet(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=4, turned=90)
    seen = frames(path, count=3, side=64)
    assert seen.sheet_times_s == seen.times_s
    assert [sheet.shape for sheet in seen.sheets] == [(160, 90, 3)] * 3
    assert {picture.shape for picture in seen.pictures} == {(64, 36, 3)}


def test_a_film_is_opened_with_little_reading(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=1)
    with path.open("ab") as file:
        file.write(b"\0\x80\0\0free" + bytes(0x800000 - 8))

    def opening() -> None:
        with opened(path) as file, opened_film(file, "mp4", LIMIT):
            pass

    assert sounding.bytes_read(opening) < 2**20
