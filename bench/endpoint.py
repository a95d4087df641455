"""Measure what captiond adds to asking a server about pictures, beside a bare loop.

Both describe the same pictures of 6 megapixels, each different, over the same server, which runs
apart and answers at once; the bare loop (``bench/calling/loop.py``) in as many processes as
captiond has media workers, with captiond's own way to decode and to shrink, as it is the quickest
that we know. *other* is the bare loop's. What starting costs is left out of both, as each has
described a few pictures before. CPU seconds are those of all processes but the server's: the
daemon, its workers, the one that calls servers, ExifTool. A clock measures what other programs do,
too, so that CPU seconds come first.

Then the server takes half a second for each answer, eight at a time, and the files done in a
second, once eight are done, stand beside those that such a server can answer, which is *other*.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.calling.pictures import SIZE, draw
from bench.calling.server import HERE, Server, served
from bench.calling.spending import Spent

MOST, LEAST = 1.3, 0.85
LATENCY_S, CONCURRENCY = 0.5, 8
FULL, QUICK = 100, 32
ROUNDS = 5, 3
WARM_EACH = 3
CONFIG = """
tasks = ["caption", "tags", "sentiment"]
state_dir = "state-{name}"
languages = []
workers = {workers}
[[folders]]
path = "in-{name}"
[engine]
use = "openai"
[[engine.endpoints]]
url = "{url}"
model = "made-up"
concurrency = {concurrency}
"""
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the pictures lie, how many count, and how many processes or workers open them."""

    root: Path
    count: int
    workers: int

    @property
    def pictures(self) -> list[Path]:
        """List the pictures; the first ones are for warming up."""
        return sorted((self.root / "drawn").iterdir())

    def bare(self, name: str, server: Server) -> Spent:
        """Describe all pictures in a bare loop."""
        return self._run(["bench.calling.loop", server.url, str(self.workers)], name)

    def ours(self, name: str, server: Server) -> Spent:
        """Describe all pictures with captiond."""
        told = CONFIG.format(
            name=name, workers=self.workers, url=server.url, concurrency=CONCURRENCY
        )
        config = self.root / f"{name}.toml"
        config.write_text(told, encoding="utf-8")
        return self._run(["bench.calling.ours", str(config)], name)

    def _run(self, words: list[str], name: str) -> Spent:
        paths = self._linked(name)
        warm, counted = paths[: -self.count], paths[-self.count :]
        command = [sys.executable, "-m", *words, *warm, "--", *counted]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{words[0]} failed: {done.stdout}{done.stderr[-3000:]}")
        return Spent(**json.loads(done.stdout.splitlines()[-1]))

    def _linked(self, name: str) -> list[str]:
        """Give the pictures once more in a folder of their own, where nothing lies beside them."""
        folder = self.root / f"in-{name}"
        folder.mkdir()
        for path in self.pictures:
            (folder / path.name).hardlink_to(path)
        return sorted(map(str, folder.iterdir()))

    def overhead(self, rounds: int) -> list[Row]:
        """Measure both in turn against a server that answers at once."""
        with served(0.0) as server:
            turns = [self._turn(number, server) for number in range(rounds)]
        return [
            self._middle("overhead_cpu", [(ours.cpu, bare.cpu) for bare, ours in turns], "CPU s"),
            self._middle("overhead_clock", [(ours.seconds, bare.seconds) for bare, ours in turns]),
        ]

    def _turn(self, number: int, server: Server) -> tuple[Spent, Spent]:
        bare, ours = self.bare(f"bare-{number}", server), self.ours(f"ours-{number}", server)
        print(f"bare loop {_told(bare)}, captiond {_told(ours)}")
        return bare, ours

    def _middle(self, name: str, turns: list[tuple[float, float]], unit: str = "s") -> Row:
        """Take the round whose ratio is in the middle: only what was measured together compares."""
        ours, bare = sorted(turns, key=lambda turn: turn[0] / turn[1])[len(turns) // 2]
        return _row(name, ours / self.count, bare / self.count, f"{unit} a file", MOST)

    def kept_busy(self) -> list[Row]:
        """Measure how well a slow server is kept busy."""
        with served(LATENCY_S) as server:
            ours = self.ours("slow", server)
            asked, most = server.count()
        each, rate = asked / len(self.pictures), ours.rate_after(CONCURRENCY)
        print(f"half a second: captiond {_told(ours)}; at most {most} requests at the same time")
        return [
            _row("kept_busy", rate, CONCURRENCY / (each * LATENCY_S), "files/s", LEAST),
            _row("requests", each, 1.0, "a file"),
        ]


def _row(name: str, ours: float, other: float, unit: str, goal: float | None = None) -> Row:
    """Make a row; *goal* is the most that the ratio may be, or the least where below 1."""
    ratio = ours / other
    ok = goal is None or (ratio >= goal if goal < 1 else ratio <= goal)
    return {
        "name": name, "ours": round(ours, 4), "other": round(other, 4), "unit": unit,
        "ratio": round(ratio, 3), "goal": goal, "ok": ok,
    }  # fmt: skip


def _told(spent: Spent) -> str:
    cpu, seconds = 1000 * spent.cpu / spent.files, 1000 * spent.seconds / spent.files
    return f"{cpu:.0f} ms of CPU ({seconds:.0f} ms)"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pictures, not {FULL}")
    quick = parser.parse_args(arguments).quick
    count, cores = QUICK if quick else FULL, len(os.sched_getaffinity(0))
    workers = cores + 1
    with tempfile.TemporaryDirectory(prefix="captiond-bench-") as folder:
        bench = Bench(Path(folder), count, workers)
        draw(bench.root / "drawn", count + WARM_EACH * workers)
        print(f"{count} pictures of {SIZE[0]} x {SIZE[1]}, {cores} cores, {workers} workers")
        rows = [*bench.overhead(ROUNDS[quick]), *bench.kept_busy()]
    return report(rows)


def report(rows: Sequence[Row]) -> int:
    """Print the table and the JSON line; gives the exit code."""
    print(f"\n{'':18}{'ours':>9}{'other':>9}{'ratio':>8}{'goal':>7}")
    for row in rows:
        goal = "" if row["goal"] is None else row["goal"]
        mark = "" if row["ok"] else "  missed"
        print(
            f"{row['name']:18}{row['ours']:9}{row['other']:9}{row['ratio']:8}{goal:>7}{mark}"
            f"  {row['unit']}"
        )
    ok = all(bool(row["ok"]) for row in rows)
    print(json.dumps({"bench": "endpoint", "rows": rows, "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
