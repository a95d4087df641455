"""The keys of servers, read where they lie; never logged, and told to nobody but their server."""

import os
from collections.abc import Mapping
from pathlib import Path

from daemon.calling.troubles import Closed
from daemon.endpoints import Endpoint

_LONGEST = 4096
_HIDDEN = "(key)"
_TELLING = 4
"""Characters of a key that may be told: most begin alike."""


class Key:
    """The key of one server; a file is read anew each time, as keys are changed."""

    def __init__(self, endpoint: Endpoint, environment: Mapping[str, str] = os.environ) -> None:
        self._file = endpoint.api_key_file
        self._variable = endpoint.api_key_env
        self._environment = environment
        self._last = ""

    def read(self) -> str:
        """Give the key, nothing where there is none; raises Closed with what to mend.

        One that was read before is used where its file cannot be opened any more: the sandbox
        knows the file itself, not another that took its place.
        """
        if self._file:
            self._last = self._from_file()
        elif self._variable:
            self._last = self._environment.get(self._variable, "").strip()
            if not self._last:
                raise Closed("the variable that api_key_env names is not set; set it for captiond")
        if not (self._last.isascii() and self._last.isprintable()):
            raise Closed("its key has signs that no key has; write the key alone, on one line")
        return self._last

    def hide(self, told: str) -> str:
        """Take the key out of what a server said, also where it was cut off in its midst."""
        key = self._last
        told = told.replace(key, _HIDDEN) if key else told
        for length in range(len(key) - 1, _TELLING - 1, -1):
            if told.endswith(key[:length]):
                return told[:-length] + _HIDDEN
        return told

    def _from_file(self) -> str:
        try:
            with Path(self._file).open(encoding="utf-8") as file:
                found = file.read(_LONGEST).strip()
        except (OSError, UnicodeDecodeError) as error:
            if self._last:
                return self._last
            told = getattr(error, "strerror", None) or "it is no text"
            raise Closed(f"the key in {self._file} cannot be read: {told}; mend that") from error
        if not found:
            raise Closed(f"there is no key in {self._file}; write it there")
        return found
