"""What the hub refuses and where the way to it leads elsewhere is said, with what to do."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import OpenerDirector

import pytest

from daemon.hub import HubError
from daemon.hub.account import Account
from daemon.hub.fetching import TRIES
from daemon.hub.way import onward
from tests.hub_stand_in import TOKEN, StandIn, elsewhere, stand_in, status
from tests.pulling import COMMIT, NAME, WEIGHTS, Pulling, large


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with stand_in() as hub:
        yield hub


@pytest.fixture
def pulling(hub: StandIn, tmp_path: Path) -> Pulling:
    hub.add(NAME, large(tmp_path / "model"))
    return Pulling(hub, tmp_path)


# Whom the hub does not know


def test_a_gated_model_says_where_to_accept_and_what_to_do(pulling: Pulling, hub: StandIn) -> None:
    hub.repositories[NAME].gated = True
    said = pulling.refused()
    assert f"accept its licence at {hub.url}/{NAME}" in said
    assert "put it into HF_TOKEN" in said
    pulling.account = Account(hub.url, "hf_other", "HF_TOKEN")
    said = pulling.refused()
    assert "with the account that the token in HF_TOKEN belongs to" in said
    assert "hf_other" not in said


def test_a_gated_model_that_hides_its_files_is_told_from_an_empty_one(
    pulling: Pulling, hub: StandIn
) -> None:
    hub.repositories[NAME].gated = True
    hub.listed = lambda told: {**told, "siblings": [{"rfilename": "config.json"}]}
    assert "accept its licence" in pulling.refused()


def test_the_token_goes_to_the_hub_and_nowhere_else(pulling: Pulling, hub: StandIn) -> None:
    hub.repositories[NAME].gated = True
    pulling.account = Account(hub.url, TOKEN, "HF_TOKEN")
    hub.faults["config.json"] = [elsewhere(f"{hub.cdn}/{COMMIT}/config.json")]
    pulling()
    assert pulling.is_here()
    shown = {each.cdn: "Authorization" in each.headers for each in hub.asked}
    assert shown == {False: True, True: False}
    assert len([each for each in hub.asked if each.cdn]) == 3
    assert TOKEN not in repr(pulling.account)


@pytest.mark.parametrize(
    ("endpoint", "url", "shown"),
    [
        ("https://hub.example", "https://hub.example/a", True),
        ("https://hub.example", "https://hub.example:443/a", True),
        ("https://hub.example", "https://hub.example:444/a", False),
        ("https://hub.example", "http://hub.example/a", False),
        ("https://hub.example", "https://hub.example.evil/a", False),
        ("https://hub.example", "https://hub.example@evil/a", False),
        ("http://hub.example", "http://hub.example/a", False),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/a", True),
    ],
)
def test_to_whom_a_token_is_shown(endpoint: str, url: str, shown: bool) -> None:
    assert bool(Account(endpoint, TOKEN).headers(url)) is shown


def test_a_token_that_the_hub_does_not_know_is_told_from_a_gate(
    pulling: Pulling, hub: StandIn
) -> None:
    pulling.account = Account(hub.url, TOKEN, "/home/me/token")
    hub.faults["listing"] = [
        status(401, X_Error_Message="Invalid credentials in Authorization header")
    ]
    assert "does not take the token in /home/me/token" in pulling.refused()


def test_what_the_hub_does_not_have_is_named(pulling: Pulling, hub: StandIn) -> None:
    assert "no such repository, or does not show it" in pulling.refused("nobody/nothing")
    assert "but not the revision v9" in pulling.refused(NAME, "v9")
    pulling.account = Account(hub.url, TOKEN, "HF_TOKEN")
    assert "has no such repository; look at its name" in pulling.refused("nobody/nothing")
    hub.faults["listing"] = [status(403)]
    assert "whether the account of the token in HF_TOKEN may see it" in pulling.refused()
    hub.faults["config.json"] = [status(404, X_Error_Code="EntryNotFound")]
    assert "but not config.json" in pulling.refused()
    hub.faults["listing"] = [status(418)]
    assert "answers 418" in pulling.refused()


# Where the way leads elsewhere


def test_without_a_network_the_host_is_named(pulling: Pulling) -> None:
    pulling.account = Account("http://127.0.0.1:9")
    said = pulling.refused()
    assert "no connection to 127.0.0.1:9" in said
    assert len(pulling.pauses) == TRIES - 1


@pytest.mark.parametrize(
    "place",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:0", "", "http://[", "http://a b:x/"],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    pulling: Pulling, hub: StandIn, place: str
) -> None:
    hub.faults["config.json"] = [elsewhere(place)]
    said = pulling.refused()
    assert "no web address" in said or "address that is none" in said


def test_a_redirect_out_of_encryption_is_refused() -> None:
    with pytest.raises(HubError, match=r"sends to cdn\.example without encryption"):
        onward("https://hub.example/a", "http://cdn.example/b?secret", NAME)
    assert onward("https://hub.example/a", "/b", NAME) == "https://hub.example/b"
    assert onward("http://127.0.0.1/a", "http://127.0.0.2/b", NAME) == "http://127.0.0.2/b"


def test_a_proxy_that_the_environment_names_is_asked(
    pulling: Pulling, hub: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.url)
    monkeypatch.delenv("no_proxy", raising=False)
    pulling.account = Account("http://hub.example")
    pulling()
    assert pulling.is_here()
    assert {each.headers["Host"] for each in hub.asked if not each.cdn} == {"hub.example"}


def test_a_certificate_that_is_not_trusted_is_said_at_once(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = ssl.SSLCertVerificationError()
    wrong.verify_message = "self-signed certificate"

    def distrust(*_: Any, **__: Any) -> None:
        raise URLError(wrong)

    monkeypatch.setattr(OpenerDirector, "open", distrust)
    assert "is not trusted (self-signed certificate)" in pulling.refused()
    assert pulling.pauses == []


def test_redirects_in_a_circle_end(pulling: Pulling, hub: StandIn) -> None:
    place = f"/{NAME}/resolve/{COMMIT}/config.json"
    hub.faults["config.json"] = [elsewhere(place)] * 10
    assert "sends on and on" in pulling.refused()
    assert len(hub.of("config.json")) == 6


def test_the_signature_of_an_address_is_not_said(pulling: Pulling, hub: StandIn) -> None:
    hub.faults[WEIGHTS] = [status(403)]
    assert "secret" not in pulling.refused()
