"""A whole captiond with a server that does not do what is asked: what a user sees, and when."""

import json
from pathlib import Path

from scripted_server import MODEL, Asked, Said, ScriptedServer, honest, refused

from tests import drawn
from tests.running import Captiond

FILES = 3
TASKS = ("caption", "tags")


def configured(folder: Path, url: str) -> Captiond:
    captiond = Captiond(folder, tasks=TASKS, languages=())
    engine = f'[engine]\nuse = "openai"\n[[engine.endpoints]]\nurl = "{url}"\nmodel = "{MODEL}"\n'
    captiond.config.write_text(captiond.config.read_text() + engine)
    for number in range(FILES):
        drawn.jpeg(captiond.inbox / f"{number}.jpg", colour=(60 * number, 30, 35))
    return captiond


def test_files_wait_for_a_server_with_another_model_and_are_done_when_it_has_this_one(
    tmp_path: Path,
) -> None:
    has_it = False

    def script(asked: Asked) -> Said:
        if has_it:
            return honest(asked)
        if asked.body:
            return refused(404, f"model {MODEL!r} not found")
        return Said(body=json.dumps({"data": [{"id": "another"}]}).encode())

    with ScriptedServer(script) as server:
        captiond = configured(tmp_path, server.url)
        waiting = captiond("run", "--once", code=3).stderr
        assert f"{FILES} waiting" in waiting and MODEL in waiting and "another" in waiting
        assert set(captiond.states().values()) == {"pending"}
        has_it = True
        assert f"{FILES} described" in captiond("run", "--once").stderr
    assert set(captiond.states().values()) == {"done"}
