"""Questions put to tiny models one at a time, and what tests of asking have in common."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from daemon.engines.hosted import Shown
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import families, loading
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.families import Family
from daemon.engines.transformers_engine.loading import Loaded
from daemon.media.frames import Picture
from daemon.wire import Question
from metadata.asset import MediaKind
from tests.tinies import TINIES

NAMES = ("mllama", "llava", "llava_next", "llava_next_video", "blip2", "qwen3_vl", "qwen3_5")
SIZES = ((56, 56), (120, 60), (70, 200))
QUESTIONS = (
    Question("caption", "you see a picture. describe it", 11),
    Question("tags", "you see a picture. list five tags, comma separated, please", 7),
    Question("sentiment", "you see a picture. what is the sentiment?", 9),
    Question("alt", "you see a picture. a", 4),
)


def loads(folder: Path) -> Callable[[str], Loaded]:
    """Give what makes each tiny model once, in *folder*, and loads it."""
    loaded: dict[str, Loaded] = {}

    def one(name: str) -> Loaded:
        if name not in loaded:
            loaded[name] = load_tiny(TINIES[name](folder / name))
        return loaded[name]

    return one


def load_tiny(folder: Path) -> Loaded:
    import torch

    torch.set_num_threads(1)
    installed = Installed(Model(name=folder.name), folder, f"{folder.name}@0")
    return loading.load(loading.plan_asked(installed, torch.device("cpu")))


def pictures(sizes: Sequence[tuple[int, int]] = SIZES, seed: int = 0) -> list[Picture]:
    noise = np.random.default_rng(seed)
    return [noise.integers(0, 256, (*size, 3), np.uint8) for size in sizes]


def reworded(question: Question, text: str) -> Question:
    return Question(question.task, text, question.max_tokens)


def still(picture: Picture, questions: Sequence[Question] = QUESTIONS) -> Shown:
    return Shown(MediaKind.IMAGE, (picture,), (), tuple(questions))


def film(count: int, size: tuple[int, int], seed: int, asked: Sequence[Question]) -> Shown:
    """Make a film in tones of its own, darker with *seed* 0 than with 1."""
    frames = tuple(frame // 4 + np.uint8(180 * seed) for frame in pictures([size] * count, seed))
    return Shown(MediaKind.VIDEO, frames, tuple(0.5 * n for n in range(count)), tuple(asked))


def quiet(doing: str, patience_s: float = 60.0) -> None:
    """Hear that the work goes on."""


def together(asker: Asker, batch: Sequence[Shown]) -> list[list[tuple[int, ...]]]:
    """Give the tokens of each answer by asset."""
    prepared = asker.prepare(batch)
    said: list[list[tuple[int, ...]]] = [[] for _ in batch]
    for row, answer in zip(prepared.rows, asker.answers(prepared, quiet), strict=True):
        said[row.asset].append(answer.tokens)
    return said


def alone(loaded: Loaded, shown: Shown) -> list[tuple[int, ...]]:
    """Put each question by itself, as the documentation of transformers does."""
    name = loaded.installed.model.name
    images = [Image.fromarray(picture) for picture in shown.pictures]
    media: dict[str, Any] = {"images": [images]}
    places = [{"type": "image"}] * len(images)
    if shown.kind is MediaKind.VIDEO and name == "llava_next_video":
        media, places = {"videos": [images]}, [{"type": "video"}]
    said = []
    for question in shown.questions:
        key = (name, b"".join(images_bytes(shown)), question)
        if key not in ANSWERS_ALONE:
            ANSWERS_ALONE[key] = alone_with(loaded, question, places, media)
        said.append(ANSWERS_ALONE[key])
    return said


ANSWERS_ALONE: dict[Any, tuple[int, ...]] = {}
"""Asking one at a time is slow, so that each is asked once."""


def images_bytes(shown: Shown) -> Iterator[bytes]:
    for picture in shown.pictures:
        yield repr((shown.kind, picture.shape)).encode() + picture.tobytes()


def alone_with(
    loaded: Loaded, question: Question, places: list[Any], media: dict[str, Any]
) -> tuple[int, ...]:
    text = ""
    if loaded.processor.chat_template:
        said = [*places, {"type": "text", "text": question.text}]
        text = loaded.processor.apply_chat_template(
            [{"role": "user", "content": said}], add_generation_prompt=True, tokenize=False
        )
    one = loaded.processor(text=[text], return_tensors="pt", **media)
    out = loaded.model.generate(**one, max_new_tokens=question.max_tokens, do_sample=False)
    return tuple(out[0, one["input_ids"].shape[1] :].tolist())


def told_apart(answers: Sequence[Sequence[tuple[int, ...]]]) -> bool:
    """Tell whether no two assets have the same answers, so that a test of them says something."""
    return len({tuple(map(tuple, mine)) for mine in answers}) == len(answers)


class Through:
    """A processor that hands everything on to another."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, **more: Any) -> Any:
        return self.inner(**more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def planted(monkeypatch: pytest.MonkeyPatch, kind: str, family: Family) -> None:
    monkeypatch.setitem(families._FAMILIES, kind, family)
