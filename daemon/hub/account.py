"""Which hub is asked, and as whom: HF_ENDPOINT, and a token that is shown to that host only."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from daemon.engines import EngineMissing
from daemon.engines.cached import hub_folder
from daemon.hub import HubError
from daemon.toml_keys import ConfigError

HUB = "https://huggingface.co"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_TRUE = ("1", "ON", "YES", "TRUE")
_TOKEN = re.compile(r"[!-~]{1,512}")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PORTS = {"http": 80, "https": 443}
_LONGEST_FILE = 4096


@dataclass(frozen=True, slots=True)
class Account:
    """A hub's address without a slash at its end, a token or nothing, and where it was found."""

    endpoint: str = HUB
    token: str = field(default="", repr=False)
    token_from: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the variables of the hub's own library; raises ConfigError, or HubError offline."""
        for name in _OFFLINE:
            if environment.get(name, "").upper() in _TRUE:
                raise HubError(f"{name} is set, so nothing is asked of the hub; unset it to pull")
        endpoint = (environment.get("HF_ENDPOINT") or HUB).rstrip("/")
        _check(endpoint)
        token, found = _token(environment)
        return cls(endpoint, token, found)

    def headers(self, url: str) -> dict[str, str]:
        """Give the headers that say who asks: none for any host but the hub's own.

        Over plain HTTP the token goes to this machine only.
        """
        parts = urlsplit(url)
        safe = parts.scheme == "https" or parts.hostname in LOOPBACK
        if not self.token or not safe or _origin(parts) != _origin(urlsplit(self.endpoint)):
            return {}
        return {"Authorization": f"Bearer {self.token}"}


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _check(endpoint: str) -> None:
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(f"HF_ENDPOINT: {endpoint!r} is no address; it begins with https://")
    if parts.username or parts.password:
        raise ConfigError("HF_ENDPOINT: an address with a name or a password in it is not used")


def _token(environment: Mapping[str, str]) -> tuple[str, str]:
    for name in _TOKENS:
        if token := environment.get(name, "").strip():
            return _checked(token, name), name
    path = _token_file(environment)
    token = _read(path) if path else ""
    return (_checked(token, str(path)), str(path)) if token else ("", "")


def _token_file(environment: Mapping[str, str]) -> Path | None:
    """Name the file that ``hf auth login`` writes; None for whoever has no home."""
    home = {k: v for k, v in environment.items() if k in ("HF_HOME", "XDG_CACHE_HOME")}
    try:
        if named := environment.get("HF_TOKEN_PATH"):
            return Path(named).expanduser()
        return hub_folder(home).parent / "token"
    except (EngineMissing, RuntimeError):
        return None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_FILE).decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise ConfigError(f"the token in {path} cannot be read: {error.strerror}") from None


def _checked(token: str, where: str) -> str:
    """Refuse what would break a header; what it is, is never said."""
    if not _TOKEN.fullmatch(token):
        raise ConfigError(f"{where}: this is no token; it has blanks or characters beyond ASCII")
    return token
