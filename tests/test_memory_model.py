"""What the memory model says a batch takes, and what it really takes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.engines.hosted import Shown
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import loading, memory
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.memory import MOST, Build, Meal, fitting, most_in
from daemon.wire import Question
from metadata.asset import MediaKind
from tests.tinies import TINIES

QUESTIONS = tuple(Question(task, f"what is the {task}?", 6) for task in ("tags", "text", "mood"))


def shown(side: int = 90) -> Shown:
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    return Shown(MediaKind.IMAGE, (picture,), (), QUESTIONS)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], loading.Loaded]:
    import torch

    folder = tmp_path_factory.mktemp("tinies")

    def one(name: str) -> loading.Loaded:
        torch.set_num_threads(1)
        here: Path = TINIES[name](folder / name)
        installed = Installed(Model(name=name), here, name)
        return loading.load(loading.plan_asked(installed, torch.device("cpu")))

    return one


@pytest.fixture
def caches() -> Iterator[Callable[[Any], list[int]]]:
    """Note the bytes of the cache after each call of a model."""
    hooks = []

    def of(model: Any) -> list[int]:
        sizes: list[int] = []
        hooks.append(
            model.register_forward_hook(lambda _, __, out: sizes.append(held(out.past_key_values)))
        )
        return sizes

    yield of
    for hook in hooks:
        hook.remove()


def held(cache: Any) -> int:
    """Count the bytes of all tensors of a cache."""
    import torch

    seen = []
    for layer in cache.layers:
        for value in vars(layer).values():
            seen += value.values() if isinstance(value, dict) else [value]
    return sum(tensor.nbytes for tensor in seen if isinstance(tensor, torch.Tensor))


@pytest.mark.parametrize("name", ["mllama", "llava", "llava_next_video", "qwen3_vl"])
def test_a_cache_takes_what_was_said_to_the_byte(
    load: Callable[[str], loading.Loaded], caches: Callable[[Any], list[int]], name: str
) -> None:
    loaded = load(name)
    sizes, asker = caches(loaded.model), Asker(loaded)
    prepared = asker.prepare([shown()])
    asker.answer(prepared, lambda *_: None)
    assert prepared.rests is not None
    meal = Meal(
        rows=3,
        shared=prepared.inputs["input_ids"].shape[1],
        own=max(map(len, prepared.rests)),
        new=6,
        pixels=tuple(prepared.inputs["pixel_values"].shape),
    )
    build = Build.of(loaded.model.config, 4)
    assert max(sizes) == build.cache(meal)
    assert build.bytes_for(meal) > build.cache(meal)


def test_a_running_state_does_not_grow(
    load: Callable[[str], loading.Loaded], caches: Callable[[Any], list[int]]
) -> None:
    loaded = load("qwen3_5")
    sizes, asker = caches(loaded.model), Asker(loaded)
    asker.answer(asker.prepare([shown()]), lambda *_: None)
    build = Build.of(loaded.model.config, 4)
    assert sizes[-1] - sizes[-2] == len(QUESTIONS) * build.kept * 4
    alone = Meal(rows=1, shared=0, own=sizes_of(asker), new=1, pixels=(0, 0))
    assert build.cache(alone) == sizes[0]


def sizes_of(asker: Asker) -> int:
    width: int = asker.prepare([shown()]).inputs["input_ids"].shape[1]
    return width


def test_more_of_anything_takes_more() -> None:
    build = Build.of(FakeConfig(), 2)
    least = Meal(rows=1, shared=100, own=10, new=20, pixels=(1, 3, 336, 336))
    for more in (
        Meal(2, 100, 10, 20, (1, 3, 336, 336)),
        Meal(1, 200, 10, 20, (1, 3, 336, 336)),
        Meal(1, 100, 10, 200, (1, 3, 336, 336)),
        Meal(1, 100, 10, 20, (5, 3, 336, 336)),
    ):
        assert build.bytes_for(more) > build.bytes_for(least)


def test_a_seven_billion_model_shown_eight_frames() -> None:
    """By hand: 32 layers of 32 heads of 128, keys and values, two bytes: 512 KiB for a token."""
    build = Build.of(FakeConfig(), 2)
    meal = Meal(rows=4, shared=1200, own=40, new=120, pixels=(1, 8, 3, 336, 336))
    assert build.cache(meal) == 4 * 1359 * 512 * 1024
    assert 1.0 < build.bytes_for(meal) / build.cache(meal) < 1.2
    assert fitting(build.bytes_for(meal), 60 * 10**9) == 17


def test_between_one_and_a_bound() -> None:
    assert fitting(10**9, 1) == 1
    assert fitting(1, 10**12) == MOST


def test_a_gpu_is_asked_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (6 * 10**9, 10**11))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 5 * 10**9)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: 10**9)
    assert most_in(10**9, torch.device("cuda:0")) == 9
    assert most_in(10**9, torch.device("cpu")) == memory.ON_PROCESSOR


class FakeConfig:
    """LLaVA-NeXT-Video-7B's sizes."""

    class text_config:
        hidden_size, intermediate_size, vocab_size = 4096, 11008, 32064
        num_hidden_layers, num_attention_heads, num_key_value_heads = 32, 32, 32

    class vision_config:
        hidden_size, intermediate_size, patch_size, image_size = 1024, 4096, 14, 336

    def get_text_config(self, decoder: bool) -> Any:
        assert decoder
        return self.text_config
