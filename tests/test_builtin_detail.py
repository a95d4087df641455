"""What single pixels tell of a still: blurred or drawn, its hash, and the mood of its colours."""

import io
import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from daemon.engines.builtin import Builtin
from daemon.engines.builtin.detail import facts as detail
from daemon.media.frames import Frames, Picture
from metadata.asset import MediaKind
from metadata.description import FactValue
from tests.paintings import facts, house, noisy, plain, ramp, work

SEEDS = range(6)


def told(picture: Picture, **known: Any) -> dict[str, FactValue]:
    item = work(picture, **known)
    return {fact.name: fact.value for fact in detail(item.asset, item.frames)}


def jpeg(picture: Picture, quality: int) -> Picture:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def blurred(picture: Picture, sigma: float) -> Picture:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(sigma)))


@cache
def scene(seed: int) -> Picture:
    """Paint shaded things with hard edges before a shaded wall."""
    dice = np.random.default_rng(seed)
    top, bottom = dice.integers(60, 200, (2, 3)).tolist()
    picture = ramp(top, bottom, 768, 576).astype(np.float64)
    down, across = np.mgrid[:576, :768]
    for _ in range(14):
        x, y, wide, high = dice.uniform((0, 0, 40, 40), (768, 576, 150, 120))
        inside = ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1
        shade = 1 + 0.3 * (across[inside] - x) / wide
        picture[inside] = dice.uniform(10, 245, 3) * shade[:, None]
    return noisy(np.clip(picture, 0, 255).astype(np.uint8), 0.8)


def chart(seed: int) -> Picture:
    """Draw boxes, discs and words in plain colours."""
    dice = np.random.default_rng(seed)
    ground = [(255, 255, 255), (240, 240, 236), (32, 34, 40)][seed % 3]
    picture = Image.new("RGB", (768, 576), ground)
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, wide, high = dice.uniform((0, 0, 20, 20), (700, 500, 200, 120)).tolist()
        colour = tuple(dice.integers(0, 255, 3).tolist())
        shape = pen.ellipse if dice.random() < 0.5 else pen.rectangle
        shape((x, y, x + wide, y + high), fill=colour)
        pen.text((y, x), "first quarter", fill=colour)
    return np.asarray(picture)


