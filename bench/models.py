"""Measure describing with models beside the way of the article that captiond comes from.

Both run the same made-up models, prompts and greedy decoding in the same process, in turn: caption,
tags and sentiment of each asset, and three languages. Random weights take as long as trained ones,
and show whether two ways compute the same. *other* is the article's way.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.generating import comparing, drawings, roofline, texts
from bench.generating.comparing import Compared
from bench.generating.measuring import Spent
from bench.generating.ours import beat, identified, shown
from bench.generating.reporting import UNITS, compared_rows, described, limits, row
from bench.generating.shapes import SHAPES, Shapes
from bench.generating.standing import TASKS, Stand, questions
from daemon.engines import EngineError
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.ct2 import open_translator
from daemon.engines.transformers_engine.loading import Loaded, load, plan_translator

LANGUAGES = ("es", "fr", "hi")
ON_PROCESSOR, IMAGES_ON_GPU, VIDEOS_ON_GPU = 3.0, 25.0, 15.0
PACKED = {"cpu": ("",), "direct": ("nf4", "fp8", "")}
"""How the image model's weights are kept, in turn."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, where, and the goals for images and videos, where there are any."""

    stand: Stand
    shapes: Shapes
    threads: int
    goals: tuple[float, float | None]

    def images(self, machine: roofline.Machine, weights: str) -> Compared:
        """Describe pictures."""
        loaded = self.stand.image_model(self.shapes.image, weights)
        paths = [self.stand.folder / f"{n}.jpg" for n in range(self.shapes.images)]
        assets = [identified(drawings.picture(path)) for path in paths]
        return self._asked(loaded, assets, self.shapes.seed_images, machine)

    def videos(self, machine: roofline.Machine) -> Compared:
        """Describe clips."""
        loaded = self.stand.video_model(self.shapes.video)
        paths = [self.stand.folder / f"{n}.mp4" for n in range(self.shapes.videos)]
        told = self.shapes.seconds, self.shapes.size
        assets = [identified(drawings.clip(path, *told)) for path in paths]
        return self._asked(loaded, assets, self.shapes.seed_videos, machine)

    def translations(self) -> tuple[Compared, Spent | None]:
        """Translate; the second is by CTranslate2, where that is installed and reads a folder."""
        loaded = self.stand.translator(self.shapes.translation)
        every = [(texts.caption(n), texts.analysis(n)) for n in range(self.shapes.images)]
        few = max(2, self.shapes.seed_images // 2)
        found = comparing.translating(loaded, every, few, LANGUAGES)
        if self.stand.direct or find_spec("ctranslate2") is None:
            return found, None
        del loaded
        converted = open_translator(
            self.stand.installed("translation", "ctranslate2"), self.stand.folder / "kept",
            self.threads, lambda one: load(plan_translator(one, self.stand.device)), beat,
        )  # fmt: skip
        return found, comparing.rendering(converted, every, LANGUAGES)

    def _asked(
        self, loaded: Loaded, assets: list[Any], few: int, machine: roofline.Machine
    ) -> Compared:
        put, asker = questions(self.shapes.tokens), Asker(loaded)
        one = shown(assets[0], put)
        assets = assets[: max(2, asker.most(asker.bucket(one), one))]
        found = comparing.asking(loaded, asker, assets, min(few, len(assets)), put)
        ours = found.ours
        work = roofline.work(
            loaded, len(assets), len(TASKS), self.shapes.tokens, ours.each("prefill"), found.own,
            ours.each("passes") * max(1, found.pictures),
        )  # fmt: skip
        kept = f"{loaded.weights}, {loaded.size / 1e9:.2f} GB"
        described(f"{loaded.name} ({kept}), {len(assets)} at once", found)
        limits(work, machine, ours)
        return found

    def rows(self) -> Iterator[dict[str, object]]:
        """Measure everything."""
        machine = roofline.measured(self.stand.device, self.stand.dtype)
        print(
            f"memory {machine.bytes_s / 1e9:.1f} GB/s, matrices {machine.flops / 1e12:.3f} TFLOP/s"
        )
        translated, int8 = self.translations()
        described(f"translation into {len(LANGUAGES)} languages", translated)
        exact = self.stand.device.type == "cpu"
        # On a processor that others use, too, a clock measures them as well.
        time = "cpu" if exact else "seconds"
        for weights in PACKED["direct" if self.stand.direct else "cpu"]:
            kept = weights or str(self.stand.dtype).removeprefix("torch.")
            name = f"{kept}_" if self.stand.direct else ""
            found = self.images(machine, weights)
            yield from compared_rows(
                name, found, translated, self.goals[0], time, exact and not weights
            )
        found = self.videos(machine)
        yield from compared_rows("video_", found, translated, self.goals[1], time, exact)
        yield row("translation_speed", translated, time, UNITS[time], ON_PROCESSOR)
        yield row("translation_equal_tokens", translated, "equal", "share", 1.0 if exact else None)
        if int8:
            yield row("ct2_int8", Compared(translated.seed, int8, 0, 1), time, UNITS[time])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller shapes, under 50 s")
    parser.add_argument("--gpu", action="store_true", help="the real shapes on the first GPU")
    parser.add_argument("--device", default="cpu", help="cpu, cuda:0 and the like")
    parser.add_argument("--shapes", choices=SHAPES, help="how large the models are")
    parser.add_argument("--direct", action="store_true", help="make weights on the device")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    told = parser.parse_args(arguments)
    if told.gpu:
        told.device, told.shapes, told.direct = "cuda:0", told.shapes or "real", True
    shapes = SHAPES[told.shapes or ("quick" if told.quick else "mid")]
    # Threads that wait by spinning take the cores of other programs, and their own in turn.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    goals = (IMAGES_ON_GPU, VIDEOS_ON_GPU) if told.gpu else (ON_PROCESSOR, None)
    with tempfile.TemporaryDirectory(prefix="captiond-bench-") as folder:
        try:
            stand = Stand.on(Path(folder), told.device, told.threads, told.direct)
        except EngineError as error:
            parser.error(f"not measured: {error}")
        rows = list(Bench(stand, shapes, told.threads, goals).rows())
    print(f"\n{'':26}{'ours':>11}{'other':>11}{'ratio':>8}{'goal':>7}")
    for found in rows:
        mark = "" if found["ok"] else "  missed"
        goal = "" if found["goal"] is None else found["goal"]
        print(
            f"{found['name']:26}{found['ours']:11}{found['other']:11}{found['ratio']:8}"
            f"{goal:>7}{mark}  {found['unit']}"
        )
    ok = all(bool(found["ok"]) for found in rows)
    print(json.dumps({"bench": "models", "rows": rows, "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
