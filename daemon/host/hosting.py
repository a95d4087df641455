"""The engine and its models: had at need, announced before they load, not tried again at once."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TypeVar

from daemon.engines import EngineMissing
from daemon.engines.hosted import Asks, Beat, Hears, Hosted, Renders
from daemon.host.buckets import Duty
from daemon.host.wall import Fault, attempt
from daemon.wire import HostSetup

T = TypeVar("T")
LOADING_S = 900.0
"""Tens of gigabytes from a slow disk; nothing is heard of it meanwhile."""
LOADED_S = 0.3
"""A model that was loaded already is given in less."""
AGAIN_S = 60.0
"""What could not be loaded is not tried for each file anew: that takes minutes."""


class Hosting:
    """What *opens* offers on one device.

    *dear* tells that models push each other out of memory, so that to change them takes seconds;
    *loaded* counts how often one was loaded.
    """

    def __init__(self, opens: Callable[[], Hosted], beat: Beat, clock: Callable[[], float]) -> None:
        self.dear = False
        self.loaded = 0
        self._opens = opens
        self._beat = beat
        self._clock = clock
        self._engine: Hosted | None = None
        self._given: set[Duty] = set()
        self._faults: dict[Duty, tuple[float, Fault]] = {}

    def asker(self, duty: Duty) -> Asks | Fault:
        """Give the model that is asked, loaded, or say why not."""
        return self._had(duty, lambda: self._opened().asker(duty.installed, self._beat))

    def translator(self, duty: Duty) -> Renders | Fault:
        """Give the model that translates, loaded, or say why not."""
        return self._had(duty, lambda: self._opened().translator(duty.installed, self._beat))

    def listener(self, duty: Duty) -> Hears | Fault:
        """Give the model that hears, loaded, or say why not."""
        return self._had(duty, lambda: self._opened().listener(duty.installed, self._beat))

    def is_at_hand(self, duty: Duty) -> bool:
        """Tell whether it can be had without loading anything, as far as we know."""
        return duty in self._given and not self.dear

    def make_room(self) -> Fault | None:
        """Drop all models but the one in use."""
        return attempt(self._opened().make_room)

    def _had(self, duty: Duty, get: Callable[[], T]) -> T | Fault:
        known = self._faults.get(duty)
        if known and self._clock() < known[0] + AGAIN_S:
            return known[1]
        if not self.is_at_hand(duty):
            self._beat(f"loading {duty.installed.label}", LOADING_S)
        begun = self._clock()
        had = attempt(get)
        if isinstance(had, Fault) and had.memory and self.make_room() is None:
            had = attempt(get)
        if isinstance(had, Fault):
            return self._failed(duty, had)
        self._learn(duty, self._clock() - begun)
        return had

    def _learn(self, duty: Duty, took_s: float) -> None:
        again = duty in self._given and took_s > LOADED_S
        self.dear = self.dear or again
        self.loaded += again or duty not in self._given
        self._given.add(duty)

    def _failed(self, duty: Duty, fault: Fault) -> Fault:
        """Remember why a model cannot be had: whatever the reason, no file is to blame."""
        told = fault.detail
        if not fault.foreseen:
            told = f"{duty.installed.label} cannot be loaded ({told}); verify it, or take another"
        elif fault.memory:
            told = (
                f"no room to load {duty.installed.label}: {told}; free some or take a smaller one"
            )
        kept = Fault(told, lasting=fault.lasting or not fault.foreseen)
        self._faults[duty] = (self._clock(), kept)
        return kept

    def _opened(self) -> Hosted:
        if self._engine is None:
            self._engine = self._opens()
        return self._engine


def opening(engine: str, setup: HostSetup) -> Callable[[], Hosted]:
    """Say how to open *engine*, the import path of a module that offers ``open_engine``."""
    return partial(_open, engine, setup)


def _open(engine: str, setup: HostSetup) -> Hosted:
    try:
        hosted: Hosted = import_module(engine).open_engine(setup)
    except (ImportError, AttributeError, OSError) as error:
        told = f"{engine} cannot be loaded ({type(error).__name__}: {error})"
        raise EngineMissing(f"{told}; run `pip install 'captiond[models]'`") from error
    return hosted
