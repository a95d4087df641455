"""One request over HTTP and its answer as it comes; knows proxies, but no hub, token or file.

No redirect is followed here, and no address but those of the web is opened.
"""

import http.client
import importlib.metadata
import ssl
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Self
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from daemon.hub import HubError, Passing
from daemon.hub.account import LOOPBACK

SILENT_S = 30.0
"""How long to wait for a connection, and for the next bytes of one."""
PIECE = 2**17
_LOST = (OSError, http.client.HTTPException)


class Answer:
    """What a server answers: status, headers and the bytes to come; a context manager."""

    def __init__(self, response: http.client.HTTPResponse, url: str, name: str) -> None:
        self._response, self._url, self._name = response, url, name
        self.status = response.status
        self.headers: Message = response.headers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes as they come; ends early where the connection does. Raises Passing."""
        try:
            while piece := self._response.read1(PIECE):
                yield piece
        except _LOST as error:
            raise _lost(self._url, self._name, error) from None


def sent(url: str, headers: Mapping[str, str], name: str) -> Answer:
    """Ask for *url* on behalf of the model *name*; raises HubError, Passing where it may help."""
    own = {
        "User-Agent": f"captiond/{importlib.metadata.version('captiond')}",
        "Accept-Encoding": "identity",
    }
    try:
        request = Request(url, headers={**own, **headers})
        return Answer(_opener(url).open(request, timeout=SILENT_S), url, name)
    except (http.client.InvalidURL, ValueError):
        raise HubError(f"{name}: the hub sends to an address that is none") from None
    except _LOST as error:
        raise _lost(url, name, error) from None


def onward(url: str, place: str, name: str) -> str:
    """Follow a redirect to a web address, and never from a safe one to an open one."""
    try:
        there = urljoin(url, place)
        parts = urlsplit(there)
        usable = bool(place and parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https"):
        raise HubError(f"{name}: {host(url)} sends to what is no web address")
    if parts.scheme == "http" and urlsplit(url).scheme == "https":
        raise HubError(f"{name}: {host(url)} sends to {host(there)} without encryption; refused")
    return there


def host(url: str) -> str:
    """Name the host alone: addresses of a CDN carry signatures."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _opener(url: str) -> OpenerDirector:
    """Take the proxy that the environment names, but not to this machine.

    Nothing else of what urllib can do is let in: neither redirects nor files.
    """
    opener = OpenerDirector()
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in LOOPBACK else None
    for handler in (ProxyHandler(proxies), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _lost(url: str, name: str, error: Exception) -> HubError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return HubError(
            f"{name}: the certificate of {host(url)} is not trusted ({reason.verify_message}); "
            "name the authority in SSL_CERT_FILE where a proxy of yours stands between"
        )
    told = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return Passing(f"{name}: no connection to {host(url)}, or it broke ({told[:120]})")
