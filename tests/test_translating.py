"""Every sentence in every language, in order: by torch, by CTranslate2, in batches and alone."""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from daemon.engines import EngineError, OutOfMemory
from daemon.engines.hosted import Renders, Wording
from daemon.engines.profiles import Installed, Model, Models
from daemon.engines.transformers_engine import ct2, open_engine, translating
from daemon.engines.transformers_engine.loading import Loaded, load, plan_translator
from daemon.engines.transformers_engine.sentences import Cut, cut, whole
from daemon.engines.transformers_engine.speaking import Asked, Said, Speaker, ended
from daemon.engines.transformers_engine.translating import BEAMS, LONGEST, Translator, joined
from daemon.engines.transformers_engine.wording import dwindles
from daemon.engines.transformers_engine.wordpieces import Wordpieces
from daemon.wire import HostSetup
from metadata.stats import total
from tests import tinies
from tests.models import sentences

TRAINED = Path(__file__).parent / "models" / "nllb"
LANGUAGES = ("es", "fr", "de", "hi")
TEXT = """\
A red circle is left of a blue square. Dr. Kumar paid 3.50 euros on 4 July 2024. "Come in," says \
Mrs. Rossi.

The sign says "for sale". Mr. Brown counts 12 boats. Is the café open?
The train to St. Malo leaves at 18:05.

The background is dark. "Thank you," says Dr. Kumar. The train to Paris leaves at 8:30.\
"""


def beat(doing: str, patience_s: float = 60.0) -> None:
    assert doing and patience_s > 0


def installed(folder: Path, label: str = "org/nllb@1") -> Installed:
    return Installed(Model(name=str(folder)), folder, label)


def read(found: Installed) -> Loaded:
    import torch

    torch.set_num_threads(1)
    return load(plan_translator(found, torch.device("cpu")))


@pytest.fixture(scope="module")
def trained() -> Loaded:
    return read(installed(TRAINED))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return read(installed(tinies.nllb(tmp_path_factory.mktemp("nllb"))))


@pytest.fixture(scope="module")
def wordpieces(trained: Loaded) -> Wordpieces:
    return Wordpieces(trained.processor, trained.name)


@pytest.fixture(scope="module")
def by_torch(trained: Loaded, wordpieces: Wordpieces) -> Translator:
    return Translator(Speaker(trained), wordpieces)


@pytest.fixture(scope="module")
def by_ct2(tmp_path_factory: pytest.TempPathFactory) -> Translator:
    kept = tmp_path_factory.mktemp("kept")
    return ct2.open_translator(installed(TRAINED, "org/nllb@1+ct2-int8"), kept, 1, read, beat)


@pytest.fixture(params=["by_torch", "by_ct2"])
def translator(request: pytest.FixtureRequest) -> Translator:
    made: Translator = request.getfixturevalue(request.param)
    return made


def said_by(translator: Renders, batch: Sequence[Wording]) -> list[dict[str, str]]:
    return [worded.said for worded in translator.render(batch, beat)]


def check_complete(translator: Translator) -> None:
    """Fail unless every sentence of the text stands in every language, in its place."""
    (said,) = said_by(translator, [Wording(TEXT, LANGUAGES)])
    assert said == {tag: sentences.text_translated(TEXT, tag) for tag in LANGUAGES}
    for text in said.values():
        assert [part.count("\n") for part in text.split("\n\n")] == [0, 1, 0]


def test_every_sentence_in_every_language_in_order(translator: Translator) -> None:
    check_complete(translator)


@pytest.mark.parametrize(
    "planted",
    [
        lambda made: Cut((*made.gaps[:-2], made.gaps[-1]), made.sentences[:-1]),
        lambda made: Cut(made.gaps, made.sentences[::-1]),
        lambda made: whole(made.text),
    ],
    ids=["the last one is dropped", "the wrong order", "not cut into sentences"],
)
def test_the_check_sees_what_goes_wrong_with_sentences(
    planted: Callable[[Cut], Cut], by_torch: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "cut", lambda text, long: planted(cut(text, long)))
    with pytest.raises(AssertionError):
        check_complete(by_torch)


