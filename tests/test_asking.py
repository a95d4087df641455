"""Many questions about many pictures at once: every answer as if it had been asked alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from daemon.engines.hosted import Shown
from daemon.engines.transformers_engine import families
from daemon.engines.transformers_engine.answering import Answering
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.families import UNKNOWN
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.sheet import contact_sheet
from tests.alone import (
    NAMES,
    QUESTIONS,
    SIZES,
    Through,
    alone,
    film,
    loads,
    pictures,
    planted,
    reworded,
    still,
    together,
    told_apart,
)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    return loads(tmp_path_factory.mktemp("tinies"))


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

    @pytest.mark.parametrize(
        "name", ["mllama", "llava", "llava_next", "llava_next_video", "qwen3_vl"]
    )
    def test_strange_shapes(self, load: Callable[[str], Loaded], name: str) -> None:
        loaded = load(name)
        strange = pictures([(10, 200), (200, 10), (3, 60), (1, 1)])
        batch = [still(picture, QUESTIONS[2:]) for picture in strange]
        assert together(Asker(loaded), batch) == [alone(loaded, shown) for shown in batch]


class TestOnce:
    @pytest.mark.parametrize("name", [name for name in NAMES if name != "blip2"])
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

        def stale(self: Answering, inputs: dict[str, Any], alone: bool) -> Any:
            kept.append(kept[0] if kept else look(self, inputs, alone))
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

        def turned(self: Answering, inputs: dict[str, Any], alone: bool) -> Any:
            cache, turn = look(self, inputs, alone)
            return cache, turn.flip(0)

        monkeypatch.setattr(Answering, "_look", turned)
        assert self.wrong(loaded, batch)


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
