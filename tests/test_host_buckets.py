"""What an engine process asks next, how many at once, and who is to blame; without any process."""

from pathlib import Path

import pytest
from planted import asset_at
from scripted_engine import installed

from daemon.host.buckets import LONGEST_WAIT_S, MANY, SHORT_WAIT_S, Buckets, Duty, Used, Waiting
from daemon.host.ladder import ESTIMATED_S, Blame, Ladder
from daemon.wire import Consult, Render, Sheets

IMAGE, VIDEO = Duty(installed("image")), Duty(installed("video"))
TEXT = Duty(installed("nllb"), "renders")
ASKED = Consult(asset_at(Path("a.jpg")), Sheets(Path("views"), ()), ())
RENDER = Render(asset_at(Path("a.jpg")), ("a",), {}, ("es",))


def waiting(number: int, duty: Duty = IMAGE, since: float = 0.0, bucket: object = "b") -> Waiting:
    request = RENDER if duty == TEXT else ASKED
    return Waiting(number, request, duty, since, bucket=bucket)  # type: ignore[arg-type]


def lined_up(*each: Waiting) -> Buckets:
    buckets = Buckets()
    buckets.join(*each)
    return buckets


def numbers(batch: tuple[Waiting, ...]) -> list[int]:
    return [each.number for each in batch]


def test_the_oldest_bucket_goes_first_and_fills_up_in_order() -> None:
    buckets = lined_up(
        waiting(1, since=3.0, bucket="b"),
        waiting(2, since=2.0, bucket="a"),
        waiting(3, since=4.0, bucket="a"),
        waiting(4, since=5.0, bucket="a"),
    )
    batch = buckets.batch(IMAGE, lambda bucket: 2)
    assert numbers(batch) == [2, 3]
    buckets.leave(batch)
    assert numbers(buckets.batch(IMAGE, lambda bucket: 2)) == [1]


def test_what_is_put_back_is_as_old_as_before() -> None:
    first, second = waiting(1, since=1.0), waiting(2, since=2.0)
    buckets = lined_up(second)
    buckets.join(first)
    assert numbers(buckets.batch(IMAGE, lambda bucket: 8)) == [1, 2]


def test_one_goes_even_where_nothing_fits() -> None:
    heavy = Waiting(1, RENDER, TEXT, 0.0, weight=9, bucket="b")
    buckets = lined_up(heavy, waiting(2, TEXT))
    assert numbers(buckets.batch(TEXT, lambda bucket: 4)) == [1]
    assert buckets.batch(IMAGE, lambda bucket: 4) == ()


def test_one_has_no_bucket_until_its_model_has_named_it() -> None:
    buckets = lined_up(waiting(1, bucket=None), waiting(2, since=1.0))
    (unnamed,) = buckets.unnamed(IMAGE)
    assert unnamed.number == 1
    buckets.name(unnamed, "b")
    assert not buckets.unnamed(IMAGE)
    assert numbers(buckets.bucket("b")) == [1, 2]
    assert buckets.kinds(IMAGE)["b"].number == 1


def test_nobody_waits_nobody_is_next() -> None:
    assert Buckets().turn(Used(IMAGE), dear=True, now=0.0) is None


@pytest.mark.parametrize("dear", [True, False])
def test_the_model_in_use_goes_on_but_nobody_waits_for_ever(dear: bool) -> None:
    patience = LONGEST_WAIT_S if dear else SHORT_WAIT_S
    buckets = lined_up(waiting(1, VIDEO, since=0.0), waiting(2, IMAGE, since=1.0))
    assert buckets.turn(Used(IMAGE), dear, patience - 0.1) == IMAGE
    assert buckets.turn(Used(IMAGE), dear, patience) == VIDEO
    assert buckets.turn(Used(), dear, 1.0) == VIDEO, "the oldest, where none is in use"
    buckets.leave([waiting(2)])
    assert buckets.turn(Used(IMAGE), dear, 1.0) == VIDEO, "nothing is left for the one in use"


def test_models_are_not_changed_at_every_batch_when_all_have_waited_for_long() -> None:
    buckets = lined_up(waiting(1, VIDEO, since=0.0), waiting(2, IMAGE, since=0.0))
    late = 10 * LONGEST_WAIT_S
    assert buckets.turn(Used(IMAGE, since=late), dear=True, now=late) == IMAGE
    assert buckets.turn(Used(IMAGE, since=late), True, late + LONGEST_WAIT_S - 1) == IMAGE
    assert buckets.turn(Used(IMAGE, since=late), True, late + LONGEST_WAIT_S) == VIDEO


def test_translations_go_first_where_their_model_has_room_beside() -> None:
    buckets = lined_up(waiting(1, IMAGE, since=0.0), waiting(2, TEXT, since=1.0))
    assert buckets.turn(Used(IMAGE), dear=False, now=1.0) == TEXT
    assert buckets.turn(Used(IMAGE), dear=True, now=1.0) == IMAGE
    assert buckets.turn(Used(TEXT), dear=True, now=1.0) == TEXT, "their model is loaded now"
    assert buckets.turn(Used(IMAGE), dear=True, now=1.0 + LONGEST_WAIT_S) == TEXT


def test_many_translations_are_worth_changing_models_for() -> None:
    buckets = lined_up(waiting(0, IMAGE), *(waiting(n, TEXT) for n in range(1, MANY)))
    assert buckets.turn(Used(IMAGE), dear=True, now=0.0) == IMAGE
    buckets.join(waiting(MANY, TEXT))
    assert buckets.turn(Used(IMAGE), dear=True, now=0.0) == TEXT


def test_a_size_that_failed_is_never_tried_again() -> None:
    ladder = Ladder()
    assert not ladder.knows("a") and ladder.fits("a") == 1
    ladder.estimated("a", 16, 0.0)
    ladder.failed("a", 16)
    ladder.estimated("a", 32, 0.0)
    assert ladder.fits("a") == 8
    ladder.failed("a", 5)
    assert ladder.fits("a") == 2
    ladder.estimated("a", 0, 0.0)
    assert ladder.fits("a") == 1, "one is tried in any case"
    ladder.estimated("b", 16, 0.0)
    assert ladder.fits("b") == 16


def test_a_size_is_estimated_again_after_a_while_and_after_another_model_has_come() -> None:
    ladder = Ladder()
    assert ladder.is_due("a", 0.0)
    ladder.estimated("a", 16, 0.0)
    assert not ladder.is_due("a", ESTIMATED_S - 1)
    assert ladder.is_due("a", ESTIMATED_S)
    assert ladder.fits("a") == 16
    ladder.outdated()
    assert ladder.is_due("a", 0.0) and not ladder.knows("a")


def test_a_size_that_one_bad_file_was_to_blame_for_is_forgotten() -> None:
    ladder = Ladder()
    ladder.estimated("a", 16, 0.0)
    ladder.failed("a", 2)
    ladder.forget("a")
    assert ladder.fits("a") == 16


def test_one_file_at_a_time_is_blamed_and_none_before_anything_has_worked() -> None:
    blame, a, b = Blame(), Path("a"), Path("b")
    assert not blame.is_on(a)
    blame.worked()
    assert blame.is_on(a)
    assert not blame.is_on(b), "two in a row: it is the machine"
    assert blame.is_on(a)
    blame.worked()
    assert blame.is_on(b)
