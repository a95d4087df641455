"""What the builtin engine measures and reads: light, shape, see-through parts, season, video."""

import warnings
from typing import Any

import numpy as np
import pytest

from daemon.engines import Captions, Looks, Tags, Translates
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.when import Day, day_of, season
from daemon.media.frames import Frames, Picture, Shots
from metadata.asset import MediaKind
from metadata.description import Video
from tests.paintings import facts, greyed, house, noisy, paint, plain, ramp, work

VIDEO = MediaKind.VIDEO


@pytest.fixture(scope="module")
def engine() -> Builtin:
    return Builtin()


def test_it_has_every_ability_of_this_version(engine: Builtin) -> None:
    for ability in (Looks, Captions, Tags, Translates):
        assert isinstance(engine, ability)
    assert engine.name == "builtin"
    assert engine.model.startswith("builtin@")


@pytest.mark.parametrize(
    "picture",
    [
        plain((0, 0, 0), 1, 1),
        plain((255, 255, 255), 1, 1),
        plain((10, 200, 30), 1, 4000),
        plain((10, 200, 30), 4000, 1),
        plain((0, 0, 0), 3, 2),
        noisy(plain((90, 90, 90), 17, 5), 90),
    ],
)
def test_pictures_of_any_size_are_looked_at(engine: Builtin, picture: Picture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (seen,) = engine.look([work(picture)])
    assert seen.look.colours
    assert all(0 <= colour.share <= 1 for colour in seen.look.colours)


def test_without_pixels_there_is_nothing_to_name(engine: Builtin) -> None:
    hidden = Frames((plain((255, 255, 255)),), transparent=1.0)
    for frames in (Frames(()), hidden):
        (seen,) = engine.look([work(seen=frames)])
        assert seen.look.colours == ()
        assert "light" not in facts(seen)


def test_the_same_batch_twice_gives_the_same(engine: Builtin) -> None:
    batch = [work(noisy(house((200, 30, 40)), 12)), work(ramp((9, 9, 9), (80, 90, 200)))]
    assert engine.look(batch) == engine.look(batch) == Builtin().look(batch)


@pytest.mark.parametrize(
    ("picture", "known"),
    [
        (plain((0, 0, 0)), {"light": "dark", "contrast": "low", "black_and_white": False}),
        (plain((255, 255, 255)), {"light": "bright", "colourfulness": "none", "warmth": "none"}),
        (noisy(plain((25, 28, 35)), 6), {"light": "dark", "contrast": "low"}),
        (noisy(plain((235, 238, 240)), 6), {"light": "bright"}),
        (plain((120, 120, 120)), {"light": "medium", "black_and_white": False}),
        (ramp((0, 0, 0), (255, 255, 255)), {"contrast": "high", "black_and_white": True}),
        (greyed(noisy(house(), 8)), {"black_and_white": True, "colourfulness": "none"}),
        (house(), {"black_and_white": False, "light": "medium"}),
        (house((220, 20, 30)), {"black_and_white": False}),
        (ramp((230, 20, 20), (250, 180, 0)), {"colourfulness": "vivid", "warmth": "warm"}),
        (ramp((20, 60, 200), (60, 160, 250)), {"colourfulness": "vivid", "warmth": "cool"}),
        (ramp((120, 120, 120), (155, 135, 115)), {"colourfulness": "muted"}),
        (ramp((90, 140, 75), (120, 160, 220)), {"warmth": "mixed"}),
    ],
)
def test_light_is_what_was_painted(
    engine: Builtin, picture: Picture, known: dict[str, Any]
) -> None:
    (seen,) = engine.look([work(picture)])
    assert known.items() <= facts(seen).items()


def test_black_letters_on_white_are_no_low_contrast(engine: Builtin) -> None:
    page = plain((255, 255, 255), 960, 960)
    page[100:900:24, 60:900:3] = 0
    (seen,) = engine.look([work(page)])
    assert facts(seen)["contrast"] == "medium"
    assert facts(seen)["light"] == "bright"


def test_one_small_coloured_sign_is_enough_against_black_and_white(engine: Builtin) -> None:
    sign = paint(greyed(ramp((20, 20, 20), (230, 230, 230))), (220, 30, 30), 100, 100, 20, 20)
    (seen,) = engine.look([work(sign)])
    assert facts(seen)["black_and_white"] is False


@pytest.mark.parametrize(
    ("width", "height", "aspect"),
    [
        (100, 100, "square"), (1000, 980, "square"), (3000, 2000, "landscape"),
        (2000, 3000, "portrait"), (2340, 1080, "landscape"), (1, 5000, "portrait"),
        (8000, 2000, "panorama"), (2300, 1000, "panorama"),
    ],
)  # fmt: skip
def test_the_shape_is_that_of_the_file(
    engine: Builtin, width: int, height: int, aspect: str
) -> None:
    (seen,) = engine.look([work(plain((9, 9, 9)), width=width, height=height)])
    assert facts(seen)["aspect"] == aspect


def test_a_wide_film_is_no_panorama(engine: Builtin) -> None:
    (seen,) = engine.look([work(plain((9, 9, 9)), width=2390, height=1000, kind=VIDEO)])
    assert facts(seen)["aspect"] == "landscape"


def test_see_through_parts_are_not_white(engine: Builtin) -> None:
    leaf = paint(plain((255, 255, 255), 200, 200), (40, 150, 50), 50, 50, 100, 100)
    (seen,) = engine.look([work(seen=Frames((leaf,), transparent=0.75))])
    assert [colour.name for colour in seen.look.colours] == ["green"]
    assert facts(seen)["transparent"] == 0.75
    assert facts(seen)["light"] == "medium"


def test_opaque_white_stays_white(engine: Builtin) -> None:
    (seen,) = engine.look([work(seen=Frames((plain((255, 255, 255)),), transparent=0.5))])
    assert [colour.name for colour in seen.look.colours] == ["white"]


@pytest.mark.parametrize(
    ("format", "frames", "name", "value"),
    [("gif", 30, "animated", True), ("webp", 2, "animated", True), ("tiff", 4, "pages", 4)],
)
def test_several_pictures_in_a_file_are_told(
    engine: Builtin, format: str, frames: int, name: str, value: bool | int
) -> None:
    (seen,) = engine.look([work(plain((9, 9, 9)), format=format, frames=frames)])
    assert facts(seen)[name] == value


def test_the_other_half_of_a_pair_is_told(engine: Builtin) -> None:
    (seen,) = engine.look([work(plain((9, 9, 9)), companion="a.cr2")])
    (told,) = [fact for fact in seen.look.facts if fact.name == "companion"]
    assert (told.value, told.basis) == ("a.cr2", "metadata")


def test_a_video_is_all_its_pictures(engine: Builtin) -> None:
    frames = Frames(
        (plain((200, 30, 40)), plain((30, 60, 200))),
        times_s=(0.0, 2.0),
        shots=Shots((1.5,)),
        fps=25.0,
        sound=True,
    )
    (seen,) = engine.look([work(seen=frames, kind=VIDEO, duration_s=4.0)])
    assert {(c.name, c.share) for c in seen.look.colours} == {("red", 0.5), ("blue", 0.5)}
    assert seen.video == Video(25.0, True, 2, (1.5,))


def test_a_video_that_was_not_watched_whole_has_no_shot_count(engine: Builtin) -> None:
    (seen,) = engine.look([work(plain((9, 9, 9)), kind=VIDEO, duration_s=3600.0)])
    assert seen.video == Video(None, False, None, ())


def test_a_picture_is_no_video(engine: Builtin) -> None:
    assert engine.look([work(plain((9, 9, 9)))])[0].video is None


@pytest.mark.parametrize(
    ("taken_at", "day"),
    [
        (None, None),
        ("", None),
        ("yesterday", None),
        ("0000-00-00T00:00:00", None),
        ("2024-13-01", None),
        ("2023-02-29T10:00:00", None),
        ("2024-00-10", None),
        ("1970-01-01T00:00:00", None),
        ("1904-01-01T00:00:00+00:00", None),
        ("1980-01-01T00:00:00", None),
        ("1700-05-05", None),
        ("20240703", None),
        ("1980-01-01T12:30:00", Day(1980, 1, 1)),
        ("2024-07-03T18:20:11+02:00", Day(2024, 7, 3)),
        ("2024-07-03", Day(2024, 7, 3)),
        ("2024-07", Day(2024, 7)),
        ("2024", Day(2024)),
        ("1826-06-01", Day(1826, 6, 1)),
    ],
)
def test_only_a_date_that_can_be_true_is_read(taken_at: str | None, day: Day | None) -> None:
    assert day_of(taken_at) == day


@pytest.mark.parametrize(
    ("month", "latitude", "name"),
    [
        (7, 48.8, "summer"), (7, -33.9, "winter"), (12, 48.8, "winter"), (1, -33.9, "summer"),
        (2, 60.0, "winter"), (3, 48.8, "spring"), (3, -33.9, "autumn"), (10, 48.8, "autumn"),
        (10, -54.8, "spring"), (7, 1.3, None), (7, -23.4, None), (7, 23.4, None), (7, 0.0, None),
        (7, None, None), (None, 48.8, None), (7, 91.0, None), (7, float("nan"), None),
    ],
)  # fmt: skip
def test_a_season_needs_a_month_and_a_place_that_has_seasons(
    month: int | None, latitude: float | None, name: str | None
) -> None:
    assert season(Day(2024, month), latitude) == name


def test_the_season_is_a_rule_and_needs_the_place(engine: Builtin) -> None:
    there = work(plain((9, 9, 9)), taken_at="2023-07-18T13:05:22", latitude=-54.8, longitude=-68.3)
    (told,) = [fact for fact in engine.look([there])[0].look.facts if fact.name == "season"]
    assert (told.value, told.basis) == ("winter", "rule")
    nowhere = work(plain((9, 9, 9)), taken_at="2023-07-18T13:05:22")
    assert "season" not in facts(engine.look([nowhere])[0])


def test_every_fact_has_a_basis(engine: Builtin) -> None:
    frames = Frames((house(),), transparent=0.2)
    item = work(seen=frames, companion="a.mov", taken_at="2024-07-03", latitude=50.0)
    told = engine.look([item])[0].look.facts
    assert {fact.basis for fact in told} == {"measured", "metadata", "rule"}
    assert len({fact.name for fact in told}) == len(told)
    assert np.isfinite([fact.value for fact in told if isinstance(fact.value, float)]).all()
