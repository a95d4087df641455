"""What is known of a file from its headers, and the reasons why some files are not known."""

import os
import subprocess
from pathlib import Path

import pytest

from daemon.media.identify import identify
from daemon.media.told import camera_name, exif_date, film_date, place
from metadata.asset import Asset, AssetError, MediaKind
from metadata.reasons import Reason, State
from tests import drawn

LIMIT = 100_000_000


def no_preview(path: Path) -> bytes | None:
    return None


def preview(path: Path) -> bytes | None:
    called = subprocess.run(
        ["exiftool", "-b", "-PreviewImage", path], capture_output=True, check=True
    )
    return called.stdout or None


def known(path: Path, max_pixels: int = LIMIT) -> Asset:
    return identify(path, max_pixels, no_preview)


def refusal(path: Path, max_pixels: int = LIMIT) -> AssetError:
    with pytest.raises(AssetError) as caught:
        known(path, max_pixels)
    return caught.value


def test_a_photo_tells_date_camera_and_place(tmp_path: Path) -> None:
    path = drawn.jpeg(
        tmp_path / "a.jpg",
        taken="2024-07-03T18:20:11+02:00",
        gps=(48.85837, -2.29448),
        camera=("Canon", "Canon EOS R5"),
    )
    asset = known(path)
    assert (asset.kind, asset.format, asset.width, asset.height) == (
        MediaKind.IMAGE, "jpeg", 640, 480,
    )  # fmt: skip
    assert asset.taken_at == "2024-07-03T18:20:11+02:00"
    assert asset.camera == "Canon EOS R5"
    assert (asset.latitude, asset.longitude) == pytest.approx((48.85837, -2.29448), abs=1e-5)
    assert asset.stat.size == path.stat().st_size
    assert asset.duration_s is None


@pytest.mark.parametrize("turn", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(tmp_path: Path, turn: int) -> None:
    expected = (480, 640) if turn >= 5 else (640, 480)
    for draw in (drawn.jpeg, drawn.tiff, drawn.avif):
        asset = known(draw(tmp_path / "a", size=(640, 480), orientation=turn))
        assert (asset.width, asset.height) == expected, asset.format


def test_heic_is_turned_by_its_own_property(tmp_path: Path) -> None:
    asset = known(drawn.heic(tmp_path / "a.heic", size=(320, 240), quarter_turns=1))
    assert (asset.width, asset.height) == (240, 320)


@pytest.mark.parametrize("draw", [drawn.png, drawn.webp, drawn.tiff, drawn.avif, drawn.heic])
def test_the_date_is_found_in_every_format_with_exif(tmp_path: Path, draw) -> None:  # type: ignore[no-untyped-def]
    assert known(draw(tmp_path / "a", taken="2024-07-03T18:20:11")).taken_at == (
        "2024-07-03T18:20:11"
    )


@pytest.mark.parametrize(
    ("written", "offset", "taken"),
    [
        ("2024:07:03 18:20:11", None, "2024-07-03T18:20:11"),
        ("2024:07:03 18:20:11\0", "+05:30", "2024-07-03T18:20:11+05:30"),
        ("2024-07-03 18:20:11", "Z?", "2024-07-03T18:20:11"),
        ("2024:07:03 18:20:11", "+99:00", "2024-07-03T18:20:11"),
        ("0000:00:00 00:00:00", None, None),
        ("2023:02:29 10:00:00", None, None),
        ("2023:13:01 10:00:00", None, None),
        ("    :  :     :  :  ", None, None),
        ("", None, None),
        (7, None, None),
    ],
)
def test_impossible_dates_are_no_dates(written: object, offset: object, taken: str | None) -> None:
    assert exif_date(written, offset) == taken


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("2024-07-03T16:20:11.000000Z", "2024-07-03T16:20:11+00:00"),
        ("2024-07-03T18:20:11+0200", "2024-07-03T18:20:11+02:00"),
        ("1904-01-01T00:00:00.000000Z", None),
        ("1970-01-01T00:00:00.000000Z", None),
        ("2024", None),
        (None, None),
    ],
)
def test_dates_of_films(written: str | None, taken: str | None) -> None:
    assert film_date(written) == taken


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
        ("EASTMAN KODAK COMPANY", "KODAK DX4900", "KODAK DX4900"),
        ("FUJIFILM", "X-T3", "FUJIFILM X-T3"),
        ("Apple", None, "Apple"),
        (None, "iPhone 15", "iPhone 15"),
        ("samsung\0junk", " SM-G991B ", "samsung SM-G991B"),
        ("", "", None),
        (None, None, None),
    ],
)
def test_the_maker_is_not_said_twice(make: object, model: object, camera: str | None) -> None:
    assert camera_name(make, model) == camera


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [(48.5, 2.25, True), (0.0, 0.0, False), (0.0, 9.0, True), (91.0, 2.0, False),
     (10.0, 181.0, False), (None, 3.0, False)],
)  # fmt: skip
def test_places_that_cannot_be_are_dropped(
    latitude: float | None, longitude: float | None, kept: bool
) -> None:
    assert place(latitude, longitude) == ((latitude, longitude) if kept else (None, None))


@pytest.mark.parametrize(("draw", "count"), [(drawn.gif, 30), (drawn.webp, 4)])
def test_frames_of_an_animation_are_counted(tmp_path: Path, draw, count: int) -> None:  # type: ignore[no-untyped-def]
    assert known(draw(tmp_path / "a", frames=count)).frames == count


def test_pages_of_a_document_are_counted(tmp_path: Path) -> None:
    assert known(drawn.tiff(tmp_path / "a.tif", pages=3)).frames == 3


