"""The bench of the models: both ways do the same work, and what is counted is counted right."""

import json
from pathlib import Path

import pytest

from bench import models
from bench.generating.roofline import Machine, Work
from bench.generating.shapes import TINY
from bench.generating.standing import Stand
from bench.generating.texts import analysis, caption
from daemon.engines.transformers_engine.speaking import Asked, Speaker
from daemon.engines.transformers_engine.wordpieces import Wordpieces


def test_both_ways_say_the_same_and_ours_looks_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # what the bench would set for the process
    models.main(["--shapes", "tiny", "--threads", "1"])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    rows = {row["name"]: row for row in told["rows"]}
    assert told["bench"] == "models"
    for kind in ("", "video_"):
        passes = rows[f"{kind}vision_passes"]
        assert (passes["ours"], passes["other"]) == (1, 3)
        assert rows[f"{kind}equal_tokens"]["ours"] == 1.0
        assert rows[f"{kind}prefill_tokens"]["ratio"] > 1.2
    assert (rows["speed"]["goal"], rows["video_speed"]["goal"]) == (3.0, None)
    assert rows["translation_equal_tokens"]["ours"] == 1.0
    assert rows["ct2_int8"]["ours"] > 0


@pytest.mark.parametrize("weights", ["nf4", "fp8"])
def test_weights_can_be_packed_where_they_are_made(tmp_path: Path, weights: str) -> None:
    stand = Stand.on(tmp_path, "cpu", 1, direct=True)
    found = models.Bench(stand, TINY, 1, (3.0, None)).images(Machine(1e9, 1e9), weights)
    assert found.same == found.both == 6
    assert (found.ours.passes, found.seed.passes) == (2, 6)


def test_a_made_up_translation_is_as_long_as_its_source(tmp_path: Path) -> None:
    loaded = Stand.on(tmp_path, "cpu", 1, direct=True).translator(TINY.translation)
    wordpieces = Wordpieces(loaded.processor, loaded.name)
    codes = tuple(wordpieces.language(tag) for tag in ("es", "hi"))
    texts = (caption(0), analysis(0).partition(".")[0], analysis(1).replace("\n", " "))
    asked = [Asked(wordpieces.encode(text) or (), codes) for text in texts]
    lengths = [len(each.source) for each in asked]
    assert min(lengths) < 30 < 100 < max(lengths)
    for each, said in zip(asked, Speaker(loaded).say(asked, 1, lambda *_: None), strict=True):
        assert all(one.whole for one in said)
        assert all(abs(len(one.pieces) - len(each.source)) < 8 for one in said)
        assert said[0].pieces != said[1].pieces


def test_the_roofline_takes_the_longer_of_two_times() -> None:
    work = Work(
        assets=2, rows=3, tokens=10, shared=100, own=20, seen=50, language=1000,
        weight_bytes=4000, tower=500, kept=8, crossed=100,
    )  # fmt: skip
    read = 100 + 3 * 20
    reckons = Machine(bytes_s=1e12, flops=1e6)
    assert work.looking(reckons) == pytest.approx(2 * 2 * (500 * 50 + 1000 * read) / 1e6)
    assert work.decoding(reckons) == pytest.approx(10 * 2 * 6 * 1000 / 1e6)
    moves = Machine(bytes_s=1e6, flops=1e12)
    assert work.looking(moves) == pytest.approx(4000 / 1e6)
    assert work.decoding(moves) == pytest.approx(10 * (4000 + 6 * (8 * 125 + 100)) / 1e6)
