"""What a model is asked about an asset: the prompts, filled with what is known to be true."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from daemon.config import Config
from daemon.toml_keys import ConfigError
from daemon.wire import Question
from metadata.asset import Asset, MediaKind
from metadata.description import Description
from prompts import Prompt, PromptError, load

ASKED = ("caption", "alt", "tags", "sentiment")
"""The tasks that are put to a model, in this order; each prompt bears its task's name."""
_LONGEST = 200
_NOTHING = "nothing"


class Questions:
    """The prompts of the configured tasks; raises ConfigError when one cannot be used."""

    def __init__(self, config: Config) -> None:
        self._most = config.engine.max_tokens
        folder = Path(config.prompts_dir) if config.prompts_dir else None
        asked = [task for task in ASKED if task in config.tasks]
        try:
            self._prompts = {task: load(task, folder) for task in asked}
            for prompt in self._prompts.values():
                prompt.filled({"known": _NOTHING})
        except PromptError as error:
            raise ConfigError(str(error)) from error

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Give the version of each task's prompt."""
        return tuple((task, prompt.version) for task, prompt in self._prompts.items())

    def about(self, asset: Asset, said: Description, tasks: Sequence[str]) -> tuple[Question, ...]:
        """Ask for those of *tasks* that are wanted of this kind of asset."""
        values = {"known": "\n".join(known(asset, said)) or _NOTHING}
        wanted = [self._prompts[task] for task in tasks if task in self._prompts]
        return tuple(
            self._question(prompt, values) for prompt in wanted if asset.kind in prompt.kinds
        )

    def _question(self, prompt: Prompt, values: dict[str, str]) -> Question:
        return Question(prompt.task, prompt.filled(values), min(prompt.max_tokens, self._most))


def known(asset: Asset, said: Description) -> Iterator[str]:
    """List what the file itself tells, one line each, so that no line can pass for another."""
    if asset.taken_at:
        yield _line("Taken", asset.taken_at[:16].replace("T", " "))
    if asset.camera:
        yield _line("Camera", asset.camera)
    for fact in said.look.facts:
        if fact.name == "place":
            yield _line("Place", f"near {fact.value}")
    if asset.kind is MediaKind.VIDEO:
        if asset.duration_s:
            yield _line("Length", f"{asset.duration_s:.0f} seconds")
        yield "Sound: not heard, so nothing can be said of it"


def _line(name: str, value: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in value)
    return f"{name}: {plain.replace('<<<', ' ').replace('>>>', ' ')[:_LONGEST]}"
