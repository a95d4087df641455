"""Asks the hub over HTTP: what it has, and the bytes of a file from any place on.

Nothing is believed of an answer but its status, a few headers and what others check.
"""

import importlib.metadata
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, SSLError

from daemon.hub import HubError, Passing
from daemon.hub.account import LOOPBACK, Account
from daemon.hub.faults import fault
from daemon.hub.listing import Listing, Remote, listing

CONNECT_S, SILENT_S = 10.0, 30.0
"""How long to wait for a connection, and for the next bytes of one."""
PIECE = 2**20
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
    """One hub; a context manager that keeps its connections."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._own = {
            "User-Agent": f"captiond/{importlib.metadata.version('captiond')}",
            "Accept-Encoding": "identity",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.clear()

    def listing(self, name: str, revision: str) -> Listing:
        """List the files of the repository *name*; raises HubError, Passing where it may help."""
        path = f"/api/models/{quote(name)}/revision/{quote(revision, safe='')}?blobs=true"
        with self._asked(path, {}, name, f"the revision {revision}") as response:
            return listing(_whole(response, name, _LARGEST_ANSWER), name)

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
        with self._asked(path, wanted, name, file.name) as response:
            begin, total = _extent(response, start, file, name)
            yield Body(begin, total, _pieces(response, name))

    @contextmanager
    def _asked(
        self, path: str, headers: Mapping[str, str], name: str, what: str
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        response = self._followed(self.account.endpoint + path, headers, name)
        try:
            if response.status not in (200, 206):
                raise fault(response.status, response.headers, self.account, name, what)
            yield response
        finally:
            # Not released for another request: what was not read of it would have to be.
            response.close()

    def _followed(
        self, url: str, headers: Mapping[str, str], name: str
    ) -> urllib3.BaseHTTPResponse:
        """Go where the hub sends; the token goes along to its own host only."""
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._sent(url, headers, name)
            if response.status not in _REDIRECTS:
                return response
            place = response.headers.get("Location", "")
            response.close()
            url = _onward(url, place, name)
        raise HubError(f"{name}: {_host(url)} sends on and on, to no file")

    def _sent(self, url: str, headers: Mapping[str, str], name: str) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool(url).request(
                "GET",
                url,
                headers={**self._own, **headers, **self.account.headers(url)},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_S, read=SILENT_S),
            )
        except SSLError as error:
            raise HubError(
                f"{name}: {_host(url)} cannot prove who it is: {_short(error)}"
            ) from None
        except LocationParseError:
            raise HubError(f"{name}: the hub sends to an address that is none") from None
        except HTTPError as error:
            raise _lost(url, name, error) from None

    def _pool(self, url: str) -> urllib3.PoolManager:
        """Take the proxy that the environment names for this kind of address, if it names one."""
        parts = urlsplit(url)
        direct = parts.hostname in LOOPBACK or proxy_bypass(parts.hostname or "")
        proxies = {} if direct else getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]


def _onward(url: str, place: str, name: str) -> str:
    """Follow a redirect to a web address, and never from a safe one to an open one."""
    onward = urljoin(url, place)
    scheme = urlsplit(onward).scheme
    if not place or scheme not in ("http", "https"):
        raise HubError(f"{name}: {_host(url)} sends to what is no web address")
    if scheme == "http" and urlsplit(url).scheme == "https":
        raise HubError(f"{name}: {_host(url)} sends to {_host(onward)} without encryption; refused")
    return onward


def _extent(
    response: urllib3.BaseHTTPResponse, start: int, file: Remote, name: str
) -> tuple[int, int | None]:
    """Tell where the bytes of an answer begin, and how many the file has."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise HubError(
            f"{name}: {file.name} comes compressed, which nobody asked for; is there a proxy?"
        )
    if response.status == 200:
        length = response.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    unit, _, said = response.headers.get("Content-Range", "").partition(" ")
    extent, _, total = said.partition("/")
    if unit != "bytes" or extent.partition("-")[0] != str(start):
        raise HubError(f"{name}: {file.name}: other bytes come than were asked for")
    return start, int(total) if total.isdecimal() else None


def _pieces(response: urllib3.BaseHTTPResponse, name: str) -> Iterator[bytes]:
    try:
        yield from response.stream(PIECE, decode_content=False)
    except HTTPError as error:
        raise _lost(response.url or "", name, error) from None


def _whole(response: urllib3.BaseHTTPResponse, name: str, most: int) -> bytes:
    end = time.monotonic() + _LONGEST_ANSWER_S
    read = bytearray()
    for piece in _at_most(_pieces(response, name), most, "the list of files", name):
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


def _lost(url: str, name: str, error: HTTPError) -> Passing:
    return Passing(f"{name}: no connection to {_host(url)}, or it broke ({_short(error)})")


def _host(url: str) -> str:
    """Name the host alone: addresses of a CDN carry signatures."""
    return urlsplit(url).netloc.rpartition("@")[2] or "the hub"


def _short(error: Exception) -> str:
    return type(error).__name__ if not error.args else str(error.args[-1])[:120]
