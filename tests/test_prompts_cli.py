"""`captiond prompts` as a user types it: what is listed and shown, and what is tried."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daemon.cli import main
from tests import drawn
from tests.running import REPOSITORY, Captiond, Daemon
from tests.test_seeing import models

INJECTED = """
import sys
if "daemon.host" in sys.orig_argv:
    import answering
    sys.modules["daemon.engines.transformers_engine"] = answering
"""
"""Python imports a sitecustomize before anything else: so the engine process has this engine."""
ANSWERING = """
from daemon.wire import Reply
from scripted_engine import Loaded, open_engine
def _replies(self, shown):
    told = "A red house stands by a lake."
    return tuple(Reply(question.task, told, 7, True) for question in shown.questions)
Loaded._replies = _replies
"""
MINE = "---\ntask: {task}\nkinds: image\nmax_tokens: 60\n---\nSay it like a poet.\n"


def prompts(captiond: Captiond, *words: str | Path, code: int = 0) -> Result:
    """Run a command in this process, which costs less than a new one; a daemon may be asked."""
    line = ["--config", str(captiond.config), "prompts", *map(str, words)]
    done = CliRunner().invoke(main, line, prog_name="captiond")
    assert done.exit_code == code, done.output
    return done


def told(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    """A captiond of the builtin engine with prompts of its user, and one described picture."""
    root = tmp_path_factory.mktemp("own")
    (root / "mine").mkdir()
    (root / "mine/caption.md").write_text(MINE.format(task="caption"))
    (root / "mine/poem.md").write_text(MINE.format(task="summary"))
    captiond = Captiond(root, 'prompts_dir = "mine"\n[engine]\nuse = "builtin"\n')
    drawn.jpeg(captiond.inbox / "red.jpg", camera=("FUJIFILM", "X-T3"))
    captiond("process", captiond.inbox)
    return captiond


def test_the_list_tells_whose_each_prompt_is_and_whether_it_is_asked(own: Captiond) -> None:
    every = {each["name"]: each for each in told(prompts(own, "list", "--json").stdout)}
    assert list(every) == [
        "caption", "alt", "tags", "sentiment", "creative", "moderation", "quality", "summary",
        "poem",
    ]  # fmt: skip
    assert {name for name, each in every.items() if each["asked"]} == {
        "caption", "alt", "tags", "sentiment",
    }  # fmt: skip
    assert every["caption"]["path"] == str(own.root / "mine/caption.md")
    assert every["caption"]["kinds"] == ["image"]
    assert every["alt"]["version"].startswith("alt@")
    assert not any(each["error"] for each in every.values())
    table = prompts(own, "list")
    assert f"{own.root}/mine" in "".join(table.stdout.split())
    assert "no model is asked" in table.stderr


def test_a_prompt_is_shown_as_a_model_gets_it(own: Captiond) -> None:
    text = prompts(own, "show", "caption").stdout
    assert text.startswith("You describe pictures and videos for an archive")
    assert 'Camera: "NIKON Z 6"' in text and text.endswith("Say it like a poet.\n")
    (one,) = told(
        prompts(own, "show", "sentiment", "--for", own.inbox / "red.jpg", "--json").stdout
    )
    assert 'Camera: "FUJIFILM X-T3"' in one["text"] and "calm" in one["choices"]


def test_what_cannot_be_shown_is_said(own: Captiond) -> None:
    assert "no prompt nonesuch" in prompts(own, "show", "nonesuch", code=2).stderr
    stranger = prompts(own, "show", "alt", "--for", own.root / "b.jpg", code=2)
    assert "nothing is known of it yet" in stranger.stderr


def test_nobody_is_tried_where_there_is_no_model(own: Captiond) -> None:
    tried = own("prompts", "try", "alt", own.inbox / "red.jpg", code=3)
    assert "there is no model to ask: the engine is builtin" in tried.stderr


def test_a_prompt_that_is_asked_and_cannot_be_used_fails_the_list(tmp_path: Path) -> None:
    (tmp_path / "alt.md").write_text("Say it.")
    (tmp_path / "notes.md").write_text("What I tried so far.")
    captiond = Captiond(tmp_path, f'prompts_dir = "{tmp_path}"\n')
    listed = prompts(captiond, "list", code=2)
    assert f"{tmp_path}/alt.md: it must begin with a line ---" in listed.stderr
    assert "cannot be used" in listed.stdout
    (tmp_path / "alt.md").unlink()
    assert "notes.md" in prompts(captiond, "list").stderr


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Captiond, Daemon]]:
    """A running captiond whose engine process answers what a script says."""
    root = tmp_path_factory.mktemp("tried")
    (root / "path").mkdir()
    (root / "path/sitecustomize.py").write_text(INJECTED)
    (root / "path/answering.py").write_text(ANSWERING)
    captiond = Captiond(
        root, models("mllama"), tasks=("caption",), languages=(),
        path=(root / "path", REPOSITORY / "tests"),
    )  # fmt: skip
    drawn.jpeg(root / "red.jpg", colour=(210, 30, 35))
    with captiond.daemon() as daemon:
        yield captiond, daemon


def test_a_prompt_is_tried_and_nothing_is_written(tried: tuple[Captiond, Daemon]) -> None:
    captiond, _ = tried
    path = captiond.root / "red.jpg"
    (answer,) = told(prompts(captiond, "try", "caption", path, "--json").stdout)
    assert answer["reply"] == "A red house stands by a lake."
    assert answer["believed"] == {"caption": {"en": "A red house stands by a lake."}}
    assert (answer["error"], answer["whole"]) == (None, True)
    assert answer["asked"] == "describe the picture"
    assert answer["tokens"] == {"prompt": 100, "completion": 7}
    text = prompts(captiond, "try", "caption", path).stdout
    assert text.startswith("A red house stands by a lake.\n\nprompt: caption@")
    assert "tokens: 100 read, 7 written" in text
    assert 'believed as caption: {"en": "A red house stands by a lake."}' in text
    assert captiond.lines("jobs") == captiond.lines("search") == []
    assert not list(captiond.root.rglob("*.xmp"))
    assert not list((captiond.root / "state/scratch").glob("sheets-*"))


def test_an_answer_that_is_not_believed_is_shown_with_the_reason(
    tried: tuple[Captiond, Daemon],
) -> None:
    captiond, _ = tried
    done = prompts(captiond, "try", "sentiment", captiond.root / "red.jpg", code=1)
    assert done.stdout.startswith("A red house stands by a lake.\n")
    assert "\nnot believed: " in done.stdout


def test_what_cannot_be_tried_is_said_and_the_daemon_goes_on(
    tried: tuple[Captiond, Daemon],
) -> None:
    captiond, daemon = tried
    for words, code, says in (
        (("nonesuch", "red.jpg"), 2, "there is no prompt nonesuch"),
        (("caption", "none.jpg"), 2, "none.jpg: no such file"),
        (("caption", "in"), 2, "0 files are there; name one of them"),
        (("caption", "captiond.toml"), 1, "this is not a picture or a video"),
    ):
        name, file = words
        done = prompts(captiond, "try", name, captiond.root / file, code=code)
        assert says in done.stderr, (words, done.stderr)
    assert captiond.json("status")["pid"] == daemon.process.pid
    assert "Traceback" not in daemon.said()
