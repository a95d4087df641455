"""Count how often the builtin engine is right, claim by claim, on files whose truth is known.

Every example is drawn, described the way every file is, judged, and removed; see bench/labelled.
*precision* is the share of claims that are true, *bound* the value it exceeds with 95 % certainty
(one-sided, Clopper and Pearson), *recall* the share of what is there that was found. A claim whose
bound is under 0.95 is not made by default. Then follow CPU times, a search for words that must
never be said, and the same files described twice.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from bench.labelled import speech
from bench.labelled.everything import examples
from bench.labelled.example import Example
from bench.quality.large import large
from bench.quality.running import Outcome, described, reads, run
from bench.quality.tally import GOAL, Row, table, tallied, write_claims, write_docs
from bench.quality.twinning import pairs
from daemon.engines.builtin.claims import Claims, measured

ROOT = Path(__file__).parent.parent
CLAIMS = ROOT / "daemon/engines/builtin/claims.tsv"
DOCS = ROOT / "docs/builtin.md"
PROCESSES = 2
QUICK_EVERY = 37
LARGE, LARGE_QUICK, TWICE, TWICE_QUICK = 12, 5, 40, 8
MOST_MS, MOST_READ_MS = 120, 600
TWINS = "near_duplicate"


@dataclass(frozen=True, slots=True)
class Part:
    """The share of the set that one process takes: of each kind every *every*-th from *first*."""

    first: int
    every: int
    only: tuple[str, ...]


def asked(example: Example, only: Sequence[str]) -> bool:
    """Tell whether *example* has a truth for one of the claims in *only*; all where it is empty."""
    return not only or any(claim.startswith(tuple(only)) for claim in example.truths)


def outcomes(part: Part) -> list[Outcome]:
    """Run one share of the set."""
    with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
        mine = (e for e in examples(part.first, part.every) if asked(e, part.only))
        return [run(example, Path(folder)) for example in mine]


def all_outcomes(every: int, only: tuple[str, ...]) -> list[Outcome]:
    """Share the set out among the processes."""
    parts = [Part(first * every, every * PROCESSES, only) for first in range(PROCESSES)]
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return [outcome for found in pool.map(outcomes, parts) for outcome in found]


def counted(found: Iterable[Outcome], only: tuple[str, ...]) -> dict[str, Row]:
    """Add all verdicts up, pairs of near-duplicates too."""
    found = list(found)
    judged = [(outcome.name, outcome.verdicts) for outcome in found]
    scenes = [outcome.scene for outcome in found if outcome.scene]
    if len(scenes) > 1:
        judged.append((TWINS, tuple(pairs(scenes))))
    rows = tallied(judged)
    return {claim: row for claim, row in rows.items() if not only or claim.startswith(only)}


def medians(times: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Give the median of each stage over the files that went through it."""
    stages = dict.fromkeys(stage for each in times for stage in each)
    return {s: statistics.median(each[s] for each in times if s in each) for s in stages}


def timed(count: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Describe *count* pictures of 12 megapixels without and with their texts."""
    with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
        paths = list(large(count, Path(folder)))
        described(paths[0], reads=True)  # what is loaded once is no cost of a file
        without = [described(path, reads=False)[2] for path in paths]
        return without, [described(path, reads=True)[2] for path in paths] if reads() else []


def unlike_twice(count: int) -> int:
    """Describe a sample twice, and count the files that are described in another way."""
    with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
        sample = islice(examples(7, 6000 // count), count)
        paths = [example.make(Path(folder)) for example in sample]
        return sum(described(p, True)[1] != described(p, True)[1] for p in paths)


def claim_rows(rows: Mapping[str, Row], quick: bool) -> list[dict[str, object]]:
    """Hold each claim that is made against the goal; a small sample need not prove it."""
    claims = Claims(measured())
    made = {
        c: r for c, r in rows.items() if r.total.claimed and (claims.makes(c) if quick else r.made)
    }
    return [
        {
            "name": claim,
            "ours": round(row.precision, 4),
            "other": round(row.bound, 4),
            "unit": "precision",
            "ratio": round(row.precision / GOAL, 3),
            "goal": GOAL,
            "ok": row.reaches if quick else row.precision >= GOAL,
        }
        for claim, row in made.items()
    ]


def limit_row(name: str, ours: float, goal: float, unit: str) -> dict[str, object]:
    """Hold a figure against the most that it may be."""
    ratio = round(ours / goal, 3) if goal else ours
    value = round(ours, 1)
    return {
        "name": name, "ours": value, "other": goal, "unit": unit, "ratio": ratio, "goal": goal,
        "ok": ours <= goal,
    }  # fmt: skip


def time_rows(count: int) -> list[dict[str, object]]:
    """Print the times on large pictures and hold them against the goals."""
    without, with_texts = timed(count)
    rows = []
    for name, times, most in (
        ("12 MP JPEG without texts", without, MOST_MS),
        ("12 MP JPEG with texts", with_texts, MOST_READ_MS),
    ):
        if times:
            stages = ", ".join(f"{stage} {ms:.0f}" for stage, ms in medians(times).items())
            whole = statistics.median(sum(each.values()) for each in times)
            print(f"{name}: {whole:.0f} ms of CPU ({stages})")
            rows.append(limit_row(name, whole, most, "ms"))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample, under 50 s on two cores")
    parser.add_argument("--only", nargs="+", default=[], metavar="CLAIM", help="or how it begins")
    parser.add_argument("--write", action="store_true", help="update claims.tsv and docs")
    options = parser.parse_args()
    if options.write and (options.quick or not reads()):
        parser.error("--write needs the whole set and the ocr extra (pip install 'captiond[ocr]')")
    if not speech.available():
        print(f"{speech.PROGRAM} is not there: nobody speaks in the clips, {speech.REMEDY}")
        if options.write:
            parser.error(f"--write needs {speech.PROGRAM}: {speech.REMEDY}")
    only = tuple(options.only)
    found = all_outcomes(QUICK_EVERY if options.quick else 1, only)
    rows = counted(found, only)
    print(table(rows))
    stages = medians([outcome.ms for outcome in found])
    print("CPU ms a file:", ", ".join(f"{stage} {ms:.1f}" for stage, ms in stages.items()))
    said = [word for outcome in found for word in outcome.forbidden]
    print(f"words that must never be said, in {len(found)} files: {len(said)}", *said[:5])
    results = claim_rows(rows, options.quick)
    results.append(limit_row("forbidden words", len(said), 0, "words"))
    if not only:
        results += time_rows(LARGE_QUICK if options.quick else LARGE)
        unlike = unlike_twice(TWICE_QUICK if options.quick else TWICE)
        print(f"described in another way the second time: {unlike}")
        results.append(limit_row("unlike the second time", unlike, 0, "files"))
    if options.write:
        write_claims(rows, CLAIMS)
        write_docs(CLAIMS, DOCS)
    ok = all(bool(result["ok"]) for result in results)
    print(json.dumps({"bench": "builtin_quality", "rows": results, "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
