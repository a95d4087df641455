"""The ways of assets, driven by hand: which requests they send, in which order, and when not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config, Folder
from daemon.engines import EngineError, EngineMissing
from daemon.engines.choice import Choice, description_key
from daemon.jobs import Job, Wish
from daemon.journey import Journey, Journeys
from daemon.stores import Stores, is_stale
from daemon.wire import Described, Identify, Observe, Place, Prepare, Read, ReadText, Say, Sheets
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.change import Change, Ours, Placed, Prepared, Write
from metadata.description import Description, Provenance, Record, Stamp, Tag, TextLine
from metadata.reasons import Reason, State
from metadata.stats import Stats

CHOICE = Choice("builtin", "builtin@0", ("es",), (), "asked for")
READING = replace(CHOICE, reads=True)
STAMP = Stamp("run", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with Stores.open(tmp_path, CHOICE, ("caption",)) as opened, opened.turn():
        yield opened


@pytest.fixture
def journeys(stores: Stores) -> Journeys:
    return Journeys(Config(), CHOICE, stores, lambda: STAMP)


def reading(stores: Stores, state: Path) -> Journeys:
    return Journeys(Config(state_dir=state), READING, stores, lambda: STAMP)


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


def worded(way: Journey, said: Description) -> object:
    """Answer that the asset was observed, and that *said* is said of it."""
    say = way.send(Described(Description(), {"look": 0.1}))
    assert isinstance(say, Say)
    return way.send(Described(said, {"caption": 0.1}))


def change(asset: Asset) -> Change:
    target = Path(f"{asset.path}.xmp")
    return Change(target, None, Path("/staged"), None, None, "sha", Ours())


def test_a_new_file_is_identified_described_prepared_and_placed_in_this_order(
    tmp_path: Path, journeys: Journeys, stores: Stores
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = journeys.describe(job(one.path))
    assert isinstance(way.send(None), Identify)
    assert isinstance(way.send(one), Observe)
    said = Description(caption={"en": "Red."})
    prepare = worded(way, said)
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
    assert isinstance(first.send(one), Observe)
    with pytest.raises(AssetError) as waits:
        second.send(two)
    assert waits.value.reason is Reason.TWIN
    worded(first, Description(caption={"en": "Red."}))

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

    assert isinstance(second.send(two), Observe)


@pytest.mark.parametrize("reason", [Reason.VANISHED, Reason.CHANGED])
def test_W16_nothing_is_written_beside_a_file_that_is_another_now(
    tmp_path: Path, journeys: Journeys, reason: Reason
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = journeys.describe(job(one.path))
    way.send(None)
    way.send(one)
    worded(way, Description())
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
    worded(way, Description())
    for _ in range(2):
        assert isinstance(way.send(prepared), Place)
        assert isinstance(way.throw(AssetError(one.path, Reason.BUSY)), Prepare)
    way.send(prepared)

    with pytest.raises(AssetError) as given_up:
        way.throw(AssetError(one.path, Reason.BUSY))

    assert given_up.value.reason is Reason.BUSY


def sheets(folder: Path) -> Sheets:
    path = folder / "scratch" / "sheets-1"
    path.parent.mkdir()
    path.write_bytes(b"rgb")
    return Sheets(path, ((1, 1),))


def test_texts_are_read_between_observing_and_saying(tmp_path: Path, stores: Stores) -> None:
    one = asset(tmp_path / "a.jpg")
    way = reading(stores, tmp_path).describe(job(one.path))
    way.send(None)
    assert way.send(one) == Observe(one, STAMP, Config().max_pixels, hand_over=True)
    asked = way.send(Described(Description(), {"look": 1.0}, sheets(tmp_path)))
    assert isinstance(asked, ReadText)
    read = Description(text=(TextLine("BYE BYE"),))
    say = way.send(Described(read, {"text": 2.0}))
    assert isinstance(say, Say)
    assert say.description == read
    assert not asked.sheets.path.exists()
    way.send(Described(read, {"caption": 3.0}))

    kept = stores.descriptions.get(description_key(one, READING, Config().tasks))
    assert kept and kept[1].seconds == {"look": 1.0, "text": 2.0, "caption": 3.0}


@pytest.mark.parametrize(
    "fault", [EngineMissing("no libGL"), AssetError(Path("a.jpg"), Reason.TIMED_OUT)], ids=str
)
def test_what_cannot_be_read_is_described_without_its_texts(
    tmp_path: Path, stores: Stores, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = reading(stores, tmp_path).describe(job(one.path))
    way.send(None)
    way.send(one)
    way.send(Described(Description(), {}, sheets(tmp_path)))
    assert isinstance(way.throw(fault), Say)
    assert "not looked for" in caplog.text
    assert not (tmp_path / "scratch" / "sheets-1").exists()


def test_while_no_reader_can_be_started_a_picture_with_texts_waits(
    tmp_path: Path, stores: Stores
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = reading(stores, tmp_path).describe(job(one.path))
    way.send(None)
    way.send(one)
    way.send(Described(Description(), {}, sheets(tmp_path)))
    with pytest.raises(EngineError, match="memory"):
        way.throw(EngineError("no memory"))
    assert not (tmp_path / "scratch" / "sheets-1").exists()


@pytest.mark.parametrize("name", ["in/precious.jpg", "scratch/other", "scratch/../sheets-1"])
def test_a_worker_does_not_choose_what_the_daemon_removes(
    tmp_path: Path, stores: Stores, name: str
) -> None:
    one = asset(tmp_path / "a.jpg")
    for folder in ("in", "scratch"):
        (tmp_path / folder).mkdir()
    precious = tmp_path / name
    precious.write_bytes(b"precious")
    way = reading(stores, tmp_path).describe(job(one.path))
    way.send(None)
    way.send(one)
    with pytest.raises(AssetError) as refused:
        way.send(Described(Description(), {}, Sheets(precious, ((1, 1),))))
    assert refused.value.reason is Reason.CRASHED
    assert precious.read_bytes() == b"precious"


def test_what_was_described_without_a_reader_is_stale_once_there_is_one(tmp_path: Path) -> None:
    made = Provenance("builtin", "builtin@0", None, "2026", "r")
    unread = Description(caption={"en": "Red.", "es": "Rojo."}, provenance={"caption": made})
    read = replace(unread, provenance={"caption": made, "text": made})
    one = asset(tmp_path / "a.jpg")
    assert not is_stale(Record(one, unread), CHOICE)
    assert is_stale(Record(one, unread), READING)
    assert not is_stale(Record(one, read), READING)


def test_another_date_is_another_description(tmp_path: Path, journeys: Journeys) -> None:
    one, two = asset(tmp_path / "a.jpg"), asset(tmp_path / "b.jpg")
    first, second = journeys.describe(job(one.path)), journeys.describe(job(two.path))
    first.send(None)
    first.send(replace(one, taken_at="2024-07-03T18:20:11"))
    second.send(None)

    assert isinstance(second.send(replace(two, taken_at="2019-01-01T00:00:00")), Observe)


MADE = {"tags": Provenance("builtin", "builtin@0", None, "2026-01-01", "run")}
RED = Description(tags=(Tag("red", "builtin"),), provenance=MADE)
NAMED = replace(RED, tags=(Tag("Rot", "builtin", said=("red",)),))


def written_again(journeys: Journeys, one: Asset, record: Record) -> Prepare:
    way = journeys.describe(job(one.path, Wish.WRITE))
    assert isinstance(way.send(None), Identify) and isinstance(way.send(one), Read)
    prepare = way.send(record)
    assert isinstance(prepare, Prepare)
    return prepare


def test_what_is_written_again_is_what_the_file_says_that_it_was_described_with(
    tmp_path: Path, journeys: Journeys, stores: Stores
) -> None:
    one = asset(tmp_path / "a.jpg")
    record = Record(one, NAMED, described=one.content)
    assert written_again(journeys, one, record).description == RED
    # what is kept is more exact, where it is the same
    kept = replace(RED, tags=(*RED.tags, Tag("left out", "builtin")))
    key = description_key(one, CHOICE, Config().tasks)
    stores.descriptions.put(key, kept, Stats({}, None))
    assert written_again(journeys, one, record).description == kept
    other = replace(NAMED, provenance={"tags": replace(MADE["tags"], model="another")})
    record = Record(one, other, described=one.content)
    assert written_again(journeys, one, record).description == replace(
        RED, provenance=other.provenance
    )


def test_another_content_is_not_written_again_and_stays_to_be_described(
    tmp_path: Path, journeys: Journeys, stores: Stores
) -> None:
    one = asset(tmp_path / "a.jpg")
    way = journeys.describe(job(one.path, Wish.WRITE))
    way.send(None)
    way.send(one)
    with pytest.raises(StopIteration):
        way.send(Record(one, NAMED, described="sha256:other"))
    assert stores.known.stat(one.path) is None


def test_what_is_in_the_index_alone_is_named_there(tmp_path: Path, stores: Stores) -> None:
    one = asset(tmp_path / "a.jpg")
    folder = Folder(path=tmp_path, write=Write.NONE)
    stores.index.write([Record(one, NAMED)])
    journeys = Journeys(Config(folders=(folder,)), CHOICE, stores, lambda: STAMP)
    assert written_again(journeys, one, Record(one, Description())).description == RED