class Mislabelled:
    """Says everything in the next language."""

    def __init__(self, says: Speaker) -> None:
        self.says = says
        self.rows = says.rows

    def say(self, batch: Sequence[Asked], beams: int, beat: Any) -> list[tuple[Said, ...]]:
        return [(*each[1:], each[0]) for each in self.says.say(batch, beams, beat)]


def test_the_check_sees_a_wrong_language(trained: Loaded, wordpieces: Wordpieces) -> None:
    with pytest.raises(AssertionError):
        check_complete(Translator(Mislabelled(Speaker(trained)), wordpieces))


def test_many_texts_and_keywords_at_once_are_right(translator: Translator) -> None:
    rng = random.Random(11)
    asked = [sentences.sentence(rng) for _ in range(40)]
    words = [Wording(word, LANGUAGES, keyword=True) for word in sentences.tags()]
    said = said_by(translator, [*(Wording(text, LANGUAGES) for text in asked), *words])
    pairs = zip([*asked, *sentences.tags()], said, strict=True)
    right = [each[tag] == sentences.translated(text, tag) for text, each in pairs for tag in each]
    assert len(right) == 4 * len(said) and sum(right) >= 0.98 * len(right)


def asked_of(wordpieces: Wordpieces, tags: Sequence[str], texts: Sequence[str]) -> list[Asked]:
    codes = tuple(map(wordpieces.language, tags))
    return [Asked(wordpieces.encode(text) or (), codes) for text in texts]


def test_a_batch_says_token_by_token_what_one_at_a_time_does(
    trained: Loaded, wordpieces: Wordpieces
) -> None:
    texts = ["red", "A red circle is left of a blue square.", '"Wait here," says Dr. Kumar.']
    assert_equal_alone(Speaker(trained), asked_of(wordpieces, LANGUAGES, texts))


def test_each_text_has_the_tokens_that_its_sentences_took(
    translator: Translator, wordpieces: Wordpieces
) -> None:
    circle, square = "A red circle.", "A blue square."
    texts = (circle, f"{circle} {square}", f"{circle} {circle}", square)
    (one, both, twice, other) = translator.render([Wording(t, ("es", "fr")) for t in texts], beat)
    assert one.tokens.prompt == 2 * len(wordpieces.encode(circle) or ())
    said = [wordpieces._words.tokenize(text) for text in one.said.values()]
    assert one.tokens.completion == sum(map(len, said))
    assert twice.tokens == one.tokens, "it is said once"
    assert both.tokens == total([one.tokens, other.tokens])


def test_a_search_says_a_sentence_too(translator: Translator, wordpieces: Wordpieces) -> None:
    (asked,) = asked_of(wordpieces, ["fr"], ["The background is light."])
    ((said,),) = translator._says.say([asked], BEAMS, beat)
    assert said.whole and wordpieces.decode(said.pieces) == "Le fond est clair."


def test_a_batch_of_a_random_model_is_the_same_too(tiny: Loaded) -> None:
    words = Wordpieces(tiny.processor, tiny.name)
    batch = asked_of(words, ("fr", "zh"), ["a red circle", "fox"])
    said = assert_equal_alone(Speaker(tiny), batch)
    assert len({one.pieces for each in said for one in each}) == 4, "they must differ"


def assert_equal_alone(speaker: Speaker, batch: list[Asked]) -> Any:
    together = speaker.say(batch, 1, beat)
    alone = [
        tuple(
            speaker.say([Asked(asked.source, (code,))], 1, beat)[0][0] for code in asked.languages
        )
        for asked in batch
    ]
    assert together == alone
    return together


def test_it_is_what_the_library_gives_for_one_language(
    trained: Loaded, wordpieces: Wordpieces
) -> None:
    import torch

    text = "Anna paid 12.50 euros on 3 March 2022."
    encoded = trained.processor(text, return_tensors="pt")
    assert encoded["input_ids"][0].tolist() == list(wordpieces.encode(text) or ())
    ((*said,),) = Speaker(trained).say(asked_of(wordpieces, LANGUAGES, [text]), 1, beat)
    for tag, one in zip(LANGUAGES, said, strict=True):
        with torch.inference_mode():
            made = trained.model.generate(
                **encoded, forced_bos_token_id=wordpieces.language(tag), max_new_tokens=90
            )[0].tolist()
        assert made == [2, wordpieces.language(tag), *one.pieces, 2]


