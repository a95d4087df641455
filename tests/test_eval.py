"""Engines on labelled pictures: what is read, run and counted, and that nothing is written."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.evaluate import table_lines
from daemon.config import Config, EngineChoice
from daemon.engines.choice import Choice
from daemon.engines.profiles import Installed, Model, Models
from daemon.evaluating.chrf import chrf
from daemon.evaluating.contenders import Contender, contenders
from daemon.evaluating.labels import Label
from daemon.evaluating.running import trial
from daemon.evaluating.scores import Answer, CaptionScore, Manner, TagScore
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.toml_keys import ConfigError
from daemon.wire import Consult, Consulted, Described, Identify, Observe, Reply, Sheets
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Write
from metadata.description import Description, Stamp, Tag
from tests import drawn
from tests.catalogued import asset as catalogued
from tests.running import Captiond, environment
from tests.scripted_server import CAPTION, MODEL, Said, ScriptedServer

TASKS = ("caption", "tags")
SEES = Installed(Model(name="see", side=64), Path("/m"), "see@1", TASKS)
CHOICE = Choice("transformers", "see@1", (), (), "", models=Models(image=SEES), devices=("cpu",))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with Stores.open(tmp_path, CHOICE, TASKS) as opened, opened.turn():
        yield opened


def ended(way: Journey, last: object) -> bool:
    try:
        way.send(last)
    except StopIteration:
        return True
    return False


def test_a_file_is_described_without_a_look_at_what_its_owner_wrote(
    tmp_path: Path, stores: Stores
) -> None:
    engine = EngineChoice(owner_words=False)
    config = Config(state_dir=tmp_path, tasks=TASKS, engine=engine)
    path = tmp_path / "dogs on a beach" / "a.jpg"
    path.parent.mkdir()
    path.write_bytes(b"pixels")
    one = Asset(
        path=path, kind=MediaKind.IMAGE, format="jpeg", content="sha256:0",
        stat=Stat.of(path.lstat()), width=1, height=1,
    )  # fmt: skip
    taken: list[Described] = []
    journeys = Journeys(config, CHOICE, stores, lambda: Stamp("r", "2026"))
    way = journeys.only_describe(path, lambda asset, said: taken.append(said))
    assert isinstance(way.send(None), Identify)
    assert isinstance(way.send(one), Observe)
    sheets = Sheets(config.scratch / "sheets-1", ((1, 1),))
    consult = way.send(Described(Description(), {"look": 1.0}, views=sheets))
    assert isinstance(consult, Consult)
    assert not any("dogs" in question.whole for question in consult.questions)
    replies = (Reply("caption", "A cat sleeps.", 5, True), Reply("tags", "cat, sofa", 5, True))
    assert ended(way, Consulted(replies, {"generate": 2.0})), "nothing is merged or written"
    assert taken[0].description.caption == {"en": "A cat sleeps."}
    assert taken[0].seconds == {"look": 1.0, "generate": 2.0}
    assert list(stores.index.paths()) == [] and not any(stores.queue.counts().values())


# chrF


# Computed with sacrebleu 2.6.0: corpus_chrf([text], [[reference]]), which is chrF2 without
# smoothing, signature nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no.
CHRF = [
    ("A dog runs on the beach.", "A brown dog runs along the beach.", 49.8396),
    ("The cat sat on the mat", "The cat sat on the mat", 100.0),
    ("a", "abcdef", 20.0),
    ("xyz", "abc", 0.0),
    ("Ein Hund läuft am Strand.", "A dog runs on the beach.", 7.7787),
    ("समुद्र तट पर एक कुत्ता दौड़ता है", "एक कुत्ता समुद्र तट पर दौड़ रहा है", 63.0678),
    ("RED car", "red car", 19.1667),
    ("two  words\n here", "two words here", 100.0),
    (
        "Two children in yellow raincoats jump into a puddle in front of a brick house; the sky is "
        "grey.",
        "Kids in yellow coats jumping into puddles by a house on a rainy day.",
        45.0341,
    ),
]
CHRF_OF_ALL = 51.1015  # corpus_chrf of the same pairs


@pytest.mark.parametrize(("text", "reference", "score"), CHRF)
def test_overlap_is_what_sacrebleu_gives(text: str, reference: str, score: float) -> None:
    assert chrf([(text, reference)]) == pytest.approx(score, abs=5e-5)


def test_overlap_of_several_texts_is_that_of_their_runs_together() -> None:
    pairs = [(text, reference) for text, reference, _ in CHRF]
    assert chrf(pairs) == pytest.approx(CHRF_OF_ALL, abs=5e-5)


def test_nothing_overlaps_with_nothing() -> None:
    assert chrf([]) is None
    assert chrf([("", "A dog.")]) is None
    assert chrf([("A dog.", " \n")]) is None


# Scores

DOG = Label(Path("a.jpg"), "A dog.", ("dog",))


def answer(
    caption: str = "A dog.",
    tags: tuple[str, ...] = (),
    label: Label = DOG,
    content: str = "sha256:0",
    **captions: str,
) -> Answer:
    said = Description(
        caption={"en": caption, **captions},
        tags=tuple(Tag(name, "m", {"de": f"{name}e"}) for name in tags),
    )
    return Answer(label, catalogued("a.jpg", content=content), said)


def test_tags_match_across_case_number_and_order() -> None:
    label = Label(Path("a.jpg"), "", ("Dogs", "Beach at Sunset", "Children", "sea"))
    tags = TagScore.of([answer(tags=("dog", "sunset at the beach", "child", "sand"), label=label)])
    assert (tags.right, tags.given, tags.labelled) == (3, 4, 4)
    assert tags.precision == tags.recall == tags.f1 == 0.75


def test_a_tag_that_is_given_twice_is_right_once() -> None:
    tags = TagScore.of([answer(tags=("dog", "Dogs", "cat"))])
    assert (tags.right, tags.given) == (1, 2)
    assert (tags.precision, tags.recall) == (0.5, 1.0)
    assert tags.f1 == pytest.approx(2 / 3)


def test_files_without_labelled_tags_say_nothing_of_tags() -> None:
    untold = answer(tags=("dog", "cat"), label=Label(Path("a.jpg"), "A dog.", ()))
    tags = TagScore.of([untold])
    assert (tags.files, tags.precision, tags.recall, tags.f1) == (0, None, None, None)
    silent = TagScore.of([answer()])
    assert (silent.precision, silent.recall, silent.f1) == (None, 0.0, 0.0)


def test_captions_are_compared_in_the_language_of_their_label() -> None:
    german = Label(Path("a.jpg"), "Ein Hund.", ("Hunde",), "de")
    captions = CaptionScore.of([answer(label=german, de="Ein Hund."), answer(label=german)])
    assert (captions.files, captions.missing, captions.overlap) == (1, 1, 100.0)
    assert TagScore.of([answer(tags=("Hund",), label=german)]).right == 1
    assert CaptionScore.of([answer(label=Label(Path("a"), "", ("x",)))]).overlap is None


def test_language_length_and_sameness_are_counted() -> None:
    spanish = "Un perro corre por la playa con una pelota en la boca y mira al mar."
    manner = Manner.of(
        [
            answer("A dog runs.", content="1"),
            answer("a dog runs", content="2"),
            answer("A dog runs!", content="2"),
            answer(spanish, content="3"),
            answer("", content="4"),
        ],
        most_words=3,
    )
    assert (manner.files, manner.english, manner.within, manner.words) == (4, 0.75, 0.75, 3)
    assert (manner.alike, manner.commonest) == (2, "A dog runs.")


def test_nothing_said_is_nothing_judged() -> None:
    manner = Manner.of([], 200)
    assert (manner.english, manner.within, manner.words, manner.alike) == (None, None, None, 0)


# Engines by name


def test_without_a_name_the_builtin_engine_and_what_is_configured_are_compared() -> None:
    builtin, configured = contenders(Config(), ())
    assert (builtin.name, builtin.config.engine.use) == ("builtin", "builtin")
    assert configured == Contender("configured", Config(), spare="builtin")
    only = Config(engine=EngineChoice(use="builtin"))
    assert [each.name for each in contenders(only, ())] == ["builtin"]


def test_an_engine_can_have_a_configuration_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[engine]\nuse = "builtin"\ntemperature = 0.7\n')
    (warm,) = contenders(Config(), [f"warm={file}"])
    assert (warm.name, warm.config.engine.temperature) == ("warm", 0.7)
    with pytest.raises(ConfigError, match=r"nothere\.toml"):
        contenders(Config(), [f"x={tmp_path}/nothere.toml"])


@pytest.mark.parametrize("named", [["gpt"], ["=c.toml"], ["x="], ["builtin", "builtin"]])
def test_an_engine_that_makes_no_sense_is_refused(named: list[str]) -> None:
    with pytest.raises(ConfigError, match="--engine"):
        contenders(Config(), named)


def test_a_trial_writes_nothing_and_tells_no_label(tmp_path: Path) -> None:
    config = Config(tasks=("alt", "translate"), languages=("es", "hi"), transcript_vtt=True)
    made = trial(config, tmp_path, tmp_path / "s", [Label(tmp_path / "a.jpg", "", ())])
    assert (made.languages, made.tasks) == ((), ("alt", "caption", "tags"))
    assert made.rules_for(tmp_path / "a.jpg").write is Write.NONE
    assert not made.engine.owner_words and not made.transcript_vtt
    german = trial(config, tmp_path, tmp_path, [Label(tmp_path / "a.jpg", "", (), "de")])
    assert german.languages == ("de",) and "translate" in german.tasks


# The command


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    captiond = Captiond(tmp_path_factory.mktemp("eval"))
    drawn.jpeg(captiond.inbox / "red.jpg", size=(64, 48), colour=(210, 30, 35))
    drawn.jpeg(captiond.inbox / "blue.jpg", size=(64, 48), colour=(30, 60, 210))
    (captiond.inbox / "words.jpg").write_text("only words\n")
    foreign = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    (captiond.inbox / "red.jpg.xmp").write_text(foreign)
    (captiond.inbox / "labels.csv").write_text(
        "file,caption,tags\nred.jpg,A scarlet square,Reds; square\nblue.jpg,A blue field,BLUE\n"
        "words.jpg,Words,words\nred.jpg,twice,\n"
    )
    return captiond


def standing(captiond: Captiond) -> dict[str, tuple[bytes, int]]:
    files = [path for path in captiond.root.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture(scope="module")
def compared(labelled: Captiond) -> dict[str, Any]:
    """Give the report on three engines, of which one cannot run, and what a server was asked."""
    before = standing(labelled)
    with ScriptedServer() as server:
        served = labelled.root / "served.toml"
        served.write_text(
            '[engine]\nuse = "openai"\n[[engine.endpoints]]\n'
            f'url = "{server.url}"\nmodel = "{MODEL}"\n'
        )
        engines = ["--engine", "builtin", "--engine", "openai", "--engine", f"served={served}"]
        told: dict[str, Any] = labelled.json("eval", labelled.inbox, *engines, code=1)
        told["asked"] = "".join(chat.text for chat in server.chats)
    served.unlink()
    assert standing(labelled) == before
    return told


def test_engines_are_compared_and_nothing_is_written(compared: dict[str, Any]) -> None:
    assert (compared["files"], len(compared["problems"])) == (3, 1)
    builtin, missing, model = compared["engines"]
    assert set(builtin) == set(missing) == set(model)
    assert (builtin["engine"], builtin["files"], builtin["temperature"]) == ("builtin", 2, None)
    assert [each["reason"] for each in builtin["failed"]] == ["not_media"]
    assert (builtin["tags"]["right"], builtin["tags"]["labelled"]) == (2, 3)
    assert builtin["manner"]["english"] == 1.0 and builtin["tokens"] is None
    assert missing["files"] == 0 and "engine.endpoints" in missing["why"]
    assert (model["engine"], model["model"], model["why"]) == ("openai", MODEL, None)
    assert model["manner"]["alike"] == 2, "the server says the same of everything"
    assert model["tokens"] == {"prompt": 240, "completion": 80}
    overlap = chrf([(CAPTION, "A scarlet square"), (CAPTION, "A blue field")])
    assert model["caption"]["overlap"] == overlap


def test_an_engine_is_not_told_what_it_is_judged_by(compared: dict[str, Any]) -> None:
    assert compared["asked"]
    for label in ("scarlet", "square", '"in"', "field"):
        assert label not in compared["asked"]


def test_the_table_has_a_line_for_each_engine_and_says_why_one_has_none(
    compared: dict[str, Any],
) -> None:
    head, _, builtin, served, _, *about = "\n".join(table_lines(compared["engines"])).splitlines()
    assert head.split()[:4] == ["engine", "files", "failed", "precision"]
    assert builtin.split()[:3] == ["builtin", "2", "1"]
    assert served.split()[:3] == ["served", "2", "1"] and served.split()[-1] == "160"
    assert about[0].startswith("builtin: builtin@") and "failed: not_media" in about[0]
    assert about[1].startswith("openai: could not run: ")
    assert f"2 captions are alike, such as “{CAPTION}”" in about[2]


def test_what_is_configured_is_not_run_twice(labelled: Captiond) -> None:
    done = labelled("eval", labelled.inbox, "--limit", "1")
    assert done.stdout.count("builtin@") == 1
    assert "what is configured is the builtin engine, too: " in done.stderr


def test_when_no_engine_can_run_the_environment_is_not_ready(labelled: Captiond) -> None:
    alone = labelled("eval", labelled.inbox, "--engine", "openai", "--limit", "1", code=3)
    assert "openai: could not run" in alone.stdout


def test_a_folder_without_labels_is_a_misuse(labelled: Captiond, tmp_path: Path) -> None:
    assert "--labels" in labelled("eval", tmp_path, code=2).stderr
    assert "no such folder" in labelled("eval", tmp_path / "x", code=2).stderr


def test_an_end_by_signal_leaves_nothing_behind(labelled: Captiond, tmp_path: Path) -> None:
    served, left = tmp_path / "served.toml", tmp_path / "tmp"
    left.mkdir()
    with ScriptedServer(lambda asked: Said(delay_s=60.0)) as server:
        served.write_text(
            '[engine]\nuse = "openai"\n[[engine.endpoints]]\n'
            f'url = "{server.url}"\nmodel = "{MODEL}"\n'
        )
        words = ["eval", str(labelled.inbox), "--limit", "1", "--engine", f"slow={served}"]
        env = {**environment(), "TMPDIR": str(left)}
        running = subprocess.Popen(
            [*labelled.command, *words], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        server.wait_for(1)
        assert [path.name for path in left.glob("captiond-eval-*")]
        running.terminate()
        _, said = running.communicate(timeout=30)
    assert running.returncode == 143, said
    assert list(left.iterdir()) == []
