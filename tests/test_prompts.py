"""Prompts are data: what is wrong with a file is said with the file's name and what to do."""

from pathlib import Path
from typing import get_args

import pytest

from daemon.engines.profiles import PROMPTED
from daemon.wire import AnswerShape
from prompts import Answer, PromptError, choices, load
from prompts.lists import lists

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


@pytest.mark.parametrize("name", [*PROMPTED, "tags-only"])
def test_ours_can_be_filled(name: str) -> None:
    prompt = load(name, words={"vocabulary": ("dog", "cat")})
    values = {"known": "It was taken in July 2024.", "shown": "a picture"}
    whole = f"{prompt.opened(values)}\n\n{prompt.filled(values)}"
    assert prompt.task == name.partition("-")[0]
    assert "$" not in whole and not prompt.alone
    assert "<<<\nIt was taken in July 2024.\n>>>" in whole
    assert len(whole) < 2000, "small models lose a long thread"


def test_what_ours_quote_is_all_that_may_be_answered() -> None:
    assert all(mood in load("sentiment").filled({}) for mood in choices("moods"))
    for name in ("moderation", "quality"):
        assert ", ".join(choices(name)) in load(name).filled({})


def test_the_words_of_the_lists_can_be_told_apart_in_an_answer() -> None:
    for words in lists().values():
        assert len(set(words)) == len(words)
        assert not any(sign in word for word in words for sign in ",;:\n")
        assert all(word == word.casefold().strip() for word in words)
        assert "none" not in words, "that stands for an empty list"


def test_the_shapes_of_answers_are_those_on_the_wire() -> None:
    assert get_args(Answer) == get_args(AnswerShape)


def test_ours_say_what_shape_the_answer_has() -> None:
    shapes = {name: load(name).answer for name in PROMPTED}
    assert shapes == {
        "caption": "text", "alt": "line", "tags": "tags", "sentiment": "sentiment",
        "creative": "text", "moderation": "flags", "quality": "flags", "summary": "text",
    }  # fmt: skip


def test_a_file_that_says_nothing_of_its_answer_has_that_of_ours(tmp_path: Path) -> None:
    old = GOOD.replace("caption", "tags")
    assert load("tags", written(tmp_path, old, "tags")).answer == "tags"
    told = old.replace("---\nSay", "answer: line\n---\nSay")
    assert load("tags", written(tmp_path, told, "tags")).answer == "line"
    assert load("mine", written(tmp_path, old, "mine")).answer == "text"


def test_the_users_prompt_has_the_preamble_of_ours_before_it(tmp_path: Path) -> None:
    mine = load("caption", written(tmp_path, GOOD))
    assert mine.preamble == load("alt").preamble


def test_a_prompt_that_says_itself_what_is_known_is_asked_alone(tmp_path: Path) -> None:
    old = GOOD.replace("Say it in $language.", "You describe pictures. <<<$known>>> Describe it.")
    assert load("caption", written(tmp_path, old)).alone
    both = old.replace("---\nYou", "alone: false\n---\nYou")
    assert not load("caption", written(tmp_path, both)).alone


def test_a_prompt_can_be_asked_alone(tmp_path: Path) -> None:
    alone = GOOD.replace("---\nSay", "alone: true\n---\nSay")
    prompt = load("caption", written(tmp_path, alone))
    assert prompt.alone and prompt.opened({}) == ""


def test_the_preamble_is_the_users_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "preamble.md").write_text("For my museum. $known")
    assert load("alt", tmp_path).opened({"known": "It is old."}) == "For my museum. It is old."


def test_the_version_covers_all_that_is_asked(tmp_path: Path) -> None:
    ours = {name: load(name).version for name in PROMPTED}
    (tmp_path / "preamble.md").write_text("For my museum. $known")
    assert all(load(name, tmp_path).version != ours[name] for name in PROMPTED)
    one = load("tags-only", words={"vocabulary": ("dog",)}).version
    two = load("tags-only", words={"vocabulary": ("dog", "cat")}).version
    assert one != two
    assert load("tags", words={"vocabulary": ("dog",)}).version == ours["tags"]
    (tmp_path / "caption.md").write_text(GOOD.replace("---\nSay", "alone: true\n---\nSay"))
    alone = load("caption", tmp_path).version
    (tmp_path / "preamble.md").unlink()
    assert load("caption", tmp_path).version == alone


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "no text below"),
        ("---\ntask: x\n---\nSay", "has no settings"),
        ("$5", r"write \$\$ for a dollar sign"),
    ],
)
def test_what_is_wrong_with_a_preamble_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "preamble.md").write_text(text)
    with pytest.raises(PromptError, match=said) as caught:
        load("caption", tmp_path)
    assert str(tmp_path / "preamble.md") in str(caught.value)


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
        (GOOD.replace("task:", "answer: song\ntask:"), "'song' is none; there are text, line"),
        (GOOD.replace("task:", "alone: yes\ntask:"), "'yes' is neither true nor false"),
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
    with pytest.raises(PromptError, match=r"nobody knows \$language; use one of: \$known, \$mod"):
        prompt.filled({"known": ""})
