"""Pictures of every depth, palette and direction come out as upright RGB; half ones do not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daemon.media.decode import open_frames
from daemon.media.frames import Frames, Picture, Wanted
from daemon.media.identify import identify
from metadata.asset import AssetError
from metadata.reasons import Reason
from tests import drawn

LIMIT = 100_000_000
GREY = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (48, 1))


def frames(path: Path, side: int = 1024) -> Frames:
    return open_frames(identify(path, LIMIT, no_preview), Wanted(side=side), LIMIT, no_preview)


def picture(path: Path, side: int = 1024) -> Picture:
    (only,) = frames(path, side).pictures
    assert only.dtype == np.uint8 and only.ndim == 3 and only.shape[2] == 3
    return only


def no_preview(path: Path) -> bytes | None:
    return None


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("draw", [drawn.jpeg, drawn.tiff, drawn.avif])
def test_pictures_are_upright(tmp_path: Path, draw, turn: int) -> None:  # type: ignore[no-untyped-def]
    stored = {
        1: lambda p: p, 2: np.fliplr, 3: lambda p: np.rot90(p, 2), 4: np.flipud,
        5: lambda p: np.transpose(p, (1, 0, 2)), 6: lambda p: np.rot90(p, 1),
        7: lambda p: np.transpose(np.rot90(p, 2), (1, 0, 2)), 8: lambda p: np.rot90(p, -1),
    }[turn]  # fmt: skip
    upright = np.asarray(drawn.picture((64, 48)))
    path = draw(tmp_path / "a", size=(64, 48), orientation=turn)
    turned = Image.fromarray(np.ascontiguousarray(stored(upright)))
    exif = drawn.exif(orientation=turn)
    format = {drawn.jpeg: "JPEG", drawn.tiff: "TIFF", drawn.avif: "AVIF"}[draw]
    turned.save(path, format, exif=exif)
    got = picture(path)
    assert got.shape == upright.shape
    assert np.abs(got.astype(int) - upright).mean() < 6


def test_heic_is_upright(tmp_path: Path) -> None:
    got = picture(drawn.heic(tmp_path / "a.heic", size=(64, 48), quarter_turns=1))
    assert got.shape == (64, 48, 3)
    assert got[60, 4].sum() < got[4, 4].sum()  # the dark quarter is now at the bottom left


@pytest.mark.parametrize("draw", [drawn.png, drawn.webp, drawn.gif, drawn.bmp, drawn.psd,
                                  drawn.heic, drawn.avif, drawn.tiff])  # fmt: skip
def test_colours_are_right_in_every_format(tmp_path: Path, draw) -> None:  # type: ignore[no-untyped-def]
    got = picture(draw(tmp_path / "a", size=(64, 48), colour=(30, 160, 60)))
    assert got.shape == (48, 64, 3)
    assert np.abs(got[40, 60].astype(int) - (30, 160, 60)).max() <= 6
    assert np.abs(got[4, 4].astype(int) - (15, 80, 30)).max() <= 6


def test_large_pictures_come_out_small(tmp_path: Path) -> None:
    for draw in (drawn.jpeg, drawn.png):
        got = picture(draw(tmp_path / "a", size=(2000, 1000)), side=256)
        assert got.shape == (125, 250, 3)  # whole pixels are averaged: 2000 / 8
    assert picture(drawn.png(tmp_path / "b", size=(300, 100)), side=256).shape == (85, 256, 3)


def test_texts_are_read_on_a_larger_sheet_of_the_same_decode(tmp_path: Path) -> None:
    for draw in (drawn.jpeg, drawn.png):
        seen = frames(draw(tmp_path / "a", size=(4000, 3000)))
        (sheet,), (only,) = seen.sheets, seen.pictures
        assert sheet.shape == (1500, 2000, 3) and only.shape == (750, 1000, 3)
        assert np.abs(sheet.mean((0, 1)) - only.mean((0, 1))).max() < 1


def test_a_sheet_is_never_much_longer_than_asked(tmp_path: Path) -> None:
    for width in (1601, 2048, 2049, 2500, 3300, 4100, 5000):
        (sheet,) = frames(drawn.png(tmp_path / "a", size=(width, 20))).sheets
        assert 1440 <= sheet.shape[1] <= 2048, width


def test_the_sheet_is_upright_too(tmp_path: Path) -> None:
    (sheet,) = frames(drawn.jpeg(tmp_path / "a", size=(2000, 1000), orientation=6)).sheets
    assert sheet.shape == (2000, 1000, 3)
    assert sheet[125, 875].sum() < sheet[1875, 125].sum()  # the dark quarter is at the top right


def test_without_anything_to_read_there_is_no_sheet_and_all_else_is_the_same(
    tmp_path: Path,
) -> None:
    asset = identify(drawn.jpeg(tmp_path / "a.jpg", size=(3000, 2000)), LIMIT, no_preview)
    wanted = Wanted(side=1024, sheet_side=0, view_side=1024, view_count=1)
    seen = open_frames(asset, wanted, LIMIT, no_preview)
    assert seen.sheets == () and seen.views == seen.pictures
    assert seen.pictures[0].shape == (683, 1024, 3)
    (read,) = frames(tmp_path / "a.jpg").pictures
    assert np.abs(seen.pictures[0].mean((0, 1)) - read.mean((0, 1))).max() < 1


def test_a_small_picture_is_its_own_sheet(tmp_path: Path) -> None:
    seen = frames(drawn.png(tmp_path / "a", size=(640, 480)))
    assert seen.sheets[0] is seen.pictures[0]


def test_a_sliver_keeps_one_pixel(tmp_path: Path) -> None:
    assert picture(drawn.png(tmp_path / "a", size=(3000, 1)), side=256).shape == (1, 250, 3)


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    for draw in (drawn.png, drawn.jpeg, drawn.gif, drawn.bmp, drawn.tiff):
        assert picture(draw(tmp_path / "a", size=(1, 1))).shape == (1, 1, 3)


def test_inks_become_colours(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", drawn.picture((64, 48)).convert("CMYK"), format="JPEG")
    assert np.abs(picture(path)[40, 60].astype(int) - drawn.RED).max() <= 8


def test_sixteen_bits_of_grey_keep_their_light(tmp_path: Path) -> None:
    deep = Image.fromarray(GREY.astype(np.uint16) * 257)
    for suffix in ("png", "tif"):
        got = picture(saved(tmp_path / f"a.{suffix}", deep))
        assert np.abs(got[..., 0].astype(int) - GREY).max() <= 1


def test_floating_point_is_stretched(tmp_path: Path) -> None:
    got = picture(saved(tmp_path / "a.tif", Image.fromarray(GREY.astype(np.float32) * 1e6)))
    assert got.min() == 0 and got.max() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "PA"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    image = drawn.picture((64, 48), (255, 255, 255))
    image = image.convert("P").convert("PA") if mode == "PA" else image.convert(mode)
    suffix = "tif" if mode == "PA" else "png"
    assert picture(saved(tmp_path / f"a.{suffix}", image))[40, 60].tolist() == [255, 255, 255]


def test_lab_becomes_colours(tmp_path: Path) -> None:
    plain = Image.new("LAB", (8, 8), (136, 208, 195))
    got = picture(saved(tmp_path / "a.tif", plain))[4, 4].astype(int)
    assert got[0] > 150 > 100 > got[1] and got[2] < 100


def test_transparency_is_shown_on_white_and_measured(tmp_path: Path) -> None:
    seen = frames(drawn.png(tmp_path / "a.png", size=(64, 50), transparent=0.4))
    assert seen.transparent == pytest.approx(0.4)
    assert seen.pictures[0][45, 30].tolist() == [255, 255, 255]
    assert frames(drawn.png(tmp_path / "b.png")).transparent == 0


def test_a_palette_may_be_transparent(tmp_path: Path) -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 200, 30, 30])
    image.paste(0, (0, 0, 8, 4))
    seen = frames(saved(tmp_path / "a.gif", image, transparency=0))
    assert seen.transparent == pytest.approx(0.5)


def test_H6_of_3000_frames_only_the_first_is_decoded(tmp_path: Path) -> None:
    path = drawn.gif(tmp_path / "a.gif", size=(60, 60), frames=3000)
    assert identify(path, LIMIT, no_preview).frames == 3000
    assert len(frames(path).pictures) == 1


def test_the_limit_holds_when_decoding_too(tmp_path: Path) -> None:
    asset = identify(drawn.png(tmp_path / "a.png", size=(64, 48)), LIMIT, no_preview)
    with pytest.raises(AssetError) as caught:
        open_frames(asset, Wanted(), 64 * 48 - 1, no_preview)
    assert caught.value.reason is Reason.TOO_LARGE


def test_pillow_keeps_its_own_limit(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS
    picture(drawn.png(tmp_path / "a.png", size=(8, 8)))
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("draw", [drawn.jpeg, drawn.png, drawn.webp, drawn.gif, drawn.tiff,
                                  drawn.psd, drawn.bmp, drawn.heic, drawn.avif])  # fmt: skip
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_W2_a_picture_cut_after_it_was_identified_is_never_decoded(  # type: ignore[no-untyped-def]
    tmp_path: Path, draw, share: float
) -> None:
    path = draw(tmp_path / "a", size=(64, 48))
    asset = identify(path, LIMIT, no_preview)
    drawn.truncated(path, path, share)
    with pytest.raises(AssetError) as caught:
        open_frames(asset, Wanted(), LIMIT, no_preview)
    assert caught.value.reason in (Reason.TRUNCATED, Reason.DAMAGED)


@pytest.mark.parametrize("draw", [drawn.psd, drawn.bmp])
def test_W2_formats_without_an_end_mark_show_the_cut_when_decoded(tmp_path: Path, draw) -> None:  # type: ignore[no-untyped-def]
    path = drawn.truncated(draw(tmp_path / "a"), tmp_path / "b", 0.5)
    with pytest.raises(AssetError) as caught:
        frames(path)
    assert caught.value.reason is Reason.TRUNCATED


def test_raw_shows_its_preview_upright(tmp_path: Path) -> None:
    preview = drawn.jpeg(tmp_path / "p.jpg", size=(64, 48)).read_bytes()
    asset = identify(
        drawn.raw(tmp_path / "a.dng", size=(64, 48), orientation=6), LIMIT, lambda path: preview
    )
    seen = open_frames(asset, Wanted(), LIMIT, lambda path: preview)
    assert seen.pictures[0].shape == (64, 48, 3)


def test_a_vanished_file_says_so(tmp_path: Path) -> None:
    path = drawn.png(tmp_path / "a.png")
    asset = identify(path, LIMIT, no_preview)
    path.unlink()
    with pytest.raises(AssetError) as caught:
        open_frames(asset, Wanted(), LIMIT, no_preview)
    assert caught.value.reason is Reason.VANISHED
