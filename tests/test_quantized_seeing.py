"""Models that see, in fewer bits: what they say of the frozen scenes hardly changes."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file

from daemon.engines.hosted import Shown
from daemon.engines.profiles import Installed, Model, Models
from daemon.engines.transformers_engine import open_engine
from daemon.media.frames import Picture
from daemon.wire import HostSetup, Question
from metadata.asset import MediaKind
from prompts import load
from tests.alone import quiet
from tests.eight_bit import VISION_2024, eight_bit_floats
from tests.models.scenes import TASKS, Clip, Scene, answer, frozen_clips, frozen_stills
from tests.running import REPOSITORY

MODELS = REPOSITORY / "tests" / "models"
SIDE, FRAMES, BATCH = 192, 8, 28
LOST = 0.03
"""The share of right answers that fewer bits may cost."""


def scenes(model: str) -> list[Scene]:
    stills = [*frozen_stills(True), *frozen_stills(False)]
    clips = [*frozen_clips(True), *frozen_clips(False)] if model != "mllama" else []
    return [*stills, *clips][::2]  # every second one is enough to see a difference


def shown(scene: Scene) -> Shown:
    questions = tuple(_question(task) for task in TASKS)
    if isinstance(scene, Clip):
        pictures = [_pixels(image) for image in scene.images(FRAMES, (SIDE, SIDE))]
        times = tuple(0.1 * number for number in range(FRAMES))
        return Shown(MediaKind.VIDEO, tuple(pictures), times, questions)
    return Shown(MediaKind.IMAGE, (_pixels(scene.image((SIDE, SIDE))),), (), questions)


def _question(task: str) -> Question:
    prompt = load(task, MODELS / "prompts")
    return Question(task, prompt.body, prompt.max_tokens)


def _pixels(image: Any) -> Picture:
    return np.asarray(image)


def right(folder: Path, scratch: Path, every: Sequence[Scene], quantization: str = "") -> float:
    """Give the share of questions about *every* scene that are answered exactly right."""
    model = Model(name=folder.name, quantization=quantization)  # type: ignore[arg-type]
    installed = Installed(model, folder, folder.name)
    engine = open_engine(HostSetup(scratch, scratch, "cpu", Models(image=installed), 0.0, 1))
    asker = engine.asker(installed, quiet)
    hits = []
    for kind in (MediaKind.IMAGE, MediaKind.VIDEO):
        mine = [(scene, view) for scene in every if (view := shown(scene)).kind is kind]
        for start in range(0, len(mine), BATCH):
            batch = mine[start : start + BATCH]
            replies = asker.answer(
                asker.prepare([view for _, view in batch]), lambda *_, **__: None
            )
            for (scene, _), told in zip(batch, replies, strict=True):
                hits += [reply.text == answer(scene, reply.task) for reply in told.replies]
    return sum(hits) / len(hits)


def in_eight_bits(model: str, folder: Path) -> Path:
    """Write *model* anew as FP8-dynamic."""
    copy = Path(shutil.copytree(MODELS / model, folder / f"{model}-fp8"))
    tensors: dict[str, Any] = {}
    for shard in sorted(copy.glob("*.safetensors")):
        tensors |= {name: value.float() for name, value in load_file(shard).items()}
        shard.unlink()
    (copy / "model.safetensors.index.json").unlink()
    eight_bit_floats(copy, tensors, VISION_2024)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "dtype": "float32"}))
    return copy


@pytest.mark.parametrize("model", ["mllama", "llava-next-video"])
def test_fewer_bits_cost_hardly_a_right_answer(model: str, tmp_path: Path) -> None:
    every = scenes(model)
    whole = right(MODELS / model, tmp_path, every)
    assert whole > 0.9
    four = right(MODELS / model, tmp_path, every, "nf4")
    eight = right(in_eight_bits(model, tmp_path), tmp_path, every)
    assert min(four, eight) >= whole - LOST
