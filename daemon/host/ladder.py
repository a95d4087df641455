"""How many fit at once, learnt by trying, and who is to blame where not even one does; pure."""

from collections.abc import Hashable
from pathlib import Path

ESTIMATED_S = 30.0
"""To estimate takes as long as to prepare one file."""


class Ladder:
    """Sizes of batches: what was estimated for a bucket, and never more than what is known to fail.

    What was learnt holds as long as the process, as a device's memory does not grow.
    """

    def __init__(self) -> None:
        self._estimates: dict[Hashable, tuple[int, float]] = {}
        self._bounds: dict[Hashable, int] = {}

    def knows(self, bucket: Hashable) -> bool:
        """Tell whether a size was ever estimated."""
        return bucket in self._estimates

    def is_due(self, bucket: Hashable, now: float) -> bool:
        """Tell whether the size should be estimated: never was, or other programs have come."""
        return not self.knows(bucket) or now - self._estimates[bucket][1] >= ESTIMATED_S

    def estimated(self, bucket: Hashable, most: int, now: float) -> None:
        """Note what a model thinks of the memory that is free *now*."""
        self._estimates[bucket] = (most, now)

    def outdated(self) -> None:
        """Believe no estimate any more: another model has come, and takes memory."""
        self._estimates.clear()

    def fits(self, bucket: Hashable) -> int:
        """Give the size of the next batch, at least one."""
        bound = self._bounds.get(bucket)
        most, _ = self._estimates.get(bucket, (1, 0.0))
        return max(most if bound is None else min(most, bound), 1)

    def failed(self, bucket: Hashable, size: int) -> None:
        """Note that *size* was too many: half of it is tried next."""
        self._bounds[bucket] = max(size // 2, 1)

    def forget(self, bucket: Hashable) -> None:
        """Forget what was learnt: there is one that fails in any company, and makes all others."""
        self._bounds.pop(bucket, None)


class Blame:
    """Whose fault it is when one file alone fails in a way that its device could cause as well.

    Before anything has worked it is the device. After that it is the file; but when the next one,
    another, fails as well before anything works again, it is the device after all.
    """

    def __init__(self) -> None:
        self._worked = False
        self._suspect: Path | None = None

    def worked(self) -> None:
        """Note that something was answered."""
        self._worked, self._suspect = True, None

    def is_on(self, file: Path) -> bool:
        """Tell whether *file* is to blame, which has just failed alone."""
        if self._worked and self._suspect is None:
            self._suspect = file
        return self._suspect == file
