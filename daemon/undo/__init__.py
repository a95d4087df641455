"""Take back what captiond wrote: the bytes before it, or exactly our values."""

from daemon.undo.asked import Undo
from daemon.undo.undoing import Undoing

__all__ = ["Undo", "Undoing"]
