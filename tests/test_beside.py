"""Models that run here beside an engine without any: what hears, and what translates."""

from pathlib import Path

import pytest

from daemon.config import DEFAULT_TASKS, Config, EngineChoice
from daemon.endpoints import Endpoint
from daemon.engines import EngineMissing
from daemon.engines.choice import choose
from daemon.engines.devices import Device, Machine
from daemon.service import _served
from daemon.wire import Consult, Render
from tests.checkpoints import cached

GB = 10**9
WHISPER = "openai/whisper-small"
NLLB = str(Path(__file__).parent / "models/nllb")
SERVER = Endpoint(url="http://127.0.0.1:1/v1", model="big")
NO_GPU = Machine(torch="2.13")
GPU = Machine(devices=(Device("cuda:0", "GPU", 8 * GB, 8 * GB, 8.9),), torch="2.13")


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def config(hub: Path, *, speech: bool = True, **engine: object) -> Config:
    tasks = (*DEFAULT_TASKS, "speech") if speech else DEFAULT_TASKS
    choice = EngineChoice(**engine)  # type: ignore[arg-type]
    return Config(state_dir=hub.parent, tasks=tasks, languages=("es", "xx"), engine=choice)


def never() -> Machine:
    raise AssertionError("nobody should look for devices")


@pytest.mark.parametrize("use", ["builtin", "auto"])
def test_the_builtin_engine_has_speech_written_down(hub: Path, use: str) -> None:
    cached(hub, WHISPER, kind="whisper")
    choice = choose(config(hub, use=use), lambda: NO_GPU)
    assert (choice.name, choice.devices, choice.unheard) == ("builtin", ("cpu",), "")
    assert choice.models.speech and choice.models.image is None
    assert choice.languages == ("es",), "captions are still its own"


def test_without_a_model_that_hears_the_rest_goes_on(hub: Path) -> None:
    choice = choose(config(hub, use="builtin"), never)
    assert (choice.name, choice.devices, choice.models.each) == ("builtin", (), ())
    assert "no model that hears is here" in choice.unheard
    assert choose(config(hub, use="builtin", speech_model="none"), never).unheard == (
        'engine.speech_model = "none"'
    )
    assert choose(config(hub, speech=False, use="builtin"), never).unheard == ""


def test_servers_translate_unless_a_model_for_that_is_named(hub: Path) -> None:
    served = config(hub, speech=False, use="openai", endpoints=(SERVER,))
    choice = choose(served, never)
    assert (choice.translator, choice.devices) == ("big", ())
    assert choice.languages == ("es", "xx"), "nobody knows what a server's model speaks"
    assert _served(choice) == (Consult, Render)


def test_a_translation_model_that_is_named_runs_here(hub: Path) -> None:
    named = config(hub, speech=False, use="openai", endpoints=(SERVER,), translation_model=NLLB)
    choice = choose(named, lambda: NO_GPU)
    assert choice.devices == ("cpu",)
    assert choice.translator and choice.translator.endswith("+ct2-int8")
    assert (choice.languages, choice.unspoken) == (("es",), ("xx",))
    assert _served(choice) == (Consult,)
    on_gpu = choose(named, lambda: GPU)
    assert on_gpu.devices == ("cuda:0",)
    assert on_gpu.translator and not on_gpu.translator.endswith("+ct2-int8")


def test_a_translation_model_that_is_named_must_be_here(hub: Path) -> None:
    gone = config(
        hub, speech=False, use="openai", endpoints=(SERVER,), translation_model="some/nllb"
    )
    with pytest.raises(EngineMissing, match="some/nllb is not in"):
        choose(gone, never)


def test_what_hears_and_what_translates_share_their_devices(hub: Path) -> None:
    cached(hub, WHISPER, kind="whisper")
    both = config(hub, use="openai", endpoints=(SERVER,), translation_model=NLLB)
    choice = choose(both, lambda: GPU)
    assert choice.devices == ("cuda:0",)
    assert choice.models.speech and choice.models.translation and choice.models.image is None


def test_whoever_names_no_translation_model_gets_english(hub: Path) -> None:
    none = config(hub, speech=False, use="openai", endpoints=(SERVER,), translation_model="none")
    choice = choose(none, never)
    assert (choice.translator, choice.languages, choice.unspoken) == (None, (), ("es", "xx"))
    assert choice.why_unspoken == "there is no translation model"
