"""Where servers are that models are asked on: Endpoint, and what may be wrong with one; no network.

Keys are never part of it: they are in a file or in a variable, and only their names are here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_BOUNDS = {"concurrency": (1, 256), "weight": (1, 1000), "side": (64, 8192), "frames": (1, 64)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One OpenAI-compatible server; its key is in the environment or in a file, never here.

    A server gets at most *concurrency* requests at a time and its share of all by *weight*.
    Pictures are sent with at most *side* pixels, videos as *frames* pictures.
    """

    url: str
    model: str
    concurrency: int = 4
    weight: int = 1
    timeout_s: float = 300.0
    side: int = 1024
    frames: int = 8
    api_key_env: str = ""
    api_key_file: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of looking for the server at *url*; *ok* is None where it could not be told."""

    url: str
    ok: bool | None
    says: str


def faults(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """List what is wrong with *endpoint*: a key of the configuration, and what to do."""
    if says := _wrong_url(endpoint.url):
        yield "url", says
    if not endpoint.model:
        yield "model", "name the model that the server is to be asked"
    for key, (least, most) in _BOUNDS.items():
        if not least <= getattr(endpoint, key) <= most:
            yield key, f"takes {least} to {most}"
    if endpoint.timeout_s <= 0:
        yield "timeout_s", "an answer takes more than 0 seconds"
    if endpoint.api_key_env and not _VARIABLE.fullmatch(endpoint.api_key_env):
        yield "api_key_env", "it takes the name of a variable, not the key itself"
    if endpoint.api_key_env and endpoint.api_key_file:
        yield "api_key_file", "beside api_key_env there is no use for it; remove one"


def has_key(endpoint: Endpoint) -> bool:
    """Tell whether a key is sent to it."""
    return bool(endpoint.api_key_env or endpoint.api_key_file)


def host_of(endpoint: Endpoint) -> IPv4Address | IPv6Address | None:
    """Give the address of the server, None where only a name is known."""
    host = urlsplit(endpoint.url).hostname or ""
    try:
        return ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return None


def _wrong_url(url: str) -> str:
    """Say what is wrong with *url*, without repeating what may be a password."""
    if not (url.isascii() and url.isprintable()) or " " in url:
        return "a URL has neither blanks nor letters beyond ASCII"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"this is no URL: {error}"
    if parts.scheme not in ("http", "https") or not host:
        return "it must begin with http:// or https:// and a host"
    if parts.username is not None or parts.password is not None:
        return "no name and no password may stand in it; use api_key_env or api_key_file"
    if parts.query or parts.fragment:
        return "it ends where /chat/completions would follow, without ? or #"
    return ""
