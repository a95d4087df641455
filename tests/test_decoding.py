"""Answers as they are decoded: limits, ends, dice, and what is wrong with a model."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.engines import EngineError, EngineMissing, OutOfMemory
from daemon.engines.transformers_engine.asking import Asker
from daemon.engines.transformers_engine.loading import Loaded
from tests.alone import (
    QUESTIONS,
    SIZES,
    Through,
    alone,
    load_tiny,
    loads,
    pictures,
    quiet,
    reworded,
    still,
    together,
)
from tests.tinies import TINIES


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    return loads(tmp_path_factory.mktemp("tinies"))


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
        first, second = asker.answer(asker.prepare([shown]), quiet)[0].replies
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
        told = asker.answer(asker.prepare([still(pictures()[0])]), quiet)
        caption, *others = told[0].replies
        assert caption.tokens > 0 and asker.takes("caption") and not asker.takes("tags")
        assert [(reply.text, reply.tokens, reply.whole) for reply in others] == [("", 0, True)] * 3
        none = asker.answer(asker.prepare([still(pictures()[0], QUESTIONS[1:])]), quiet)
        assert [reply.task for reply in none[0].replies] == ["tags", "sentiment", "alt"]

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
        assert asker.answer(prepared, quiet)[0].replies[0].tokens > 0

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
