"""Put a saved checkpoint to the test: drawn files in, answers out, and how many are right."""

import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import av
import torch  # noqa: TID253
import transformers  # noqa: TID253
from PIL import Image

from tests.models import pictures, scenes
from tests.models.lessons import question

FRAMES, AT_ONCE, QUICK = 8, 20, 24


def quick(folder: Path, kinds: Iterable[str]) -> dict[str, float]:
    """Say how many captions of newly made-up scenes, outside the frozen sets, are right."""
    model, processor = load(folder, torch.float32)
    right = {}
    for kind, seen in ((kind, seen) for kind in kinds for seen in (True, False)):
        rng, make = random.Random(f"quick {seen}"), scenes.clip if kind == "video" else scenes.still
        made = [make(rng, seen) for _ in range(QUICK)]
        for task in ("caption", "tags"):
            name = f"{kind} {'seen' if seen else 'new'} {task}"
            right[name] = share(model, processor, kind, task, made)
    return right


def frozen(folder: Path) -> dict[str, float]:
    """Say which share of the frozen scenes is answered rightly, by kind, pair and task."""
    model, processor = load(folder)
    sets = {"image": scenes.frozen_stills, "video": scenes.frozen_clips}
    return {
        f"{kind} {'seen' if seen else 'new'} {task}": share(
            model, processor, kind, task, sets[kind](seen)
        )
        for kind in (sets if isinstance(processor, pictures.ClipProcessor) else ("image",))
        for seen in (True, False)
        for task in scenes.TASKS
    }


def load(folder: Path, dtype: torch.dtype = torch.bfloat16) -> tuple[Any, Any]:
    """Read the checkpoint; a missing or unexpected weight is an error."""
    model, said = transformers.AutoModelForImageTextToText.from_pretrained(
        folder, local_files_only=True, dtype=dtype, output_loading_info=True
    )
    assert not said["missing_keys"], said
    assert not said["unexpected_keys"], said
    return model.eval(), pictures.load(folder)


def share(
    model: Any, processor: Any, kind: str, task: str, chosen: Sequence[scenes.Scene]
) -> float:
    """Say which share of the *chosen* scenes, each as a file, gets the right answer."""
    media = [_read_clip(scene) if kind == "video" else _read_still(scene) for scene in chosen]
    said = ask(model, processor, kind, task, media)
    right = [scenes.answer(a, task) == b for a, b in zip(chosen, said, strict=True)]
    return round(sum(right) / len(right), 3)


@torch.no_grad()
def ask(model: Any, processor: Any, kind: str, task: str, media: Sequence[Any]) -> list[str]:
    """Put the prompt of *task* to *media*, greedily, some at once."""
    said = []
    for start in range(0, len(media), AT_ONCE):
        part = list(media[start : start + AT_ONCE])
        given = {"videos": part} if kind == "video" else {"images": [[image] for image in part]}
        texts = [question(processor, kind, task)] * len(part)
        asked = processor(text=texts, padding=True, return_tensors="pt", **given)
        floats = {k: v.to(model.dtype) for k, v in asked.items() if v.is_floating_point()}
        made = model.generate(**{**asked, **floats}, max_new_tokens=40, do_sample=False)
        words = made[:, asked["input_ids"].shape[1] :]
        said += processor.tokenizer.batch_decode(words, skip_special_tokens=True)
    return said


def _read_still(still: scenes.Still) -> Image.Image:
    written = io.BytesIO()
    still.image().save(written, "JPEG", quality=90)
    return Image.open(written).convert("RGB")


def _read_clip(clip: scenes.Clip) -> list[Any]:
    """Encode and decode *clip*, and take the frames at evenly spread moments."""
    written = io.BytesIO(scenes.encoded(clip.images(scenes.CLIP_FRAMES)))
    with av.open(written) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return [frames[(2 * n + 1) * len(frames) // (2 * FRAMES)] for n in range(FRAMES)]
