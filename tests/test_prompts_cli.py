"""`captiond prompts` as a user types it: what is listed and shown, and a trained model tried."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import drawn
from tests.models.scenes import frozen_stills
from tests.running import Captiond
from tests.test_seeing import models

MINE = "---\ntask: {task}\nkinds: image\nmax_tokens: 60\n---\nSay it like a poet.\n"


def told(captiond: Captiond, *words: str | Path, code: int = 0) -> list[dict[str, Any]]:
    lines = captiond("prompts", *words, "--json", code=code).stdout.splitlines()
    return [json.loads(line) for line in lines]


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
    every = {each["name"]: each for each in told(own, "list")}
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
    table = own("prompts", "list")
    assert f"{own.root}/mine" in table.stdout
    assert "no model is asked" in table.stderr


def test_a_prompt_is_shown_as_a_model_gets_it(own: Captiond) -> None:
    text = own("prompts", "show", "caption").stdout
    assert text.startswith("You describe pictures and videos for an archive")
    assert 'Camera: "NIKON Z 6"' in text and text.endswith("Say it like a poet.\n")
    (one,) = told(own, "show", "sentiment", "--for", own.inbox / "red.jpg")
    assert 'Camera: "FUJIFILM X-T3"' in one["text"] and "calm" in one["choices"]


def test_what_cannot_be_shown_is_said(own: Captiond) -> None:
    assert "no prompt nonesuch" in own("prompts", "show", "nonesuch", code=2).stderr
    stranger = own("prompts", "show", "alt", "--for", own.root / "b.jpg", code=2)
    assert "nothing is known of it yet" in stranger.stderr


def test_nobody_is_tried_where_there_is_no_model(own: Captiond) -> None:
    tried = own("prompts", "try", "alt", own.inbox / "red.jpg", code=3)
    assert "there is no model to ask: the engine is builtin" in tried.stderr
    missing = own("prompts", "try", "alt", own.inbox / "none.jpg", code=2)
    assert "no such file" in missing.stderr


def test_a_prompt_that_is_asked_and_cannot_be_used_fails_the_list(tmp_path: Path) -> None:
    (tmp_path / "alt.md").write_text("Say it.")
    (tmp_path / "notes.md").write_text("What I tried so far.")
    captiond = Captiond(tmp_path, f'prompts_dir = "{tmp_path}"\n')
    listed = captiond("prompts", "list", code=2)
    assert f"{tmp_path}/alt.md: it must begin with a line ---" in listed.stderr
    assert "cannot be used" in listed.stdout
    (tmp_path / "alt.md").unlink()
    assert "notes.md" in captiond("prompts", "list").stderr


def test_a_trained_model_is_tried_and_nothing_is_written(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path, models("mllama"), tasks=("caption",), languages=())
    still = frozen_stills(True)[0]
    path = still.write_jpeg(captiond.inbox.parent / "a.jpg")
    (tried,) = told(captiond, "try", "caption", path)
    assert tried["reply"] == still.caption
    assert tried["believed"] == {"caption": {"en": still.caption}}
    assert (tried["error"], tried["whole"], tried["asked"]) == (None, True, "describe the picture")
    assert tried["tokens"]["completion"] > 5 and tried["seconds"]["generate"] > 0
    assert captiond.lines("jobs") == captiond.lines("search") == []
    assert not list(path.parent.glob("*.xmp"))
    assert not list((tmp_path / "state/scratch").glob("sheets-*"))
