"""What the process that calls servers may do: use the internet, and read hardly a file."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from test_sandbox import LANDLOCK

from daemon.endpoints import Endpoint
from daemon.wire import CallSetup
from daemon.worker import sandbox
from daemon.workers.program import calling_environment, calling_process

TRIES = textwrap.dedent("""
    import json, os, socket, subprocess, sys
    from pathlib import Path
    from daemon.endpoints import Endpoint
    from daemon.wire import CallSetup
    from daemon.worker import sandbox

    root = Path(sys.argv[1])
    endpoint = Endpoint(url="http://a/v1", model="m", api_key_file=str(root / "keys/mine"))
    setup = CallSetup(root / "scratch", (endpoint,))
    measures = sandbox.enclose_caller(setup, os.getppid())

    def tried(do):
        try:
            do()
        except OSError as error:
            return type(error).__name__
        return "could"

    told = {name: tried(Path(root, name).read_bytes) for name in sys.argv[2:]}
    told["write"] = tried(lambda: (root / "scratch/new").write_bytes(b""))
    told["remove"] = tried((root / "scratch/sheets").unlink)
    told["list"] = tried(lambda: os.listdir(root / "hot"))
    told["run"] = tried(lambda: subprocess.run([root / "hot/program"]))
    told["random"] = tried(lambda: os.urandom(8))
    told["names"] = tried(lambda: socket.getaddrinfo("localhost", 80))
    for name in ("UNIX", "INET", "INET6", "NETLINK", "PACKET", "VSOCK"):
        family = getattr(socket, "AF_" + name)
        told[name] = tried(lambda: socket.socket(family, socket.SOCK_STREAM).close())
    import ssl, http.client, encodings.idna, email.utils, concurrent.futures.thread
    ssl.create_default_context()
    told["measures"] = {measure.name: measure.holds for measure in measures}
    print(json.dumps(told))
    """)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Give what a process in that sandbox could do, in a folder with all that it might want."""
    root = tmp_path_factory.mktemp("closed")
    for name in ("scratch/sheets", "hot/a.jpg", "state/state.db", "keys/mine", "keys/other"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    shutil.copy("/bin/true", root / "hot/program")
    asked = ["scratch/sheets", "hot/a.jpg", "state/state.db", "keys/mine", "keys/other"]
    ran = subprocess.run(
        [sys.executable, "-P", "-c", TRIES, str(root), *asked],
        env=calling_environment(CallSetup(root / "scratch", ())),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_it_reads_the_pictures_that_it_sends_and_its_key_and_nothing_of_the_archive(
    told: dict[str, object],
) -> None:
    assert told["scratch/sheets"] == told["keys/mine"] == "could"
    closed = {told[name] for name in ("hot/a.jpg", "state/state.db", "keys/other", "list", "run")}
    assert closed == {"PermissionError" if LANDLOCK else "could"}


def test_it_writes_and_removes_nothing(told: dict[str, object]) -> None:
    assert {told["write"], told["remove"]} == {"PermissionError" if LANDLOCK else "could"}


def test_it_reaches_the_internet_and_finds_names_and_nothing_else(told: dict[str, object]) -> None:
    assert {told[name] for name in ("UNIX", "INET", "INET6", "names", "random")} == {"could"}
    assert {told[name] for name in ("NETLINK", "PACKET", "VSOCK")} == {"PermissionError"}


def test_every_measure_holds(told: dict[str, object]) -> None:
    measures = told["measures"]
    assert isinstance(measures, dict) and len(measures) == 7
    assert all(measures.values()) or not LANDLOCK


def test_it_sees_the_variables_of_keys_and_certificates_and_no_proxy_and_no_other_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("MY_KEY", "OTHER_KEY", "HTTPS_PROXY", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "secret")
    endpoint = Endpoint(url="http://a/v1", model="m", api_key_env="MY_KEY")
    program = calling_process(CallSetup(tmp_path, (endpoint,)))
    seen = program.environment
    assert seen["MY_KEY"] == seen["SSL_CERT_FILE"] == "secret"
    assert not {"OTHER_KEY", "HTTPS_PROXY"} & set(seen)
    assert b"secret" not in program.first
    assert "secret" not in " ".join(program.words)


def test_a_resolver_elsewhere_is_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/stub.conf").touch()
    (tmp_path / "resolv.conf").symlink_to(tmp_path / "run/stub.conf")
    monkeypatch.setattr(sandbox, "RESOLVER", tmp_path / "resolv.conf")
    assert tmp_path / "run" in sandbox.readable()
    assert os.path.realpath(sys.prefix) in map(str, sandbox.readable())


def test_as_many_threads_as_two_servers_may_want_fit_into_its_memory() -> None:
    tried = textwrap.dedent("""
        import resource, threading
        from daemon.calling.serving import STACK_BYTES
        from daemon.worker.sandbox import CALLER_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (CALLER_BYTES, CALLER_BYTES))
        resource.setrlimit(resource.RLIMIT_STACK, (8 * 2**20, 8 * 2**20))
        threading.stack_size(STACK_BYTES)
        over = threading.Event()
        for _ in range(2 * 257):
            threading.Thread(target=over.wait).start()
        over.set()
        """)
    subprocess.run([sys.executable, "-c", tried], check=True)
