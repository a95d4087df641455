"""HTTP to one server: connections that are kept, answers within bounds of time and size.

No redirect is followed, and no proxy is used: what is sent goes where the configuration says.
"""

import http.client
import socket
import ssl
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from daemon.calling.timed import AT_ONCE, Timed
from daemon.calling.troubles import Broken, Closed, Late, Unreachable

CONNECT_S = 10.0
MOST_BYTES = 4 * 2**20
"""An answer of thousands of words with all its marks has a hundredth of it."""
_GONE = (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)
"""What is seen of a connection that the server has closed while it lay idle."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server answered; *hint* is the header that says more: Location or Retry-After."""

    status: int
    body: bytes
    hint: str = ""


class Line:
    """The way to the server at *url*, for several threads at once."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self.url = url
        self._host = parts.hostname or ""
        self._tls = None if parts.scheme == "http" else tls or ssl.create_default_context()
        self._port = parts.port or (443 if self._tls else 80)
        self._path = parts.path.rstrip("/")
        self._idle: deque[_Open] = deque()

    def post(self, path: str, body: bytes, key: str, timeout_s: float) -> Heard:
        """Send *body* to *path*; raises Trouble."""
        return self._exchange("POST", path, body, key, timeout_s)

    def get(self, path: str, key: str, timeout_s: float) -> Heard:
        """Ask for *path*; raises Trouble."""
        return self._exchange("GET", path, None, key, timeout_s)

    def close(self) -> None:
        """Close the connections that lie idle."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _exchange(
        self, method: str, path: str, body: bytes | None, key: str, timeout_s: float
    ) -> Heard:
        due = time.monotonic() + timeout_s
        headers = {"User-Agent": "captiond", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Authorization"] = f"Bearer {key}"
        request = (method, self._path + path, body, headers)
        try:
            return self._asked(request, due)
        except TimeoutError as error:
            raise Late(f"no answer within {timeout_s:g} s") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Broken(f"the connection broke off: {_named(error)}") from error

    def _asked(self, request: tuple[str, str, bytes | None, dict[str, str]], due: float) -> Heard:
        try:
            return self._through(self._idle.pop(), request, due)
        except IndexError:
            pass
        except _GONE:
            self.close()
        return self._through(self._connected(due), request, due)

    def _through(
        self,
        connection: "_Open",
        request: tuple[str, str, bytes | None, dict[str, str]],
        due: float,
    ) -> Heard:
        kept = False
        try:
            heard, kept = connection.exchanged(request, due)
        finally:
            if kept:
                self._idle.append(connection)
            else:
                connection.close()
        return heard

    def _connected(self, due: float) -> "_Open":
        left = min(CONNECT_S, max(due - time.monotonic(), 0.001))
        try:
            plain = socket.create_connection((self._host, self._port), left)
        except OSError as error:
            raise Unreachable(_named(error)) from error
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                plain = self._tls.wrap_socket(plain, server_hostname=self._host)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            told = f"its certificate is not trusted ({error.verify_message}); mend that"
            raise Closed(f"{told}, or name the authority as SSL_CERT_FILE") from error
        except OSError as error:
            plain.close()
            raise Unreachable(_named(error)) from error
        return _Open(Timed(plain), self._host, self._port, 443 if self._tls else 80)


class _Open:
    """One connection."""

    def __init__(self, timed: Timed, host: str, port: int, usual: int) -> None:
        self._timed = timed
        self._http = http.client.HTTPConnection(host, port)
        self._http.default_port = usual

    def exchanged(
        self, request: tuple[str, str, bytes | None, dict[str, str]], due: float
    ) -> tuple[Heard, bool]:
        """Give the answer to *request*, and tell whether another one can follow it."""
        self._timed.due = due
        self._http.sock = self._timed
        method, path, body, headers = request
        self._http.request(method, path, body, headers)
        answer = self._http.getresponse()
        return _read(answer), answer.isclosed() and not answer.will_close

    def close(self) -> None:
        self._http.close()
        self._timed.plain.close()


def _read(answer: http.client.HTTPResponse) -> Heard:
    """Read an answer whole; raises Broken for one that is too long or ends too early."""
    announced = answer.length
    body = bytearray()
    while max(len(body), announced or 0) <= MOST_BYTES and (piece := answer.read(AT_ONCE)):
        body += piece
    if max(len(body), announced or 0) > MOST_BYTES:
        raise Broken(f"its answer has more than {MOST_BYTES // 2**20} MB")
    if announced is not None and len(body) < announced:
        raise Broken(f"its answer ends after {len(body)} of {announced} bytes")
    hint = answer.headers.get("Location") or answer.headers.get("Retry-After") or ""
    return Heard(answer.status, bytes(body), hint)


def _named(error: Exception) -> str:
    told = getattr(error, "strerror", None) or str(error)
    return told if told and isinstance(error, OSError) else f"{type(error).__name__} {told}".strip()
