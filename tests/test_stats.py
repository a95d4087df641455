import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.figures import batch_text, cost_lines, files_table
from daemon.config import Config
from daemon.figures import Figures, Sums, summed
from daemon.statistics import statistics, statistics_of
from daemon.stores import STATE_NAME
from metadata.asset import MediaKind
from metadata.computed import Descriptions
from metadata.database import Database, open_readonly, open_writable
from metadata.description import Description, Provenance, Video
from metadata.schema import STATE
from metadata.shape import shaped
from metadata.stats import Stats, Tokens, total
from metadata.tally import LastHour, Sum

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
        assert (
            descriptions.last_hour(time.time()) == []
        )  # nobody knows which kind it was, nor which model
    backup = path.with_name(f"{path.name}.v{BEFORE.version}.bak")
    with open_readonly(backup, BEFORE) as database:
        assert database.rows("SELECT key, seconds FROM descriptions") == [("k", '{"look":0.5}')]


def test_sums_are_by_kind_and_model(database: Database) -> None:
    descriptions = Descriptions(database)
    descriptions.put("a", said_by("m"), COST)
    descriptions.put("b", said_by("m"), replace(COST, tokens=Tokens(800, 10)))
    descriptions.put("c", said_by("n"), COST)
    descriptions.put("d", said_by("m", Video(25.0, False, None)), replace(COST, tokens=None))
    assert descriptions.last_hour(time.time()) == [
        Sum(MediaKind.IMAGE, "m", 2, 5.0, Tokens(2000, 100)),
        Sum(MediaKind.IMAGE, "n", 1, 2.5, Tokens(1200, 90)),
        Sum(MediaKind.VIDEO, "m", 1, 2.5, None),
    ]


def test_the_last_hour_is_the_same_read_and_kept_up(database: Database) -> None:
    descriptions = Descriptions(database)
    descriptions.put("a", said_by("m"), COST)
    assert [each.files for each in descriptions.last_hour(time.time())] == [1]
    descriptions.put("b", said_by("m"), COST)
    kept_up = descriptions.last_hour(time.time())
    assert kept_up == [Sum(MediaKind.IMAGE, "m", 2, 5.0, Tokens(2400, 180))]
    assert Descriptions(database).last_hour(time.time()) == kept_up
    assert Descriptions(database).last_hour(time.time() + 3700) == []


def test_what_is_an_hour_old_drops_out() -> None:
    one = Sum(MediaKind.IMAGE, "m", 1, 2.5, None)
    hour = LastHour([(1000, one), (1059, one)])
    hour.count(one, 1060 * 60.0)
    assert [each.files for each in hour.sums(1060 * 60.0)] == [3]
    assert [each.files for each in hour.sums(1061 * 60.0)] == [2]
    hour.count(one, 5000 * 60.0)
    assert [each.files for each in hour.sums(5000 * 60.0 + 59)] == [1]
    assert hour.sums(9000 * 60.0) == []


def test_sums_are_read_from_their_index_alone(database: Database) -> None:
    plan = database.rows(
        """EXPLAIN QUERY PLAN SELECT made_at, kind, model, sum(took_s), sum(tokens_in),
            sum(tokens_out) FROM descriptions WHERE made_at >= 0 GROUP BY made_at, kind, model"""
    )
    assert "COVERING INDEX descriptions_made" in plan[0][3]


# Files and batches


def shape(name: str, **more: Any) -> dict[str, Any]:
    """Give the JSON shape of a picture described by a model, changed as *more* says."""
    made = {"engine": "transformers", "model": "see@1", "at": "2026-01-01T10:00:00+00:00"}
    seconds, tokens = {"generate": 8.0, "translate": 2.0}, {"prompt": 1000, "completion": 50}
    file = {
        **shaped(None, Path(f"/nowhere/{name}"), "done"),
        **{"kind": "image", "content": f"sha256:{name}", "width": 640, "height": 480},
        "provenance": {"caption": made},
        "stats": {"seconds": seconds, "tokens": tokens},
    }
    return {**file, **more}


FILM = {"kind": "video", "duration_s": 12.0, "video": {"fps": 25.0}}
FAILED: dict[str, Any] = {
    "state": "failed",
    "kind": None,
    "provenance": {},
    "stats": {"seconds": {}, "tokens": None},
}
BEGUN = "2026-01-01T09:59:59+00:00"


def figures(*files: dict[str, Any]) -> list[Figures]:
    return [Figures.of(file) for file in files]


def test_seconds_of_the_description_are_those_without_translations() -> None:
    (film,) = figures(shape("a.mp4", **FILM))
    assert (film.described_s, film.took_s, film.frames) == (8.0, 10.0, 300)
    assert figures(shape("a.jpg"))[0].frames is None


