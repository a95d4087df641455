"""The made-up models, loaded: from folders as captiond loads them, or made right on a device."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.generating import building
from bench.generating.packing import packed
from bench.generating.texts import EVERY
from daemon.engines.checkpoint import Checkpoint
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import processing
from daemon.engines.transformers_engine.loading import Loaded, load, plan_asked, plan_translator
from daemon.engines.transformers_engine.places import open_device
from daemon.wire import Question
from prompts import load as load_prompt

TASKS = ("caption", "tags", "sentiment")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where models are made: in *folder*, for *device*, computing in *dtype*.

    *direct* makes their weights on the device; nothing but processors is written then.
    """

    folder: Path
    device: Any
    dtype: Any
    direct: bool

    @classmethod
    def on(cls, folder: Path, name: str, threads: int, direct: bool) -> "Stand":
        """Open the device *name*."""
        import torch

        device = open_device(name, threads)
        dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
        return cls(folder, device, dtype, direct)

    def image_model(self, shape: Any, weights: str = "") -> Loaded:
        """Make a Llama 3.2 Vision, its weights packed as *weights* says."""
        import transformers

        kind = transformers.MllamaForConditionalGeneration
        return self._asked(kind, building.llama_vision, "image", shape, weights)

    def video_model(self, shape: Any) -> Loaded:
        """Make a LLaVA-NeXT-Video."""
        import transformers

        kind = transformers.LlavaNextVideoForConditionalGeneration
        return self._asked(kind, building.llava_video, "video", shape, "")

    def translator(self, shape: Any) -> Loaded:
        """Make an NLLB."""
        import transformers

        config = building.nllb(self.folder / "translation", shape, EVERY)
        words = transformers.AutoTokenizer.from_pretrained(
            self.folder / "translation", local_files_only=True
        )
        kind = transformers.M2M100ForConditionalGeneration
        return self._loaded(kind, config, words, "translation", "", plan_translator)

    def _asked(
        self, kind: Any, make: Callable[..., Any], name: str, shape: Any, weights: str
    ) -> Loaded:
        import transformers

        config = make(self.folder / name, shape, [q.whole for q in questions(1)])
        words = transformers.AutoTokenizer.from_pretrained(
            self.folder / name, local_files_only=True
        )
        return self._loaded(kind, config, words, name, weights, plan_asked)

    def _loaded(
        self, kind: Any, config: Any, words: Any, name: str, weights: str, plan: Any
    ) -> Loaded:
        self._sweep()
        model = building.weights(kind, config, words, self.device, self.dtype)
        installed = self.installed(name)
        if not self.direct:
            model.save_pretrained(installed.folder)
            del model
            return load(plan(installed, self.device))
        model = packed(model, weights, self.dtype)
        if not config.is_encoder_decoder:
            config.save_pretrained(installed.folder)
            words = self._processor(installed)
        size = sum(weight.nbytes for weight in model.parameters())
        told = weights or str(self.dtype).removeprefix("torch.")
        return Loaded(installed, model, words, self.device, self.dtype, "sdpa", told, size)

    def installed(self, name: str, runtime: Any = "transformers") -> Installed:
        """Give the model *name* as the daemon names one."""
        model = Model(name=f"made-up {name}", runtime=runtime)
        return Installed(model, self.folder / name, f"made-up {name}")

    def _sweep(self) -> None:
        """Give the memory of the model before back."""
        import torch

        gc.collect()  # models are full of circles
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _processor(self, installed: Installed) -> Any:
        return processing.for_pictures(Checkpoint(installed, {}, {}))


def questions(tokens: int) -> tuple[Question, ...]:
    """Give the project's own prompts for caption, tags and sentiment, *tokens* for each answer."""
    values = {"known": 'Taken: "2024-07-03 18:20"', "shown": "a picture"}
    prompts = map(load_prompt, TASKS)
    return tuple(Question(p.task, p.filled(values), tokens, p.opened(values)) for p in prompts)
