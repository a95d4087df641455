"""How long a request may take before its worker counts as hanging, and when to start another."""

import time
from collections.abc import Callable

from daemon.wire import Compare, Listen, Observe, Place, Prepare, ReadText, Request, Strip
from metadata.asset import Asset, MediaKind

UNKNOWN_S = 300.0
LOOKING_S = 120.0
CUTTING_S = 300.0
LISTENING_S = 900.0
"""Half an hour of film, the most that is listened to at once, at twice its pace."""
SLOWEST_DISK = 5_000_000
WRITING_PASSES = 4
"""A media file that values are put into is read, written, compared with the new one, hashed."""
FIRST_PAUSE_S = 0.1
CRASH_PAUSE_S, START_PAUSE_S = 1.0, 30.0


def patience(request: Request) -> float:
    """Give the seconds that an honest request takes at most, on a slow machine.

    A network share that still works reads 5 MB a second; a video plays in less than real time.
    """
    if isinstance(request, Place):
        size = request.change.expected.size if request.change.expected else 0
        return UNKNOWN_S + WRITING_PASSES * size / SLOWEST_DISK
    asset = getattr(request, "asset", None)
    if not isinstance(asset, Asset):
        return UNKNOWN_S
    reading = asset.stat.size / SLOWEST_DISK
    if isinstance(request, Listen):
        return LOOKING_S + LISTENING_S + reading
    if isinstance(request, Observe) and asset.kind is MediaKind.VIDEO:
        return CUTTING_S + (asset.duration_s or 0.0) + reading
    if isinstance(request, Prepare | Strip | Compare):
        return LOOKING_S + WRITING_PASSES * reading
    return LOOKING_S + reading


def is_short(request: Request) -> bool:
    """Tell whether *request* is soon done, so that another may lie ready behind it."""
    if isinstance(request, Listen | ReadText):
        return False
    return not (isinstance(request, Observe) and request.asset.kind is MediaKind.VIDEO)


class Pause:
    """When the next worker may be started: at once, then ever later, until one has answered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._strikes = 0
        self.until = clock()

    @property
    def over(self) -> bool:
        """Tell whether one may be started now."""
        return self._clock() >= self.until

    def lost(self, started: bool) -> None:
        """Note that a worker was lost; the first one may be replaced at once.

        Where workers do not even start the machine needs time; crashes are the doing of files.
        """
        self._strikes += 1
        if self._strikes > 1:
            pause = FIRST_PAUSE_S * 2.0 ** min(self._strikes - 2, 30)
            self.until = self._clock() + min(pause, CRASH_PAUSE_S if started else START_PAUSE_S)

    def answered(self) -> None:
        """Note that workers work."""
        self._strikes = 0
