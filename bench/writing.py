"""Measure what writing a description costs, beside a bare ExifTool that is fed the same.

captiond reads what is there, merges, has it written, reads it back and puts it in its place, as its
media workers do; the other figure is ExifTool alone, warm (``-stay_open``), told to read the same
file, to write the very values that captiond wrote, and to read them back. Sidecars are new, or
another program has begun them; pictures hold a camera's EXIF and a human's keywords. CPU seconds
are those of Python and of ExifTool together; a clock measures other programs, too, and the disk:
captiond waits until it has what was written, ExifTool alone does not.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image

from bench.calling.spending import tree_seconds
from metadata import sidecar
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Ours, Rules, Write
from metadata.description import Colour, Description, Fact, Look, Provenance, Sentiment, Tag
from metadata.exiftool import ExifTool
from metadata.fields import normal

GOAL = 1.3
FULL, QUICK = (60, 7), (16, 3)
"""How many files a round, and how many rounds."""
WARM = 4
LARGE, SMALL = (3000, 2000), (1024, 768)
ORIGINAL = "Oma"
_READ = ("-j", "-struct", "-G1", "-XMP:all", "-IPTC:all", "-IFD0:ImageDescription")
_HUMAN = ("-XMP-dc:Subject=Oma", "-XMP-dc:Subject=Garten", "-XMP-xmp:Rating=4")
MADE = Provenance("openai", "made-up@8b", "caption@1", "2026-01-01T00:00:00Z", "run-1")
TAGS = ("dog", "beach", "sea", "evening light", "sand", "running", "summer", "waves", "joy", "sky")
SAID = Description(
    caption={
        "en": "A brown dog runs along a wide beach in the evening light.",
        "es": "Un perro marrón corre por una playa ancha a la luz del atardecer.",
        "fr": "Un chien brun court le long d'une large plage à la lumière du soir.",
        "hi": "एक भूरा कुत्ता शाम की रोशनी में एक चौड़े समुद्र तट पर दौड़ता है।",
    },
    alt={"en": "Dog running on a beach.", "es": "Perro corriendo en una playa."},
    tags=tuple(Tag(tag, "openai", {"es": f"{tag} (es)", "fr": f"{tag} (fr)"}) for tag in TAGS),
    sentiment=Sentiment("positive", 0.8, ("joyful", "calm"), {"en": "The dog enjoys itself."}),
    look=Look(
        (Colour("blue", 0.4, "#3060a0"), Colour("beige", 0.3, "#d8c8a0")),
        (Fact("sharpness", 0.7, "measured"), Fact("daylight", True, "rule", 0.9)),
    ),
    provenance=dict.fromkeys(("caption", "alt", "tags", "sentiment", "look", "translate"), MADE),
)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of file to write into: how large a picture, and what another program wrote where."""

    name: str
    size: tuple[int, int]
    embeds: bool
    begun: bool = False

    @property
    def rules(self) -> Rules:
        """Give the rules under which captiond writes."""
        return Rules(Write.EMBED, ("jpeg",)) if self.embeds else Rules()


CASES = (
    Case("new sidecar", LARGE, embeds=False),
    Case("another's sidecar", LARGE, embeds=False, begun=True),
    Case("inside a JPEG of 200 KB", SMALL, embeds=True, begun=True),
    Case("inside a JPEG of 6 megapixels", LARGE, embeds=True, begun=True),
)


