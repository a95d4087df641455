"""Brings one file here: goes on where it stopped, tries again, and believes only its checksum."""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from typing import TypeVar

from daemon.hub import HubError, Passing, Progress
from daemon.hub.client import Body, Source
from daemon.hub.digest import Digest, digest_for, take_in
from daemon.hub.listing import Remote
from daemon.hub.shelf import Shelf, told_of

T = TypeVar("T")

TRIES = 6
"""How often nothing new may come before it is given up."""
_ENOUGH = 2**20
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits before it is tried again; *pause* sleeps."""

    pause: Callable[[float], None] = time.sleep

    def before(self, attempt: int, asked_s: float) -> None:
        """Wait 1, 2, 4 … seconds, a little more or less, or as long as the hub asks."""
        own = min(2.0 ** (attempt - 1), _LONGEST_PAUSE_S) * random.uniform(0.75, 1.25)
        self.pause(max(asked_s, own))

    def trying(self, ask: Callable[[], T]) -> T:
        """Give what *ask* gives, tried again while what is in the way may pass."""
        for attempt in range(1, TRIES):
            try:
                return ask()
            except Passing as error:
                self.before(attempt, error.after_s)
        return ask()


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetches files of the repository on *shelf* as they are at *commit*."""

    source: Source
    shelf: Shelf
    commit: str
    progress: Progress
    patience: Patience

    def fetch(self, file: Remote) -> int:
        """Put the bytes of *file* into their place, whole; gives how many came. Raises HubError.

        What comes with another checksum is thrown away and fetched once more from its beginning.
        """
        came = 0
        for _ in range(2):
            half = self._completed(file)
            came += half.came
            if half.digest.hexdigest() == file.checksum:
                with told_of(self.shelf.folder):
                    self.shelf.half(file).replace(self.shelf.blob(file))
                return came
            with told_of(self.shelf.folder):
                self.shelf.half(file).unlink()
            self.progress.moved(-file.size)
            self.progress.says(f"{file.name} came damaged; it is fetched from its beginning")
        raise HubError(
            f"{self.shelf.name}: {file.name} came damaged twice: its checksum is not the one that "
            f"the hub tells ({file.checksum[:12]}…); try again later, or over another network"
        )

    def _completed(self, file: Remote) -> "_Half":
        """Fetch what is missing of *file*, from where an earlier pull stopped."""
        place = self.shelf.half(file)
        digest = digest_for(file.checksum, file.size)
        with told_of(place):
            if self.shelf.half_size(file) > file.size:
                place.unlink()
            stream = FileIO(place, "ab")
        with stream:
            with told_of(place):
                have = take_in(digest, place, self.progress.moved)
            half = _Half(file, stream, have, digest)
            self._to_the_end(half)
            with told_of(place):
                os.fsync(stream.fileno())
        return half

    def _to_the_end(self, half: "_Half") -> None:
        attempt, before = 0, half.have
        while half.have < half.file.size:
            try:
                self._some(half)
            except Passing as error:
                attempt = 1 if half.have - before >= _ENOUGH else attempt + 1
                before = half.have
                if attempt >= TRIES:
                    raise HubError(f"{error}; pull again later: it goes on where it was") from None
                self.patience.before(attempt, error.after_s)

    def _some(self, half: "_Half") -> None:
        name, file = self.shelf.name, half.file
        with self.source.opened(name, self.commit, file, half.have) as body:
            self._check(body, file)
            if body.start != half.have:
                self.progress.moved(-half.have)
                half.begin_again(self.shelf)
            for piece in body.pieces:
                if half.have + len(piece) > file.size:
                    raise self._lies(file, "more")
                half.add(piece, self.shelf)
                self.progress.moved(len(piece))
        if half.have < file.size:
            raise Passing(f"{name}: {file.name} ended after {half.have} of {file.size} bytes")

    def _check(self, body: Body, file: Remote) -> None:
        if body.total is not None and body.total != file.size:
            raise self._lies(file, str(body.total))

    def _lies(self, file: Remote, sent: str) -> HubError:
        return HubError(
            f"{self.shelf.name}: {file.name}: {sent} bytes come, where the hub's list says "
            f"{file.size}; try again later"
        )


class _Half:
    """A file on its way: *have* bytes are in *stream* and in *digest*, *came* have come now."""

    def __init__(self, file: Remote, stream: FileIO, have: int, digest: Digest) -> None:
        self.file, self.stream, self.have, self.digest = file, stream, have, digest
        self.came = 0

    def begin_again(self, shelf: Shelf) -> None:
        """Forget what has come."""
        with told_of(shelf.folder):
            self.stream.truncate(0)
        self.have, self.digest = 0, digest_for(self.file.checksum, self.file.size)

    def add(self, piece: bytes, shelf: Shelf) -> None:
        """Take in the next bytes."""
        with told_of(shelf.folder):
            while len(piece):
                written = self.stream.write(piece)
                self.digest.update(piece[:written])
                self.have += written
                self.came += written
                piece = piece[written:]
