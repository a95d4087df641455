"""One server as it is asked: its line, its key, what it takes; answers, or troubles by name."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from daemon.calling.keys import Key
from daemon.calling.line import Heard, Line
from daemon.calling.troubles import Broken, Busy, Closed, Declined, Trouble
from daemon.endpoints import Endpoint
from daemon.engines.openai_engine.completions import (
    Completion,
    NoCompletion,
    completion,
    models,
    reason,
)
from daemon.engines.openai_engine.habits import Habits, Refused

CHAT, MODELS = "/chat/completions", "/models"
LISTING_S = 10.0
MOST_LISTED = 8
MOST_AFTER_S = 60.0
_BUSY = (429, 503, 529)
_LATEST = ":latest"
"""What Ollama adds to the name of a model that has no tag."""


class Server:
    """The server of *endpoint*; *worked* tells that it has answered something."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.habits = Habits()
        self.worked = False
        self._line = Line(endpoint.url)
        self._key = Key(endpoint)

    def ask(self, body: bytes) -> Completion:
        """Give the answer to *body*.

        Raises Refused for what may be taken in another manner, or Trouble.
        """
        heard = self._heard(lambda key: self._line.post(CHAT, body, key, self.endpoint.timeout_s))
        if heard.status != 200:
            raise Refused(heard.status, self._reason(heard))
        try:
            said = completion(heard.body)
        except NoCompletion as error:
            raise self._unanswered(error) from error
        self.worked = True
        return said

    def _unanswered(self, found: NoCompletion) -> Exception:
        told = self._key.hide(str(found))
        if found.status in _BUSY:
            return Busy(told)
        return Refused(found.status, told) if found.status else Broken(told)

    def models(self) -> tuple[str, ...]:
        """List the models that it has; raises Trouble."""
        timeout_s = min(LISTING_S, self.endpoint.timeout_s)
        heard = self._heard(lambda key: self._line.get(MODELS, key, timeout_s))
        if heard.status != 200:
            raise Broken(f"{heard.status}: {self._reason(heard)}")
        return models(heard.body)

    def trouble(self, refused: Refused) -> Trouble:
        """Say what it means that a request was refused in every manner; asks for the models."""
        told = f"{refused.status}: {refused.told}"
        unknown = refused.status == 404 or "model" in refused.told.lower()
        if unknown and not self.worked and (wrong := self._wrong_model()):
            return Closed(f"{told}; {wrong}")
        if refused.status in (404, 405):
            return Closed(f"{told}; set the url that /chat/completions follows, mostly it ends /v1")
        return Broken(told) if refused.status >= 500 else Declined(told)

    def close(self) -> None:
        """Close what is open to it."""
        self._line.close()

    def _heard(self, call: Callable[[str], Heard]) -> Heard:
        """Make a call, with the troubles that have nothing to do with what is asked."""
        heard = call(self._key.read())
        if heard.status in _BUSY:
            raise Busy(f"{heard.status}: {self._reason(heard)}", _after(heard.hint))
        if heard.status in (401, 403):
            told = f"{heard.status}: {self._reason(heard)}"
            raise Closed(f"{told}; set the right key as api_key_env or api_key_file")
        if 300 <= heard.status < 400:
            where = ascii(self._key.hide(heard.hint)[:200])
            raise Closed(f"it redirects to {where}, which is not followed; set the url it is at")
        return heard

    def _reason(self, heard: Heard) -> str:
        return self._key.hide(reason(heard.body))

    def _wrong_model(self) -> str:
        """Say that the configured model is not there, where the server lists others."""
        try:
            there = self.models()
        except Trouble:
            return ""
        if not there or self.endpoint.model in known_as(there):
            return ""
        more = ", ..." if len(there) > MOST_LISTED else ""
        names = ", ".join(there[:MOST_LISTED]) + more
        return f"there is no model {self.endpoint.model} but {names}; set one of them as model"


def known_as(models: tuple[str, ...]) -> set[str]:
    """List the names that stand for *models*."""
    return {*models, *(name.removesuffix(_LATEST) for name in models)}


def _after(hint: str) -> float | None:
    """Read a Retry-After: seconds, or a moment; no longer than can be waited for."""
    if hint.isdecimal():
        return min(float(hint), MOST_AFTER_S)
    try:
        left = (parsedate_to_datetime(hint).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(left, 0.0), MOST_AFTER_S)
