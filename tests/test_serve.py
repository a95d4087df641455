"""A real server, `transformers serve` with the trained Mllama, asked as captiond asks servers."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
from PIL import Image
from planted import asset_at

from daemon.endpoints import Endpoint
from daemon.engines.hosted import Shown
from daemon.engines.profiles import Installed, Model, Models
from daemon.engines.transformers_engine import open_engine
from daemon.media.sheets import hand_over_encoded
from daemon.wire import CallSetup, Consult, Consulted, Failure, HostSetup, Question
from daemon.workers import Finished, Hosts
from daemon.workers.program import calling_process
from metadata.asset import MediaKind
from tests.models.scenes import Still, answer, frozen_stills
from tests.running import Captiond

CHECKPOINT = Path(__file__).parent / "models/mllama"
PROMPTS = Path(__file__).parent / "models/prompts"
ASKED = {"caption": "describe the picture", "tags": "list the tags"}
STILLS = (*frozen_stills(True)[:2], *frozen_stills(False)[:2])
START_S = 120.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server, and give its address once it has loaded the model."""
    home = tmp_path_factory.mktemp("serve")
    (home / "hub").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    serve = "from transformers.cli.transformers import main; main()"
    words = ["serve", str(CHECKPOINT), "--port", str(port), "--host", "127.0.0.1"]
    alone = {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", serve, *words, "--device", "cpu"],
            env={**os.environ, **alone},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server, home / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def _wait_for(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        with suppress(URLError, ConnectionError), urllib.request.urlopen(health, timeout=5):
            return
        assert server.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def hosts(url: str, scratch: Path) -> Iterator[Hosts]:
    endpoint = Endpoint(url=url, model=str(CHECKPOINT), concurrency=2)
    with Hosts((calling_process(CallSetup(scratch, (endpoint,))),)) as hosts:
        yield hosts


def consult(still: Still, scratch: Path, preamble: str = "") -> Consult:
    picture = np.asarray(still.image())
    views = hand_over_encoded((picture,), (), scratch)
    asked = (Question(task, text, 40, preamble) for task, text in ASKED.items())
    return Consult(asset_at(Path("/hot/a.jpg")), views, tuple(asked))


def answers(hosts: Hosts, *requests: Consult) -> list[Finished]:
    for number, request in enumerate(requests):
        hosts.submit(request, number)
    found: dict[object, Finished] = {}
    until = time.monotonic() + 60
    while len(found) < len(requests):
        assert time.monotonic() < until, hosts.doing
        found |= {item.token: item for item in hosts.poll(1.0)}
    return [found[number] for number in range(len(requests))]


def texts(item: Finished) -> list[str]:
    assert isinstance(item.answer, Consulted), item
    return [reply.text for reply in item.answer.replies]


def test_captions_are_those_that_the_same_checkpoint_says_here(hosts: Hosts, scratch: Path) -> None:
    requests = [consult(still, scratch) for still in STILLS]
    served = answers(hosts, *requests)
    assert [texts(item) for item in served] == [
        [answer(still, "caption"), answer(still, "tags")] for still in STILLS
    ]
    assert [texts(item) for item in served] == said_here(requests, scratch)
    for item in served:
        assert isinstance(item.answer, Consulted)
        tokens = item.answer.tokens
        assert tokens and 10 < tokens.completion == sum(r.tokens for r in item.answer.replies)
        assert item.answer.model == str(CHECKPOINT)


def said_here(requests: list[Consult], scratch: Path) -> list[list[str]]:
    """Give what the checkpoint says of the same JPEG files in this process."""
    installed = Installed(Model(name=str(CHECKPOINT)), CHECKPOINT, "mllama@1")
    engine = open_engine(HostSetup(scratch, scratch, "cpu", Models(image=installed), threads=1))
    asker = engine.asker(installed, lambda *_: None)
    found = []
    for request in requests:
        assert request.views
        with Image.open(request.views.path) as picture:
            shown = Shown(MediaKind.IMAGE, (np.asarray(picture),), (), request.questions)
        (said,) = asker.answer(asker.prepare([shown]), lambda *_: None)
        found.append([reply.text for reply in said.replies])
    return found


def test_a_format_that_is_ignored_is_not_missed(hosts: Hosts, scratch: Path) -> None:
    """The server takes a schema and heeds it not, so that each question becomes a request."""
    (item,) = answers(hosts, consult(STILLS[0], scratch, preamble="look"))
    assert texts(item)[0]
    assert "{" not in "".join(texts(item))


def test_a_picture_that_it_cannot_decode_is_to_blame_and_no_other(
    hosts: Hosts, scratch: Path
) -> None:
    good, bad = consult(STILLS[0], scratch), consult(STILLS[1], scratch)
    assert bad.views
    bad.views.path.write_bytes(bytes(bad.views.ends[-1]))
    found = answers(hosts, bad, good)
    assert isinstance(found[0].answer, Failure)
    assert found[0].answer.reason == "NO_ANSWER"
    assert texts(found[1])[0] == answer(STILLS[0], "caption")


def test_a_file_is_described_by_it_from_the_hot_folder_to_the_sidecar(
    url: str, tmp_path: Path
) -> None:
    more = f"""
prompts_dir = "{PROMPTS}"
[engine]
use = "openai"
[[engine.endpoints]]
url = "{url}"
model = "{CHECKPOINT}"
"""
    captiond = Captiond(tmp_path, more, tasks=("caption",), languages=())
    STILLS[0].write_jpeg(captiond.inbox / "a.jpg")
    captiond("run", "--once")
    told = captiond.json("show", captiond.inbox / "a.jpg")
    assert told["caption"]["en"] == answer(STILLS[0], "caption"), told
    made = told["provenance"]["caption"]
    assert (made["engine"], made["model"]) == ("openai", str(CHECKPOINT))
