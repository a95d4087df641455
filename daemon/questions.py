"""What a model is asked about an asset: the prompts, filled with what is known to be true."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from daemon.config import Config
from daemon.context import Known, lines
from daemon.engines.profiles import PROMPTED
from daemon.toml_keys import ConfigError
from daemon.wire import Question
from metadata.asset import MediaKind
from metadata.vocabulary import Vocabulary, VocabularyError
from metadata.vocabulary import load as read_vocabulary
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
        self._asking = Asking(config, vocabulary_words)
        wanted = [task for task in PROMPTED if task in config.tasks]
        self._prompts = {task: self._asking.prompt_for(task) for task in wanted}

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Give the version of each task's prompt."""
        return tuple((task, prompt.version) for task, prompt in self._prompts.items())

    def about(self, known: Known, tasks: Sequence[str]) -> tuple[Question, ...]:
        """Ask for those of *tasks* that are wanted of this kind of asset."""
        wanted = [self._prompts[task] for task in tasks if task in self._prompts]
        values = _values(known)
        return tuple(
            self._asking.question(prompt, values)
            for prompt in wanted
            if known.asset.kind in prompt.kinds
        )


class Asking:
    """How any prompt becomes a question under one configuration."""

    def __init__(self, config: Config, vocabulary_words: tuple[str, ...] = ()) -> None:
        self._most = config.engine.max_tokens
        only = config.vocabulary_mode == "only" and len(vocabulary_words) <= MOST_CHOICES
        self._words = vocabulary_words if only else ()
        self._folder = Path(config.prompts_dir) if config.prompts_dir else None

    def prompt(self, name: str) -> Prompt:
        """Read the prompt *name*, a user's or ours; raises ConfigError where it cannot be used."""
        try:
            prompt = load(name, self._folder, {"vocabulary": self._words})
            _check(prompt)
            if "vocabulary" in prompt.names and not self._words:
                told = 'it quotes your vocabulary; set that, and vocabulary_mode = "only"'
                raise PromptError(f"{prompt.path}: {told}")
        except PromptError as error:
            raise ConfigError(str(error)) from error
        return prompt

    def prompt_for(self, task: str) -> Prompt:
        """Read the prompt that asks for *task*; raises ConfigError as `prompt` does."""
        prompt = self.prompt(task)
        if prompt.task != task:
            raise ConfigError(f"{prompt.path}: task: this is the file of {task!r}; write that")
        # a user's own wording stays what it is
        if task == "tags" and self._words_fit and prompt.path.parent == OURS:
            return self.prompt("tags-only")
        return prompt

    def about(self, prompt: Prompt, known: Known) -> Question:
        """Put what is *known* of an asset into *prompt*."""
        return self.question(prompt, _values(known))

    def question(self, prompt: Prompt, values: Mapping[str, str]) -> Question:
        """Put *values* into *prompt*."""
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

    @property
    def _words_fit(self) -> bool:
        return 0 < len(", ".join(self._words)) <= _MOST_QUOTED


def vocabulary_of(config: Config) -> Vocabulary | None:
    """Read the user's keywords, None where there are none; raises ConfigError."""
    if not config.vocabulary:
        return None
    try:
        return read_vocabulary(Path(config.vocabulary))
    except VocabularyError as error:
        raise ConfigError(str(error)) from error


def only_words(config: Config) -> tuple[str, ...]:
    """Read the only keywords there may be, nothing without such a limit; raises ConfigError."""
    words = vocabulary_of(config) if config.vocabulary_mode == "only" else None
    return words.words if words else ()


def _values(known: Known) -> dict[str, str]:
    told = "\n".join(lines(known)) or _NOTHING
    return {"known": told, "shown": _SHOWN[known.asset.kind]}


def _check(prompt: Prompt) -> None:
    """Refuse a prompt whose answer could not be understood, or that asks for the unknown."""
    if prompt.task not in PROMPTED:
        tasks = ", ".join(PROMPTED)
        raise PromptError(f"{prompt.path}: task: {prompt.task!r} is none; there are {tasks}")
    answer = load(prompt.task).answer
    if prompt.answer != answer and not {prompt.answer, answer} <= set(_PROSE):
        raise PromptError(f"{prompt.path}: answer: that of {prompt.task!r} is read as {answer!r}")
    values = {"known": _NOTHING, "shown": _NOTHING}
    prompt.opened(values)
    prompt.filled(values)
