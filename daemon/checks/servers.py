"""Check the servers that models are asked on: are they there, do they have them, are keys safe.

It is another process that asks: the one of this command never opens a connection.
"""

import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from daemon.checks import Check
from daemon.config import Config
from daemon.endpoints import Endpoint, Reached, has_key, host_of
from daemon.framing import cut, framed, pack, unpack
from daemon.wire import CallSetup
from daemon.workers.program import calling_environment, command
from metadata.asset import shown

PATIENCE_S = 60.0
_DO = "start the server, or mend url, model and key of this endpoint"


def servers(config: Config) -> Iterator[Check]:
    """Tell of each server whether it is there, and of its key whether others can read it."""
    endpoints = config.engine.endpoints
    for found in ask(endpoints):
        yield Check(f"server {found.url}", found.ok, found.says, "" if found.ok else _DO)
    for endpoint in endpoints:
        yield from _key(endpoint)
        yield from way(endpoint)


def ask(endpoints: tuple[Endpoint, ...]) -> tuple[Reached, ...]:
    """Have a process of its own ask each server for its models."""
    with tempfile.TemporaryDirectory(prefix="captiond-") as scratch:
        setup = CallSetup(Path(scratch), endpoints)
        try:
            ran = subprocess.run(
                command("daemon.calling", "--look"),
                input=framed(pack(setup)),
                capture_output=True,
                env=calling_environment(setup),
                timeout=PATIENCE_S,
            )
        except subprocess.TimeoutExpired:
            told = f"nothing was heard within {PATIENCE_S:.0f} s"
            return tuple(Reached(each.url, False, told) for each in endpoints)
    frame = cut(bytearray(ran.stdout))
    try:
        return unpack(frame or b"", tuple[Reached, ...])
    except msgspec.DecodeError:
        told = ran.stderr.decode(errors="backslashreplace").strip()[-300:]
        failed = f"the process that asks failed: {told or f'exit code {ran.returncode}'}"
        return tuple(Reached(each.url, False, failed) for each in endpoints)


def way(endpoint: Endpoint) -> Iterator[Check]:
    """Warn where pictures, and a key, go over a network that others may listen on."""
    host = host_of(endpoint)
    if endpoint.url.startswith("https:") or (host and host.is_loopback):
        return
    what = "the key and the pictures" if has_key(endpoint) else "the pictures"
    says = f"{what} go to {endpoint.url} in clear, for whoever listens on the way"
    yield Check("way", None, says, "use https there, or a network of your own")


def _key(endpoint: Endpoint) -> Iterator[Check]:
    if not endpoint.api_key_file:
        return
    path = Path(endpoint.api_key_file)
    try:
        mode = path.stat().st_mode
    except OSError:  # whoever asks the server has said so
        return
    if mode & stat.S_IROTH:
        says = f"every user of this machine can read {shown(path)}"
        yield Check("key", None, says, f"chmod 600 {shown(path)}")
