import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.asset import MediaKind
from metadata.computed import Descriptions, Sum
from metadata.database import Database, open_readonly, open_writable
from metadata.description import Description, Provenance, Video
from metadata.schema import STATE
from metadata.stats import Stats, Tokens, total

BEFORE = replace(STATE, steps=STATE.steps[:2])
COST = Stats({"decode": 0.5, "generate": 2.0}, Tokens(1200, 90))


def said_by(model: str, video: Video | None = None) -> Description:
    made = Provenance("transformers", model, None, "", "")
    return Description(caption={"en": "A dog."}, video=video, provenance={"caption": made})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_writable(tmp_path / "state.db", STATE) as opened:
        yield opened


def test_tokens_that_nobody_counted_are_not_none_at_all() -> None:
    assert total([]) is None
    assert total([None, None]) is None
    assert total([None, Tokens(0, 0)]) == Tokens(0, 0)
    assert total([Tokens(10, 1), None, Tokens(20, 2)]) == Tokens(30, 3)


@pytest.mark.parametrize("tokens", [None, Tokens(0, 0), Tokens(1200, 90)])
def test_what_a_description_cost_is_kept_with_it(database: Database, tokens: Tokens | None) -> None:
    descriptions = Descriptions(database)
    descriptions.put("k", said_by("m"), replace(COST, tokens=tokens))
    assert descriptions.get("k") == (said_by("m"), replace(COST, tokens=tokens))


def test_D12_descriptions_of_an_older_captiond_are_kept_without_tokens(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_writable(path, BEFORE) as older:
        older.execute(
            """INSERT INTO descriptions(key, description, seconds, made_at)
            VALUES ('k', '{"caption":{"en":"A dog."}}', '{"look":0.5}', ?)""",
            (time.time(),),
        )
    with open_writable(path, STATE) as database:
        descriptions = Descriptions(database)
        found = descriptions.get("k")
        assert found == (Description(caption={"en": "A dog."}), Stats({"look": 0.5}))
        assert descriptions.since(0.0) == []  # nobody knows which kind it was, nor which model
    backup = path.with_name(f"{path.name}.v{BEFORE.version}.bak")
    with open_readonly(backup, BEFORE) as database:
        assert database.rows("SELECT key, seconds FROM descriptions") == [("k", '{"look":0.5}')]


def test_sums_are_by_kind_and_model(database: Database) -> None:
    descriptions = Descriptions(database)
    descriptions.put("a", said_by("m"), COST)
    descriptions.put("b", said_by("m"), replace(COST, tokens=Tokens(800, 10)))
    descriptions.put("c", said_by("n"), COST)
    descriptions.put("d", said_by("m", Video(25.0, False, None)), replace(COST, tokens=None))
    assert descriptions.since(time.time() - 60) == [
        Sum(MediaKind.IMAGE, "m", 2, 5.0, Tokens(2000, 100)),
        Sum(MediaKind.IMAGE, "n", 1, 2.5, Tokens(1200, 90)),
        Sum(MediaKind.VIDEO, "m", 1, 2.5, None),
    ]


def test_what_was_described_before_is_not_summed_up(database: Database) -> None:
    descriptions = Descriptions(database)
    descriptions.put("a", said_by("m"), COST)
    assert descriptions.since(time.time() + 60) == []


def test_sums_are_read_from_their_index_alone(database: Database) -> None:
    plan = database.rows(
        """EXPLAIN QUERY PLAN SELECT kind, model, sum(took_s), sum(tokens_in), sum(tokens_out)
        FROM descriptions WHERE made_at >= 0 GROUP BY kind, model"""
    )
    assert "COVERING INDEX descriptions_made" in plan[0][3]
