"""What a worker keeps open between requests: each thing is started at first need, ends with it."""

from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Self

from daemon.wire import Setup

if TYPE_CHECKING:
    from metadata.exiftool import ExifTool


class Bench:
    """The tools of one worker."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._open = ExitStack()
        self._exiftool: ExifTool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def exiftool(self) -> "ExifTool":
        """Give the one ExifTool of this worker."""
        if self._exiftool is None:
            room = import_module("metadata.exiftool")
            tool: ExifTool = room.ExifTool(self.setup.exiftool, self.setup.scratch)
            self._exiftool = self._open.enter_context(tool)
        return self._exiftool
