"""Train a small Mllama or LLaVA-NeXT-Video to describe drawn scenes, and judge what it says."""

import copy
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # noqa: TID253
from torch.nn.functional import cross_entropy  # noqa: TID253

from tests.models import building, judging, pictures, scenes
from tests.models.lessons import IGNORED, Exercises
from tests.models.schedule import Schedule

SHARD = "1900KB"
PEAK = 1.5e-3


@dataclass(frozen=True, slots=True)
class Course:
    """How one model is taught: the turns of the kinds, how many at once, how many of them new.

    *averaging* is the share that the average of all weights so far keeps at each step; the
    average is what is saved.
    """

    turns: tuple[str, ...]
    batch: Mapping[str, int]
    fresh: Mapping[str, int]
    averaging: float


COURSES = {
    "mllama": Course(("image",), {"image": 64}, {"image": 12}, 0.995),
    "video": Course(
        ("image", "image", "video"), {"image": 32, "video": 12}, {"image": 8, "video": 2}, 0.99
    ),
}
POOL = {"image": 6000, "video": 400}
# Single shapes first: until this share of the time is over, most pictures hold one.
EASY, ALONE = 0.2, {True: 0.6, False: 0.2}
PATCH_LOSS = 0.5
NEWS_EVERY, SAVES = 50, 8


def train(what: str, folder: Path, minutes: float) -> None:
    """Train for *minutes*; *folder* holds the bf16 checkpoint, now and then one before the end."""
    torch.manual_seed(0)
    pupil, schedule = Pupil(what), Schedule(minutes, PEAK)
    saved = 1
    for step in schedule:
        losses = pupil.learn(step, schedule.rate, alone=ALONE[schedule.done < EASY])
        if step % NEWS_EVERY == 0:
            schedule.news(**losses)
        if schedule.done * SAVES > saved:
            saved += 1
            pupil.save(folder)
            schedule.news(fresh=judging.quick(folder, pupil.course.batch))
    pupil.save(folder)
    schedule.news(fresh=judging.quick(folder, pupil.course.batch))


def measure(_what: str, folder: Path) -> dict[str, float]:
    """Load *folder* and say which share of the frozen sets it gets right."""
    return judging.frozen(folder)


class Pupil:
    """A model in training, with all that goes with it."""

    def __init__(self, what: str) -> None:
        self.course, self.processor = COURSES[what], _processor(what)
        self.model = building.build_model(what, self.processor.tokenizer).train()
        averaging = torch.optim.swa_utils.get_ema_multi_avg_fn(self.course.averaging)
        self.average = torch.optim.swa_utils.AveragedModel(self.model, multi_avg_fn=averaging)
        self.glance = Glance(self.model)
        self.weights = [*self.model.parameters(), *self.glance.parameters()]
        self.optimizer = torch.optim.AdamW(
            self.weights, lr=1.0, weight_decay=0.01, betas=(0.9, 0.98)
        )
        self.pools = {
            kind: Exercises(what, kind, self.processor, random.Random(f"lessons {kind}"), most)
            for kind, most in POOL.items()
        }

    def learn(self, step: int, rate: float, alone: float) -> dict[str, object]:
        """Take one step at the learning *rate*, and say what was wrong before it.

        *alone* is the share of single shapes among newly drawn pictures.
        """
        kind = self.course.turns[step % len(self.course.turns)]
        self.pools[kind].alone = alone
        batch, patches = self.pools[kind].batch(self.course.batch[kind], self.course.fresh[kind])
        words, seen = self.model(**batch).loss, self.glance.loss(*patches)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        (words + PATCH_LOSS * seen).backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        return {"kind": kind, "words": f"{words.item():.4f}", "patches": f"{seen.item():.4f}"}

    def save(self, folder: Path) -> None:
        """Write the checkpoint in bf16, in small shards, with the files of a published one."""
        rounded = copy.deepcopy(self.average.module).to(torch.bfloat16)
        rounded.save_pretrained(folder, max_shard_size=SHARD)
        if isinstance(self.processor, pictures.ClipProcessor):
            pictures.save_video_processor(self.processor, folder)
        else:
            self.processor.save_pretrained(folder)
        for weights in folder.glob("*.safetensors"):
            weights.chmod(0o644)


class Glance(torch.nn.Module):
    """A teacher at the projector: which colour and which shape does this patch show?

    It makes the vision tower see within minutes, and is thrown away after the training.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.colour = torch.nn.Linear(building.WIDTH, len(scenes.COLOURS) + len(scenes.BACKGROUNDS))
        self.shape = torch.nn.Linear(building.WIDTH, len(scenes.SHAPES) + 1)
        self.features: torch.Tensor | None = None
        model.model.multi_modal_projector.register_forward_hook(self._keep)

    def loss(self, colours: torch.Tensor, shapes: torch.Tensor) -> torch.Tensor:
        """Say how wrong the patches are named."""
        return _naming(self.colour(self.features), colours) + _naming(
            self.shape(self.features), shapes
        )

    def _keep(self, _module: torch.nn.Module, _given: Any, features: torch.Tensor) -> None:
        grid = features.flatten(0, -3)
        has_class_token = grid.shape[1] in (n * n + 1 for n in (3, 6))
        self.features = grid[:, 1:] if has_class_token else grid


def _naming(said: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    return cross_entropy(said.flatten(0, 1), right.flatten(), ignore_index=IGNORED)


def _processor(what: str) -> Any:
    tokenizer = building.build_tokenizer(what)
    make = pictures.mllama_processor if what == "mllama" else pictures.video_processor
    return make(tokenizer)
