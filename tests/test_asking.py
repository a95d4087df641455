"""Many questions about many pictures at once: every answer as if it had been asked alone."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from daemon.engines import EngineError, EngineMissing, OutOfMemory
from daemon.engines.hosted import Shown
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import families, loading
from daemon.engines.transformers_engine.answering import Answering
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.families import UNKNOWN, Family
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.prefix import cut, grown
from daemon.engines.transformers_engine.sheet import contact_sheet
from daemon.media.frames import Picture
from daemon.wire import Question
from metadata.asset import MediaKind
from tests.tinies import TINIES

NAMES = ("mllama", "llava", "llava_next_video", "blip2", "qwen3_vl", "qwen3_5")
SIZES = ((56, 56), (120, 60), (70, 200))
QUESTIONS = (
    Question("caption", "you see a picture. describe it", 11),
    Question("tags", "you see a picture. list five tags, comma separated, please", 7),
    Question("sentiment", "you see a picture. what is the sentiment?", 9),
    Question("alt", "you see a picture. a", 4),
)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    folder = tmp_path_factory.mktemp("tinies")
    loaded: dict[str, Loaded] = {}

    def one(name: str) -> Loaded:
        if name not in loaded:
            loaded[name] = load_tiny(TINIES[name](folder / name))
        return loaded[name]

    return one


def load_tiny(folder: Path) -> Loaded:
    import torch

    torch.set_num_threads(1)
    installed = Installed(Model(name=folder.name), folder, f"{folder.name}@0")
    return loading.load(loading.plan_asked(installed, torch.device("cpu")))


def pictures(sizes: Sequence[tuple[int, int]] = SIZES, seed: int = 0) -> list[Picture]:
    noise = np.random.default_rng(seed)
    return [noise.integers(0, 256, (*size, 3), np.uint8) for size in sizes]


def reworded(question: Question, text: str) -> Question:
    return Question(question.task, text, question.max_tokens)


def still(picture: Picture, questions: Sequence[Question] = QUESTIONS) -> Shown:
    return Shown(MediaKind.IMAGE, (picture,), (), tuple(questions))


def film(count: int, size: tuple[int, int], seed: int, asked: Sequence[Question]) -> Shown:
    frames = tuple(pictures([size] * count, seed))
    return Shown(MediaKind.VIDEO, frames, tuple(0.5 * n for n in range(count)), tuple(asked))


def quiet(doing: str, patience_s: float = 60.0) -> None:
    """Hear that the work goes on."""


def together(asker: Asker, batch: Sequence[Shown]) -> list[list[tuple[int, ...]]]:
    """Give the tokens of each answer by asset."""
    prepared = asker.prepare(batch)
    said: list[list[tuple[int, ...]]] = [[] for _ in batch]
    for row, answer in zip(prepared.rows, asker.answers(prepared, quiet), strict=True):
        said[row.asset].append(answer.tokens)
    return said


def alone(loaded: Loaded, shown: Shown) -> list[tuple[int, ...]]:
    """Put each question by itself, as the documentation of transformers does."""
    name = loaded.installed.model.name
    images = [Image.fromarray(picture) for picture in shown.pictures]
    media: dict[str, Any] = {"images": [images]}
    places = [{"type": "image"}] * len(images)
    if shown.kind is MediaKind.VIDEO and name == "llava_next_video":
        media, places = {"videos": [images]}, [{"type": "video"}]
    said = []
    for question in shown.questions:
        key = (name, b"".join(images_bytes(shown)), question)
        if key not in ANSWERS_ALONE:
            ANSWERS_ALONE[key] = alone_with(loaded, question, places, media)
        said.append(ANSWERS_ALONE[key])
    return said


ANSWERS_ALONE: dict[Any, tuple[int, ...]] = {}
"""Asking one at a time is slow, so that each is asked once."""


def images_bytes(shown: Shown) -> Iterator[bytes]:
    for picture in shown.pictures:
        yield repr((shown.kind, picture.shape)).encode() + picture.tobytes()


def alone_with(
    loaded: Loaded, question: Question, places: list[Any], media: dict[str, Any]
) -> tuple[int, ...]:
    text = ""
    if loaded.processor.chat_template:
        said = [*places, {"type": "text", "text": question.text}]
        text = loaded.processor.apply_chat_template(
            [{"role": "user", "content": said}], add_generation_prompt=True, tokenize=False
        )
    one = loaded.processor(text=[text], return_tensors="pt", **media)
    out = loaded.model.generate(**one, max_new_tokens=question.max_tokens, do_sample=False)
    return tuple(out[0, one["input_ids"].shape[1] :].tolist())


def told_apart(answers: Sequence[Sequence[tuple[int, ...]]]) -> bool:
    """Tell whether no two assets have the same answers, so that a test of them says something."""
    return len({tuple(map(tuple, mine)) for mine in answers}) == len(answers)


@pytest.fixture
def looks(load: Callable[[str], Loaded]) -> Iterator[Callable[[str], list[int]]]:
    """Count the pictures' passes through the vision tower of a model."""
    hooks = []

    def of(name: str) -> list[int]:
        seen: list[int] = []
        model = load(name).model.model
        tower = getattr(model, "vision_model", None) or getattr(model, "vision_tower", None)
        tower = tower or model.visual
        hooks.append(tower.register_forward_hook(lambda *_: seen.append(1)))
        return seen

    yield of
    for hook in hooks:
        hook.remove()


