"""The hub that models come from, and how they get here whole; not how models are run."""

from typing import Protocol

from daemon.engines import EngineError


class HubError(EngineError):
    """The hub, the way to it or the disk here; the model stays what it was."""


class Passing(HubError):
    """What may be over in a while; *after_s* is how long the hub asks to wait, 0 if it does not."""

    def __init__(self, message: str, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.after_s = after_s


class Progress(Protocol):
    """Who is told how far it is; counts are bytes."""

    def begins(self, what: str, total: int) -> None:
        """Take in that *total* bytes of *what* are gone through now."""

    def moved(self, count: int) -> None:
        """Take in that *count* more bytes are done; below zero where some have to be done again."""

    def says(self, line: str) -> None:
        """Take in a line for people."""
