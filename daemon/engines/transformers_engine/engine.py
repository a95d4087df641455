"""The models on one device: loaded at first need, dropped where the next one has no room."""

import gc
from collections.abc import Callable
from functools import partial
from typing import Any

from daemon.engines import EngineError
from daemon.engines.hosted import Asks, Beat, Hears, Renders
from daemon.engines.profiles import Installed
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.ct2 import open_translator
from daemon.engines.transformers_engine.hearing import Listener
from daemon.engines.transformers_engine.loading import (
    Loaded,
    load,
    plan_asked,
    plan_listener,
    plan_translator,
)
from daemon.engines.transformers_engine.places import free_bytes, open_device
from daemon.engines.transformers_engine.speaking import Speaker
from daemon.engines.transformers_engine.translating import Translator
from daemon.engines.transformers_engine.wordpieces import Wordpieces
from daemon.wire import HostSetup

LOADING_S = 900.0
"""How long loading may take without a sign of life: tens of gigabytes from a slow disk."""
MARGIN = 1.05
"""What a model takes over the size of its weights, with the buffers that loading needs."""
GB = 10**9


class Engine:
    """The models that one device holds; implements Hosted."""

    def __init__(self, setup: HostSetup) -> None:
        """Open the device; raises EngineError when it is not there."""
        self._device = open_device(setup.device, setup.threads)
        self._setup = setup
        self._kept: dict[Installed, Any] = {}  # the one used last is the last

    def asker(self, installed: Installed, beat: Beat) -> Asks:
        """Give the model, loaded; raises EngineMissing with what is wrong with it."""
        asks: Asks = self._had(installed, beat, self._ask)
        return asks

    def translator(self, installed: Installed, beat: Beat) -> Renders:
        """Give the translation model, loaded; raises EngineMissing with what is wrong with it."""
        renders: Renders = self._had(installed, beat, partial(self._translate, beat=beat))
        return renders

    def listener(self, installed: Installed, beat: Beat) -> Hears:
        """Give the model that hears, loaded; raises EngineMissing with what is wrong with it."""
        hears: Hears = self._had(installed, beat, self._listen)
        return hears

    def make_room(self) -> None:
        """Drop every model but the one used last, and what the allocator keeps for later."""
        for installed in list(self._kept)[:-1]:
            del self._kept[installed]
        self._sweep()

    def _had(self, installed: Installed, beat: Beat, load: Callable[[Installed], Any]) -> Any:
        model = self._kept.pop(installed, None)
        if model is None:
            beat(f"loading {installed.label}", LOADING_S)
            model = load(installed)
        self._kept[installed] = model
        return model

    def _ask(self, installed: Installed) -> Asks:
        planned = plan_asked(installed, self._device)
        self._clear_for(installed, planned.size)
        return Asker(load(planned), self._setup.temperature)

    def _listen(self, installed: Installed) -> Hears:
        planned = plan_listener(installed, self._device)
        self._clear_for(installed, planned.size)
        return Listener(load(planned))

    def _translate(self, installed: Installed, beat: Beat) -> Renders:
        if installed.model.runtime == "ctranslate2":
            kept, threads = self._setup.kept, self._setup.threads
            return open_translator(installed, kept, threads, self._read_translator, beat)
        loaded = self._read_translator(installed)
        return Translator(Speaker(loaded), Wordpieces(loaded.processor, loaded.name))

    def _read_translator(self, installed: Installed) -> Loaded:
        planned = plan_translator(installed, self._device)
        self._clear_for(installed, planned.size)
        return load(planned)

    def _clear_for(self, installed: Installed, size: int) -> None:
        """Drop models, the one used longest ago first, until weights of *size* bytes fit.

        Raises EngineError when they do not fit into an otherwise empty device.
        """
        needed = int(size * MARGIN)
        while (free := free_bytes(self._device)) < needed:
            if not self._kept:
                raise EngineError(_too_large(installed, self._device, needed, free))
            del self._kept[next(iter(self._kept))]
            self._sweep()

    def _sweep(self) -> None:
        import torch

        gc.collect()  # models are full of circles
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


def _too_large(installed: Installed, device: object, needed: int, free: int) -> str:
    return (
        f"{installed.label} needs {needed / GB:.1f} GB for its weights and {device} has "
        f"{free / GB:.1f} GB free, with no other model of captiond's loaded; "
        "end what else uses the device, or choose a profile for less memory"
    )
