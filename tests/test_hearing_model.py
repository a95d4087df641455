"""A Whisper writes down what it hears as if each sound were alone: batches, languages, memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from daemon.engines import EngineError, EngineMissing, OutOfMemory
from daemon.engines.hosted import Line, Speech, Written
from daemon.engines.profiles import Installed, Model, Models
from daemon.engines.transformers_engine import doubts, listening, loading, open_engine
from daemon.engines.transformers_engine.hearing import Listener
from daemon.engines.transformers_engine.listening import Impression, Said
from daemon.engines.transformers_engine.loading import Loaded
from daemon.media.frames import SAMPLE_RATE, Samples
from daemon.wire import HostSetup
from tests import tinies
from tests.tiny_whisper import tone, whisper

SOUNDS = (tone(200, 12), tone(3000, 5), tone(900, 8))
MANY = 40


def quiet(doing: str, patience_s: float = 60.0) -> None:
    assert doing and patience_s > 0


def installed(folder: Path) -> Installed:
    return Installed(Model(name=folder.name), folder, f"{folder.name}@1")


def read(folder: Path) -> Loaded:
    import torch

    torch.set_num_threads(1)
    return loading.load(loading.plan_listener(installed(folder), torch.device("cpu")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whisper(tmp_path_factory.mktemp("whisper") / "whisper")


@pytest.fixture
def loaded(folder: Path) -> Loaded:
    return read(folder)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have models stop soon, which have no end of themselves."""
    monkeypatch.setattr(listening, "FEWEST_TOKENS", MANY)
    monkeypatch.setattr(listening, "TOKENS_A_SECOND", 0)


@pytest.fixture
def believing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe everything: a model of random weights only guesses."""
    monkeypatch.setattr(doubts, "UNLIKELY", -99.0)
    monkeypatch.setattr(doubts, "LOOPING", 99.0)


class TestAsWhisper:
    def theirs(self, loaded: Loaded, theirs: Any, samples: Samples, language: str) -> list[int]:
        """Have transformers' own way write one sound down."""
        features = loaded.processor.feature_extractor(
            [samples], sampling_rate=SAMPLE_RATE, return_tensors="pt"
        )
        said = loaded.model.generate(
            features["input_features"], generation_config=theirs, language=language,
            task="transcribe", return_timestamps=True, force_unique_generate_call=True,
        )  # fmt: skip
        return list(said[0].tolist())

    def test_every_token_is_that_of_its_own_way_one_at_a_time(self, loaded: Loaded) -> None:
        settings = loaded.model.generation_config
        settings.max_length = MANY
        listener = Listener(loaded)
        heard = listener._ear.listen(SOUNDS, quiet)
        languages = ("de", "en", "zh")
        said = listener._ear.write(list(zip(heard, languages, strict=True)), quiet)
        for samples, language, mine in zip(SOUNDS, languages, said, strict=True):
            yours = self.theirs(loaded, settings, samples, language)
            prompt = listener._signs.prompt(language)
            assert tuple(yours[:3]) == prompt
            assert tuple(yours[3:]) == mine.tokens and len(mine.tokens) == MANY
        assert len({each.tokens for each in said}) == 3

    def test_the_likeliest_language_is_that_of_its_own_way(self, loaded: Loaded) -> None:
        settings = loaded.model.generation_config
        ear = Listener(loaded)._ear
        features = ear._features(SOUNDS)
        numbers = loaded.model.detect_language(features, generation_config=settings).tolist()
        heard = ear.listen(SOUNDS, quiet)
        told = [max(each.languages, key=each.languages.__getitem__) for each in heard]
        signs = ear._signs.languages
        assert [signs[language] for language in told] == numbers
        assert all(sum(each.languages.values()) == pytest.approx(1) for each in heard)

    def test_how_likely_a_text_is_does_not_depend_on_being_steered(self, loaded: Loaded) -> None:
        """The mean over an answer is that of computing it at once."""
        import torch
        from transformers.modeling_outputs import BaseModelOutput

        listener = Listener(loaded)
        ear, (heard,) = listener._ear, listener._ear.listen(SOUNDS[:1], quiet)
        for onward in (False, True):
            (said,) = ear.write([(heard, "de")], quiet, onward)
            prompt = listener._signs.prompt("de")
            with torch.inference_mode():
                logits = loaded.model(
                    encoder_outputs=BaseModelOutput(last_hidden_state=heard.states[None]),
                    decoder_input_ids=torch.tensor([[*prompt, *said.tokens]]),
                ).logits[0]
            free = logits[2:-1].log_softmax(-1).gather(1, torch.tensor([said.tokens]).T)
            assert free.mean().item() <= said.likelihood + 1e-4 < 0.001


