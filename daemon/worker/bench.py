"""What a worker keeps between requests: each thing is made at first need and ends with it."""

from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from daemon.engines import EngineError
from daemon.wire import Setup
from metadata.asset import AssetError
from metadata.reasons import Reason

if TYPE_CHECKING:
    from metadata.exiftool import ExifTool

T = TypeVar("T")


class Bench:
    """The tools of one worker."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._open = ExitStack()
        self._kept: dict[object, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def kept(self, make: Callable[[], T]) -> T:
        """Give what *make* made the first time."""
        if make not in self._kept:
            self._kept[make] = make()
        thing: T = self._kept[make]
        return thing

    @property
    def exiftool(self) -> "ExifTool":
        """Give the one ExifTool of this worker; raises EngineError when it cannot be started."""
        return self.kept(self._start_exiftool)

    def preview(self, path: Path) -> bytes | None:
        """Take the largest JPEG out of *path*; raises AssetError when ExifTool does not survive."""
        tool, room = self.exiftool, import_module("metadata.exiftool")
        try:
            return tool.preview(path)
        except room.ExifToolTimeout as error:
            raise AssetError(path, Reason.TIMED_OUT, str(error)) from error
        except room.ExifToolDied as error:
            raise AssetError(path, Reason.CRASHED, str(error)) from error

    def _start_exiftool(self) -> "ExifTool":
        room = import_module("metadata.exiftool")
        try:
            tool: ExifTool = room.ExifTool(self.setup.exiftool, self.setup.scratch)
        except room.ExifToolMissing as error:
            raise EngineError(str(error)) from error
        return self._open.enter_context(tool)
