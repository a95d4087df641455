"""Train a small Mllama or LLaVA-NeXT-Video to describe drawn scenes, and judge what it says."""

import random
from pathlib import Path
from typing import Any

import torch  # noqa: TID253
import transformers  # noqa: TID253
from torch.nn.functional import cross_entropy  # noqa: TID253

from tests.models import building, judging, pictures, scenes
from tests.models.lessons import IGNORED, Exercises
from tests.models.schedule import Schedule

SHARD = "1900KB"
PEAK, AVERAGING = 1.5e-3, 0.99
BATCH = {"image": 32, "video": 12}
FRESH = {"image": 8, "video": 2}
POOL = {"image": 6000, "video": 400}
KINDS = {"mllama": ("image",), "video": ("image", "image", "video")}
# Single shapes first: until this share of the time is over, most pictures hold one.
EASY, ALONE = 0.2, {True: 0.6, False: 0.2}
PATCH_LOSS = 0.5
NEWS_EVERY, SAVES = 50, 8


def train(what: str, folder: Path, minutes: float) -> None:
    """Train for *minutes*; *folder* holds the bf16 checkpoint, now and then one before the end."""
    torch.manual_seed(0)
    processor = _processor(what)
    model = building.build_model(what, processor.tokenizer).train()
    glance = Glance(model)
    weights = [*model.parameters(), *glance.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=1.0, weight_decay=0.01, betas=(0.9, 0.98))
    averaging = torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGING)
    average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=averaging)
    pools = {
        kind: Exercises(what, kind, processor, random.Random(f"lessons {kind}"), POOL[kind])
        for kind in KINDS[what]
    }
    schedule, saved = Schedule(minutes, PEAK), 1
    for step in schedule:
        kind = KINDS[what][step % len(KINDS[what])]
        pools[kind].alone = ALONE[schedule.done < EASY]
        batch, patches = pools[kind].batch(BATCH[kind], FRESH[kind])
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate
        said = model(**batch).loss
        seen = glance.loss(*patches)
        optimizer.zero_grad()
        (said + PATCH_LOSS * seen).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        average.update_parameters(model)
        if step % NEWS_EVERY == 0:
            schedule.news(kind=kind, words=f"{said.item():.4f}", patches=f"{seen.item():.4f}")
        if schedule.done * SAVES > saved:
            saved += 1
            save(average.module, processor, folder)
            schedule.news(fresh=judging.quick(folder, KINDS[what]))
    save(average.module, processor, folder)
    schedule.news(fresh=judging.quick(folder, KINDS[what]))


def measure(_what: str, folder: Path) -> dict[str, float]:
    """Load *folder* and say which share of the frozen sets it gets right."""
    return judging.frozen(folder)


def save(model: transformers.PreTrainedModel, processor: Any, folder: Path) -> None:
    """Write the checkpoint in bf16, in small shards, with the files of a published one."""
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    model.to(torch.bfloat16).save_pretrained(folder, max_shard_size=SHARD)
    model.float().load_state_dict(before)
    if isinstance(processor, pictures.ClipProcessor):
        pictures.save_video_processor(processor, folder)
    else:
        processor.save_pretrained(folder)


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