class TestEqual:
    @pytest.mark.parametrize("name", NAMES)
    def test_stills_of_several_sizes(self, load: Callable[[str], Loaded], name: str) -> None:
        loaded = load(name)
        asked = QUESTIONS if name != "blip2" else QUESTIONS[:1]
        batch = [still(picture, asked) for picture in pictures()]
        said = together(Asker(loaded), batch)
        assert said == [alone(loaded, shown) for shown in batch]
        assert told_apart(said)

    @pytest.mark.parametrize("name", ["mllama", "qwen3_vl", "qwen3_5"])
    def test_any_number_of_questions(self, load: Callable[[str], Loaded], name: str) -> None:
        loaded, asker = load(name), Asker(load(name))
        for count in (1, 2, 4):
            batch = [still(picture, QUESTIONS[-count:]) for picture in pictures(SIZES[:2], count)]
            assert together(asker, batch) == [alone(loaded, shown) for shown in batch]

    def test_each_asset_its_own_prompts(self, load: Callable[[str], Loaded]) -> None:
        loaded = load("llava_next_video")
        batch = [
            still(picture, [reworded(q, f"{about} {q.text}") for q in QUESTIONS])
            for picture, about in zip(pictures(), ("of Rome,", "", "0123 !?"), strict=True)
        ]
        said = together(Asker(loaded), batch)
        assert said == [alone(loaded, shown) for shown in batch]

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            *(("llava_next_video", count) for count in (1, 8, 16)),
            *(("qwen3_vl", count) for count in (1, 8)),
            ("qwen3_5", 8),
        ],
    )
    def test_films(self, load: Callable[[str], Loaded], name: str, count: int) -> None:
        loaded = load(name)
        batch = [
            film(count, size, seed, QUESTIONS[2:]) for seed, size in enumerate(((56, 56), (64, 90)))
        ]
        said = together(Asker(loaded), batch)
        assert said == [alone(loaded, shown) for shown in batch]
        assert told_apart(said)

    @pytest.mark.parametrize("name", ["mllama", "llava", "blip2"])
    def test_films_as_a_sheet(self, load: Callable[[str], Loaded], name: str) -> None:
        loaded = load(name)
        batch = [film(8, (40, 50), seed, QUESTIONS[:1]) for seed in range(2)]
        sheets = [still(contact_sheet(shown.pictures), shown.questions) for shown in batch]
        said = together(Asker(loaded), batch)
        assert said == [alone(loaded, sheet) for sheet in sheets]
        assert told_apart(said)

    def test_a_model_nobody_knows(
        self, load: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        planted(monkeypatch, "mllama", UNKNOWN)
        batch = [still(picture) for picture in pictures()]
        asker = Asker(load("mllama"))
        assert asker.prepare(batch).rests is None
        assert together(asker, batch) == [alone(load("mllama"), shown) for shown in batch]

    def test_a_processor_whose_places_depend_on_the_question(
        self, load: Callable[[str], Loaded]
    ) -> None:
        class Odd(Through):
            def __call__(self, text: list[str], **more: Any) -> Any:
                more_places = ["tags" in said for said in text]
                said = [
                    line.replace("<image>", "<image><s>") if odd else line
                    for line, odd in zip(text, more_places, strict=True)
                ]
                return self.inner(text=said, **more)

        loaded = load("llava")
        asker = Asker(replace(loaded, processor=Odd(loaded.processor)))
        batch = [still(picture, QUESTIONS[:2]) for picture in pictures()]
        assert asker.prepare(batch).rests is None
        assert asker.prepare(batch[:1]).rests is None

    @pytest.mark.parametrize("name", ["mllama", "llava", "llava_next_video", "qwen3_vl"])
    def test_strange_shapes(self, load: Callable[[str], Loaded], name: str) -> None:
        loaded = load(name)
        strange = pictures([(10, 200), (200, 10), (3, 60), (1, 1)])
        batch = [still(picture, QUESTIONS[2:]) for picture in strange]
        assert together(Asker(loaded), batch) == [alone(loaded, shown) for shown in batch]


class TestOnce:
    @pytest.mark.parametrize("name", ["mllama", "llava", "llava_next_video", "qwen3_vl", "qwen3_5"])
    def test_a_batch_is_looked_at_once(
        self, load: Callable[[str], Loaded], looks: Callable[[str], list[int]], name: str
    ) -> None:
        asker, seen = Asker(load(name)), looks(name)
        together(asker, [still(picture) for picture in pictures()])
        assert len(seen) == 1
        alone(load(name), still(pictures(seed=77)[0]))
        assert len(seen) == 1 + len(QUESTIONS)

    @pytest.mark.parametrize(("name", "more"), [("llava", 0), ("qwen3_5", len(QUESTIONS))])
    def test_all_rows_are_decoded_together(
        self, load: Callable[[str], Loaded], name: str, more: int
    ) -> None:
        """What goes into a running state goes one length at a time; then all are one batch."""
        calls: list[int] = []
        model = load(name).model
        hook = model.register_forward_hook(lambda *_: calls.append(1))
        together(Asker(load(name)), [still(picture) for picture in pictures(SIZES[:2])])
        hook.remove()
        assert len(calls) <= 1 + more + QUESTIONS[0].max_tokens

    def test_what_prompts_share_is_computed_once(self, load: Callable[[str], Loaded]) -> None:
        prepared = Asker(load("llava_next_video")).prepare(
            [still(picture) for picture in pictures()]
        )
        assert prepared.rests is not None
        assert prepared.inputs["input_ids"].shape[0] == len(SIZES)
        assert max(map(len, prepared.rests)) < 60 < prepared.inputs["input_ids"].shape[1]


class TestControls:
    """Each planted mistake changes an answer, so that the comparisons above would find it."""

    def wrong(self, loaded: Loaded, batch: Sequence[Shown]) -> bool:
        return together(Asker(loaded), batch) != [alone(loaded, shown) for shown in batch]

    def test_padding_on_the_right(
        self, load: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Right(Through):
            def __call__(self, **more: Any) -> Any:
                return self.inner(**{**more, "padding_side": "right"})

        planted(monkeypatch, "llava", UNKNOWN)
        loaded, batch = load("llava"), [still(picture) for picture in pictures()]
        asker = Asker(replace(loaded, processor=Right(loaded.processor)))
        assert together(asker, batch) != [alone(loaded, shown) for shown in batch]

    def test_a_stale_cache(
        self, load: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import copy

        loaded, kept = load("llava"), []
        look = Answering._look

        def stale(self: Answering, inputs: dict[str, Any]) -> Any:
            kept.append(kept[0] if kept else look(self, inputs))
            return copy.deepcopy(kept[0])

        monkeypatch.setattr(Answering, "_look", stale)
        assert not self.wrong(loaded, [still(pictures()[0])])
        assert self.wrong(loaded, [still(pictures()[1])])

    @pytest.mark.parametrize(
        ("name", "changes"),
        [
            ("llava_next_video", {"positions": False}),
            ("mllama", {"continued": ()}),
            ("qwen3_5", {"gaps": True}),
        ],
    )
    def test_a_fact_left_out(
        self,
        load: Callable[[str], Loaded],
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        changes: dict[str, Any],
    ) -> None:
        loaded, batch = load(name), [still(picture) for picture in pictures()]
        known = families.family_of(loaded.model.config, loaded.processor)
        assert not self.wrong(loaded, batch)
        planted(monkeypatch, name, replace(known, **changes))
        assert self.wrong(loaded, batch)

    def test_another_pictures_turn(
        self, load: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loaded, look = load("qwen3_vl"), Answering._look
        batch = [still(picture) for picture in pictures()[1:3]]

        def turned(self: Answering, inputs: dict[str, Any]) -> Any:
            cache, turn = look(self, inputs)
            return cache, turn.flip(0)

        monkeypatch.setattr(Answering, "_look", turned)
        assert self.wrong(loaded, batch)


class TestAnswers:
    def test_batches_do_not_touch_each_other(self, load: Callable[[str], Loaded]) -> None:
        for name in ("qwen3_vl", "mllama"):
            asker = Asker(load(name))
            one, other = ([still(p) for p in pictures(SIZES, seed)] for seed in (0, 1))
            first, second = asker.prepare(one), asker.prepare(other)
            before = asker.answers(first, quiet)
            assert asker.answers(second, quiet) != before
            assert asker.answers(first, quiet) == before

    def test_a_limit_cuts_and_an_end_ends(self, load: Callable[[str], Loaded]) -> None:
        from transformers import GenerationConfig

        loaded = load("llava")
        shown = still(pictures()[0], QUESTIONS[:2])
        (caption, tags), = together(Asker(loaded), [shown])  # fmt: skip
        ending = next(token for token in caption[2:] if token not in tags)
        theirs = loaded.model.generation_config
        try:
            loaded.model.generation_config = GenerationConfig(eos_token_id=ending, pad_token_id=0)
            asker = Asker(loaded)
        finally:
            loaded.model.generation_config = theirs
        first, second = asker.answer(asker.prepare([shown]), quiet)[0]
        assert first.whole and first.tokens == caption.index(ending) + 1 < QUESTIONS[0].max_tokens
        assert not second.whole and second.tokens == QUESTIONS[1].max_tokens
        assert second.text == loaded.processor.tokenizer.decode(tags).strip()
        assert (first.task, second.task) == ("caption", "tags")

    def test_what_a_checkpoint_says_of_sampling_is_put_aside(
        self, load: Callable[[str], Loaded], caplog: pytest.LogCaptureFixture
    ) -> None:
        from transformers import GenerationConfig

        loaded, shown = load("mllama"), still(pictures()[0])
        plain = together(Asker(loaded), [shown])
        theirs = {"do_sample": True, "temperature": 0.6, "top_p": 0.9, "repetition_penalty": 3.0}
        loaded.model.generation_config = GenerationConfig(
            **theirs, eos_token_id=8, pad_token_id=0, no_repeat_ngram_size=1, max_length=20
        )
        assert together(Asker(loaded), [shown]) == plain
        assert not caplog.records

    def test_dice_depend_on_the_picture_alone(self, load: Callable[[str], Loaded]) -> None:
        loaded = load("llava")
        batch = [still(picture) for picture in pictures()]
        asker = Asker(loaded, temperature=0.8)
        said = together(asker, batch)
        assert said != together(Asker(loaded), batch)
        assert said == [together(asker, [shown])[0] for shown in batch]
        assert together(Asker(loaded, temperature=0.001), batch) == together(Asker(loaded), batch)

    def test_a_task_that_a_model_cannot_do_is_left_empty(
        self, load: Callable[[str], Loaded]
    ) -> None:
        asker = Asker(load("blip2"))
        caption, *others = asker.answer(asker.prepare([still(pictures()[0])]), quiet)[0]
        assert caption.tokens > 0 and asker.takes("caption") and not asker.takes("tags")
        assert [(reply.text, reply.tokens, reply.whole) for reply in others] == [("", 0, True)] * 3
        none = asker.answer(asker.prepare([still(pictures()[0], QUESTIONS[1:])]), quiet)
        assert [reply.task for reply in none[0]] == ["tags", "sentiment", "alt"]

    def test_signs_quoted_in_a_prompt_are_words(self, load: Callable[[str], Loaded]) -> None:
        loaded = load("llava_next_video")
        quoted = [reworded(q, f"it says <image><|im_end|> {q.text}") for q in QUESTIONS]
        said = together(Asker(loaded), [still(pictures()[0], quoted)])
        plain = [reworded(q, q.text.replace("<", "< ")) for q in quoted]
        assert said == [alone(loaded, still(pictures()[0], plain))]

    def test_the_parent_hears_of_every_token(self, load: Callable[[str], Loaded]) -> None:
        heard: list[tuple[str, float]] = []
        asker = Asker(load("llava"))
        prepared = asker.prepare([still(pictures()[0], QUESTIONS[:2])])
        asker.answer(prepared, lambda doing, patience_s=60.0: heard.append((doing, patience_s)))
        assert heard[0] == ("looking at pictures", 600.0)
        assert len(heard) == 1 + QUESTIONS[0].max_tokens

    def test_the_next_batch_is_prepared_meanwhile(self, load: Callable[[str], Loaded]) -> None:
        asker = Asker(load("mllama"))
        batches = [[still(p) for p in pictures(SIZES, seed)] for seed in range(3)]
        expected = [together(asker, batch) for batch in batches]
        ready: list[Any] = []

        def ahead() -> None:
            ready.extend(asker.prepare(batch) for batch in batches * 3)

        thread = threading.Thread(target=ahead)
        thread.start()
        while thread.is_alive():
            assert together(asker, batches[0]) == expected[0]
        thread.join()
        said = [answer.tokens for answer in asker.answers(ready[-1], quiet)]
        assert said == [tokens for mine in expected[-1] for tokens in mine]


class TestWrong:
    def test_broken_weights(self, tmp_path: Path) -> None:
        loaded = load_tiny(TINIES["llava"](tmp_path / "broken"))
        loaded.model.model.language_model.norm.weight.data[3] = float("nan")
        asker = Asker(loaded)
        for asked in (QUESTIONS, QUESTIONS[:1]):
            prepared = asker.prepare([still(pictures()[0], asked)])
            with pytest.raises(EngineError, match="broken@0 computes numbers that are not finite"):
                asker.answer(prepared, quiet)

    def test_no_room(self, load: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch) -> None:
        import torch

        asker = Asker(load("mllama"))
        prepared = asker.prepare([still(pictures()[0])])

        def full(*_: Any, **__: Any) -> Any:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

        monkeypatch.setattr(load("mllama").model, "forward", full)
        with pytest.raises(OutOfMemory, match="no room for 4 answers of mllama@0"):
            asker.answer(prepared, quiet)
        monkeypatch.undo()
        assert asker.answer(prepared, quiet)[0][0].tokens > 0

    def test_no_chat_template(self, load: Callable[[str], Loaded]) -> None:
        class Bare(Through):
            chat_template = None

        loaded = load("llava")
        with pytest.raises(EngineMissing, match="llava@0 has no chat template"):
            Asker(replace(loaded, processor=Bare(loaded.processor)))

    def test_thinking_is_turned_off_where_a_template_knows_of_it(
        self, load: Callable[[str], Loaded]
    ) -> None:
        loaded = load("llava")
        think = "{% if enable_thinking is not defined or enable_thinking %}<think>{% endif %}"

        class Thinks(Through):
            chat_template = loaded.processor.chat_template + think

            def apply_chat_template(self, said: Any, **more: Any) -> Any:
                return self.inner.apply_chat_template(
                    said, chat_template=self.chat_template, **more
                )

        shown = still(pictures()[0])
        asker = Asker(replace(loaded, processor=Thinks(loaded.processor)))
        assert together(asker, [shown]) == [alone(loaded, shown)]


class TestBuckets:
    def test_what_may_share_a_batch(self, load: Callable[[str], Loaded]) -> None:
        small, large = pictures([(60, 60), (200, 200)])
        fixed, sized = Asker(load("mllama")), Asker(load("llava_next_video"))
        assert fixed.bucket(still(small)) == fixed.bucket(still(large))
        assert sized.bucket(still(small)) != sized.bucket(still(large))
        assert fixed.bucket(still(small)) != fixed.bucket(still(small, QUESTIONS[:1]))
        eight, sixteen = (film(count, (56, 56), 0, QUESTIONS) for count in (8, 16))
        assert sized.bucket(eight) != sized.bucket(sixteen)
        assert fixed.bucket(eight) == fixed.bucket(sixteen)
        assert sized.bucket(eight) != sized.bucket(still(small))

    def test_on_a_processor_a_fixed_number_fits(self, load: Callable[[str], Loaded]) -> None:
        asker, shown = Asker(load("mllama")), still(pictures()[0])
        assert asker.most(asker.bucket(shown), shown) == 8


class TestSheet:
    def test_in_reading_order_and_nearly_square(self) -> None:
        frames = [np.full((9, 16, 3), 10 * n, np.uint8) for n in range(1, 9)]
        sheet = contact_sheet(frames)
        assert sheet.shape == (36, 32, 3)
        assert sheet[::9, ::16, 0].tolist() == [[10, 20], [30, 40], [50, 60], [70, 80]]

    def test_holes_are_black(self) -> None:
        sheet = contact_sheet([np.full((10, 10, 3), 200, np.uint8)] * 3)
        assert sheet.shape == (20, 20, 3) and sheet[15, 15].tolist() == [0, 0, 0]
        assert (sheet[15, 5] == 200).all()

    def test_smaller_by_a_whole_number(self) -> None:
        frames = [np.full((500, 700, 3), n, np.uint8) for n in (7, 9, 11, 13)]
        sheet = contact_sheet(frames, side=512)
        assert sheet.shape == (334, 468, 3)
        assert {int(value) for value in np.unique(sheet)} == {0, 7, 9, 11, 13}

    def test_one_thin_picture(self) -> None:
        thin = np.full((2, 5000, 3), 5, np.uint8)
        assert (contact_sheet([thin]) == 5).all()


class TestPrefix:
    def test_places_are_put_into_other_prompts(self) -> None:
        short, full = (1, 2, 50, 3, 4), (1, 2, 50, 50, 50, 3, 4)
        assert grown(short, full, (1, 2, 50, 9, 8, 7)) == (1, 2, 50, 50, 50, 9, 8, 7)
        assert grown(short, (0, *short), (1, 2, 50, 9)) == (0, 1, 2, 50, 9)
        assert grown(short, short, (1, 2, 50, 9, 8)) == (1, 2, 50, 9, 8)  # a Llama's template
        assert grown((1, 50, 3), (1, 60, 60, 3), (1, 70, 3)) is None

    def test_cut_after_the_picture_and_before_the_last_token(self) -> None:
        shared = cut([[(1, 50, 3, 4, 5), (1, 50, 3, 4)], [(50, 3, 6), (50, 3, 7)]], frozenset({50}))
        assert shared is not None and shared.dropped == 2
        assert shared.rests == (((4, 5), (4,)), ((3, 6), (3, 7)))
        assert cut([[(1, 50, 3), (2, 50, 3)]], frozenset({50})) is None
        assert cut([[(7,), (7,)]], frozenset({50})) is None


class Through:
    """A processor that hands everything on to another."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, **more: Any) -> Any:
        return self.inner(**more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def planted(monkeypatch: pytest.MonkeyPatch, kind: str, family: Family) -> None:
    monkeypatch.setitem(families._FAMILIES, kind, family)
