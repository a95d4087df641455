"""The engine of this configuration, with the devices of this machine and the prompts for models."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec

from daemon import probe
from daemon.config import Config
from daemon.engines.choice import Choice, choose
from daemon.engines.devices import Look, Machine
from daemon.questions import Questions, only_words, vocabulary_of
from metadata.asset import MediaKind


class Looking:
    """Looks at the machine when it is first asked to, and remembers what it saw."""

    def __init__(self, look: Callable[[], Machine] = probe.look) -> None:
        self._look = look
        self.seen: Machine | None = None

    def __call__(self) -> Machine:
        """Find out which devices there are."""
        self.seen = self.seen or self._look()
        return self.seen

    def keep(self, state_dir: Path) -> None:
        """Write down what was seen, for those who ask while no captiond runs."""
        if self.seen:
            probe.keep(self.seen, state_dir)


def chosen(config: Config, look: Look) -> Choice:
    """Choose the engine; raises EngineError or ConfigError."""
    choice = choose(config, look)
    if choice.viewer(MediaKind.IMAGE) is None:
        return choice
    versions = dict(Questions(config, only_words(config)).versions)
    if "tags" in versions:
        versions["tags"] += _vocabulary_version(config)
    return replace(choice, prompts=tuple(versions.items()))


def _vocabulary_version(config: Config) -> str:
    """Name the list of keywords that answers are held to; one that is preferred asks for nothing.

    That one is followed when a description is written, without asking again.
    """
    vocabulary = vocabulary_of(config)
    if vocabulary is None or config.vocabulary_mode != "only":
        return ""
    digest = sha256(msgspec.json.encode(vocabulary.entries)).hexdigest()[:8]
    return f"+{config.vocabulary_mode}@{digest}"


def chosen_before(config: Config) -> Choice:
    """Choose as the last captiond did, by the devices that it found, without looking for any."""
    return chosen(config, lambda: probe.remembered(config.state_dir))
