"""The stages, with engines that answer from a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from daemon.engines import EngineError, Judged, Legible, Seen, Texts, Work
from daemon.media.frames import Frames
from daemon.stages import Caption, Judge, Keywords, Look, Read, Stage, Translate, seeing, wording
from metadata.asset import Asset, MediaKind, Stat
from metadata.description import Description, Fact, Provenance, Sentiment, Stamp, Tag, TextLine
from metadata.description import Look as Looked

STAMP = Stamp("run-1", "2024-07-03T18:20:11Z")
MADE = Provenance("scripted", "scripted@1", None, STAMP.at, STAMP.run)
EVERYTHING = ("caption", "alt", "tags", "translate")


@dataclass
class Mute:
    """Can do nothing."""

    name: str = "scripted"
    model: str = "scripted@1"


@dataclass
class Scripted(Mute):
    """Says the name of the file in every language it speaks."""

    spoken: tuple[str, ...] = ("es", "fr")
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def look(self, batch: Sequence[Work]) -> list[Seen]:
        return [Seen(Looked(facts=(Fact("file", _name(w), "rule"),)), None) for w in batch]

    def caption(self, batch: Sequence[Work]) -> list[Texts]:
        return [_texts(work, "en") for work in batch]

    def tags(self, batch: Sequence[Work]) -> list[tuple[str, ...]]:
        return [("seen", _name(work)) for work in batch]

    def speaks(self, language: str) -> bool:
        return language in self.spoken

    def translate(self, batch: Sequence[Work], language: str) -> list[Texts]:
        return [_texts(work, language) for work in batch]

    def translate_tags(self, names: Sequence[str], language: str) -> dict[str, str]:
        self.asked.append((language, *names))
        return {"seen": f"seen-{language}"} if "seen" in names else {}


class Broken(Scripted):
    def caption(self, batch: Sequence[Work]) -> list[Texts]:
        raise EngineError("the machine is not there")


class Forgetful(Scripted):
    def look(self, batch: Sequence[Work]) -> list[Seen]:
        return super().look(batch)[1:]

    def tags(self, batch: Sequence[Work]) -> list[tuple[str, ...]]:
        return super().tags(batch)[1:]

    def translate(self, batch: Sequence[Work], language: str) -> list[Texts]:
        return super().translate(batch, language)[1:]


class Literate(Scripted):
    def read(self, batch: Sequence[Work]) -> list[Legible]:
        line, hint = TextLine("BYE BYE", "en"), Fact("unread_text", 2, "ocr")
        return [Legible((line,), (hint,)) for _ in batch]

    def judge(self, batch: Sequence[Work]) -> list[Judged]:
        tone = Fact("text_tone", "negative", "ocr")
        return [Judged(Sentiment("negative"), (tone,) if w.description.text else ()) for w in batch]


def _name(work: Work) -> str:
    return work.asset.path.name


def _texts(work: Work, language: str) -> Texts:
    return Texts(f"{_name(work)} {language}", f"alt {_name(work)} {language}")


def work(name: str, said: Description | None = None) -> Work:
    asset = Asset(
        path=Path(name),
        kind=MediaKind.IMAGE,
        format="jpeg",
        content="sha256:0",
        stat=Stat(0, 0, 0, 0, 0),
        width=1,
        height=1,
    )
    return Work(asset, Frames(()), said or Description())


def stages_of(engine: Mute, tasks: Sequence[str], languages: Sequence[str]) -> tuple[Stage, ...]:
    return (*seeing(engine), *wording(engine, tasks, languages))


def run(stages: Sequence[Stage], works: Sequence[Work]) -> list[Description]:
    for stage in stages:
        told = stage(works, STAMP)
        works = [w.with_description(said) for w, said in zip(works, told, strict=True)]
    return [w.description for w in works]


def test_an_engine_that_is_not_ready_says_so_to_the_caller() -> None:
    with pytest.raises(EngineError):
        Caption(Broken())([work("a")], STAMP)


@pytest.mark.parametrize("stage", [Look, Keywords])
def test_an_answer_that_is_one_short_is_no_answer(stage: type[Look] | type[Keywords]) -> None:
    with pytest.raises(ValueError, match="zip"):
        stage(Forgetful())([work("a"), work("b")], STAMP)


def test_a_translation_that_is_one_short_is_no_answer() -> None:
    with pytest.raises(ValueError, match="zip"):
        Translate(Forgetful(), ("es",))([work("a"), work("b")], STAMP)


def test_an_engine_without_abilities_has_no_stages() -> None:
    assert stages_of(Mute(), EVERYTHING, ["es"]) == ()


@pytest.mark.parametrize(
    ("tasks", "names"),
    [
        ((), ["look"]),
        (("caption",), ["look", "caption"]),
        (("alt",), ["look", "caption"]),
        (("tags",), ["look", "tags"]),
        (("translate", "tags"), ["look", "tags", "translate"]),
        (EVERYTHING, ["look", "caption", "tags", "translate"]),
        (("text", "sentiment", "speech"), ["look"]),
    ],
)
def test_stages_follow_the_tasks_in_a_fixed_order(tasks: tuple[str, ...], names: list[str]) -> None:
    assert [stage.name for stage in stages_of(Scripted(), tasks, ["es"])] == names


@pytest.mark.parametrize("languages", [[], ["en"], ["xx"], ["en", "xx"]])
def test_without_a_language_to_say_nothing_is_translated(languages: list[str]) -> None:
    stages = stages_of(Scripted(), EVERYTHING, languages)
    said = run(stages, [work("a")])[0]
    assert "translate" in said.not_run
    assert list(said.caption) == ["en"]


def test_a_batch_gives_each_item_its_own_words() -> None:
    stages = stages_of(Scripted(), EVERYTHING, ["es", "en", "xx", "fr"])
    both = run(stages, [work("a"), work("b")])
    for name, said in zip("ab", both, strict=True):
        assert said.look.facts[0].value == name
        assert said.caption == {lang: f"{name} {lang}" for lang in ("en", "es", "fr")}
        assert said.alt == {lang: f"alt {name} {lang}" for lang in ("en", "es", "fr")}
        assert said.tags == (
            Tag("seen", "scripted", {"es": "seen-es", "fr": "seen-fr"}),
            Tag(name, "scripted"),
        )


def test_an_empty_batch_is_described_by_nothing() -> None:
    assert run(stages_of(Scripted(), EVERYTHING, ["es"]), []) == []


def test_provenance_names_each_task_that_was_looked_at_and_no_other() -> None:
    said = run(stages_of(Scripted(), EVERYTHING, ["es"]), [work("a")])[0]
    tasks = ("look", "codes", "caption", "alt", "tags", "translate")
    assert said.provenance == dict.fromkeys(tasks, MADE)
    assert said.not_run == (
        "text", "sentiment", "speech", "summary", "creative", "moderation", "quality",
    )  # fmt: skip


@pytest.mark.parametrize(("task", "other"), [("caption", "alt"), ("alt", "caption")])
def test_only_the_text_that_was_asked_for_is_given(task: str, other: str) -> None:
    said = run(stages_of(Scripted(), (task, "translate"), ["es"]), [work("a")])[0]
    assert set(getattr(said, task)) == {"en", "es"}
    assert getattr(said, other) == {}
    assert other in said.not_run


def test_tags_alone_are_translated_without_inventing_a_caption() -> None:
    said = run(stages_of(Scripted(), ("tags", "translate"), ["es"]), [work("a")])[0]
    assert (said.caption, said.alt) == ({}, {})
    assert said.tags[0].translations == {"es": "seen-es"}


def test_the_tags_of_a_batch_are_asked_for_once_per_language() -> None:
    engine = Scripted()
    run(stages_of(engine, EVERYTHING, ["es", "fr"]), [work("a"), work("b"), work("a")])
    assert engine.asked == [("es", "seen", "a", "b"), ("fr", "seen", "a", "b")]


def test_what_other_stages_said_is_kept() -> None:
    before = Description(summary={"en": "kept"}, provenance={"summary": MADE})
    said = run(stages_of(Scripted(), EVERYTHING, ["es"]), [work("a", before)])[0]
    assert said.summary == {"en": "kept"}
    assert said.provenance["summary"] == MADE


def test_texts_are_added_to_what_was_seen_and_judged_by_what_was_read() -> None:
    engine = Literate()
    stages = (*seeing(engine), Read(engine), *wording(engine, ("sentiment", "caption"), []))
    said = run(stages, [work("a")])[0]
    assert [stage.name for stage in stages] == ["look", "text", "sentiment", "caption"]
    assert said.text == (TextLine("BYE BYE", "en"),)
    assert [fact.name for fact in said.look.facts] == ["file", "unread_text", "text_tone"]
    assert said.sentiment == Sentiment("negative")
    assert {"text", "sentiment"} <= set(said.provenance)


def test_nobody_judges_who_was_not_asked_to() -> None:
    assert Judge not in map(type, wording(Literate(), EVERYTHING, ["es"]))


def test_a_second_run_over_its_own_words_changes_nothing() -> None:
    stages = stages_of(Scripted(), EVERYTHING, ["es"])
    once = run(stages, [work("a")])[0]
    assert run(stages, [work("a", once)])[0] == once