class TestTogether:
    @pytest.mark.usefixtures("believing")
    def test_a_batch_is_written_down_as_each_alone(self, loaded: Loaded) -> None:
        batch = [
            Speech(SOUNDS[::2], "de"),
            Speech((*SOUNDS[2:], *SOUNDS[:1]), "tlh"),
            Speech(SOUNDS),
        ]
        listener = Listener(loaded)
        together = listener.hear(batch, quiet)
        assert together == [listener.hear([speech], quiet)[0] for speech in batch]
        assert [len(written.stretches) for written in together] == [2, 2, 3]
        texts = [" ".join(each.text for each in lines) for w in together for lines in w.stretches]
        assert len(set(texts)) > 3, "two sounds, two transcripts"
        for speech, written in zip(batch, together, strict=True):
            for samples, lines in zip(speech.stretches, written.stretches, strict=True):
                ends = [edge for line in lines for edge in (line.start_s, line.end_s)]
                assert ends == sorted(ends)
                assert all(0 <= end_s <= len(samples) / SAMPLE_RATE for end_s in ends)

    def test_strange_sounds(self, loaded: Loaded) -> None:
        strange = (
            np.zeros(SAMPLE_RATE, np.float32), np.ones(1, np.float32),
            np.full(SAMPLE_RATE // 4, -1.0, np.float32),
        )  # fmt: skip
        listener = Listener(loaded)
        (written,) = listener.hear([Speech(strange)], quiet)
        assert len(written.stretches) == 3
        assert listener.hear([], quiet) == []
        assert listener.hear([Speech((), "de")], quiet) == [Written((), "de")]

    def test_the_parent_hears_that_the_work_goes_on(self, loaded: Loaded) -> None:
        heard: list[tuple[str, float]] = []
        listener = Listener(loaded)
        listener.hear(
            [Speech(SOUNDS[:1], "de")], lambda d, patience_s=60.0: heard.append((d, patience_s))
        )
        assert heard[0] == ("listening to 1 stretches", 600.0)
        assert "writing down speech, token 30" in [doing for doing, _ in heard]


class Scripted:
    """Stands for an Ear: gives what is scripted by the length of a sound, in seconds."""

    def __init__(self, signs: Any, room: int = 99) -> None:
        self.signs = signs
        self.room = room
        self.batches: list[tuple[str, int]] = []
        self.impressions: dict[float, tuple[dict[str, float], float]] = {}
        self.said: dict[tuple[float, bool], Said] = {}

    def rows(self) -> int:
        return 8

    def listen(self, batch: Sequence[Samples], beat: Any) -> list[Impression]:
        self._enter("listen", len(batch))
        return [self._impression(len(samples) / SAMPLE_RATE) for samples in batch]

    def write(
        self, batch: Sequence[tuple[Impression, str | None]], beat: Any, onward: bool
    ) -> list[Said]:
        self._enter("onward" if onward else "write", len(batch))
        self.languages = [language for _, language in batch]
        return [self.said.get((round(i.length_s, 2), onward), self.text()) for i, _ in batch]

    def text(self, tokens: Sequence[int] = (5, 6, 7), likelihood: float = -0.2) -> Said:
        return Said(tuple(tokens), likelihood, True)

    def _impression(self, length_s: float) -> Impression:
        languages, silence = self.impressions.get(length_s, ({"en": 0.9, "de": 0.1}, 0.0))
        return Impression(None, languages, silence, length_s)  # type: ignore[arg-type]

    def _enter(self, what: str, count: int) -> None:
        self.batches.append((what, count))
        if count > self.room:
            raise OutOfMemory("cuda:0 has no room")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Listener:
    return Listener(read(folder))


@pytest.fixture
def scripted(plain: Listener) -> Iterator[tuple[Listener, Scripted]]:
    ear, before = Scripted(plain._signs), plain._ear
    plain._ear, plain._most = ear, None  # type: ignore[assignment]
    yield plain, ear
    plain._ear = before


def seconds(*lengths: float) -> tuple[Samples, ...]:
    return tuple(np.zeros(round(length * SAMPLE_RATE), np.float32) for length in lengths)


class TestLanguage:
    @pytest.mark.parametrize(
        ("impressions", "language"),
        [
            ([({"en": 0.9, "de": 0.1}, 0.0)] * 2, "en"),
            ([({"en": 0.6, "de": 0.4}, 0.0), ({"en": 0.1, "de": 0.9}, 0.0)], "de"),
            ([({"en": 0.99, "de": 0.01}, 0.95), ({"en": 0.2, "de": 0.8}, 0.1)], "de"),
            ([({"en": 0.4, "de": 0.3, "zh": 0.3}, 0.0)], None),
            ([({"en": 1.0}, 1.0)], "en"),
        ],
    )
    def test_all_that_is_said_votes(
        self, scripted: tuple[Listener, Scripted], impressions: list[Any], language: str | None
    ) -> None:
        listener, ear = scripted
        ear.impressions = dict(zip((1.0, 2.0), impressions, strict=False))
        (written,) = listener.hear([Speech(seconds(1, 2)[: len(impressions)])], quiet)
        assert written.language == language
        assert set(ear.languages) == {language or "en"}, "it is written down in the likeliest"

    def test_one_that_is_given_counts_where_the_model_knows_it(
        self, scripted: tuple[Listener, Scripted]
    ) -> None:
        listener, ear = scripted
        for given, named, spelled in (("de-AT", "de-AT", "de"), ("tlh", "en", "en")):
            (written,) = listener.hear([Speech(seconds(1), given)], quiet)
            assert (written.language, ear.languages) == (named, [spelled])

    def test_one_that_knows_english_only_is_not_asked(self, tmp_path: Path) -> None:
        listener = Listener(read(whisper(tmp_path / "whisper.en", english=True)))
        (written,) = listener.hear([Speech(SOUNDS[1:2], "de")], quiet)
        assert written.language == "en"
        assert listener._ear.listen(SOUNDS[:1], quiet)[0].languages == {}


class TestDoubts:
    def test_a_loop_is_left_or_left_out(self, scripted: tuple[Listener, Scripted]) -> None:
        listener, ear = scripted
        loop = ear.text([5, 6] * 60)
        ear.said = {(1.0, False): loop, (2.0, False): loop, (2.0, True): loop}
        (written,) = listener.hear([Speech(seconds(1, 2, 3), "de")], quiet)
        assert ear.batches == [("listen", 3), ("write", 3), ("onward", 2)]
        first, second, third = written.stretches
        assert [len(first), len(second), len(third)] == [1, 0, 1]
        assert first[0].text == third[0].text

    def test_a_guess_is_left_out(
        self, scripted: tuple[Listener, Scripted], caplog: pytest.LogCaptureFixture
    ) -> None:
        listener, ear = scripted
        guess = ear.text(likelihood=-1.5)
        ear.said = {(1.0, False): guess, (1.0, True): guess}
        with caplog.at_level("INFO"):
            (written,) = listener.hear([Speech(seconds(1, 2), "de")], quiet)
        assert [bool(lines) for lines in written.stretches] == [False, True]
        assert "a stretch of speech of 1 s is left out: it is a guess" in caplog.text

    def test_what_silence_is_filled_with_is_left_out(
        self, scripted: tuple[Listener, Scripted]
    ) -> None:
        listener, ear = scripted
        words, first = listener._words, listener._signs.times
        thanks = words("Thanks for watching!", add_special_tokens=False)["input_ids"]
        house = words(" the red house", add_special_tokens=False)["input_ids"]
        tokens = [first, *house, first + 50, first + 50, *thanks, first + 100]
        ear.said[3.0, False] = ear.text(tokens, likelihood=-0.6)
        (written,) = listener.hear([Speech(seconds(3), "en")], quiet)
        assert written.stretches == ((Line(0.0, 1.0, "the red house"),),)


def test_more_words_than_fit_are_written_down_from_the_last_time_on(
    scripted: tuple[Listener, Scripted],
) -> None:
    listener, ear = scripted
    first = listener._signs.times
    cut = (first, 5, first + 500, first + 500, 6, first + 1000, first + 1000, 7, 8)
    ear.said[30.0, False] = Said(cut, -0.2, False)
    ear.said[10.0, False] = Said((first + 10, 7, 8, first + 450), -0.2, True)
    other = Said((first, 9, first + 20, first + 20, 6), -0.2, False)  # nothing is left of it
    ear.said[1.0, False] = other
    (written,) = listener.hear([Speech(seconds(30, 1, 2), "de")], quiet)
    assert ear.batches == [("listen", 3), ("write", 3), ("listen", 1), ("write", 1)]
    ends = [(round(line.start_s, 2), round(line.end_s, 2)) for line in written.stretches[0]]
    assert ends == [(0.0, 10.0), (10.0, 20.0), (20.2, 29.0)]
    assert [line.end_s for line in written.stretches[1]] == [pytest.approx(0.4), 1.0]


class TestMemory:
    def test_what_does_not_fit_is_halved_and_remembered(
        self, scripted: tuple[Listener, Scripted]
    ) -> None:
        listener, ear = scripted
        ear.room = 3
        batch = [Speech(seconds(1, 2, 3, 4, 5), "de")]
        (written,) = listener.hear(batch, quiet)
        assert len(written.stretches) == 5
        assert ear.batches[:4] == [("listen", 5), ("listen", 2), ("listen", 2), ("listen", 1)]
        assert [count for _, count in ear.batches[4:]] == [2, 2, 1]
        ear.room = 0
        with pytest.raises(OutOfMemory):
            listener.hear(batch, quiet)

    def test_a_device_without_room(self, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
        import torch

        listener = Listener(loaded)

        def full(*_: Any, **__: Any) -> Any:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

        monkeypatch.setattr(loaded.model.model.decoder, "forward", full)
        with pytest.raises(OutOfMemory, match="no room for listening to 1 stretches"):
            listener.hear([Speech(SOUNDS[:1])], quiet)

    def test_rows_are_never_none(self, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
        ear = Listener(loaded)._ear
        assert ear.rows() == 4
        monkeypatch.setattr(listening, "free_bytes", lambda device: 10)
        assert ear.rows() == 1


class TestWrong:
    def test_broken_weights(self, loaded: Loaded) -> None:
        listener = Listener(loaded)
        loaded.model.model.encoder.layer_norm.weight.data[3] = float("nan")
        with pytest.raises(EngineError, match="whisper@1 computes numbers that are not finite"):
            listener.hear([Speech(SOUNDS[:1])], quiet)

    def test_weights_that_are_missing(self, tmp_path: Path) -> None:
        from safetensors.torch import load_file, save_file

        folder = whisper(tmp_path / "holed")
        weights = load_file(folder / "model.safetensors")
        del weights["model.encoder.conv1.weight"]
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(EngineMissing, match=r"missing from its files \(model.encoder.conv1"):
            read(folder)

    @pytest.mark.parametrize("kind", ["llava", "nllb"])
    def test_other_models_do_not_hear(self, kind: str, tmp_path: Path) -> None:
        folder = tinies.TINIES[kind](tmp_path / kind)
        with pytest.raises(EngineMissing, match="hear"):
            read(folder)

    def test_a_folder_without_what_makes_spectrograms(self, tmp_path: Path) -> None:
        folder = whisper(tmp_path / "bare")
        for name in ("preprocessor_config.json", "processor_config.json"):
            (folder / name).unlink(missing_ok=True)
        with pytest.raises(EngineMissing, match="cannot load it"):
            read(folder)


def test_an_engine_has_it_and_lets_it_go_for_others(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daemon.engines.transformers_engine import engine

    found = installed(folder)
    opened = open_engine(HostSetup(tmp_path, tmp_path, "cpu", Models(speech=found)))
    first = opened.listener(found, quiet)
    assert opened.listener(found, quiet) is first
    llava = installed(tinies.llava(tmp_path / "llava"))
    opened.asker(llava, quiet)
    opened.make_room()
    again = opened.listener(found, quiet)
    assert again is not first
    monkeypatch.setattr(engine, "free_bytes", lambda device: 10)
    opened.make_room()
    with pytest.raises(EngineError, match="GB for its weights"):
        opened.listener(replace(found, label="another@1"), quiet)
