"""Asks the hub: what it has, and the bytes of a file from any place on.

Nothing is believed of an answer but its status, a few headers and what others check.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from daemon.hub import HubError, Passing
from daemon.hub.account import Account
from daemon.hub.faults import fault
from daemon.hub.listing import Listing, Remote, listing
from daemon.hub.way import Answer, host, onward, sent

_LARGEST_ANSWER = 32 * 2**20
_LONGEST_ANSWER_S = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a file from *start* on, and how many the whole file has by this answer."""

    start: int
    total: int | None
    pieces: Iterator[bytes]


class Source(Protocol):
    """Where repositories come from."""

    def listing(self, name: str, revision: str) -> Listing:
        """List the files of the repository *name*."""

    def read(self, name: str, commit: str, file: Remote) -> bytes:
        """Give a small file whole."""

    def opened(
        self, name: str, commit: str, file: Remote, start: int = 0
    ) -> AbstractContextManager[Body]:
        """Begin to read *file* at *start*."""


class Hub:
    """The hub of *account*, asked anew for each file."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def listing(self, name: str, revision: str) -> Listing:
        """List the files of the repository *name*; raises HubError, Passing where it may help."""
        path = f"/api/models/{quote(name)}/revision/{quote(revision, safe='')}?blobs=true"
        with self._asked(path, {}, name, f"the revision {revision}") as answer:
            return listing(_whole(answer, name), name)

    def read(self, name: str, commit: str, file: Remote) -> bytes:
        """Give a small file whole, unchecked but for its size; raises HubError."""
        with self.opened(name, commit, file) as body:
            read = b"".join(_at_most(body.pieces, file.size, file.name, name))
        if len(read) < file.size:
            raise Passing(f"{name}: {file.name} ended after {len(read)} of {file.size} bytes")
        return read

    @contextmanager
    def opened(self, name: str, commit: str, file: Remote, start: int = 0) -> Iterator[Body]:
        """Begin to read *file* at *start*; a hub that cannot do that begins at 0.

        Raises HubError, Passing where it may help to try again.
        """
        path = f"/{quote(name)}/resolve/{commit}/{quote(file.name)}"
        wanted = {"Range": f"bytes={start}-"} if start else {}
        with self._asked(path, wanted, name, file.name) as answer:
            begin, total = _extent(answer, start, file, name)
            yield Body(begin, total, answer.pieces())

    @contextmanager
    def _asked(
        self, path: str, headers: Mapping[str, str], name: str, what: str
    ) -> Iterator[Answer]:
        with self._followed(self.account.endpoint + path, headers, name) as answer:
            if answer.status not in (200, 206):
                raise fault(answer.status, answer.headers, self.account, name, what)
            yield answer

    def _followed(self, url: str, headers: Mapping[str, str], name: str) -> Answer:
        """Go where the hub sends; the token goes along to its own host only."""
        for _ in range(_MOST_REDIRECTS + 1):
            answer = sent(url, {**headers, **self.account.headers(url)}, name)
            if answer.status not in _REDIRECTS:
                return answer
            with answer:
                url = onward(url, answer.headers.get("Location", ""), name)
        raise HubError(f"{name}: {host(url)} sends on and on, to no file")


def _extent(answer: Answer, start: int, file: Remote, name: str) -> tuple[int, int | None]:
    """Tell where the bytes of an answer begin, and how many the file has."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise HubError(
            f"{name}: {file.name} comes compressed, which nobody asked for; is there a proxy?"
        )
    if answer.status == 200:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    unit, _, said = answer.headers.get("Content-Range", "").partition(" ")
    extent, _, total = said.partition("/")
    if unit != "bytes" or extent.partition("-")[0] != str(start):
        raise HubError(f"{name}: {file.name}: other bytes come than were asked for")
    return start, int(total) if total.isdecimal() else None


def _whole(answer: Answer, name: str) -> bytes:
    end = time.monotonic() + _LONGEST_ANSWER_S
    read = bytearray()
    for piece in _at_most(answer.pieces(), _LARGEST_ANSWER, "the list of files", name):
        read += piece
        if time.monotonic() > end:
            raise Passing(f"{name}: the hub takes too long to list its files")
    return bytes(read)


def _at_most(pieces: Iterator[bytes], most: int, what: str, name: str) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most:
            raise HubError(f"{name}: {what} is longer than it may be ({most} bytes)")
        yield piece
