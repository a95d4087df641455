"""One server over real sockets: what it can do wrong, and what is made of that; then its key."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from scripted_server import CAPTION, MODEL, Asked, Said, ScriptedServer, completed, honest, refused

from daemon.calling.keys import Key
from daemon.calling.server import Server
from daemon.calling.troubles import Broken, Busy, Closed, Declined, Late, Trouble, Unreachable
from daemon.endpoints import Endpoint
from daemon.engines.openai_engine.habits import Refused
from metadata.stats import Tokens


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def server(scripted: ScriptedServer) -> Iterator[Server]:
    scripted.script = honest
    scripted.asked.clear()
    server = Server(Endpoint(url=scripted.url, model=MODEL, timeout_s=5.0))
    yield server
    server.close()


def impatient(server: Server, seconds: float) -> Server:
    server.endpoint = replace(server.endpoint, timeout_s=seconds)
    return server


def trouble_of(server: Server, body: bytes = b"{}") -> Trouble:
    """Ask, and give what that came to in the end."""
    try:
        server.ask(body)
    except Trouble as trouble:
        return trouble
    except Refused as refusal:
        return server.trouble(refusal)
    raise AssertionError("it was answered")


def test_an_answer_comes_with_its_cost_over_one_connection(
    server: Server, scripted: ScriptedServer
) -> None:
    ports = set()
    for _ in range(5):
        said = server.ask(b"{}")
        assert (said.text, said.tokens) == (CAPTION, Tokens(120, 40))
        ports |= {connection.getpeername()[1] for connection in scripted._open}
    assert len(ports) == 1
    (first, *_) = scripted.asked
    assert (first.method, first.path) == ("POST", "/v1/chat/completions")
    assert first.headers["content-type"] == "application/json"
    assert "authorization" not in first.headers
    assert server.models() == (MODEL,)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        (refused(500, "CUDA error"), Broken, "500: CUDA error"),
        (refused(502, ""), Broken, "502"),
        (refused(504, "upstream"), Broken, "504: upstream"),
        (refused(429, "slow down"), Busy, "429: slow down"),
        (refused(503, "loading model"), Busy, "503: loading model"),
        (refused(400, "cannot decode image"), Declined, "400: cannot decode image"),
        (refused(413, "too large"), Declined, "413: too large"),
        (refused(422, "bad image"), Declined, "422: bad image"),
        (refused(401, "no key"), Closed, "401: no key; set the right key as api_key_env"),
        (refused(403, "not you"), Closed, "403: not you; set the right key"),
        (refused(404, "Not Found"), Closed, "set the url that /chat/completions follows"),
        (refused(405, ""), Closed, "mostly it ends /v1"),
        (Said(200, b"<html>It works!</html>"), Broken, "does its url end in /v1?"),
        (Said(200, b'{"choices": [{"mess'), Broken, "its answer is no JSON"),
        (Said(200, b""), Broken, "its answer is no JSON"),
        (Said(200, b"{}", {"Content-Length": "90"}, closes=True), Broken, "ends after 2 of 90"),
        (Said(closes=True), Broken, "the connection broke off"),
        (Said(200, b"{}", {"Content-Length": "x"}, closes=True), Broken, "has no message"),
        (Said(200, b"zz\r\n", {"Transfer-Encoding": "chunked", "Content-Length": ""}, closes=True),
         Broken, "the connection broke off"),
        (Said(200, b"5\r\n{}", {"Transfer-Encoding": "chunked", "Content-Length": ""}, closes=True),
         Broken, "the connection broke off"),
        (Said(302, b"", {"Location": "file:///etc/passwd"}), Closed, "redirects to 'file:///etc/pa"),
        (Said(307, b"", {"Location": "http://other/v1"}), Closed, "redirects to 'http://other/v1'"),
        (Said(301, b"", {"Location": "\x1b[31m"}), Closed, "redirects to '\\x1b[31m', which"),
        (Said(308, b""), Closed, "redirects to ''"),
        (Said(200, b"{}", {f"X-{n}": "x" for n in range(200)}), Broken, "broke off: HTTPException"),
        (Said(200, b"{}", {"X": "x" * 70_000}), Broken, "broke off: LineTooLong"),
    ],
)  # fmt: skip
def test_what_a_server_does_wrong_has_a_name(
    server: Server, scripted: ScriptedServer, said: Said, kind: type, told: str
) -> None:
    scripted.script = lambda asked: (
        said if asked.path.endswith("/completions") else refused(404, "")
    )
    trouble = trouble_of(server)
    assert type(trouble) is kind, trouble
    assert told in trouble.told
    assert trouble.told.isprintable()
    scripted.script = honest
    assert server.ask(b"{}").text == CAPTION


def test_no_redirect_is_followed(server: Server, scripted: ScriptedServer) -> None:
    scripted.script = lambda _: Said(302, b"", {"Location": f"{scripted.url}/elsewhere"})
    assert isinstance(trouble_of(server), Closed)
    assert len(scripted.asked) == 1


def test_an_answer_of_a_gigabyte_is_not_read(server: Server, scripted: ScriptedServer) -> None:
    begun = time.monotonic()
    for headers in ({}, {"Content-Length": ""}, {"Content-Length": "", "Connection": "close"}):
        scripted.script = lambda _, h=headers: Said(200, b"{", h, endless=2**30)
        trouble = trouble_of(server)
        assert isinstance(trouble, Broken) and "more than 4 MB" in trouble.told
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "said",
    [
        Said(200, b"{}", delay_s=1.0),
        Said(200, completed("A cat.").body, drip_s=0.1),
        Said(200, b"{}", {"X": "x" * 100}, drip_s=0.1),
    ],
    ids=["silent", "dripping", "dripping headers"],
)
def test_a_slow_server_is_waited_for_so_long_in_all(
    server: Server, scripted: ScriptedServer, said: Said
) -> None:
    scripted.script = lambda _: said
    begun = time.monotonic()
    trouble = trouble_of(impatient(server, 0.4))
    assert isinstance(trouble, Late)
    assert time.monotonic() - begun < 5


def test_a_server_that_takes_nothing_in_is_not_waited_for_either(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        deaf = Server(Endpoint(url=url, model="m", timeout_s=0.4))
        begun = time.monotonic()
        assert isinstance(trouble_of(deaf, bytes(30_000_000)), Late)
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "nowhere.invalid"])
def test_where_nobody_listens_it_says_so(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    trouble = trouble_of(Server(Endpoint(url=f"http://{host}:{port}/v1", model="m")))
    assert isinstance(trouble, Unreachable)
    assert trouble.told and trouble.told.isprintable()


def test_a_connection_that_was_closed_while_idle_is_made_anew(
    server: Server, scripted: ScriptedServer
) -> None:
    assert server.ask(b"{}").text == CAPTION
    scripted.kill()
    scripted.start()
    assert server.ask(b"{}").text == CAPTION
    scripted.kill()
    assert isinstance(trouble_of(server), Unreachable)
    scripted.start()
    assert server.ask(b"{}").text == CAPTION


@pytest.mark.parametrize(
    ("hint", "after"),
    [
        ("7", 7.0),
        ("86400", 60.0),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("Mon, 01 Jan 99999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2020 00:00:00 +99999999999999", None),
        ("Fri, 20 Nov 2015 17:50:18 +0000", 0.0),
    ],
)
def test_retry_after_is_honoured_and_capped(
    server: Server, scripted: ScriptedServer, hint: str, after: float | None
) -> None:
    scripted.script = lambda _: refused(429, "slow down", **{"Retry-After": hint})
    trouble = trouble_of(server)
    assert isinstance(trouble, Busy) and trouble.after_s == after


def test_a_moment_to_come_back_at_is_capped_as_well(
    server: Server, scripted: ScriptedServer
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1))
    scripted.script = lambda _: refused(429, "slow down", **{"Retry-After": later})
    trouble = trouble_of(server)
    assert isinstance(trouble, Busy) and trouble.after_s == 60.0


def test_a_wrong_name_of_a_model_is_answered_with_the_right_ones(
    server: Server, scripted: ScriptedServer
) -> None:
    listing = {"data": [{"id": f"model-{n}"} for n in range(10)]}

    def script(asked: Asked) -> Said:
        if asked.path == "/v1/models":
            return Said(body=json.dumps(listing).encode())
        return refused(404, 'model "scripted" not found, try pulling it first')

    scripted.script = script
    trouble = trouble_of(server)
    assert isinstance(trouble, Closed)
    assert "there is no model scripted but model-0, model-1" in trouble.told
    assert "model-7, ...; set one of them as model" in trouble.told
    listing["data"].append({"id": "scripted:latest"})
    assert "there is no model" not in trouble_of(server).told


# Keys


def test_a_key_goes_into_one_header_and_into_no_message(
    scripted: ScriptedServer, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text("sk-secret-1\n")
    scripted.asked.clear()
    scripted.script = lambda asked: refused(401, f"wrong: {asked.headers['authorization']}")
    endpoint = Endpoint(url=scripted.url, model=MODEL, api_key_file=str(file))
    with closing(Server(endpoint)) as server:
        told = trouble_of(server).told
        assert scripted.asked[0].headers["authorization"] == "Bearer sk-secret-1"
        assert "secret" not in told and "Bearer (key)" in told
        scripted.script = lambda asked: refused(401, "x " * 144 + asked.headers["authorization"])
        told = trouble_of(server).told
        assert "sk-s" not in told and "x Bearer (key); set" in told, "what is cut off hides it too"
        scripted.script = lambda asked: Said(302, b"", {"Location": "/?key=sk-secret-1"})
        assert "redirects to '/?key=(key)'" in trouble_of(server).told
        file.write_text("sk-secret-2")
        scripted.script = honest
        assert server.ask(b"{}").text == CAPTION
    assert scripted.asked[-1].headers["authorization"] == "Bearer sk-secret-2"


@pytest.mark.parametrize("content", [b"", b" \n", b"a\nb", b"sk-\xff", "clé".encode()])
def test_a_file_that_holds_no_key_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(Closed) as refused:
        Key(Endpoint(url="http://a", model="m", api_key_file=str(file))).read()
    assert "sk-" not in refused.value.told and "clé" not in refused.value.told


def test_a_key_that_cannot_be_read_is_told_unless_it_was_read_before(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = Key(Endpoint(url="http://a", model="m", api_key_file=str(file)))
    with pytest.raises(Closed, match="No such file"):
        key.read()
    file.write_text("sk-1")
    assert key.read() == "sk-1"
    file.unlink()
    assert key.read() == "sk-1"


def test_a_key_may_be_in_a_variable() -> None:
    endpoint = Endpoint(url="http://a", model="m", api_key_env="MY_KEY")
    assert Key(endpoint, {"MY_KEY": " sk-3 "}).read() == "sk-3"
    with pytest.raises(Closed, match="is not set") as refused:
        Key(endpoint, {}).read()
    assert "MY_KEY" not in refused.value.told
    assert Key(Endpoint(url="http://a", model="m")).read() == ""


# TLS


def test_a_certificate_that_nobody_trusts_is_refused_and_one_that_is_named_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    make += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost"]
    made = [*make, "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        threading.Thread(target=_serve_tls, args=(listener, context), daemon=True).start()
        endpoint = Endpoint(url=f"https://localhost:{port}/v1", model="m", timeout_s=5.0)
        trouble = trouble_of(Server(endpoint))
        assert isinstance(trouble, Closed)
        assert "its certificate is not trusted" in trouble.told
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with closing(Server(endpoint)) as trusting:
            assert [trusting.ask(b"{}").text for _ in range(3)] == ["A cat."] * 3
        other = replace(endpoint, url=f"https://127.0.0.1:{port}/v1")
        assert isinstance(trouble_of(Server(other)), Closed)


def _serve_tls(listener: socket.socket, context: ssl.SSLContext) -> None:
    body = completed("A cat.").body
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    while True:
        try:
            plain, _ = listener.accept()
            with context.wrap_socket(plain, server_side=True) as connection:
                while connection.recv(65536):
                    connection.sendall(head + body)
        except ssl.SSLError:
            continue
        except OSError:
            return
