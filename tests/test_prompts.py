"""Prompts are data: what is wrong with a file is said with the file's name and what to do."""

from pathlib import Path

import pytest

from prompts import PromptError, load

GOOD = "---\ntask: caption\nkinds: image, video\nmax_tokens: 120\n---\nSay it in $language.\n"


def written(folder: Path, text: str, name: str = "caption") -> Path:
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def test_a_prompt_is_read_whole(tmp_path: Path) -> None:
    prompt = load("caption", written(tmp_path, GOOD))
    assert (prompt.name, prompt.task, prompt.max_tokens) == ("caption", "caption", 120)
    assert prompt.kinds == ("image", "video")
    assert prompt.filled({"language": "English"}) == "Say it in English."


def test_another_wording_is_another_version(tmp_path: Path) -> None:
    first = load("caption", written(tmp_path, GOOD))
    second = load("caption", written(tmp_path, GOOD.replace("Say", "Tell")))
    again = load("caption", written(tmp_path, GOOD))
    assert first.version != second.version
    assert first.version == again.version
    assert first.version.startswith("caption@") and len(first.version) == len("caption@") + 8


def test_the_users_file_comes_before_ours(tmp_path: Path) -> None:
    mine, ours = load("caption", written(tmp_path, GOOD)), load("caption")
    assert mine.body != ours.body
    assert load("caption", tmp_path / "nowhere") == ours


def test_ours_can_be_filled() -> None:
    prompt = load("caption")
    assert prompt.task == "caption"
    assert "$" not in prompt.filled({"known": "It was taken in July 2024."})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begin with a line ---"),
        ("Say it.", "begin with a line ---"),
        ("---\ntask: caption\n", "begin with a line ---"),
        (GOOD.replace("task: caption", "task caption"), "line 2 is not of the form"),
        (GOOD.replace("task: caption", "task:"), "line 2 is not of the form"),
        (GOOD.replace("task: caption", "model: x"), "line 2: 'model' is no setting"),
        (GOOD.replace("kinds: image, video", "task: x"), "line 3: task is set twice"),
        (GOOD.replace("max_tokens: 120\n", ""), "max_tokens is missing"),
        (GOOD.replace("image, video", "image, song"), "'song' is none"),
        (GOOD.replace("120", "many"), "'many' is not a whole number"),
        (GOOD.replace("120", "0"), "'0' is not a whole number"),
        (GOOD.replace("120", "²"), "'²' is not a whole number"),
        (GOOD.replace("Say it in $language.", ""), "no text below"),
        (GOOD.replace("$language", "$5"), r"write \$\$ for a dollar sign"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said) as caught:
        load("caption", written(tmp_path, text))
    assert str(tmp_path / "caption.md") in str(caught.value)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "caption.md").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(PromptError, match="save it as UTF-8"):
        load("caption", tmp_path)


def test_a_prompt_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=str(tmp_path)):
        load("nonesuch", tmp_path)


@pytest.mark.parametrize("name", ["../caption", "/etc/passwd", "", "a b", "Caption"])
def test_P6_a_name_cannot_choose_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no name for a prompt"):
        load(name, tmp_path)


def test_an_unknown_word_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    prompt = load("caption", written(tmp_path, GOOD))
    with pytest.raises(PromptError, match=r"nobody knows \$language; use one of: \$known"):
        prompt.filled({"known": ""})
