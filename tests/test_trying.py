"""One prompt tried on one file: what is asked of whom, what is told, and that nothing remains."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.config import Config, Endpoint
from daemon.engines import EngineMissing
from daemon.engines.choice import Choice
from daemon.engines.profiles import Installed, Model, Models
from daemon.toml_keys import ConfigError
from daemon.trying import Trying
from daemon.wire import Consult, Consulted, Described, Identify, Observe, Read, Reply, Sheets, Views
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.description import Description, Fact, Look, Record, Spoken, Tag, TextLine
from metadata.reasons import Reason
from metadata.stats import Tokens

SEES = Installed(Model(name="see", side=560), Path("/m/see"), "see@1")
CAPTIONS = Installed(Model(name="blip"), Path("/m/blip"), "blip@1", tasks=("caption",))
HERE = Choice("transformers", "see@1", (), (), "asked for", models=Models(SEES), devices=("cpu",))
SERVED = Choice(
    "openai", "big", (), (), "asked for", servers=(Endpoint(url="http://127.0.0.1:1", model="big"),)
)
ASSET = Asset(
    path=Path("/pictures/Lisbon/a.jpg"),
    kind=MediaKind.IMAGE,
    format="jpeg",
    content="sha256:0",
    stat=Stat(1, 2, 3, 4, 5),
    width=30,
    height=20,
)
BEFORE = Description(
    caption={"en": "A street.", "x-default": "Our street"},
    tags=(Tag("street", "see@1"), Tag("holiday", "human")),
    text=(TextLine("RUA 20"),),
    transcript=(Spoken(0, 1, "pt", "Bom dia."),),
)
SEEN = Description(look=Look(facts=(Fact("place", "Lisbon", "rule"),)))
Steps = Generator[Any, Any, dict[str, Any]]


def trying(root: Path, name: str = "caption", choice: Choice = HERE, **settings: Any) -> Trying:
    return Trying(Config(state_dir=root, **settings), choice, name)


def views(root: Path) -> Sheets:
    (root / "scratch").mkdir(exist_ok=True)
    path = root / "scratch" / "sheets-1"
    path.write_bytes(b"rgb")
    return Sheets(path, ((1, 1),))


def asked(steps: Steps, shown: Sheets | None, asset: Asset = ASSET) -> Consult:
    """Go as far as the question."""
    assert steps.send(None) == Identify(asset.path, Config().max_pixels)
    observe = steps.send(asset)
    assert isinstance(observe, Observe) and not observe.hand_over
    assert isinstance(steps.send(Described(SEEN, {}, views=shown)), Read)
    consult = steps.send(Record(asset, BEFORE, author="Ann Roe"))
    assert isinstance(consult, Consult)
    return consult


def told(steps: Steps, answer: Consulted) -> dict[str, Any]:
    with pytest.raises(StopIteration) as end:
        steps.send(answer)
    found: dict[str, Any] = end.value.value
    return found


def replied(text: str, task: str = "caption", whole: bool = True) -> Consulted:
    return Consulted((Reply(task, text, 9, whole),), {"generate": 1.5}, Tokens(800, 9))


def test_the_question_is_that_of_a_description_and_the_answer_is_told_whole(tmp_path: Path) -> None:
    shown = views(tmp_path)
    steps = trying(tmp_path).steps(ASSET.path)
    consult = asked(steps, shown)
    assert consult.views == shown
    (question,) = consult.questions
    for line in (
        'Near: "Lisbon"',
        'Made by: "Ann Roe"',
        'Keywords of its owner: "holiday"',
        'Caption of its owner: "Our street"',
        'Words that can be read in it: "RUA 20"',
    ):
        assert line in question.preamble
    assert "Described before" not in question.preamble, "that is for summaries"
    answer = told(steps, replied("A narrow street climbs a hill."))
    assert answer == {
        "path": "/pictures/Lisbon/a.jpg",
        "prompt": answer["prompt"],
        "task": "caption",
        "model": "see@1",
        "asked": question.whole,
        "max_tokens": 300,
        "reply": "A narrow street climbs a hill.",
        "whole": True,
        "tokens": {"prompt": 800, "completion": 9},
        "seconds": {"generate": 1.5},
        "believed": {"caption": {"en": "A narrow street climbs a hill."}},
        "error": None,
    }
    assert answer["prompt"].startswith("caption@")
    assert not shown.path.exists()


def test_what_is_not_believed_is_told_with_the_reason(tmp_path: Path) -> None:
    steps = trying(tmp_path, "tags").steps(ASSET.path)
    asked(steps, views(tmp_path))
    answer = told(steps, replied("", "tags"))
    assert (answer["reply"], answer["believed"]) == ("", None)
    assert answer["error"]


def test_a_summary_is_asked_in_words_alone_here_and_with_the_picture_elsewhere(
    tmp_path: Path,
) -> None:
    steps = trying(tmp_path, "summary").steps(ASSET.path)
    consult = asked(steps, views(tmp_path))
    assert consult.views is None
    assert 'Described before as: "A street."' in consult.questions[0].preamble
    steps.close()
    assert not (tmp_path / "scratch/sheets-1").exists()
    steps = trying(tmp_path, "summary", SERVED).steps(ASSET.path)
    assert asked(steps, shown := views(tmp_path)).views == shown


def test_a_server_gets_jpeg_files(tmp_path: Path) -> None:
    steps = trying(tmp_path, choice=SERVED).steps(ASSET.path)
    steps.send(None)
    assert steps.send(ASSET).views == Views(1024, 8, encoded=True)


def test_a_task_that_is_off_and_a_prompt_of_another_name_can_be_tried(tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_text("---\ntask: alt\nkinds: image\nmax_tokens: 9\n---\nBrief!")
    for name in ("creative", "brief"):
        steps = trying(tmp_path, name, prompts_dir=str(tmp_path)).steps(ASSET.path)
        consult = asked(steps, views(tmp_path))
    assert consult.questions[0].text == "Brief!"
    answer = told(steps, replied("A street in Lisbon.", "alt"))
    assert answer["prompt"].startswith("brief@") and answer["task"] == "alt"
    assert answer["believed"] == {"alt": {"en": "A street in Lisbon."}}


def test_a_prompt_for_videos_is_not_asked_about_a_picture(tmp_path: Path) -> None:
    (tmp_path / "film.md").write_text("---\ntask: alt\nkinds: video\nmax_tokens: 9\n---\nFilm!")
    steps = trying(tmp_path, "film", prompts_dir=str(tmp_path)).steps(ASSET.path)
    steps.send(None)
    with pytest.raises(ConfigError, match="film is for video only"):
        steps.send(ASSET)


def test_a_model_that_only_captions_is_asked_nothing_else(tmp_path: Path) -> None:
    choice = replace(HERE, models=Models(CAPTIONS))
    steps = trying(tmp_path, "tags", choice).steps(ASSET.path)
    steps.send(None)
    with pytest.raises(ConfigError, match="blip@1 can only be asked for caption"):
        steps.send(ASSET)


def test_without_a_model_it_says_so_before_anything_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match=r"no model to ask: the engine is builtin \(no GPU\)"):
        trying(tmp_path, choice=Choice("builtin", "builtin@1", (), (), "no GPU"))


@pytest.mark.parametrize("name", ["nonesuch", "../caption", "preamble", "tags-only"])
def test_a_prompt_that_cannot_be_asked_is_the_users_to_mend(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        trying(tmp_path, name)


def test_pictures_elsewhere_than_in_the_scratch_folder_are_not_touched(tmp_path: Path) -> None:
    elsewhere = tmp_path / "sheets-mine"
    elsewhere.write_bytes(b"precious")
    steps = trying(tmp_path).steps(ASSET.path)
    steps.send(None)
    steps.send(ASSET)
    with pytest.raises(AssetError) as caught:
        steps.send(Described(SEEN, {}, views=Sheets(elsewhere, ((1, 1),))))
    assert caught.value.reason is Reason.CRASHED
    assert elsewhere.read_bytes() == b"precious"


@pytest.mark.parametrize("reason", [Reason.NO_ANSWER, Reason.DAMAGED])
def test_a_failure_leaves_no_picture_behind(tmp_path: Path, reason: Reason) -> None:
    shown = views(tmp_path)
    steps = trying(tmp_path).steps(ASSET.path)
    asked(steps, shown)
    with pytest.raises(AssetError):
        steps.throw(AssetError(ASSET.path, reason))
    assert not shown.path.exists()