def test_what_a_folder_says_of_decoding_changes_nothing(
    trained: Loaded, wordpieces: Wordpieces
) -> None:
    asked = asked_of(wordpieces, LANGUAGES, ["The background is light."])
    plain = Speaker(trained).say(asked, 1, beat)
    trained.model.generation_config.update(
        forced_bos_token_id=7, max_length=3, num_beams=3, repetition_penalty=9.0, do_sample=True
    )
    trained.processor.src_lang = "fra_Latn"
    try:
        assert Speaker(trained).say(asked, 1, beat) == plain
        assert asked_of(wordpieces, LANGUAGES, ["The background is light."]) == asked
    finally:
        trained.processor.src_lang = "eng_Latn"


def test_broken_weights_are_an_error(tmp_path: Path) -> None:
    import torch

    loaded = read(installed(tinies.nllb(tmp_path)))
    with torch.no_grad():
        loaded.model.model.decoder.layer_norm.weight.fill_(float("nan"))
    words = Wordpieces(loaded.processor, loaded.name)
    with pytest.raises(EngineError, match="org/nllb@1 computes numbers that are not finite"):
        said_by(Translator(Speaker(loaded), words), [Wording("a red circle", ("fr",))])


class Scripted:
    """Says what *answer* does for the text of a sentence, a language and a number of beams."""

    def __init__(self, words: Wordpieces, answer: Callable[[str, int, int], Said]) -> None:
        self.words, self.answer = words, answer
        self.batches: list[list[Asked]] = []
        self.most = 100

    def rows(self, longest: Asked) -> int:
        return self.most

    def say(self, batch: Sequence[Asked], beams: int, beat: Any) -> list[tuple[Said, ...]]:
        self.batches.append(list(batch))
        return [
            tuple(self.answer(self.text(asked), code, beams) for code in asked.languages)
            for asked in batch
        ]

    def text(self, asked: Asked) -> str:
        return self.words.decode(asked.source[1:-1]) or ""

    def echo(self, text: str, whole: bool = True) -> Said:
        return Said((self.words.encode(text) or ())[1:-1], whole)


@pytest.fixture
def scripted(wordpieces: Wordpieces) -> Scripted:
    made = Scripted(wordpieces, lambda text, code, beams: made.echo(text))
    return made


TWO = [Wording("A red circle. The sign says.", ("es", "fr")), Wording("A cross.", ("es",))]


def faults(scripted: Scripted, wordpieces: Wordpieces) -> dict[str, Said]:
    return {
        "has no end": scripted.echo("A red circle", whole=False),
        "loops": scripted.echo("red " * 9),
        "is empty": Said((), True),
        "says nothing": scripted.echo('."'),
        "has unknown pieces": Said((5, 3, 6), True),
        "has a code": Said((5, wordpieces.language("hi"), 6), True),
    }


@pytest.mark.parametrize(
    "what", ["has no end", "loops", "is empty", "says nothing", "has unknown pieces", "has a code"]
)
def test_what_cannot_be_said_is_searched_for_once_more_and_then_left_out(
    what: str, scripted: Scripted, wordpieces: Wordpieces, caplog: pytest.LogCaptureFixture
) -> None:
    fault, french = faults(scripted, wordpieces)[what], wordpieces.language("fr")
    caplog.set_level(logging.WARNING)

    def answer(text: str, code: int, beams: int) -> Said:
        bad = code == french and text.startswith("The") and beams < searched
        return fault if bad else scripted.echo(text)

    scripted.answer, searched = answer, 2
    said = said_by(Translator(scripted, wordpieces), TWO)
    assert [list(each) for each in said] == [["es", "fr"], ["es"]]
    searched = 9
    said = said_by(Translator(scripted, wordpieces), TWO)
    assert said == [{"es": TWO[0].text}, {"es": TWO[1].text}]
    assert "fr: 'A red circle. The sign says.' cannot be translated whole" in caplog.text