class Bare:
    """A warm ExifTool and nothing else."""

    def __init__(self) -> None:
        command = ["exiftool", "-config", str(Path(sidecar.__file__).with_name("captiond.config"))]
        self._process = subprocess.Popen(
            [
                *command,
                "-stay_open",
                "True",
                "-@",
                "-",
                "-common_args",
                "-charset",
                "filename=utf8",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("-stay_open", "False", end=b"")
        self._process.wait()

    def ask(self, *arguments: str, end: bytes = b"{ready}\n") -> bytes:
        """Run one command, and give what it prints."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\n".join((*arguments, "-execute", "")).encode())
        self._process.stdin.flush()
        said = b""
        while end and not said.endswith(end):
            said += self._process.stdout.readline()
        return said.removesuffix(end)

    def read(self, *paths: Path) -> list[dict[str, Any]]:
        """Read what others may have written."""
        found: list[dict[str, Any]] = json.loads(self.ask(*_READ, *map(str, paths)) or b"[]")
        return found

    def write(self, path: Path, target: Path, values: dict[str, Any]) -> None:
        """Read, write *values* into *target*, and read them back."""
        self.read(*dict.fromkeys((path, *filter(Path.exists, [target]))))
        told = target.with_name(f"{path.name}.json")
        told.write_text(json.dumps([{"SourceFile": "*", **values}], ensure_ascii=False))
        self.ask(f"-j={told}", "-overwrite_original", str(target))
        self.read(target)
        told.unlink()


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds and seconds by the clock."""

    cpu: float
    clock: float


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder in which both write, each into its own copies of one file."""

    root: Path
    exiftool: ExifTool
    bare: Bare
    case: Case
    count: int

    def prepared(self) -> dict[str, Any]:
        """Make the file that is copied, and learn which values captiond would write into it."""
        self.root.mkdir()
        draw(self._original, self.case.size)
        edited = self._original if self.case.embeds else sidecar_of(self._original)
        if self.case.begun:
            self._edit(edited)
        before = self._read(edited) if edited.exists() else {}
        (path,) = self._copies("learnt", 1)
        self._ours([path])
        found = self._read(path if self.case.embeds else sidecar_of(path))
        return {n: v for n, v in found.items() if before.get(n) != v and "Toolkit" not in n}

    def turn(self, number: int, values: dict[str, Any]) -> tuple[Spent, Spent]:
        """Measure captiond, then the bare ExifTool, each on fresh copies."""
        mine = self._copies(f"ours-{number}", self.count + WARM)
        theirs = self._copies(f"bare-{number}", self.count + WARM)
        self._ours(mine[:WARM])
        with spending() as ours:
            self._ours(mine[WARM:])
        self._bare(theirs[:WARM], values)
        with spending() as bare:
            self._bare(theirs[WARM:], values)
        for folder in (mine[0].parent, theirs[0].parent):
            shutil.rmtree(folder)
        return ours[0], bare[0]

    @property
    def _original(self) -> Path:
        return self.root / f"{ORIGINAL}.jpg"

    def _read(self, path: Path) -> dict[str, Any]:
        return dict(normal(self.exiftool.read([path], ("-XMP:all", "-IPTC:all"))[0]))

    def _edit(self, path: Path) -> None:
        subprocess.run(["exiftool", "-q", "-overwrite_original", *_HUMAN, path], check=True)

    def _copies(self, name: str, count: int) -> list[Path]:
        folder = self.root / name
        folder.mkdir()
        paths = [folder / f"{number:03}.jpg" for number in range(count)]
        for path in paths:
            shutil.copy2(self._original, path)
            if sidecar_of(self._original).exists():
                shutil.copy2(sidecar_of(self._original), sidecar_of(path))
        return paths

    def _ours(self, paths: Sequence[Path]) -> None:
        for path in paths:
            prepared = sidecar.prepare(
                self.exiftool, asset_at(path, self.case.size), SAID, self.case.rules, Ours()
            )
            if len(prepared.changes) != 1 or prepared.notes:
                sys.exit(f"{path} was not written as it should: {prepared.notes}")
            sidecar.place(prepared.changes[0])

    def _bare(self, paths: Sequence[Path], values: dict[str, Any]) -> None:
        for path in paths:
            self.bare.write(path, path if self.case.embeds else sidecar_of(path), values)


@contextmanager
def spending() -> Iterator[list[Spent]]:
    """Measure what this process and its children spend inside."""
    spent: list[Spent] = []
    cpu, clock = tree_seconds(os.getpid()), time.perf_counter()
    yield spent
    clock = time.perf_counter() - clock
    spent.append(Spent(tree_seconds(os.getpid()) - cpu, clock))


def draw(path: Path, size: tuple[int, int]) -> None:
    """Draw a picture with soft shapes, grain and a camera's EXIF."""
    dice = np.random.default_rng(1)
    rough = Image.fromarray(dice.integers(0, 255, (9, 12, 3), dtype=np.uint8))
    soft = np.asarray(rough.resize(size, Image.Resampling.BICUBIC), np.float32)
    grain = dice.normal(0, 5, (size[1], size[0], 1)).astype(np.float32)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Easel", "One"
    exif.get_ifd(0x8769)[0x9003] = "2024:07:03 18:20:11"
    pixels = np.clip(soft + grain, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=85, exif=exif)


def sidecar_of(path: Path) -> Path:
    """Name the sidecar of *path*."""
    return path.with_name(f"{path.name}.xmp")


def asset_at(path: Path, size: tuple[int, int]) -> Asset:
    """Say of the picture at *path* what the daemon knows by then."""
    stat = Stat.of(path.stat())
    return Asset(
        path=path, kind=MediaKind.IMAGE, format="jpeg", content="sha256:0",
        stat=stat, width=size[0], height=size[1],
    )  # fmt: skip


def measured(case: Case, folder: Path, tools: tuple[ExifTool, Bare], quick: bool) -> list[Row]:
    """Measure one case in rounds; the one whose ratio is in the middle counts."""
    count, rounds = QUICK if quick else FULL
    bench = Bench(folder / case.name.replace(" ", "-"), *tools, case, count)
    values = bench.prepared()
    turns = [bench.turn(number, values) for number in range(rounds)]
    cpu = sorted((ours.cpu / bare.cpu for ours, bare in turns))
    print(f"{case.name}: {len(values)} values; CPU ratios {', '.join(f'{r:.2f}' for r in cpu)}")
    return [
        _middle(case.name, turns, count, lambda spent: spent.cpu, "CPU ms a file", GOAL),
        _middle(f"{case.name}, clock", turns, count, lambda spent: spent.clock, "ms a file", None),
    ]


def _middle(
    name: str,
    turns: Sequence[tuple[Spent, Spent]],
    count: int,
    of: Callable[[Spent], float],
    unit: str,
    goal: float | None,
) -> Row:
    """Take the round in the middle: only what was measured together compares."""
    middle = sorted(turns, key=lambda turn: of(turn[0]) / of(turn[1]))[len(turns) // 2]
    ours, bare = (1000 * of(spent) / count for spent in middle)
    ratio = ours / bare
    return {
        "name": name, "ours": round(ours, 1), "other": round(bare, 1), "unit": unit,
        "ratio": round(ratio, 3), "goal": goal, "ok": goal is None or ratio <= goal,
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK[0]} files a round")
    quick = parser.parse_args(arguments).quick
    with tempfile.TemporaryDirectory(prefix="captiond-bench-") as name, Bare() as bare:
        root = Path(name)
        (root / "scratch").mkdir()
        with ExifTool("exiftool", root / "scratch") as exiftool:
            rows = [row for case in CASES for row in measured(case, root, (exiftool, bare), quick)]
    return report(rows)


def report(rows: Sequence[Row]) -> int:
    """Print the table and the JSON line; gives the exit code."""
    print(f"\n{'':38}{'ours':>8}{'other':>8}{'ratio':>8}{'goal':>6}")
    for row in rows:
        mark = "" if row["ok"] else "  missed"
        goal = row["goal"] or ""
        print(
            f"{row['name']:38}{row['ours']:8}{row['other']:8}{row['ratio']:8}{goal:>6}{mark}"
            f"  {row['unit']}"
        )
    ok = all(bool(row["ok"]) for row in rows)
    print(json.dumps({"bench": "writing", "rows": rows, "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
