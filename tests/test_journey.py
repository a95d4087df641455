"""The ways of assets, driven by hand: which requests they send, in which order, and when not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config
from daemon.engines.choice import Choice
from daemon.jobs import Job, Wish
from daemon.journey import Journeys
from daemon.stores import Stores
from daemon.wire import Describe, Described, Identify, Place, Prepare
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.change import Change, Ours, Placed, Prepared
from metadata.description import Description, Record, Stamp
from metadata.reasons import Reason, State

CHOICE = Choice("builtin", "builtin@0", ("es",), (), "asked for")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with Stores.open(tmp_path, CHOICE, ("caption",)) as opened, opened.turn():
        yield opened


@pytest.fixture
def journeys(stores: Stores) -> Journeys:
    return Journeys(Config(), CHOICE, stores, lambda: Stamp("run", "2026-01-01T00:00:00+00:00"))


def asset(path: Path) -> Asset:
    path.write_bytes(b"the same picture")
    return Asset(
        path=path,
        kind=MediaKind.IMAGE,
        format="jpeg",
        content="sha256:0",
        stat=Stat.of(path.lstat()),
        width=1,
        height=1,
    )


def job(path: Path, wish: Wish = Wish.DESCRIBE) -> Job:
    return Job(path, State.RUNNING, wish, True, 1, None, "", 0.0)


def change(asset: Asset) -> Change:
    target = Path(f"{asset.path}.xmp")
    return Change(target, None, Path("/staged"), None, None, "sha", Ours())


def test_a_new_file_is_identified_described_prepared_and_placed_in_this_order(
    tmp_path: Path, journeys: Journeys, stores: Stores
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = journeys.describe(job(one.path))
    assert isinstance(way.send(None), Identify)
    assert isinstance(way.send(one), Describe)
    said = Description(caption={"en": "Red."})
    prepare = way.send(Described(said, {"look": 0.1}))
    assert isinstance(prepare, Prepare)
    assert prepare.description == said
    place = way.send(Prepared((change(one),), Record(one, said)))
    assert isinstance(place, Place)
    assert [entry.placed for entry in stores.journal.entries([one.path])] == [False]

    with pytest.raises(StopIteration):
        way.send(Placed(place.change.target, one.stat))

    assert [entry.placed for entry in stores.journal.entries([one.path])] == [True]


def test_W17_of_two_copies_at_once_one_waits_and_takes_the_others_description(
    tmp_path: Path, journeys: Journeys
) -> None:
    one, two = asset(tmp_path / "a.jpg"), asset(tmp_path / "b.jpg")
    first, second = journeys.describe(job(one.path)), journeys.describe(job(two.path))
    first.send(None)
    second.send(None)
    assert isinstance(first.send(one), Describe)
    with pytest.raises(AssetError) as waits:
        second.send(two)
    assert waits.value.reason is Reason.TWIN
    first.send(Described(Description(caption={"en": "Red."}), {}))

    again = journeys.describe(job(two.path))
    again.send(None)
    assert isinstance(again.send(two), Prepare)


def test_W17_when_the_first_copy_fails_the_other_is_described(
    tmp_path: Path, journeys: Journeys
) -> None:
    one, two = asset(tmp_path / "a.jpg"), asset(tmp_path / "b.jpg")
    first, second = journeys.describe(job(one.path)), journeys.describe(job(two.path))
    first.send(None)
    first.send(one)
    with pytest.raises(AssetError):
        first.throw(AssetError(one.path, Reason.CRASHED))
    second.send(None)

    assert isinstance(second.send(two), Describe)


@pytest.mark.parametrize("reason", [Reason.VANISHED, Reason.CHANGED])
def test_W16_nothing_is_written_beside_a_file_that_is_another_now(
    tmp_path: Path, journeys: Journeys, reason: Reason
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = journeys.describe(job(one.path))
    way.send(None)
    way.send(one)
    way.send(Described(Description(), {}))
    one.path.unlink()
    if reason is Reason.CHANGED:
        one.path.write_bytes(b"another picture")

    with pytest.raises(AssetError) as refused:
        way.send(Prepared((change(one),), Record(one, Description())))

    assert refused.value.reason is reason


def test_a_sidecar_that_others_keep_changing_is_prepared_three_times(
    tmp_path: Path, journeys: Journeys
) -> None:
    one = asset(tmp_path / "a.jpg")
    prepared = Prepared((change(one),), Record(one, Description()))
    way = journeys.describe(job(one.path))
    way.send(None)
    way.send(one)
    way.send(Described(Description(), {}))
    for _ in range(2):
        assert isinstance(way.send(prepared), Place)
        assert isinstance(way.throw(AssetError(one.path, Reason.BUSY)), Prepare)
    way.send(prepared)

    with pytest.raises(AssetError) as given_up:
        way.throw(AssetError(one.path, Reason.BUSY))

    assert given_up.value.reason is Reason.BUSY


def test_another_date_is_another_description(tmp_path: Path, journeys: Journeys) -> None:
    one, two = asset(tmp_path / "a.jpg"), asset(tmp_path / "b.jpg")
    first, second = journeys.describe(job(one.path)), journeys.describe(job(two.path))
    first.send(None)
    first.send(replace(one, taken_at="2024-07-03T18:20:11"))
    second.send(None)

    assert isinstance(second.send(replace(two, taken_at="2019-01-01T00:00:00")), Describe)
