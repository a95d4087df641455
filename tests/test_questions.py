"""What models are asked: the prompts that are there, filled with what the file tells, as data."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config, EngineChoice
from daemon.context import Known
from daemon.engines.profiles import PROMPTED
from daemon.questions import MOST_CHOICES, Questions
from daemon.toml_keys import ConfigError
from daemon.wire import Question
from metadata.asset import Asset, MediaKind, Stat
from metadata.description import Description
from prompts import choices

ASSET = Asset(
    path=Path("a.jpg"),
    kind=MediaKind.IMAGE,
    format="jpeg",
    content="sha256:0",
    stat=Stat(1, 2, 3, 4, 5),
    width=30,
    height=20,
    taken_at="2024-07-03T18:20:11",
)
STILL = Known(ASSET, Description())
FILM = Known(replace(ASSET, kind=MediaKind.VIDEO), Description())
ALL = Config(tasks=PROMPTED)
PROMPT = "---\ntask: {task}\nkinds: {kinds}\nmax_tokens: 50\n---\nSay it.\n"


def prompts(folder: Path, **kinds: str) -> Config:
    for task, kind in kinds.items():
        (folder / f"{task}.md").write_text(PROMPT.format(task=task, kinds=kind))
    return Config(prompts_dir=str(folder))


def asked(config: Config, *words: str, known: Known = STILL) -> dict[str, Question]:
    return {q.task: q for q in Questions(config, words).about(known, PROMPTED)}


def test_every_task_has_a_prompt_of_ours_and_all_begin_alike() -> None:
    questions = Questions(ALL)
    every = questions.about(STILL, PROMPTED)
    assert tuple(question.task for question in every) == PROMPTED
    assert [task for task, _ in questions.versions] == list(PROMPTED)
    (preamble,) = {question.preamble for question in every}
    assert 'Taken: "2024-07-03 18:20"' in preamble
    assert all(question.whole.startswith(preamble) for question in every), "computed once for all"
    assert len({question.text for question in every}) == len(PROMPTED)


def test_what_its_owner_noted_can_be_kept_back() -> None:
    known = replace(
        STILL,
        asset=replace(ASSET, path=Path("/photos/Oma 80/a.jpg")),
        keywords=("Oma",),
        caption="Oma is eighty.",
    )
    assert asked(ALL, known=known)["caption"].preamble.count("Oma") == 3
    assert "Oma" not in asked(ALL, known=replace(known, owner=False))["caption"].preamble


def test_only_the_tasks_that_are_configured_are_asked() -> None:
    assert set(asked(Config())) == {"caption", "alt", "tags", "sentiment"}


def test_what_is_shown_is_named() -> None:
    still, film = (asked(ALL, known=known)["caption"].preamble for known in (STILL, FILM))
    assert "This is a picture." in still
    assert "This is a video, shown as pictures in order from first to last." in film
    assert "Sound: you are given none" in film


def test_the_closed_lists_are_what_may_be_answered() -> None:
    every = asked(ALL)
    assert every["sentiment"].choices == choices("moods")
    assert every["moderation"].choices == choices("moderation")
    assert every["quality"].choices == choices("quality")
    assert not any(every[task].choices for task in ("caption", "alt", "tags", "summary"))
    assert every["sentiment"].answer == "sentiment" and every["quality"].answer == "flags"


def test_no_answer_is_longer_than_the_user_allows() -> None:
    brief = asked(replace(ALL, engine=EngineChoice(max_tokens=40)))
    assert {question.max_tokens for question in brief.values()} == {40}
    long = asked(replace(ALL, engine=EngineChoice(max_tokens=4000)))
    assert long["caption"].max_tokens == 300 and long["alt"].max_tokens == 80


def test_the_paragraphs_asked_for_fit_into_their_tokens() -> None:
    """Of 1.35 tokens to a word, as the largest of the tokenizers here needs for English."""
    most = {"caption": 170, "sentiment": 150, "creative": 170, "summary": 120}
    for task, question in asked(ALL).items():
        if task in most:
            assert f"to {most[task]} words" in question.text.replace("\n  ", " ")
            assert most[task] * 1.35 < question.max_tokens - 30


def test_the_users_prompt_is_asked_only_of_its_kind(tmp_path: Path) -> None:
    config = prompts(tmp_path, caption="video", tags="image, video")
    assert "caption" not in asked(config)
    film = asked(config, known=FILM)
    assert film["caption"].text == film["tags"].text == "Say it."
    assert film["caption"].preamble == film["alt"].preamble


def test_a_prompt_asked_alone_is_what_its_author_wrote(tmp_path: Path) -> None:
    config = prompts(tmp_path, tags="image")
    path = tmp_path / "tags.md"
    path.write_text(path.read_text().replace("task:", "alone: true\ntask:"))
    question = asked(config)["tags"]
    assert question.whole == "Say it."
    assert question.answer == "tags"


def test_a_prompt_written_before_there_was_a_preamble_still_works(tmp_path: Path) -> None:
    config = prompts(tmp_path, tags="image")
    path = tmp_path / "tags.md"
    path.write_text(path.read_text().replace("Say it.", "You tag pictures. <<<$known>>> Tag it."))
    question = asked(config)["tags"]
    assert question.preamble == ""
    assert question.text == 'You tag pictures. <<<Taken: "2024-07-03 18:20">>> Tag it.'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PROMPT + "$weather", r"nobody knows \$weather; use one of: \$known"),
        (PROMPT.replace("task: {task}", "task: alt"), "task: this is the file of 'caption'"),
        (PROMPT.replace("---\nSay", "answer: flags\n---\nSay"), "'caption' is read as 'text'"),
        (PROMPT.replace("---\nSay", "answer: poem\n---\nSay"), "'poem' is none"),
        (PROMPT.replace("max_tokens", "max_words"), "max_words"),
    ],
)
def test_a_prompt_that_cannot_be_used_is_the_users_to_mend(
    tmp_path: Path, text: str, said: str
) -> None:
    config = prompts(tmp_path, caption="image")
    (tmp_path / "caption.md").write_text(text.format(task="caption", kinds="image"))
    with pytest.raises(ConfigError, match=said):
        Questions(config)


def test_a_preamble_that_asks_for_what_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "preamble.md").write_text("At $home.")
    with pytest.raises(ConfigError, match=r"nobody knows \$home"):
        Questions(Config(prompts_dir=str(tmp_path)))


class TestAVocabulary:
    ONLY = replace(ALL, vocabulary_mode="only")

    def test_is_all_there_may_be(self) -> None:
        tags = asked(self.ONLY, "dog", "cat")["tags"]
        assert tags.choices == ("dog", "cat")
        assert "from this list alone: dog, cat." in tags.text
        assert tags.whole.startswith(asked(self.ONLY)["caption"].preamble)

    def test_that_is_only_preferred_binds_nobody(self) -> None:
        assert asked(ALL, "dog", "cat")["tags"] == asked(ALL)["tags"]

    def test_that_is_long_is_not_told_in_words(self) -> None:
        words = [f"keyword number {number}" for number in range(MOST_CHOICES)]
        tags = asked(self.ONLY, *words)["tags"]
        assert tags.choices == tuple(words)
        assert tags.text == asked(ALL)["tags"].text

    def test_that_is_too_long_is_left_to_whoever_reads_the_answer(self) -> None:
        words = [f"w{number}" for number in range(MOST_CHOICES + 1)]
        assert asked(self.ONLY, *words)["tags"] == asked(ALL)["tags"]

    def test_changes_the_version(self) -> None:
        one, two = (
            dict(Questions(self.ONLY, words).versions) for words in (("dog",), ("dog", "cat"))
        )
        assert one.pop("tags") != two.pop("tags")
        assert one == two

    def test_leaves_the_users_own_wording(self, tmp_path: Path) -> None:
        config = replace(prompts(tmp_path, tags="image"), vocabulary_mode="only")
        tags = asked(config, "dog")["tags"]
        assert (tags.text, tags.choices) == ("Say it.", ("dog",))
        (tmp_path / "tags.md").unlink()
        text = PROMPT.format(task="tags", kinds="image").replace("Say it.", "Of $vocabulary?")
        (tmp_path / "tags-only.md").write_text(text)
        assert asked(config, "dog")["tags"].text == "Of dog?"
