"""What the hub's answers mean when they are no files, in words that say what to do."""

from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from daemon.hub import HubError, Passing
from daemon.hub.account import Account

LONGEST_WAIT_S = 120.0
_PASSING = (408, 425, 429)
_REFUSED_TOKEN = "Invalid credentials in Authorization header"


def fault(status: int, headers: Message, account: Account, name: str, what: str) -> HubError:
    """Say why the hub did not give *what* of the repository *name*."""
    code = headers.get("X-Error-Code", "")
    if status in _PASSING or status >= 500:
        return _passing(status, headers, account, name)
    if code == "GatedRepo":
        return gated(account, name)
    if status in (401, 403):
        return _not_for_us(status, headers, account, name)
    if status == 404:
        return _not_there(code, account, name, what)
    return HubError(f"{name}: {account.endpoint} answers {status} when asked for {what}")


def gated(account: Account, name: str) -> HubError:
    """Say how to get at a model whose licence has to be accepted first."""
    accept = f"accept its licence at {account.endpoint}/{name}"
    if account.token:
        do = f"{accept} with the account that the token in {account.token_from} belongs to"
        return HubError(f"{name}: the hub gives it only to those who accepted its licence; {do}")
    return HubError(
        f"{name}: the hub gives it only to those who accepted its licence; {accept}, make a token "
        f"that may read at {account.endpoint}/settings/tokens, put it into HF_TOKEN, and pull again"
    )


def _not_for_us(status: int, headers: Message, account: Account, name: str) -> HubError:
    if headers.get("X-Error-Message") == _REFUSED_TOKEN:
        return HubError(
            f"{name}: the hub does not take the token in {account.token_from}; make a new one at "
            f"{account.endpoint}/settings/tokens"
        )
    if account.token:
        where = account.token_from
        return HubError(
            f"{name}: {account.endpoint} refuses ({status}); look whether the name is right, and "
            f"whether the account of the token in {where} may see it"
        )
    return HubError(
        f"{name}: {account.endpoint} has no such repository, or does not show it to everybody; "
        "look whether the name is right; a private one needs a token in HF_TOKEN"
    )


def _not_there(code: str, account: Account, name: str, what: str) -> HubError:
    if code in ("RevisionNotFound", "EntryNotFound"):
        return HubError(f"{name}: {account.endpoint} has it, but not {what}")
    return HubError(f"{name}: {account.endpoint} has no such repository; look at its name")


def _passing(status: int, headers: Message, account: Account, name: str) -> Passing:
    why = "is asked too often" if status == 429 else "does not work at the moment"
    return Passing(f"{name}: {account.endpoint} {why} ({status})", _asked_to_wait(headers))


def _asked_to_wait(headers: Message) -> float:
    """Read Retry-After, seconds or a date; at most two minutes are believed."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return min(float(asked[:9]), LONGEST_WAIT_S)
    try:
        seconds = (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT_S)
