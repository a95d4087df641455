"""What doctor tells of servers: there or not, with the model or without, and keys that leak."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_server import MODEL, Said, ScriptedServer, refused

from daemon.checks import Check
from daemon.checks.engines import engine
from daemon.checks.servers import ask, servers, way
from daemon.config import Config, EngineChoice
from daemon.endpoints import Endpoint


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def listing(*names: str) -> Said:
    return Said(body=json.dumps({"data": [{"id": name} for name in names]}).encode())


def configured(*endpoints: Endpoint) -> Config:
    return Config(engine=EngineChoice(use="openai", endpoints=endpoints), languages=("es",))


def test_each_server_is_looked_for_and_each_has_what_it_needs(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("sk-1")
    key.chmod(0o644)
    with (
        ScriptedServer(lambda _: listing("other", f"{MODEL}:latest")) as well,
        ScriptedServer(lambda _: listing(*(f"m{n}" for n in range(20)))) as without,
        ScriptedServer(lambda _: refused(401, "no")) as closed,
        ScriptedServer(lambda _: refused(500, "no cache")) as silent,
        ScriptedServer() as gone,
    ):
        every = (well, without, closed, silent, gone)
        gone.kill()
        endpoints = [Endpoint(url=each.url, model=MODEL) for each in every]
        endpoints[2] = Endpoint(url=closed.url, model=MODEL, api_key_file=str(key))
        found = list(servers(configured(*endpoints)))
        assert [len(each.asked) for each in every] == [1, 1, 1, 1, 0]
        assert closed.asked[0].headers["authorization"] == "Bearer sk-1"
        assert well.asked[0].path == "/v1/models"
    assert [check.ok for check in found] == [True, False, False, None, False, None]
    assert [check.name for check in found] == [*(f"server {each.url}" for each in every), "key"]
    says = [check.says for check in found]
    assert says[0].startswith("answers within ") and says[0].endswith(f" ms, and has {MODEL}")
    assert f"has no {MODEL} but m0, m1" in says[1] and says[1].endswith("m7, ...")
    assert "401: no; set the right key" in says[2]
    assert "it is there, and lists no models (500: no cache)" in says[3]
    assert says[4] == "Connection refused"
    assert found[4].do.startswith("start the server")
    assert found[5].do == f"chmod 600 {key}"


def test_doctor_tells_what_servers_are_for(scripted: ScriptedServer) -> None:
    checks = {
        check.name: check for check in engine(configured(Endpoint(url=scripted.url, model=MODEL)))
    }
    assert checks["engine"] == Check(
        "engine", True, f"openai: asked for by engine.use, on {scripted.url}"
    )
    assert checks[f"server {scripted.url}"].ok
    assert checks["translation"].says == "by the same servers"
    assert checks["languages"].says == "en, es"


def test_a_process_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.checks.servers.command", lambda *_: ("/bin/false",))
    (found,) = ask((Endpoint(url="http://box/v1", model="m"),))
    assert (found.url, found.ok) == ("http://box/v1", False)
    assert found.says == "the process that asks failed: exit code 1"


@pytest.mark.parametrize(
    ("url", "key", "says"),
    [
        ("http://127.0.0.1:1/v1", "KEY", None),
        ("http://[::1]:1/v1", "KEY", None),
        ("https://models.example/v1", "KEY", None),
        ("http://192.168.1.5:1/v1", "", "the pictures go to"),
        ("http://models.example/v1", "KEY", "the key and the pictures go to"),
    ],
)
def test_what_goes_over_a_network_in_clear_is_told(url: str, key: str, says: str | None) -> None:
    told = [check.says for check in way(Endpoint(url=url, model=MODEL, api_key_env=key))]
    assert [each.startswith(says) for each in told if says] == ([True] if says else [])
    assert bool(told) is bool(says)
