"""What a model is asked about an asset: the prompts, filled with what is known to be true."""

from collections.abc import Sequence
from pathlib import Path

from daemon.config import Config
from daemon.context import Known, lines
from daemon.engines.profiles import PROMPTED
from daemon.toml_keys import ConfigError
from daemon.wire import Question
from metadata.asset import MediaKind
from prompts import OURS, Prompt, PromptError, choices, load

MOST_CHOICES = 500
"""So many keywords of a vocabulary an answer can be held to; servers refuse longer lists."""
_MOST_QUOTED = 2000
"""Characters of a vocabulary that fit into a prompt beside a picture, for the smallest models."""
_CHOICES = {"sentiment": "moods", "moderation": "moderation", "quality": "quality"}
_SHOWN = {
    MediaKind.IMAGE: "a picture",
    MediaKind.VIDEO: "a video, shown as pictures in order from first to last",
}
_NOTHING = "nothing"
_PROSE = ("text", "line")


class Questions:
    """The prompts of the configured tasks; raises ConfigError when one cannot be used.

    *vocabulary_words* are the only keywords there may be where the configuration says "only".
    """

    def __init__(self, config: Config, vocabulary_words: tuple[str, ...] = ()) -> None:
        self._most = config.engine.max_tokens
        only = config.vocabulary_mode == "only" and len(vocabulary_words) <= MOST_CHOICES
        self._words = vocabulary_words if only else ()
        self._folder = Path(config.prompts_dir) if config.prompts_dir else None
        try:
            self._prompts = {task: self._load(task) for task in PROMPTED if task in config.tasks}
        except PromptError as error:
            raise ConfigError(str(error)) from error

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Give the version of each task's prompt."""
        return tuple((task, prompt.version) for task, prompt in self._prompts.items())

    def about(self, known: Known, tasks: Sequence[str]) -> tuple[Question, ...]:
        """Ask for those of *tasks* that are wanted of this kind of asset."""
        values = {"known": "\n".join(lines(known)) or _NOTHING, "shown": _SHOWN[known.asset.kind]}
        wanted = [self._prompts[task] for task in tasks if task in self._prompts]
        return tuple(
            self._question(prompt, values) for prompt in wanted if known.asset.kind in prompt.kinds
        )

    def _question(self, prompt: Prompt, values: dict[str, str]) -> Question:
        return Question(
            prompt.task,
            prompt.filled(values),
            min(prompt.max_tokens, self._most),
            prompt.opened(values),
            prompt.answer,
            self._choices(prompt.task),
        )

    def _choices(self, task: str) -> tuple[str, ...]:
        if task == "tags":
            return self._words
        return choices(_CHOICES[task]) if task in _CHOICES else ()

    def _load(self, task: str) -> Prompt:
        prompt = self._checked(task, load(task, self._folder))
        words = {"vocabulary": self._words}
        # a user's own wording stays what it is
        if task == "tags" and self._words_fit and prompt.path.parent == OURS:
            prompt = self._checked(task, load("tags-only", self._folder, words))
        return prompt

    @property
    def _words_fit(self) -> bool:
        return 0 < len(", ".join(self._words)) <= _MOST_QUOTED

    def _checked(self, task: str, prompt: Prompt) -> Prompt:
        """Refuse a prompt whose answer could not be understood, or that asks for the unknown."""
        if prompt.task != task:
            raise PromptError(f"{prompt.path}: task: this is the file of {task!r}; write that")
        answer = load(task).answer
        if prompt.answer != answer and not {prompt.answer, answer} <= set(_PROSE):
            raise PromptError(f"{prompt.path}: answer: that of {task!r} is read as {answer!r}")
        values = {"known": _NOTHING, "shown": _NOTHING}
        prompt.opened(values)
        prompt.filled(values)
        return prompt
