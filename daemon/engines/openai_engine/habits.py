"""What one server takes, learnt from its refusals: dialects of one protocol differ in little ways.

Used by several threads: a change is made only to the manner that it was learnt from.
"""

from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["json_schema", "json_object", "words", "single"]
LOWER: dict[Form, Form] = {"json_schema": "json_object", "json_object": "words", "words": "single"}
"""Where a form is refused, the next one; with the last each question is a request of its own."""
_FORMATS = (
    "response_format", "response format", "json_schema", "json_object", "schema", "grammar",
    "guided", "structured",
)  # fmt: skip
_UNLIKED = (400, 415, 422, 501)
"""How a server says that it does not like a request, without saying what of it."""
DEAF, DEAF_AFTER_ALL = 2, 20
"""After so many answers in a row without any JSON a model is not asked for it any more: one that
never gave any, and one that did. A few pictures that tell it what to say must not suffice."""


class Refused(Exception):
    """The server refuses a request: an HTTP *status*, and in its own words why."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"{status}: {told}")
        self.status = status
        self.told = told


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server is asked: the *form* of an answer, the name of its length's *limit*.

    Some take no *temperature*; where a model *thinks* before it answers, its thoughts count too.
    """

    form: Form = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    thinks: bool = False


class Habits:
    """The manner in which one server is asked; begins with the best one."""

    def __init__(self) -> None:
        self.manner = Manner()
        self._sure = False
        self._deaf = 0

    def gave_in(self, tried: Manner, refused: Refused, formed: bool) -> bool:
        """Learn from a refusal; False when no other manner would help.

        *formed* tells that the answer was to have a form.
        """
        if self.manner != tried:  # another thread has learnt it
            return True
        other = _other(tried, refused.told.lower(), formed)
        if other is None and formed and not self._sure and refused.status in _UNLIKED:
            other = _lowered(tried)
        if other is None:
            self._forget(tried)
        else:
            self.manner = other
        return other is not None

    def heard(self) -> None:
        """Note that an answer had the form that was asked for."""
        self._sure, self._deaf = True, 0

    def missed(self, tried: Manner) -> None:
        """Note that an answer had no form at all."""
        self._deaf += 1
        most = DEAF_AFTER_ALL if self._sure else DEAF
        if self._deaf >= most and self.manner == tried:
            self.manner = replace(tried, form="single")

    def thinks(self) -> None:
        """Note that the model thinks before it answers."""
        self.manner = replace(self.manner, thinks=True)

    def _forget(self, tried: Manner) -> None:
        """Go back to the best form: what was refused without a reason was not the form."""
        if not self._sure and tried.form in ("json_object", "words"):
            self.manner = replace(tried, form="json_schema")


def _other(tried: Manner, told: str, formed: bool) -> Manner | None:
    """Find the manner that *told*, a server's reason, asks for."""
    if "max_completion_tokens" in told and tried.limit == "max_tokens":
        return replace(tried, limit="max_completion_tokens")
    if "temperature" in told and tried.temperature:
        return replace(tried, temperature=False)
    if formed and any(word in told for word in _FORMATS):
        return _lowered(tried)
    return None


def _lowered(tried: Manner) -> Manner | None:
    if tried.form not in ("json_schema", "json_object"):
        return None
    return replace(tried, form=LOWER[tried.form])
