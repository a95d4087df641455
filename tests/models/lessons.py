"""What the models learn from: scenes drawn anew all the time, as tensors with the right answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch  # noqa: TID253

from tests.models import scenes
from tests.models.building import END, IMAGE, PROMPTS, VIDEO
from tests.models.pictures import EDGE, PATCH
from tests.models.scenes import BACKGROUNDS, COLOURS, SHAPES, Mark

IGNORED = -100
# Captions hold all that there is to learn, so most lessons ask for them.
TASKS = {"caption": 65, "tags": 25, "sentiment": 10}
SQUARE = 0.7
OBLONG = ((4, 3), (3, 2), (16, 9), (3, 4), (2, 3))
FRAME_COUNTS = (8, 8, 8, 10, 12, 16)
Batch = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One drawn scene: its tensors, and for each of its patches which colour and shape is there."""

    scene: scenes.Scene
    pixels: Batch
    patches: tuple[torch.Tensor, torch.Tensor]


@dataclass(slots=True)
class Exercises:
    """A pool of drawn scenes of one kind, some of which are replaced before each batch."""

    what: str
    kind: str
    processor: Any
    rng: random.Random
    most: int
    alone: float = 0.6
    drawn: dict[int, list[Exercise]] = field(default_factory=dict)

    def batch(self, count: int, fresh: int) -> tuple[Batch, tuple[torch.Tensor, torch.Tensor]]:
        """Draw *fresh* new scenes, and make a batch of *count* from the pool."""
        frames = self.rng.choice(FRAME_COUNTS) if self.kind == "video" else 1
        pool = self.drawn.setdefault(frames, [])
        fresh = max(fresh, count - len(pool))
        pool.extend(self._drawn(frames) for _ in range(fresh))
        del pool[: max(0, len(pool) - self.most)]
        chosen = pool[-fresh:] + self.rng.sample(pool, count - fresh)
        tasks = self.rng.choices(list(TASKS), list(TASKS.values()), k=count)
        colours, shapes = zip(*(exercise.patches for exercise in chosen), strict=True)
        made = lesson(self.what, self.kind, self.processor, chosen, tasks)
        return made, (torch.cat(colours), torch.cat(shapes))

    def _drawn(self, frames: int) -> Exercise:
        if self.kind == "video":
            return _clip_exercise(scenes.clip(self.rng), frames, self.processor, self.rng)
        count = 1 if self.rng.random() < self.alone else 2
        return _still_exercise(scenes.still(self.rng, count=count), self.processor, self.rng)


def lesson(
    what: str, kind: str, processor: Any, chosen: Sequence[Exercise], tasks: Sequence[str]
) -> Batch:
    """Put the tensors of the *chosen* scenes together with questions and right answers."""
    tokenizer = processor.tokenizer
    asked = [
        question(processor, kind, task).replace(
            _token(what, kind), _token(what, kind) * _places(what, exercise, processor)
        )
        for exercise, task in zip(chosen, tasks, strict=True)
    ]
    answers = [
        scenes.answer(exercise.scene, task) + END
        for exercise, task in zip(chosen, tasks, strict=True)
    ]
    texts = [a + b for a, b in zip(asked, answers, strict=True)]
    made = dict(tokenizer(texts, padding=True, padding_side="right", return_tensors="pt"))
    made.pop("token_type_ids", None)
    made["labels"] = _labels(made, [len(tokenizer(text)["input_ids"]) for text in answers])
    for name in chosen[0].pixels:
        made[name] = torch.cat([exercise.pixels[name] for exercise in chosen])
    if what == "mllama":
        image = tokenizer.convert_tokens_to_ids(IMAGE[what])
        seen = (made["input_ids"] == image).cumsum(-1) > 0
        made["cross_attention_mask"] = seen.long()[:, :, None, None]
    return made


def question(processor: Any, kind: str, task: str) -> str:
    """Word the prompt of *task* about a picture or clip as the engine does."""
    content = [{"type": kind}, {"type": "text", "text": PROMPTS[task]}]
    return processor.apply_chat_template(
        [{"role": "user", "content": content}], add_generation_prompt=True
    )


def _still_exercise(still: scenes.Still, processor: Any, rng: random.Random) -> Exercise:
    edge = rng.randint(80, 144)
    wide, high = (1, 1) if rng.random() < SQUARE else rng.choice(OBLONG)
    size = (edge * wide // min(wide, high), edge * high // min(wide, high))
    pixels = dict(processor.image_processor([[still.image(size)]], return_tensors="pt"))
    pixels.pop("num_tiles", None)
    # LLaVA-NeXT sees a square picture of one tile twice: whole, and as that tile.
    views = pixels["pixel_values"].flatten(0, -4).shape[0]
    colours, shapes = (
        part.repeat(views, 1) for part in _patches(still.marks, still.background, EDGE // PATCH)
    )
    if wide != high:  # what an oblong picture is padded or squashed to is not worked out here
        colours, shapes = (torch.full_like(part, IGNORED) for part in (colours, shapes))
    return Exercise(still, pixels, (colours, shapes))


def _clip_exercise(clip: scenes.Clip, frames: int, processor: Any, rng: random.Random) -> Exercise:
    moments = [(2 * n + 1) / (2 * frames) + rng.uniform(-0.025, 0.025) for n in range(frames)]
    images = [clip.image(moment, (96, 96)) for moment in moments]
    pixels = dict(processor.video_processor([images], return_tensors="pt"))
    patches = [
        _patches((clip.at(moment),), clip.background, EDGE // PATCH // 2) for moment in moments
    ]
    colours, shapes = zip(*patches, strict=True)
    return Exercise(clip, pixels, (torch.stack(colours), torch.stack(shapes)))


def _patches(
    marks: Sequence[Mark], background: str, side: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Name the colour and the shape that each of *side* x *side* patches shows."""
    colours = torch.full((side, side), len(COLOURS) + list(BACKGROUNDS).index(background))
    shapes = torch.full((side, side), len(SHAPES))
    middles = (torch.arange(side) + 0.5) / side
    for mark in marks:
        apart = torch.hypot(middles[None, :] - mark.x, middles[:, None] - mark.y)
        here = apart < mark.radius + 0.25 / side
        colours[here] = list(COLOURS).index(mark.colour)
        shapes[here] = SHAPES.index(mark.shape)
    return colours.flatten(), shapes.flatten()


def _token(what: str, kind: str) -> str:
    return VIDEO if kind == "video" else IMAGE[what]


def _places(what: str, exercise: Exercise, processor: Any) -> int:
    """Count the tokens that stand for a picture or clip."""
    if what == "mllama":
        return 1
    if "pixel_values_videos" in exercise.pixels:
        return exercise.pixels["pixel_values_videos"].shape[1] * (EDGE // PATCH // 2) ** 2
    height, width = exercise.pixels["image_sizes"][0].tolist()
    return processor._get_number_of_features(height, width, EDGE, EDGE) - 1


def _labels(made: Batch, lengths: Sequence[int]) -> torch.Tensor:
    """Keep the ids of the answers, the last *lengths* tokens of each row, and ignore the rest."""
    ends = made["attention_mask"].sum(-1, keepdim=True)
    places = torch.arange(made["input_ids"].shape[1])[None, :]
    answered = (places < ends) & (places >= ends - torch.tensor(lengths)[:, None])
    return made["input_ids"].masked_fill(~answered, IGNORED)