def test_a_batch_is_summed_up_by_what_was_described_in_it() -> None:
    earlier = {"caption": {"engine": "builtin", "model": "b@1", "at": "2025-12-31T00:00:00+00:00"}}
    sums = summed(
        figures(
            shape("a.jpg"),
            shape("copy.jpg", content="sha256:a.jpg"),
            shape("known.jpg", provenance=earlier),
            shape("bad.jpg", **FAILED),
            shape("left.jpg", **{**FAILED, "state": "skipped"}),
        ),
        BEGUN,
    )
    assert sums == Sums(
        described=1,
        known=2,
        failed=1,
        seconds={"generate": 8.0, "translate": 2.0},
        tokens=Tokens(1000, 50),
    )
    assert sums.each_s == 10.0


@pytest.mark.parametrize("files", [(), (shape("bad.jpg", **FAILED),)])
def test_a_batch_without_a_description_divides_by_nothing(files: tuple[dict[str, Any]]) -> None:
    assert summed(figures(*files)).each_s is None
    assert not any("each" in line for line in batch_text(figures(*files), BEGUN, 1.0, 0.0))


def test_the_batch_says_which_models_at_which_temperature_and_how_fast() -> None:
    lines = "\n".join(
        batch_text(figures(shape("a.jpg"), shape("b.mp4", **FILM)), BEGUN, 4.0, 0.3)
    ).splitlines()
    assert "model: see@1, temperature 0.3" in lines
    assert lines[-1] == "2 described in 4.000 s: 2.000 s each, 25.0 tokens/s"
    assert ["tokens", "in", "1000", "1000", "2000"] in [line.split() for line in lines]
    assert ["seconds", "generate", "8.000", "8.000", "16.000"] in [line.split() for line in lines]


def test_an_engine_that_is_asked_nothing_has_no_temperature() -> None:
    made = {"caption": {"engine": "builtin", "model": "builtin@1", "at": BEGUN}}
    file = shape("a.jpg", provenance=made, stats={"seconds": {"look": 0.1}, "tokens": None})
    assert "model: builtin@1" in list(batch_text(figures(file), BEGUN, 1.0, 0.3))
    assert not any("temperature" in line for line in cost_lines(file, 0.3))


def test_the_table_of_files_has_the_columns_that_are_filled(tmp_path: Path) -> None:
    heavy = tmp_path / "a.mp4"
    heavy.write_bytes(bytes(2_500_000))
    drawn = files_table(figures(shape("x", path=str(heavy), **FILM), shape("bad.jpg", **FAILED)))
    head, rule, *rows = drawn.splitlines()
    assert "frames" in head and "tokens in" in head and "state" in head
    assert len(rule) <= 100
    cells = ["2.50", "640x480", "12.0", "25", "300", "1000", "50", "8.000", "10.000"]
    assert rows[0].split()[-len(cells) :] == cells
    assert "frames" not in files_table(figures(shape("a.jpg")))


def test_show_says_what_one_file_cost(tmp_path: Path) -> None:
    lines = list(cost_lines(shape("a.mp4", **FILM), 0.3))
    assert lines == [
        "frames: 300",
        "seconds: generate 8.000, translate 2.000",
        "described in 8.000 s, with translations 10.000 s",
        "tokens: 1000 in, 50 out",
        "temperature: 0.3",
    ]
    assert list(cost_lines(shape("bad.jpg", **FAILED), 0.0)) == []


# What `captiond status` tells


def test_what_was_described_since_the_start_is_told_by_stage(database: Database) -> None:
    descriptions = Descriptions(database)
    descriptions.put("a", said_by("m"), COST)
    descriptions.put("b", said_by("m"), replace(COST, tokens=None))
    told = statistics(datetime(2026, 1, 1, tzinfo=UTC), descriptions)
    assert told["since"] == "2026-01-01T00:00:00+00:00"
    (image,) = told["since_start"]
    assert image == {
        "kind": "image",
        "model": "m",
        "files": 2,
        "seconds_per_file": 2.5,
        "seconds": {"decode": 1.0, "generate": 4.0},
        "tokens": {"prompt": 1200, "completion": 90},
    }
    assert told["last_hour"] == [{**image, "seconds": {}}]


def test_an_earlier_start_counts_for_the_hour_only(tmp_path: Path) -> None:
    with open_writable(tmp_path / STATE_NAME, STATE) as database:
        Descriptions(database).put("a", said_by("m"), COST)
        assert Descriptions(database).made == []
    told = statistics_of(Config(state_dir=tmp_path))
    assert (told["since"], told["since_start"]) == (None, [])
    assert [each["files"] for each in told["last_hour"]] == [1]


def test_without_a_state_nothing_was_described(tmp_path: Path) -> None:
    told = statistics_of(Config(state_dir=tmp_path))
    assert told == {"since": None, "since_start": [], "last_hour": []}