def test_a_film_tells_size_length_and_date(tmp_path: Path) -> None:
    path = drawn.clip(tmp_path / "a.mp4", seconds=2, taken="2024-07-03T16:20:11Z")
    asset = known(path)
    assert (asset.kind, asset.width, asset.height) == (MediaKind.VIDEO, 160, 90)
    assert asset.duration_s == pytest.approx(2, abs=0.1)
    assert asset.taken_at == "2024-07-03T16:20:11+00:00"


@pytest.mark.parametrize(("turned", "size"), [(90, (90, 160)), (180, (160, 90)), (270, (90, 160))])
def test_a_film_is_as_wide_as_it_is_shown(
    tmp_path: Path, turned: int, size: tuple[int, int]
) -> None:
    asset = known(drawn.clip(tmp_path / "a.mov", seconds=0.5, turned=turned))
    assert (asset.width, asset.height) == size


def test_raw_is_known_by_its_tags(tmp_path: Path) -> None:
    path = drawn.raw(tmp_path / "a.dng", orientation=6)
    asset = identify(path, LIMIT, preview)
    assert (asset.format, asset.width, asset.height) == ("dng", 240, 320)
    assert (asset.camera, asset.taken_at) == ("Canon EOS 5D", "2024-07-03T18:20:11")


def test_raw_without_a_preview_is_unsupported(tmp_path: Path) -> None:
    assert refusal(drawn.raw(tmp_path / "a.dng")).reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("share", [0.25, 0.5, 0.99])
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "tif", "heic", "avif"])
def test_W2_a_picture_cut_short_is_incomplete(tmp_path: Path, suffix: str, share: float) -> None:
    draw = getattr(drawn, {"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix))
    cut = drawn.truncated(draw(tmp_path / "whole"), tmp_path / f"cut.{suffix}", share)
    fault = refusal(cut)
    assert fault.reason is Reason.TRUNCATED
    assert fault.reason.state is State.INCOMPLETE


@pytest.mark.parametrize("share", [0.25, 0.5, 0.99])
@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm", "avi"])
def test_W2_a_film_cut_short_is_incomplete(tmp_path: Path, suffix: str, share: float) -> None:
    film = drawn.clip(tmp_path / f"whole.{suffix}", seconds=2)
    cut = drawn.truncated(film, tmp_path / f"cut.{suffix}", share)
    assert refusal(cut).reason is Reason.TRUNCATED


def test_W2_a_cut_file_is_whole_again_when_the_rest_has_come(tmp_path: Path) -> None:
    whole, path = drawn.jpeg(tmp_path / "whole.jpg").read_bytes(), tmp_path / "a.jpg"
    path.write_bytes(whole[:3000])
    assert refusal(path).reason is Reason.TRUNCATED
    with path.open("ab") as stream:
        stream.write(whole[3000:])
    assert known(path).content == known(tmp_path / "whole.jpg").content


def test_W2_a_film_whose_index_was_never_written_is_incomplete(tmp_path: Path) -> None:
    content = drawn.clip(tmp_path / "a.mp4", seconds=1).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: content.index(b"moov") - 4])
    assert refusal(cut).reason is Reason.TRUNCATED


def test_H6_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    fault = refusal(drawn.png_header(tmp_path / "a.png", (60_000, 60_000)))
    assert fault.reason is Reason.TOO_LARGE
    assert "3600000000" in fault.detail


def test_H6_the_pixel_limit_is_the_configured_one(tmp_path: Path) -> None:
    for draw in (drawn.jpeg, drawn.heic, drawn.gif):
        path = draw(tmp_path / "a", size=(64, 48))
        assert known(path, 64 * 48).width == 64
        assert refusal(path, 64 * 48 - 1).reason is Reason.TOO_LARGE
    film = drawn.clip(tmp_path / "a.mp4", seconds=0.5)
    assert refusal(film, 160 * 90 - 1).reason is Reason.TOO_LARGE


def test_a_film_without_pictures_is_refused(tmp_path: Path) -> None:
    film = drawn.sound_only(tmp_path / "a.mp4")
    assert refusal(film).reason is Reason.NO_FRAMES


def test_a_name_that_is_no_text_is_no_fault(tmp_path: Path) -> None:
    strange = b"-a\n'\"\xff\xe2\x80\xae.mp4"
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + strange))
    drawn.clip(tmp_path / "a.mp4", seconds=0.5).rename(path)
    assert known(path).format == "mp4"


def test_damage_is_told_from_a_cut(tmp_path: Path) -> None:
    path = drawn.png(tmp_path / "a.png")
    content = bytearray(path.read_bytes())
    content[20] ^= 0xFF
    path.write_bytes(content)
    assert refusal(path).reason is Reason.DAMAGED


def test_H5_whatever_random_damage_raises_is_one_error(tmp_path: Path) -> None:
    import random

    dice = random.Random(5)
    draws = (drawn.jpeg, drawn.png, drawn.webp, drawn.gif, drawn.tiff, drawn.avif, drawn.heic,
             drawn.psd, drawn.bmp)  # fmt: skip
    for draw in draws:
        whole = draw(tmp_path / "whole", size=(64, 48)).read_bytes()
        for number in range(25):
            content = bytearray(whole)
            for _ in range(dice.randint(1, 12)):
                content[dice.randrange(4, len(content))] = dice.randrange(256)
            path = tmp_path / f"{number}"
            path.write_bytes(content)
            try:
                known(path)
            except AssetError as fault:
                assert fault.reason.message