def test_each_sentence_is_said_once_however_often_it_is_asked_for(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    asked = [
        Wording("A cross. A cross.\n\nA  cross.", ("es", "fr")), Wording("A cross.", ("fr", "de"))
    ]  # fmt: skip
    said = said_by(Translator(scripted, wordpieces), asked)
    codes = tuple(map(wordpieces.language, ("es", "fr", "de")))
    assert scripted.batches == [[Asked(wordpieces.encode("A cross.") or (), codes)]]
    assert said[0]["fr"] == "A cross. A cross.\n\nA cross." and list(said[1]) == ["fr", "de"]


def test_batches_are_of_like_length_and_no_larger_than_fits(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    scripted.most = 5
    texts = ["A cross.", "The train to Paris leaves at 8:30.", "Is the museum open?", "red"]
    said = said_by(Translator(scripted, wordpieces), [Wording(t, LANGUAGES) for t in texts])
    assert [each["es"] for each in said] == texts
    sizes = [sum(len(asked.languages) for asked in batch) for batch in scripted.batches]
    assert sizes == [5, 5, 5, 1]
    lengths = [len(asked.source) for batch in scripted.batches for asked in batch]
    assert lengths == sorted(lengths, reverse=True)


def test_too_little_memory_makes_batches_smaller_for_good(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    say, asked = scripted.say, [Wording(f"Paul counts {n} books.", LANGUAGES) for n in range(5)]

    def cramped(batch: Sequence[Asked], beams: int, beat: Any) -> list[tuple[Said, ...]]:
        if sum(len(one.languages) for one in batch) > 6:
            scripted.batches.append([])
            raise OutOfMemory("full")
        return say(batch, beams, beat)

    scripted.say = cramped  # type: ignore[method-assign]
    translator = Translator(scripted, wordpieces)
    said = said_by(translator, asked)
    assert [each["hi"] for each in said] == [wording.text for wording in asked]
    assert scripted.batches.count([]) == 2  # 20, 10, then 5
    said_by(translator, asked)
    assert scripted.batches.count([]) == 2


def test_no_memory_for_a_single_sentence_is_the_devices_fault(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    def full(*_: Any) -> Any:
        raise OutOfMemory("full")

    scripted.say = full  # type: ignore[method-assign]
    with pytest.raises(OutOfMemory):
        said_by(Translator(scripted, wordpieces), TWO)


@pytest.mark.parametrize("tag", ["tlh", "sr-Latn"])
def test_an_unknown_language_is_an_error_before_anything_is_said(
    tag: str, scripted: Scripted, wordpieces: Wordpieces
) -> None:
    with pytest.raises(EngineError, match=f"org/nllb@1 has no code for the language '{tag}'"):
        said_by(Translator(scripted, wordpieces), [*TWO, Wording("A cross.", ("es", tag))])
    assert scripted.batches == []


def test_a_tokenizer_without_a_code_is_an_error(tmp_path: Path) -> None:
    import transformers

    words = transformers.AutoTokenizer.from_pretrained(tinies.nllb(tmp_path, codes=False))
    with pytest.raises(EngineError, match="does not know eng_Latn"):
        Wordpieces(words, "org/nllb@1")


def test_english_stays_as_it_is(scripted: Scripted, wordpieces: Wordpieces) -> None:
    asked = [Wording("A  red\ncircle", ("en-GB", "en")), Wording("12:30 …", ("es",))]
    said = said_by(Translator(scripted, wordpieces), asked)
    assert said == [{"en-GB": "A  red\ncircle", "en": "A  red\ncircle"}, {"es": "12:30 …"}]
    assert scripted.batches == []


def test_nothing_in_a_text_is_taken_for_a_code(wordpieces: Wordpieces) -> None:
    encoded = wordpieces.encode("A cross. </s> spa_Latn <pad> red") or ()
    assert encoded.count(wordpieces.end) <= 1
    assert wordpieces.language("es") not in encoded and 1 not in encoded


def test_symbols_that_the_model_cannot_read_are_left_out_and_letters_are_not(
    wordpieces: Wordpieces,
) -> None:
    assert wordpieces.encode("A ☃red ⛵cross.") == wordpieces.encode("A red cross.")
    assert wordpieces.encode("The sign says 営業中.") is None


def test_a_text_with_unknown_letters_is_left_out_alone(
    by_torch: Translator, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [
        Wording("A red cross. The sign says 営業中.", ("es",)),
        Wording("A red cross.", ("es",)),
    ]
    assert said_by(by_torch, asked) == [{}, {"es": "Una cruz roja."}]
    assert "cannot be translated whole" in caplog.text


def test_a_sentence_that_is_too_long_is_said_in_parts(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    text = ", ".join(["a red circle is left of a blue square"] * 60) + "."
    (said,) = said_by(Translator(scripted, wordpieces), [Wording(text, ("es",))])
    assert said["es"] == text
    assert all(len(asked.source) <= LONGEST for batch in scripted.batches for asked in batch)


def test_a_keyword_is_a_keyword_in_every_language(
    scripted: Scripted, wordpieces: Wordpieces
) -> None:
    answers = {"red": "Un rojo, ", "cross": "x" * 65, "sign": "Cartel."}
    scripted.answer = lambda text, code, beams: scripted.echo(answers[text])
    asked = [Wording(word, ("es",), keyword=True) for word in answers]
    said = said_by(Translator(scripted, wordpieces), asked)
    assert said == [{"es": "un rojo"}, {}, {"es": "cartel"}]


def test_a_translation_that_leaves_most_of_it_out_is_none(
    scripted: Scripted, wordpieces: Wordpieces, caplog: pytest.LogCaptureFixture
) -> None:
    text = "A red circle is left of a blue square and Mrs. Rossi paid 19.99 euros in Paris."
    scripted.answer = lambda text, code, beams: scripted.echo("red")
    assert said_by(Translator(scripted, wordpieces), [Wording(text, ("es",))]) == [{}]
    assert "cannot be translated whole" in caplog.text
    assert dwindles([1] * 3, [1] * 20) and not dwindles([1] * 4, [1] * 20)
    assert not dwindles([1], [1] * 19)


def test_a_translation_ends_at_its_own_limit_whatever_else_is_in_the_batch() -> None:
    assert ended([5, 6, 2, 1, 1], 2, 2) == Said((5, 6), True)
    assert ended([5, 6, 7, 2], 2, 2) == Said((5, 6), False)
    assert ended([2], 2, 9) == Said((), True)
    assert joined([Asked((1,), (8,)), Asked((1,), (9,))]) == [Asked((1,), (8, 9))]


@pytest.mark.parametrize("runtime", ["transformers", "ctranslate2"])
def test_the_engine_has_the_translator_of_the_models_runtime(runtime: Any, tmp_path: Path) -> None:
    found = replace(installed(TRAINED), model=Model(name=str(TRAINED), runtime=runtime))
    setup = HostSetup(tmp_path / "scratch", tmp_path / "kept", "cpu", Models(translation=found))
    engine = open_engine(setup)
    asked = [Wording("A red cross.", ("fr",))]
    assert said_by(engine.translator(found, beat), asked) == [{"fr": "Une croix rouge."}]
    assert (tmp_path / "kept").exists() == (runtime == "ctranslate2")


def test_ctranslate2_ends_where_torch_does(
    by_ct2: Translator, trained: Loaded, wordpieces: Wordpieces
) -> None:
    rng = random.Random(5)
    batch = asked_of(wordpieces, LANGUAGES, [sentences.sentence(rng) for _ in range(10)])
    ours, theirs = Speaker(trained).say(batch, 1, beat), by_ct2._says.say(batch, 1, beat)
    pairs = [
        pair
        for one, other in zip(ours, theirs, strict=True)
        for pair in zip(one, other, strict=True)
    ]
    assert sum(one == other for one, other in pairs) >= 38


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    from transformers.utils import logging as theirs

    theirs.disable_progress_bar()
    yield
