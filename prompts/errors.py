"""What is wrong with a prompt, said so that its author can mend it."""

from pathlib import Path
from typing import NoReturn


class PromptError(ValueError):
    """A prompt file says something that cannot be understood: the user has to change it."""


def refuse(path: Path, why: str) -> NoReturn:
    """Raise PromptError, which names the file and what to change in it."""
    raise PromptError(f"{path}: {why}")