def moved(picture: Picture, pixels: int) -> Picture:
    steps = [np.roll(picture, step, axis=1).astype(np.float64) for step in range(pixels)]
    return np.asarray(np.mean(steps, axis=0), np.uint8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sharp_picture_is_not_called_blurred(seed: int) -> None:
    for picture in (scene(seed), noisy(scene(seed), 4), noisy(scene(seed), 15)):
        assert told(picture).get("blurry") is not True
    assert told(scene(seed))["blurry"] is False


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sigma", [2.5, 4])
def test_a_picture_out_of_focus_is_blurred(seed: int, sigma: float) -> None:
    soft = blurred(scene(seed), sigma)
    assert told(soft)["blurry"] is True
    assert told(jpeg(noisy(soft, 0.5), 85))["blurry"] is True


@pytest.mark.parametrize("seed", SEEDS)
def test_strong_blur_is_seen_through_grain(seed: int) -> None:
    assert told(noisy(blurred(scene(seed), 6), 1.5)).get("blurry") is not False
    assert told(noisy(blurred(scene(seed), 5), 1))["blurry"] is True


def test_clouds_are_soft_and_not_blurred() -> None:
    dice = np.random.default_rng(3)
    coarse = Image.fromarray(dice.integers(120, 255, (5, 7), np.uint8))
    clouds = np.asarray(coarse.resize((1000, 700), Image.Resampling.BICUBIC).convert("RGB"))
    assert told(noisy(clouds, 1)).get("blurry") is not True


@pytest.mark.parametrize("seed", SEEDS)
def test_a_moved_camera_is_not_sharp(seed: int) -> None:
    assert told(moved(scene(seed), 15)).get("blurry") is not False


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sharp_subject_before_a_soft_ground_is_not_blurred(seed: int) -> None:
    picture = blurred(scene(seed), 6).copy()
    picture[180:400, 250:500] = scene(seed + 50)[180:400, 250:500]
    assert told(jpeg(picture, 90)).get("blurry") is not True


@pytest.mark.parametrize("seed", SEEDS)
def test_grain_over_blur_is_not_judged_sharp(seed: int) -> None:
    for sigma in (4, 8, 20):
        assert told(noisy(blurred(scene(seed), 4), sigma)).get("blurry") is not False


@pytest.mark.parametrize(
    "picture",
    [
        plain((0, 0, 0), 1, 1),
        plain((0, 0, 0)),
        plain((255, 255, 255)),
        ramp((0, 0, 0), (255, 255, 255), 600, 600),
        noisy(plain((128, 128, 128), 600, 400), 20),
        noisy(ramp((90, 90, 120), (130, 140, 170), 600, 400), 3),
        blurred(scene(1), 3)[:20],
        blurred(scene(1), 3)[:, :40],
    ],
)
def test_without_edges_or_room_focus_is_not_judged(picture: Picture) -> None:
    assert "blurry" not in told(picture)


def test_films_drawings_and_cut_outs_have_no_focus() -> None:
    soft = blurred(scene(1), 4)
    assert told(soft, kind=MediaKind.VIDEO, duration_s=2.0) == {}
    assert "blurry" not in told(chart(1))
    item = work(seen=Frames((soft,), transparent=0.4))
    assert "blurry" not in {fact.name for fact in detail(item.asset, item.frames)}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drawing_is_told(seed: int) -> None:
    assert told(chart(seed))["graphic"] is True
    half = Image.fromarray(chart(seed)).reduce(2)
    assert told(np.asarray(half))["graphic"] is True


def test_a_drawing_is_mostly_told_after_jpeg() -> None:
    assert sum("graphic" in told(jpeg(chart(seed), 60)) for seed in range(12)) >= 6


def overexposed(picture: Picture) -> Picture:
    return np.clip(picture * 3.0, 0, 255).astype(np.uint8)


def dimmed(picture: Picture) -> Picture:
    return (overexposed(picture) * np.array((0.9, 0.87, 0.8))).astype(np.uint8)


def night(picture: Picture) -> Picture:
    return np.clip(picture * 0.7 - 90.0, 0, 255).astype(np.uint8)


def framed(picture: Picture) -> Picture:
    return np.asarray(ImageOps.expand(Image.fromarray(picture), (200, 260), (90, 120, 60)))


def before_grey(picture: Picture) -> Picture:
    ground = plain((200, 190, 180), 768, 576)
    ground[150:420, 200:560] = picture[150:420, 200:560]
    return ground


@pytest.mark.parametrize("made", [overexposed, dimmed, night, framed, before_grey])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_camera_saw_is_no_drawing(made: Any, seed: int) -> None:
    for picture in (made(scene(seed)), jpeg(made(scene(seed)), 75)):
        assert "graphic" not in told(picture)


def test_a_smooth_sky_is_no_drawing() -> None:
    sky = Image.fromarray(noisy(ramp((90, 140, 210), (190, 215, 240), 2000, 1500), 1.5))
    small = np.asarray(sky.resize((800, 600), Image.Resampling.BOX))
    for picture in (small, jpeg(small, 50), blurred(scene(2), 20)):
        assert "graphic" not in told(picture)


def test_a_photo_is_never_claimed() -> None:
    assert all(told(scene(seed)).get("graphic", True) is True for seed in SEEDS)


def apart(one: FactValue, other: FactValue) -> int:
    return (int(str(one), 16) ^ int(str(other), 16)).bit_count()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_hash_stays_when_a_picture_is_saved_again(seed: int) -> None:
    picture = scene(seed)
    lighter = np.clip(picture * 1.2, 0, 255).astype(np.uint8)
    half = np.asarray(Image.fromarray(picture).reduce(2))
    first = told(picture)["phash"]
    assert len(str(first)) == 16
    for other in (jpeg(picture, 40), half, lighter, jpeg(half, 40), noisy(picture, 10)):
        assert apart(first, told(other)["phash"]) <= 10


def test_the_hash_tells_pictures_apart() -> None:
    hashes = [told(scene(seed))["phash"] for seed in range(24)]
    pairs = [apart(a, b) for number, a in enumerate(hashes) for b in hashes[:number]]
    assert min(pairs) > 10


def test_a_plain_picture_has_no_hash() -> None:
    for picture in (plain((9, 9, 9)), noisy(plain((90, 90, 90)), 12), ramp((0,) * 3, (60,) * 3)):
        assert "phash" not in told(picture)


@pytest.mark.parametrize(
    ("picture", "mood"),
    [
        (ramp((20, 26, 44), (66, 50, 36)), "dark-muted"),
        (ramp((10, 10, 120), (70, 0, 110)), "dark-vivid"),
        (ramp((250, 240, 215), (200, 222, 238)), "bright-muted"),
        (ramp((255, 250, 60), (170, 255, 90)), "bright-vivid"),
        (house(), None),
        (plain((0, 0, 0)), None),
        (plain((255, 255, 255)), None),
    ],
)
def test_the_mood_of_colours_is_light_and_strength(picture: Picture, mood: str | None) -> None:
    (seen,) = Builtin().look([work(picture)])
    assert facts(seen).get("colour_mood") == mood
    assert {f.basis for f in seen.look.facts if f.name == "colour_mood"} <= {"rule"}


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (1, 1024), (1024, 1), (15, 15), (16, 16), (17, 1024), (65, 64)]
)
def test_no_shape_and_no_colour_is_too_odd(width: int, height: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for picture in (
            plain((0, 0, 0), width, height),
            plain((255, 255, 255), width, height),
            plain((200, 10, 30), width, height),
            noisy(plain((128, 128, 128), width, height), 90),
        ):
            assert told(picture).keys() <= {"phash"}
