"""The bench of servers: both ways do the work that is counted, and it is counted right."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from PIL import Image

from bench import endpoint
from bench.calling.pictures import draw
from bench.calling.server import Server, served
from bench.calling.spending import Spent, tree_seconds
from bench.endpoint import Bench
from metadata.plain import plain

COUNT, WARM = 3, 1


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    root = tmp_path_factory.mktemp("bench")
    draw(root / "drawn", COUNT + WARM, (300, 200))
    return Bench(root, COUNT, 1)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served(0.0) as running:
        yield running


def test_the_bare_loop_asks_about_each_picture_and_writes_beside_it(
    bench: Bench, server: Server
) -> None:
    before, _ = server.count()
    spent = bench.bare("bare", server)
    assert spent.files == COUNT and spent.cpu > 0 and spent.seconds > 0
    assert server.count()[0] - before == COUNT + WARM
    sidecars = sorted((bench.root / "in-bare").glob("*.xmp"))
    assert len(sidecars) == COUNT + WARM
    assert all(b"meadow" in sidecar.read_bytes() for sidecar in sidecars)


def test_captiond_asks_once_about_each_picture_and_all_of_it_is_believed(
    bench: Bench, server: Server
) -> None:
    before, _ = server.count()
    spent = bench.ours("ours", server)
    assert spent.files == COUNT and spent.cpu > 0
    assert spent.ends == sorted(spent.ends) and len(spent.ends) == COUNT
    assert server.count()[0] - before == COUNT + WARM
    for path in bench.pictures:
        written = plain((bench.root / "in-ours" / f"{path.name}.xmp").read_bytes())
        assert written is not None
        assert written["XMP-dc:Subject"] and "XMP-captiond:Sentiment" in written


def test_what_cannot_be_asked_ends_the_bench_with_the_reason(bench: Bench) -> None:
    with pytest.raises(SystemExit, match=r"failed: (?s:.*)ConnectionRefused"):
        bench.bare("nobody", Server(1))


def test_pictures_are_a_camera_s_and_all_different(bench: Bench) -> None:
    digests = set()
    for number, path in enumerate(bench.pictures):
        with Image.open(path) as image:
            assert image.size == (300, 200) and image.getexif()[272] == "Made-up M6"
            assert ("xmp" in image.info) == bool(number % 2)
            digests.add(hashlib.sha256(image.tobytes()).digest())
    assert len(digests) == COUNT + WARM


def test_the_server_takes_its_time_and_answers_several_at_once() -> None:
    with served(0.1) as slow:
        lines = [HTTPConnection("127.0.0.1", slow.port) for _ in range(4)]
        begun = time.perf_counter()
        for line in lines:
            line.request("POST", "/v1/chat/completions", b"x" * 300_000)
        said = [json.loads(line.getresponse().read()) for line in lines]
        took = time.perf_counter() - begun
        for line in lines:
            line.close()
        assert slow.count() == (4, 4)
    assert 0.1 <= took < 0.4
    assert len({one["choices"][0]["message"]["content"] for one in said}) == 4


def test_what_children_spend_counts_after_they_have_ended_too() -> None:
    before = tree_seconds(os.getpid())
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert 0.28 < tree_seconds(os.getpid()) - before < 3


def test_a_rate_leaves_out_what_came_before() -> None:
    assert Spent(6, ends=[5.0, 9.0, 9.5, 10.0, 10.5, 11.0]).rate_after(2) == 4 / 2


def test_a_ratio_has_a_most_and_a_rate_a_least(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        endpoint._row("cost", 1.31, 1.0, "s", 1.3),
        endpoint._row("rate", 0.86, 1.0, "files/s", 0.85),
        endpoint._row("told", 9.0, 1.0, "a file"),
    ]
    assert [row["ok"] for row in rows] == [False, True, True]
    assert endpoint.report(rows) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["bench"], told["ok"], told["rows"]) == ("endpoint", False, rows)
    assert endpoint.report(rows[1:]) == 0
