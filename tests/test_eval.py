"""Engines on labelled pictures: what is read, run and counted, and that nothing is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.config import Config, EngineChoice
from daemon.engines.choice import Choice
from daemon.engines.profiles import Installed, Model, Models
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.wire import Consult, Consulted, Described, Identify, Observe, Reply, Sheets
from metadata.asset import Asset, MediaKind, Stat
from metadata.description import Description, Stamp

TASKS = ("caption", "tags")
SEES = Installed(Model(name="see", side=64), Path("/m"), "see@1", TASKS)
CHOICE = Choice("transformers", "see@1", (), (), "", models=Models(image=SEES), devices=("cpu",))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with Stores.open(tmp_path, CHOICE, TASKS) as opened, opened.turn():
        yield opened


def ended(way: Journey, last: object) -> bool:
    try:
        way.send(last)
    except StopIteration:
        return True
    return False


def test_a_file_is_described_without_a_look_at_what_its_owner_wrote(
    tmp_path: Path, stores: Stores
) -> None:
    engine = EngineChoice(owner_words=False)
    config = Config(state_dir=tmp_path, tasks=TASKS, engine=engine)
    path = tmp_path / "dogs on a beach" / "a.jpg"
    path.parent.mkdir()
    path.write_bytes(b"pixels")
    one = Asset(
        path=path, kind=MediaKind.IMAGE, format="jpeg", content="sha256:0",
        stat=Stat.of(path.lstat()), width=1, height=1,
    )  # fmt: skip
    taken: list[Described] = []
    journeys = Journeys(config, CHOICE, stores, lambda: Stamp("r", "2026"))
    way = journeys.only_describe(path, lambda asset, said: taken.append(said))
    assert isinstance(way.send(None), Identify)
    assert isinstance(way.send(one), Observe)
    sheets = Sheets(config.scratch / "sheets-1", ((1, 1),))
    consult = way.send(Described(Description(), {"look": 1.0}, views=sheets))
    assert isinstance(consult, Consult)
    assert not any("dogs" in question.whole for question in consult.questions)
    replies = (Reply("caption", "A cat sleeps.", 5, True), Reply("tags", "cat, sofa", 5, True))
    assert ended(way, Consulted(replies, {"generate": 2.0})), "nothing is merged or written"
    assert taken[0].description.caption == {"en": "A cat sleeps."}
    assert taken[0].seconds == {"look": 1.0, "generate": 2.0}
    assert list(stores.index.paths()) == [] and not any(stores.queue.counts().values())
