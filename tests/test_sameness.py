"""A model that says the same of many different pictures is told of; a burst and colours are not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.checks.captions import repeated as check
from daemon.config import Config
from daemon.statistics import repeated_of
from daemon.stores import INDEX_NAME
from metadata.description import Provenance, Record
from metadata.index import Index
from metadata.sameness import LATEST, LEAST, is_many, saying
from metadata.search import IndexReader
from tests import drawn
from tests.catalogued import record
from tests.running import Captiond
from tests.scripted_server import CAPTION, MODEL, ScriptedServer

STUCK = "The image is a black rectangle."


def said(
    name: str, caption: str, at: int = 0, engine: str = "transformers", **asset: Any
) -> Record:
    """Give a record of a picture that a model described in second *at*."""
    made = Provenance(engine, f"{engine}@1", None, f"2026-01-01T{at // 60:02}:{at % 60:02}", "r")
    known = {"content": f"sha256:{name}", **asset}
    return record(name, asset=known, caption={"en": caption}, provenance={"caption": made})


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / INDEX_NAME) as opened:
        yield opened


def stuck(count: int, **known: Any) -> list[Record]:
    return [said(f"{number}.jpg", STUCK, number, **known) for number in range(count)]


def others(count: int) -> list[Record]:
    return [said(f"other {number}.jpg", f"Picture {number}.", number) for number in range(count)]


def test_what_a_stuck_model_says_is_told_with_examples(index: Index) -> None:
    index.write([*others(20), *stuck(7)])
    (found,) = index.repeated()
    assert (found.model, found.caption) == ("transformers@1", STUCK)
    assert (found.scenes, found.of) == (7, 27)
    assert found.examples == ("/hot/6.jpg", "/hot/5.jpg", "/hot/4.jpg")


@pytest.mark.parametrize(
    ("caption", "alike"),
    [
        ("the IMAGE is a “black” rectangle", True),
        ("The image  is a black rectangle!\n", True),
        ("The image is a white rectangle.", False),
        ("", False),
    ],
)
def test_case_signs_and_spaces_make_no_other_caption(
    index: Index, caption: str, alike: bool
) -> None:
    index.write([*stuck(LEAST - 1), said("x.jpg", caption)])
    assert bool(index.repeated()) is alike


def test_four_pictures_are_too_few(index: Index) -> None:
    index.write(stuck(LEAST - 1))
    assert index.repeated() == []


def test_one_caption_in_twenty_is_many_and_less_is_chance(index: Index) -> None:
    assert is_many(LEAST, 1) and is_many(25, 500)
    assert not is_many(LEAST - 1, 1) and not is_many(24, 500)
    index.write([*others(200), *stuck(LEAST)])
    assert index.repeated() == []


def test_copies_of_one_picture_count_once(index: Index) -> None:
    index.write(stuck(10, content="sha256:one"))
    assert index.repeated() == []


def test_a_burst_counts_once_but_a_day_of_pictures_does_not(index: Index) -> None:
    index.write(
        [
            said(f"{number}.jpg", STUCK, taken_at=f"2024-07-03T18:20:{number:02}+02:00")
            for number in range(30)
        ]
    )
    assert index.repeated() == []
    index.write(
        [
            said(f"{number}.jpg", STUCK, taken_at=f"2024-07-03T18:{number:02}:00")
            for number in range(30)
        ]
    )
    assert [found.scenes for found in index.repeated()] == [30]


def test_what_is_measured_may_be_alike(index: Index) -> None:
    index.write(stuck(50, engine="builtin"))
    assert index.repeated() == []
    assert saying(said("a.jpg", STUCK, engine="human")) is None
    assert saying(record("a.jpg")) is None


def test_each_model_answers_for_itself(index: Index) -> None:
    index.write([*stuck(4), *(said(f"s{n}.jpg", STUCK, engine="openai") for n in range(4))])
    assert index.repeated() == []


def test_what_was_said_long_ago_is_forgotten(index: Index) -> None:
    later = [said(f"later {n}.jpg", f"Picture {n}.", 1000 + n) for n in range(LATEST)]
    index.write([*stuck(40), *later])
    assert index.repeated() == []


def test_describing_again_mends_it(index: Index) -> None:
    index.write(stuck(8))
    assert index.repeated()
    index.write([said(f"{number}.jpg", f"Picture {number}.", 100) for number in range(4)])
    assert index.repeated() == []


def test_what_is_removed_or_moved_counts_no_more_or_still(index: Index) -> None:
    index.write(stuck(6))
    index.rename(Path("/hot/5.jpg"), Path("/hot/new.jpg"))
    assert index.repeated()[0].examples[0] == "/hot/new.jpg"
    index.remove([Path("/hot/1.jpg"), Path("/hot/2.jpg")])
    assert index.repeated() == []
    index.write(stuck(6))
    index.clear()
    assert index.repeated() == []


def test_long_captions_are_told_of_in_short(index: Index) -> None:
    index.write([said(f"{n}.jpg", "A dog. " * 100) for n in range(6)])
    (found,) = index.repeated()
    assert found.caption.startswith("A dog. A dog.") and found.caption.endswith("…")
    assert len(found.caption) <= 81


def test_it_is_read_from_an_index_of_its_own(index: Index) -> None:
    plan = index._database.rows(
        """EXPLAIN QUERY PLAN SELECT id, model, caption, scene FROM sayings
        ORDER BY at DESC LIMIT 500"""
    )
    assert [step[3] for step in plan] == ["SCAN sayings USING COVERING INDEX sayings_latest"]


# Who tells of it


def test_status_and_doctor_tell_of_it(tmp_path: Path, index: Index) -> None:
    config = Config(state_dir=tmp_path)
    fine = check(config)
    assert fine.ok and "same" in fine.says and not fine.do
    index.write(stuck(7))
    with IndexReader.open(tmp_path / INDEX_NAME) as reader:
        assert reader.repeated() == index.repeated()
    told = check(config)
    assert told.ok is None
    assert told.says == (
        f"transformers@1 says “{STUCK}” of 7 of its latest 7 pictures, such as "
        "/hot/6.jpg, /hot/5.jpg, /hot/4.jpg"
    )
    assert "captiond redo --stale" in told.do
    assert repeated_of(config) == [
        {
            "model": "transformers@1",
            "caption": STUCK,
            "scenes": 7,
            "of": 7,
            "examples": ("/hot/6.jpg", "/hot/5.jpg", "/hot/4.jpg"),
        }
    ]


def test_without_an_index_there_is_nothing_to_tell(tmp_path: Path) -> None:
    config = Config(state_dir=tmp_path)
    assert check(config).ok and repeated_of(config) == []


def test_an_index_that_cannot_be_read_is_not_one_without_faults(tmp_path: Path) -> None:
    (tmp_path / INDEX_NAME).write_bytes(b"this is no database" * 300)
    config = Config(state_dir=tmp_path)
    assert repeated_of(config) is None
    assert check(config).ok is None


def test_a_server_that_says_the_same_of_everything_is_noticed(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        endpoint = f'[[engine.endpoints]]\nurl = "{server.url}"\nmodel = "{MODEL}"\n'
        captiond = Captiond(
            tmp_path, f'[engine]\nuse = "openai"\n{endpoint}', tasks=("caption",), languages=()
        )
        for number in range(LEAST):
            drawn.jpeg(captiond.inbox / f"{number}.jpg", size=(64, 48), colour=(40 * number, 9, 9))
        told = captiond("process", captiond.inbox, "--summary").stderr.splitlines()
    cells = [line.split() for line in told]
    assert ["tokens", "in", "600", "600"] in [[*row[:3], row[-1]] for row in cells if len(row) > 3]
    assert f"model: {MODEL}, temperature 0" in told
    status = captiond("status").stdout
    assert f"the same caption for 5 of the latest 5 pictures that {MODEL} described" in status
    assert CAPTION in status
    (hour,) = captiond.json("status")["statistics"]["last_hour"]
    assert (hour["files"], hour["tokens"]) == (5, {"prompt": 600, "completion": 200})
