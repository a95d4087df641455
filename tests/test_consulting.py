"""Journeys with models, driven by hand: what is asked of whom, and what becomes of the answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config, Endpoint
from daemon.engines import EngineError, EngineMissing
from daemon.engines.choice import Choice, description_key
from daemon.engines.profiles import Installed, Model, Models
from daemon.jobs import Job, Wish
from daemon.journey import Journey, Journeys
from daemon.stores import Stores, is_stale
from daemon.wire import (
    Consult,
    Consulted,
    Described,
    Observe,
    Place,
    Prepare,
    Read,
    Render,
    Rendered,
    Reply,
    Say,
    Sheets,
    Views,
)
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.change import Change, Ours, Prepared
from metadata.description import Description, Provenance, Record, Sentiment, Stamp, Tag
from metadata.reasons import Reason, State
from metadata.stats import Stats, Tokens

STAMP = Stamp("run", "2026-01-01T00:00:00+00:00")
TASKS = ("caption", "alt", "tags", "sentiment", "translate")
IMAGE = Installed(Model(name="see", side=560), Path("/m/see"), "see@1")
VIDEO = Installed(Model(name="film", side=336, frames=16), Path("/m/film"), "film@2")
NLLB = Installed(Model(name="nllb"), Path("/m/nllb"), "nllb@3")
CHOICE = Choice(
    "transformers",
    "see@1",
    ("es", "fr"),
    (),
    "asked for",
    models=Models(IMAGE, VIDEO, NLLB),
    devices=("cpu",),
    prompts=(("caption", "caption@0"),),
)
NOTHING = Description()
REPLIES = (
    Reply("caption", "A dog runs. It is brown.", 8, True),
    Reply("alt", "A running dog.", 4, True),
    Reply("tags", "dog, beach", 4, True),
    Reply("sentiment", "positive\nThe light is warm.", 7, True),
)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with Stores.open(tmp_path, CHOICE, TASKS) as opened, opened.turn():
        yield opened


def describing(
    stores: Stores,
    folder: Path,
    choice: Choice = CHOICE,
    kind: MediaKind = MediaKind.IMAGE,
    tasks: tuple[str, ...] = TASKS,
    journeys: Journeys | None = None,
) -> tuple[Journey, Asset, object]:
    """Start a journey and give what it asks first after the file was identified."""
    config = Config(state_dir=folder, tasks=tasks)
    path = folder / f"{kind}.x"
    path.write_bytes(b"pixels")
    one = Asset(
        path=path,
        kind=kind,
        format="jpeg",
        content=f"sha256:{kind}",
        stat=Stat.of(path.lstat()),
        width=1,
        height=1,
    )
    journeys = journeys or Journeys(config, choice, stores, lambda: STAMP)
    way = journeys.describe(Job(path, State.RUNNING, Wish.DESCRIBE, True, 1, None, "", 0.0))
    way.send(None)
    return way, one, way.send(one)


def observed(folder: Path) -> Described:
    path = folder / "scratch" / "sheets-7"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"rgb")
    return Described(Description(), {"look": 1.0}, views=Sheets(path, ((1, 1),)))


def shown(way: Journey, one: Asset, folder: Path, human: Description = NOTHING) -> Consult:
    """Show an observed asset to the model, after its own files were read; gives the questions."""
    read = way.send(observed(folder))
    assert isinstance(read, Read)
    consult = way.send(Record(one, human))
    assert isinstance(consult, Consult)
    return consult


def test_a_picture_is_shown_asked_about_once_and_translated(tmp_path: Path, stores: Stores) -> None:
    way, one, request = describing(stores, tmp_path)
    assert isinstance(request, Observe)
    assert request.views == Views(560, 8)
    assert not request.codes  # nothing in it is to be read: "text" is not among the tasks
    consult = shown(way, one, tmp_path)
    assert consult.views and not consult.again
    assert [question.task for question in consult.questions] == [*TASKS[:4]]
    render = way.send(Consulted(REPLIES, {"model": 2.0}))
    assert isinstance(render, Render)
    texts = ("A dog runs. It is brown.", "A running dog.", "The light is warm.")
    assert render.texts == texts
    assert render.words == {"dog": ("es", "fr"), "beach": ("es", "fr")}
    told = tuple({"es": f"es {text}", "fr": f"fr {text}"} for text in texts)
    words = {"dog": {"es": "perro", "fr": "chien"}, "beach": {"es": "playa"}}
    prepare = way.send(Rendered(told, words, {"translate": 3.0}))
    assert isinstance(prepare, Prepare)
    said = prepare.description
    assert said.caption == {"en": texts[0], "es": f"es {texts[0]}", "fr": f"fr {texts[0]}"}
    assert said.sentiment == Sentiment(
        "positive", analysis={"en": texts[2], "es": f"es {texts[2]}", "fr": f"fr {texts[2]}"}
    )
    assert said.tags == (
        Tag("dog", "transformers", {"es": "perro", "fr": "chien"}),
        Tag("beach", "transformers", {"es": "playa"}),
    )
    made = said.provenance["caption"]
    assert (made.engine, made.model, made.prompt) == ("transformers", "see@1", "caption@0")
    assert said.provenance["translate"].model == "nllb@3"
    assert not consult.views.path.exists()
    kept = stores.descriptions.get(description_key(one, CHOICE, TASKS))
    assert kept and kept[1] == Stats({"look": 1.0, "model": 2.0, "translate": 3.0})


def test_a_keyword_that_was_translated_before_is_not_asked_again(
    tmp_path: Path, stores: Stores
) -> None:
    stores.translations.learn("nllb@3", {"dog": {"es": "perro", "fr": "chien"}})
    stores.translations.learn("nllb@2", {"beach": {"es": "costa"}})
    way, one, _ = describing(stores, tmp_path)
    shown(way, one, tmp_path)
    render = way.send(Consulted(REPLIES, {}))
    assert isinstance(render, Render)
    assert render.words == {"beach": ("es", "fr")}
    prepare = way.send(Rendered(({}, {}, {}), {"beach": {"es": "playa"}}, {}))
    assert isinstance(prepare, Prepare)
    assert [tag.translations for tag in prepare.description.tags] == [
        {"es": "perro", "fr": "chien"},
        {"es": "playa"},
    ]
    assert stores.translations.known("nllb@3", ["beach"], ["es", "fr"]) == {
        "beach": {"es": "playa"}
    }


def test_where_every_keyword_is_known_no_model_is_needed_to_translate(
    tmp_path: Path, stores: Stores
) -> None:
    known = {word: {"es": f"es {word}", "fr": f"fr {word}"} for word in ("dog", "beach")}
    stores.translations.learn("nllb@3", known)
    way, one, _ = describing(stores, tmp_path, tasks=("tags", "translate"))
    shown(way, one, tmp_path)
    prepare = way.send(Consulted(REPLIES[2:3], {}))
    assert isinstance(prepare, Prepare)
    assert [tag.translations for tag in prepare.description.tags] == [*known.values()]
    assert prepare.description.provenance["translate"].model == "nllb@3"


def test_a_model_is_not_loaded_to_be_asked_nothing(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path, tasks=("translate",))
    seen = observed(tmp_path)
    assert isinstance(way.send(seen), Read)
    assert isinstance(way.send(Record(one, NOTHING)), Prepare)
    assert seen.views and not seen.views.path.exists()


def test_a_video_goes_to_the_model_for_videos(tmp_path: Path, stores: Stores) -> None:
    way, one, request = describing(stores, tmp_path, kind=MediaKind.VIDEO)
    assert isinstance(request, Observe)
    assert request.views == Views(336, 16)
    shown(way, one, tmp_path)
    way.send(Consulted(REPLIES, {}))
    prepare = way.send(Rendered(({}, {}, {}), {}, {}))
    assert isinstance(prepare, Prepare)
    assert prepare.description.provenance["caption"].model == "film@2"


def test_what_a_captioner_cannot_do_is_left_to_the_builtin_engine(
    tmp_path: Path, stores: Stores
) -> None:
    blip = Models(image=replace_tasks(IMAGE, ("caption",)))
    choice = replace(CHOICE, models=blip, languages=())
    way, one, _ = describing(stores, tmp_path, choice)
    consult = shown(way, one, tmp_path)
    assert [question.task for question in consult.questions] == ["caption"]
    say = way.send(Consulted(REPLIES[:1], {}))
    assert isinstance(say, Say)
    assert (say.tasks, say.languages) == (("tags", "sentiment"), ())
    assert say.description.alt == {"en": "A dog runs. It is brown."}
    prepare = way.send(Described(say.description, {}))
    assert isinstance(prepare, Prepare)
    assert "translate" not in prepare.description.provenance


def replace_tasks(installed: Installed, tasks: tuple[str, ...]) -> Installed:
    return Installed(installed.model, installed.folder, installed.label, tasks)


def test_a_caption_that_cannot_be_used_twice_fails_the_file_and_nothing_is_kept(
    tmp_path: Path, stores: Stores
) -> None:
    way, one, _ = describing(stores, tmp_path)
    first = shown(way, one, tmp_path)
    endless = Reply("caption", "and then " * 50, 100, False)
    again = way.send(Consulted((endless, *REPLIES[1:]), {}))
    assert isinstance(again, Consult)
    assert again.again and again.views == first.views
    assert [question.task for question in again.questions] == ["caption"]
    assert again.questions[0].text.startswith(first.questions[0].text)
    assert "could not be used" in again.questions[0].text
    with pytest.raises(AssetError) as refused:
        way.send(Consulted((endless,), {}))
    assert refused.value.reason is Reason.NO_ANSWER
    assert stores.descriptions.get(description_key(one, CHOICE, TASKS)) is None
    assert first.views and not first.views.path.exists()


def test_a_second_answer_that_can_be_believed_is_taken(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path)
    shown(way, one, tmp_path)
    unsure = (Reply("caption", "", 0, True), *REPLIES[1:3], Reply("sentiment", "", 0, True))
    again = way.send(Consulted(unsure, {"model": 2.0}, Tokens(100, 8)))
    assert isinstance(again, Consult)
    assert [question.task for question in again.questions] == ["caption", "sentiment"]
    better = (REPLIES[0], REPLIES[3])
    render = way.send(Consulted(better, {"model": 1.0}, Tokens(50, 4)))
    assert isinstance(render, Render)
    assert "A dog runs. It is brown." in render.texts
    way.send(Rendered(tuple({} for _ in render.texts), {}, {}, Tokens(7, 9)))
    kept = stores.descriptions.get(description_key(one, CHOICE, TASKS))
    assert kept
    assert kept[0].caption == {"en": "A dog runs. It is brown."}
    assert kept[0].sentiment.label == "positive"
    assert kept[1] == Stats({"look": 1.0, "model": 3.0}, Tokens(157, 21))


def test_another_answer_that_cannot_be_used_twice_is_left_out(
    tmp_path: Path, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    way, one, _ = describing(stores, tmp_path)
    shown(way, one, tmp_path)
    unsure = Reply("sentiment", "", 0, True)
    assert isinstance(way.send(Consulted((*REPLIES[:3], unsure), {})), Consult)
    render = way.send(Consulted((unsure,), {}))
    assert isinstance(render, Render)
    prepare = way.send(Rendered(({}, {}), {}, {}))
    assert isinstance(prepare, Prepare)
    assert prepare.description.sentiment == Sentiment()
    assert "sentiment" in prepare.description.not_run
    assert "sentiment is left out" in caplog.text


def test_a_model_here_joins_its_answers_in_words_alone(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path, tasks=("caption", "summary"))
    first = shown(way, one, tmp_path)
    assert [question.task for question in first.questions] == ["caption"]
    second = way.send(Consulted(REPLIES[:1], {}))
    assert isinstance(second, Consult)
    assert second.views is None
    assert [question.task for question in second.questions] == ["summary"]
    assert "A dog runs. It is brown." in second.questions[0].whole
    prepare = way.send(Consulted((Reply("summary", "A brown dog that runs.", 5, True),), {}))
    assert isinstance(prepare, Prepare)
    assert prepare.description.summary == {"en": "A brown dog that runs."}


def test_servers_are_asked_everything_at_once(tmp_path: Path, stores: Stores) -> None:
    servers = (Endpoint(url="http://127.0.0.1:1/v1", model="big", side=700),)
    choice = Choice("openai", "big", ("es",), (), "asked for", servers=servers)
    tasks = ("caption", "summary", "translate")
    way, one, request = describing(stores, tmp_path, choice, tasks=tasks)
    assert isinstance(request, Observe)
    assert request.views == Views(700, 8, True)
    consult = shown(way, one, tmp_path)
    assert [question.task for question in consult.questions] == ["caption", "summary"]
    replies = (REPLIES[0], Reply("summary", "A brown dog that runs.", 5, True))
    render = way.send(Consulted(replies, {}, model="big@1"))
    assert isinstance(render, Render)
    prepare = way.send(Rendered(({"es": "Un perro."}, {"es": "Corre."}), {}, {}))
    assert isinstance(prepare, Prepare)
    said = prepare.description
    assert said.summary == {"en": "A brown dog that runs.", "es": "Corre."}
    assert (said.provenance["caption"].engine, said.provenance["caption"].model) == (
        "openai",
        "big@1",
    )
    assert said.provenance["translate"].engine == "openai"


def test_what_a_human_wrote_is_told_to_the_model(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path)
    human = Description(
        caption={"x-default": "Oma's birthday"}, tags=(Tag("Oma", "human"), Tag("red", "builtin"))
    )
    told = shown(way, one, tmp_path, human).questions[0].whole
    assert "Oma's birthday" in told
    assert "Oma" in told and "red" not in told


def test_a_file_that_cannot_be_read_is_asked_about_without_its_words(
    tmp_path: Path, stores: Stores
) -> None:
    way, one, _ = describing(stores, tmp_path)
    assert isinstance(way.send(observed(tmp_path)), Read)
    consult = way.throw(AssetError(one.path, Reason.SIDECAR_INVALID))
    assert isinstance(consult, Consult)


def test_a_worker_does_not_choose_what_is_shown(tmp_path: Path, stores: Stores) -> None:
    precious = tmp_path / "sheets-precious"
    precious.write_bytes(b"precious")
    way, _, _ = describing(stores, tmp_path)
    with pytest.raises(AssetError) as refused:
        way.send(Described(Description(), {}, views=Sheets(precious, ((1, 1),))))
    assert refused.value.reason is Reason.CRASHED
    assert precious.read_bytes() == b"precious"


def test_another_model_or_prompt_makes_a_description_stale(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path)
    shown(way, one, tmp_path)
    way.send(Consulted(REPLIES, {}))
    prepare = way.send(Rendered(tuple({"es": "x", "fr": "y"} for _ in range(3)), {}, {}))
    assert isinstance(prepare, Prepare)
    record = Record(one, prepare.description)
    assert not is_stale(record, CHOICE)
    assert is_stale(record, replace(CHOICE, prompts=(("caption", "caption@1"),)))
    assert is_stale(record, replace(CHOICE, models=Models(VIDEO, VIDEO, NLLB)))
    assert is_stale(record, replace(CHOICE, languages=("es", "fr", "hi")))


def test_what_the_second_of_two_servers_said_is_taken_over_and_noted_as_its_own(
    tmp_path: Path, stores: Stores
) -> None:
    servers = tuple(Endpoint(url="http://127.0.0.1:1/v1", model=name) for name in ("big", "small"))
    choice = Choice("openai", "big", (), (), "asked for", servers=servers)
    (tmp_path / "image.x.xmp").write_bytes(b"<x/>")
    way, one, request = describing(stores, tmp_path, choice)
    assert isinstance(request, Read)
    by_small = {"caption": Provenance("openai", "small", None, STAMP.at, STAMP.run)}
    said = Description(caption={"en": "A dog runs."}, provenance=by_small)
    prepare = way.send(Record(one, said, described=one.content))
    assert isinstance(prepare, Prepare) and prepare.description.caption == said.caption
    change = Change(tmp_path / "image.x.xmp", None, None, None, None, None, Ours())
    assert isinstance(way.send(Prepared((change,), Record(one, said))), Place)
    assert [entry.model for entry in stores.journal.entries()] == ["small"]


def test_answers_are_kept_while_nothing_can_translate_them(tmp_path: Path, stores: Stores) -> None:
    config = Config(state_dir=tmp_path, tasks=TASKS)
    journeys = Journeys(config, CHOICE, stores, lambda: STAMP)
    way, one, _ = describing(stores, tmp_path, journeys=journeys)
    shown(way, one, tmp_path)
    assert isinstance(way.send(Consulted(REPLIES, {"model": 2.0}, Tokens(9, 7))), Render)
    with pytest.raises(EngineError, match="full"):
        way.throw(EngineError("the device is full"))

    way, one, _ = describing(stores, tmp_path, journeys=journeys)
    assert isinstance(way.send(observed(tmp_path)), Read)
    render = way.send(Record(one, NOTHING))
    assert isinstance(render, Render), "nobody pays twice for the same answers"
    prepare = way.send(Rendered(({}, {}, {}), {}, {}))
    assert isinstance(prepare, Prepare)
    kept = stores.descriptions.get(description_key(one, CHOICE, TASKS))
    assert kept and kept[1].tokens == Tokens(9, 7)


def test_what_cannot_be_translated_at_all_is_written_in_english(
    tmp_path: Path, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    way, one, _ = describing(stores, tmp_path)
    shown(way, one, tmp_path)
    way.send(Consulted(REPLIES, {}))
    prepare = way.throw(EngineMissing("nllb@3 cannot be loaded"))
    assert isinstance(prepare, Prepare)
    assert prepare.description.caption == {"en": "A dog runs. It is brown."}
    assert "not translated: nllb@3 cannot be loaded" in caplog.text
    assert is_stale(Record(one, prepare.description), CHOICE), "it is found once that is mended"


def test_translations_are_those_of_the_server_that_made_them(
    tmp_path: Path, stores: Stores
) -> None:
    servers = tuple(Endpoint(url="http://127.0.0.1:1/v1", model=name) for name in ("big", "small"))
    choice = Choice("openai", "big", ("es",), (), "asked for", servers=servers)
    way, one, _ = describing(stores, tmp_path, choice, tasks=("caption", "tags", "translate"))
    shown(way, one, tmp_path)
    way.send(Consulted((REPLIES[0], REPLIES[2]), {}, model="big"))
    words = {"dog": {"es": "perro"}, "beach": {"es": "playa"}}
    prepare = way.send(Rendered(({"es": "Un perro."},), words, {}, model="small"))
    assert isinstance(prepare, Prepare)
    made = prepare.description.provenance
    assert (made["caption"].model, made["translate"].model) == ("big", "small")
    assert stores.translations.known("small", ["dog"], ["es"]) == {"dog": {"es": "perro"}}


def test_without_captions_nothing_is_stale_for_ever(tmp_path: Path, stores: Stores) -> None:
    way, one, _ = describing(stores, tmp_path, tasks=("tags",))
    shown(way, one, tmp_path)
    prepare = way.send(Consulted((REPLIES[2],), {}))
    assert isinstance(prepare, Prepare)
    record = Record(one, prepare.description)
    assert not is_stale(record, CHOICE)
    assert is_stale(record, replace(CHOICE, models=Models(VIDEO, VIDEO, NLLB)))
    assert is_stale(Record(one, NOTHING), CHOICE)
